import CheckKit
import Foundation
import SurveillanceKit
import Testing
import Validation

@Suite("Columns that should be filled and are empty throughout")
struct EmptyColumnTests {
    private static let registry = Result {
        let warned = ["A", "B", "C"].map { name in
            """
            { "name": "\(name)", "title": "列\(name)", "en": { "title": "Column \(name)" }, "type": "string", "sensitivity": "none",
              "deidentify": "keep", "constraints": { "required": true }, "severity": { "required": "warning" } }
            """
        }
        return try TemporaryPrograms([
            "Ward/program.json": """
            { "id": "ward", "version": "1.0.0", "effectiveFrom": "2020-01-01", "title": { "zh": "病区", "en": "Ward" },
              "timeZone": "Asia/Shanghai", "files": ["bed"] }
            """,
            "Ward/files/bed.json": """
            { "name": "bed", "title": "床位", "en": { "title": "Beds" }, "primaryKey": ["NO"], "fields": [
              { "name": "NO", "title": "床号", "en": { "title": "Bed" }, "type": "string", "sensitivity": "none",
                "deidentify": "keep", "constraints": { "required": true } }, \(warned.joined(separator: ", ")) ] }
            """,
        ]).registry()
    }

    private func examine(_ rows: [String]) throws -> Examined {
        let text = (["NO,A,B,C"] + rows).joined(separator: "\n")
        return try Examined([("bed_1.csv", Array(text.utf8))], by: try Self.registry.get())
    }

    @Test("are one note for the file that names them, and no warning at every row")
    func throughout() throws {
        let examined = try examine((1...5).map { "N\($0),,x," })
        let note = try #require(examined.findings.first)
        #expect(examined.findings.count == 1 && note.row == nil && note.severity == .warning)
        #expect(note.message.zh.hasPrefix("有 2 列应填而全部为空：A 列A、C 列C"))
        #expect(
            note.message.en.hasPrefix("2 columns that should be filled are empty throughout: A Column A, C Column C"))
        #expect(examined.reports[0].warnings == 1 && examined.reports[0].accepted == 5)
    }

    @Test("a column that is empty in some rows is told at each of them")
    func some() throws {
        let examined = try examine(["N1,x,,y", "N2,,,y", "N3,x,,"])
        #expect(examined.places.count == 3, "\(examined.places)")
        #expect(examined.findings.compactMap(\.row).sorted() == [3, 4])
    }

    @Test("a single empty cell is told where it is; a row with several is one note")
    func oneRow() throws {
        #expect(try examine(["N1,x,,y"]).findings.map(\.row) == [2])
        #expect(try examine(["N1,,,"]).findings.map(\.row) == [nil])
        #expect(try examine(["N1,x,y,z", "N2,x,y,z"]).findings.isEmpty)
    }

    @Test("one that is filled after some blocks is told row by row from there, and the note has the rows before")
    func later() throws {
        let filler = String(repeating: "x", count: 200)
        // Some 8 MB: many blocks of 256 KB. A is filled in the last row alone.
        let rows = (1...20_000).map { "N\($0)\(filler),\($0 == 20_000 ? "y" : ""),,z" }
        let examined = try examine(rows)
        let note = try #require(examined.findings.first { $0.row == nil })
        let before = try #require(
            note.message.en.firstMatch(of: /A Column A \(the first (\d+) rows\)/).flatMap { Int($0.1) })
        let told = examined.findings.count { $0.field == "A" }
        #expect(before > 10_000 && before + told == 19_999 && note.message.en.contains("B Column B"))
    }
}
