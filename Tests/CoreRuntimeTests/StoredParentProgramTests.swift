import CheckKit
import Foundation
import Intake
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("Real programs' rows and their stored parents")
struct StoredParentProgramTests {
    private func package(_ tables: [ProgramTables.Table?]) -> [UInt8] {
        StoredZip.bytes(tables.compactMap { $0 }.map { ("\($0.fileType)_1.csv", $0.bytes) })
    }

    /// What is found in the files of some types.
    private func findings(_ test: TestPlatform, _ package: [UInt8], in types: [String]) async throws -> [String] {
        let id = try #require(try await test.submit(package)).id
        return try await test.findingLines(id).filter { line in
            types.contains { line.contains("\"file\":\"\($0)_1.csv\"") }
        }
    }

    /// What tells one stay from another, and its end and length.
    private static let stay = ["P3", "P22", "P4", "P25", "P27"]

    /// A row of `table` that belongs to another's stay.
    private func row(
        _ index: Int, of table: ProgramTables.Table, inPlaceOf other: Int, of others: ProgramTables.Table
    ) throws -> [String] {
        var row = table.rows[index]
        for field in StoredParentProgramTests.stay {
            row[try #require(table.column(field))] = others.rows[other][try #require(others.column(field))]
        }
        return row
    }

    @Test("a death record for the living and a summary for the dead are told where the front page is only stored")
    func dispositions() async throws {
        let tables = try ProgramTables("Influenza")
        var (summaries, deaths) = (try #require(tables["hda"]), try #require(tables["hdr"]))
        // Each file: one that belongs there, and one of the other.
        let summary = try row(0, of: summaries, inPlaceOf: 0, of: deaths)
        let death = try row(0, of: deaths, inPlaceOf: 1, of: summaries)
        summaries.rows = [summaries.rows[0], summary]
        deaths.rows.append(death)
        let parents = [tables["flu"], tables["hqms"]]

        let together = try await findings(
            try TestPlatform(), package(parents + [summaries, deaths]), in: ["hda", "hdr"])
        let apart = try TestPlatform()
        #expect(try #require(try await apart.submit(package(parents))).state == .accepted)
        let found = try await findings(apart, package([summaries, deaths]), in: ["hda", "hdr"])
        #expect(found == together)
        #expect(found.count == 2)
        for (file, rule) in [("hda_1.csv", "summary-of-the-living"), ("hdr_1.csv", "record-of-a-death")] {
            let line = try #require(found.first { $0.contains(file) })
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(
                object["rule"] as? String == rule && object["row"] as? Int == 3 && object["field"] as? String == "P3")
            #expect(object["severity"] as? String == "warning" && object["code"] as? String == "rule-error")
        }
        // Both are stored: they were warnings.
        #expect(try await apart.records("influenza_hda").count == 2)
        #expect(try await apart.records("influenza_hdr").count == 2)
    }

    @Test("a front page reported anew is the one that counts")
    func corrected() async throws {
        let tables = try ProgramTables("Influenza")
        var pages = try #require(tables["hqms"])
        let deaths = try #require(tables["hdr"])
        let test = try TestPlatform()
        _ = try await test.submit(package([tables["flu"], pages]))
        #expect(try await findings(test, package([deaths]), in: ["hdr"]) == [])
        let died = try #require(pages.column("P741"))
        let index = try #require(pages.rows.firstIndex { $0[died] == "5" })
        pages.rows[index][died] = "1"
        let corrected = try #require(try await test.submit(package([tables["flu"], pages])))
        #expect(corrected.files.map(\.rejected) == [0, 0])
        var again = deaths
        again.rows[0][try #require(again.column("P4"))] = "示例甲"
        let found = try await findings(test, package([again]), in: ["hdr"])
        #expect(found.count == 1 && found[0].contains("record-of-a-death"))
    }

    @Test(
        "another name is told where the parent stands in the package; the stored one has none, and nothing is refused",
        arguments: [
            ("Influenza", ["flu", "hqms"], "hda"), ("Influenza", ["flu", "hqms"], "hdr"),
            ("FeverClinic", ["fever"], "drug"),
            ("FeverClinic", ["fever"], "lab"), ("FeverClinic", ["fever"], "examine"),
        ])
    func names(program: String, parents: [String], child: String) async throws {
        let tables = try ProgramTables(program)
        var rows = try #require(tables[child])
        let name = try #require(rows.column("P4"))
        rows.rows = [rows.rows[0]]
        rows.rows[0][name] = "示例乙"
        let parents = parents.map { tables[$0] }
        let together = try await findings(try TestPlatform(), package(parents + [rows]), in: [child])
        #expect(together.count == 1 && together[0].contains("\"field\":\"P4\""))
        let apart = try TestPlatform()
        _ = try await apart.submit(package(parents))
        let children = try #require(try await apart.submit(package([rows])))
        #expect(children.state == .accepted)
        #expect(try await apart.findingLines(children.id) == [])
    }
}
