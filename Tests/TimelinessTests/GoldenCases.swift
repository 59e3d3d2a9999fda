import CheckKit
import Foundation
import ProgramFiles
import SurveillanceKit
import Tabular
import Timeliness
import Validation

/// The table of `Golden/cases.csv`, with the programs, institutions and calendars that it speaks of.
struct GoldenCases {
    struct Case {
        var line: Int
        var name: String
        var program: String
        var institution: String
        var received: [DutyReceipt]
        var dueDay: CivilDate
        var askedAt: Instant
        var kind: String
        var dueAt: String
        var state: String
    }

    let cases: [Case]
    let book: DutyBook

    enum Fault: Error { case unreadable(line: Int, String) }

    private static let folder = Repository.file("Tests/TimelinessTests/Golden")

    static func calendar() throws -> WorkCalendar { try CalendarFolder.read(Repository.file("Config/calendar")) }

    init() throws {
        let programs = try Repository.registry.get().programs.map(\.program) + GoldenCases.madeUpPrograms()
        book = try DutyBook(
            programs,
            overrides: OverridesFolder.read(GoldenCases.folder.appendingPathComponent("deadlines"), programs: programs),
            calendar: GoldenCases.calendar(),
            institutions: InstitutionsFile.read(GoldenCases.folder.appendingPathComponent("institutions.json")))
        let bytes = Array(try Data(contentsOf: GoldenCases.folder.appendingPathComponent("cases.csv")))
        cases = try SmallTable.rows(BytesSource(bytes)).dropFirst().map(GoldenCases.parsed)
    }

    /// The programs of `Golden/programs.json`, through the loader.
    private static func madeUpPrograms() throws -> [Program] {
        let text = try Data(contentsOf: folder.appendingPathComponent("programs.json"))
        let listed = try JSONSerialization.jsonObject(with: text) as? [String: [String: Any]] ?? [:]
        var files: [String: String] = [:]
        for (id, given) in listed {
            let type = id.replacing("-", with: "")
            var program: [String: Any] = [
                "id": id, "version": "1.0.0", "effectiveFrom": "2020-01-01", "title": ["zh": "试验", "en": "Trial"],
                "files": [type], "scope": ["rules": [["from": "2020-01-01", "institutions": "true"]]],
            ]
            program.merge(given) { $1 }
            files["\(id)/program.json"] = String(
                decoding: try JSONSerialization.data(withJSONObject: program), as: UTF8.self)
            files["\(id)/files/\(type).json"] = """
                { "name": "\(type)", "title": "试验", "en": { "title": "Trial" }, "primaryKey": ["ID"],
                  "fields": [ { "name": "ID", "title": "编号", "en": { "title": "Number" }, "type": "string",
                    "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" } ] }
                """
        }
        return try TemporaryPrograms(files).registry().programs.map(\.program)
    }

    private static func parsed(_ row: SmallTable.Row) throws -> Case {
        guard row.cells.count == 9, let day = CivilDate(row.cells[4]), let at = Instant(withZone: row.cells[5]) else {
            throw Fault.unreadable(line: row.line, "\(row.cells)")
        }
        let received = try row.cells[3].split(separator: "; ").map { text in
            let words = text.split(separator: " ").map(String.init)
            let outcomes: [String: DutyReceipt.Outcome] = [
                "accepted": .accepted, "partly-accepted": .partlyAccepted, "zero": .zero, "rejected": .rejected,
                "failed": .failed, "received": .pending, "processing": .pending,
            ]
            guard let instant = words.first.flatMap({ Instant(withZone: $0) }), words.count >= 2,
                let outcome = outcomes[words[1]]
            else { throw Fault.unreadable(line: row.line, String(text)) }
            return DutyReceipt(
                receivedAt: instant, begunAt: words.count == 4 ? Instant(withZone: words[3]) : nil, outcome: outcome)
        }
        return Case(
            line: row.line, name: row.cells[0], program: row.cells[1], institution: row.cells[2], received: received,
            dueDay: day, askedAt: at, kind: row.cells[6], dueAt: row.cells[7], state: row.cells[8])
    }
}
