import CheckKit
import Database
import Foundation
import HTTPServer
import Intake
import SurveillanceKit
import Testing
import Validation

@testable import CoreRuntime

@Suite("Codes of which the institution has no table, and codes that a program takes for errors")
struct CodeNoteTests {
    private static let pattern = "/api/v1/dictionaries/{category}"

    private static func files(_ walk: ScopeWalk, _ id: SubmissionID) async throws -> [[String: Any]] {
        let answer = try await walk.ask(
            .sender, .get, "/api/v1/submissions/{id}", at: "/api/v1/submissions/\(id)")
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: Any])
        return try #require(json["files"] as? [[String: Any]])
    }

    private static func notes(_ file: [String: Any]) -> [[String]] {
        (file["notes"] as? [[String: Any]] ?? []).compactMap { $0["dictionaries"] as? [String] }
    }

    @Test("are one note a file, on the page, in the answer and in a dry run; no warning is counted")
    func notes() async throws {
        let walk = try await ScopeWalk()
        let package = try TestPlatform.package("Influenza", "clean")
        let id = try await walk.test.send(package).submission.id
        try await walk.test.processAll()
        let before = try #require(try await walk.test.find(id))
        #expect(before.state == .accepted)
        func notes(of type: String) async throws -> [[String]] {
            try await Self.files(walk, id).filter { $0["fileType"] as? String == type }.flatMap(Self.notes)
        }
        #expect(try await notes(of: "hqms") == [["icd-diagnosis", "icd-procedure", "icd-morphology"]])
        #expect(try await notes(of: "flu") == [["icd-diagnosis"]])
        #expect(try await notes(of: "pdr") == [], "none of its fields is checked against a table")
        let findings = try walk.test.platform.data.findings.read(before)
        while let finding = try findings.nextLine().flatMap({ FindingLine($0)?.finding }) {
            #expect(!CodeDictionary.judged.contains(finding.code))
        }

        let page = try await walk.ask(.sender, .get, "/submissions/{id}", at: "/submissions/\(id)").text
        #expect(page.contains("href=\"/dictionaries#icd-procedure\"") && page.contains("没有上传“疾病诊断编码”“手术操作编码”"))
        let dry = try await walk.ask(
            .sender, .post, "/api/v1/submissions", at: "/api/v1/submissions?dryRun=true&filename=p.zip", raw: package)
        #expect(dry.text.contains("no-code-table"))

        // With a table of one of them the note names the others; the table of another day is a table.
        let codes = Array("编码,名称\nJ10.100,流感\n".utf8)
        let days = "filename=c.csv&from=2020-01-01&to=2020-12-31"
        let added = try await walk.ask(
            .sender, .post, Self.pattern, at: "/api/v1/dictionaries/icd-procedure?\(days)", raw: codes)
        #expect(added.status == 201)
        let again = try await walk.test.send(package, named: "again.zip").submission.id
        try await walk.test.processAll()
        let later = try await Self.files(walk, again)
        #expect(
            later.filter { $0["fileType"] as? String == "hqms" }.map(Self.notes) == [
                [["icd-diagnosis", "icd-morphology"]]
            ])
    }

    /// The programs with codes of drugs that reject a row where they are not in the institution's table.
    private static func strict() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: TestPlatform.programs, to: folder)
        let file = folder.appendingPathComponent("FeverClinic/program.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        let use = #"{ "file": "drug", "code": "P7805", "name": "P7806" }"#
        try #require(text.contains(use))
        try text.replacing(
            use + "\n      ]", with: use + "\n      ],\n      \"severity\": { \"code-not-in-local-table\": \"error\" }"
        ).write(to: file, atomically: true, encoding: .utf8)
        return folder
    }

    @Test("that are errors reject their rows; what is stored stays, and the impact says so before")
    func errors() async throws {
        let programs = try Self.strict()
        defer { try? FileManager.default.removeItem(at: programs) }
        let (walk, id, drugs) = try await CodeImpactTests.stored { $0.programsFolder = programs }
        let left = try #require(drugs.first)
        let rows = drugs.count { $0[0] == left[0] }
        let part = CodeImpactTests.table(drugs.filter { $0[0] != left[0] })
        let dry = try await CodeImpactTests.upload(walk, part, "&dryRun=true")
        let impact = try #require(dry.json["impact"] as? [String: Any])
        #expect(impact["rejected"] as? Int == rows && impact["warned"] as? Int == rows)

        let before = try await walk.test.lineList()
        #expect(try await CodeImpactTests.upload(walk, part).status == 201)
        try await walk.test.processAll()
        let checked = try #require(try await walk.test.find(id))
        #expect(checked.state == .partlyAccepted)
        #expect(checked.files.first { $0.fileType == "drug" }?.rejected == rows)
        #expect(try await walk.test.lineList() == before)
    }

    @Test("are checked again where a table has come while they were checked")
    func meanwhile() async throws {
        let walk = try await ScopeWalk(now: { Instant(seconds: 1_794_189_600) })
        let platform = walk.test.platform
        // No worker comes before the test.
        await platform.stop()
        let id = try await walk.test.send(try TestPlatform.package("FeverClinic", "clean")).submission.id
        let claimed = try #require(try await platform.data.log.claimNext(at: platform.now()))
        let outcome = try platform.pipeline.checkAndStore(claimed, refused: [], looksUp: true)
        let added = try await walk.ask(
            .sender, .post, Self.pattern,
            at: "/api/v1/dictionaries/fever-clinic-drug?filename=d.csv&from=2026-01-01&to=2026-12-31",
            raw: Array("药品编码,药品名称\nX,y\n".utf8))
        #expect(added.status == 201)
        try await platform.data.database.write { _ = try platform.pipeline.finish(claimed, outcome, in: $0) }
        #expect(try await walk.test.audit().last == "vedette submission.recheck \(id)")
        try await platform.pipeline.process(try #require(try await platform.data.log.claimNext(at: platform.now())))
        let checked = try #require(try await walk.test.find(id))
        #expect(checked.state == .accepted && checked.attempt == 2)
        #expect(try #require(checked.files.first { $0.fileType == "drug" }).warnings > 0)
    }
}
