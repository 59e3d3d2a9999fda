import CheckKit
import Checking
import Foundation
import ProgramFiles
import SelfTest
import SurveillanceKit
import Testing
import Validation

@Suite("Which files an offline check reads")
struct OfflinePathsTests {
    private let folder: URL
    private let registry: ProgramRegistry

    init() throws {
        let programs = try TemporaryPrograms([
            "Ward/program.json": """
            { "id": "ward", "version": "1.0.0", "effectiveFrom": "2026-01-01", "title": { "zh": "病区", "en": "Ward" },
              "timeZone": "Asia/Shanghai", "files": ["stay", "note"] }
            """,
            "Ward/files/stay.json": """
            { "name": "stay", "title": "住院", "en": { "title": "Stays" }, "primaryKey": ["ID"],
              "fields": [ { "name": "ID", "title": "编号", "en": { "title": "Number" }, "type": "string",
                "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" } ] }
            """,
            "Ward/files/note.json": """
            { "name": "note", "title": "小结", "en": { "title": "Notes" }, "primaryKey": ["ID"],
              "foreignKeys": [ { "fields": ["ID"], "reference": { "resource": "stay", "fields": ["ID"] } } ],
              "fields": [ { "name": "ID", "title": "编号", "en": { "title": "Number" }, "type": "string",
                "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" } ] }
            """,
        ])
        registry = try programs.registry()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("checking-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func write(_ name: String, _ text: String) throws -> URL {
        let url = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: url)
        return url
    }

    /// What was found, as `file: code`, and the reports.
    private func check(_ paths: [URL]) throws -> (found: [String], reports: [FileReport]) {
        defer { try? FileManager.default.removeItem(at: folder) }
        var sink = FindingCollector()
        let check = OfflineCheck(registry: registry, institution: nil, now: RuleCases.receivedAt, threads: 1)
        let reports = try check.run(paths, sink: &sink)
        return (sink.findings.map { "\($0.file): \($0.code.rawValue)" }, reports)
    }

    @Test("loose tables are one package: a child finds its parent in another file, in whatever order they are named")
    func together() throws {
        let (child, parent) = (try write("note_1.csv", "ID\nA\n"), try write("stay_1.csv", "ID\nA\n"))
        let (found, reports) = try check([child, parent])
        #expect(found == [] && reports.map(\.name) == ["note_1.csv", "stay_1.csv"])
        #expect(reports.allSatisfy { $0.accepted == 1 && $0.program == "ward" })
    }

    @Test("alone the child's parent is somewhere else, which offline is no more than a warning")
    func alone() throws {
        let (found, reports) = try check([try write("note_1.csv", "ID\nA\n")])
        #expect(found == ["note_1.csv: foreign-key"] && reports[0].errors == 0 && reports[0].warnings == 1)
    }

    @Test("of a folder the tables and packages, by name, and nothing else of it")
    func wholeFolder() throws {
        for name in ["stay_2.csv", "stay_1.CSV", "read me.md"] { _ = try write(name, "ID\n\(name)\n") }
        let (found, reports) = try check([folder])
        #expect(found == [] && reports.map(\.name) == ["stay_1.CSV", "stay_2.csv"])
    }

    @Test("a path that is not there, and a folder without tables, are told and nothing is checked")
    func notThere() throws {
        let missing = folder.appendingPathComponent("stay_1.csv")
        let error = #expect(throws: OfflineCheckError.self) { try check([missing]) }
        #expect("\(String(describing: error))".contains("no such file or folder"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let empty = #expect(throws: OfflineCheckError.self) { try check([folder]) }
        #expect("\(String(describing: empty))".contains("no .csv, .xlsx, .xls or .zip file in this folder"))
    }
}
