import Database
import Intake
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("A row without its name")
struct VisitNameTests {
    private static let name = "闾丘金雀"

    /// Every text that one upload stored.
    private func stored(_ test: TestPlatform, _ tables: [String]) async throws -> [String] {
        var texts: [String] = []
        for table in tables {
            for record in try await test.records(table).values {
                texts += record.values.compactMap { if case .text(let text) = $0 { text } else { nil } }
            }
        }
        return texts
    }

    @Test("loses in its texts the name that its visit has in another file", arguments: ["lab", "examine", "drug"])
    func fromParent(child: String) async throws {
        let test = try TestPlatform()
        var tables = try ProgramTables("FeverClinic")
        var visits = try #require(tables["fever"])
        var rows = try #require(tables[child])
        let (card, own) = (try #require(visits.column("P7502")), try #require(visits.column("P4")))
        for index in visits.rows.indices { visits.rows[index][own] = Self.name }
        let type = try #require(ProgramFile.all.first { $0.fileType.id == child }?.fileType)
        let texts = type.fields.filter {
            $0.type == .string && $0.codeList == nil && [.keep, .scrub].contains($0.deidentify)
                && $0.constraints.maximumLength ?? .max >= 20 && !type.primaryKey.contains($0.name)
        }
        #expect(texts.count >= 3 && card >= 0)
        let missing = try #require(rows.column("P4"))
        for index in rows.rows.indices {
            rows.rows[index][missing] = "-"
            let field = texts[index % texts.count]
            rows.rows[index][try #require(rows.column(field.name))] = "咽拭子 \(Self.name)"
        }
        tables["fever"] = visits
        tables[child] = rows
        let submission = try #require(try await test.submit(tables.package))
        #expect(submission.files.first { $0.fileType == child }?.accepted == rows.rows.count)
        let kept = try await stored(test, ["fever_clinic_\(child)"])
        #expect(kept.contains { $0.hasPrefix("咽拭子 ***") })
        #expect(!kept.contains { $0.contains("金雀") })
    }
}
