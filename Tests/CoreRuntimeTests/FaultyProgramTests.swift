import Audit
import CheckKit
import Foundation
import Intake
import Portal
import ProgramFiles
import SurveillanceKit
import Testing
import Validation

@testable import CoreRuntime

@Suite("A program whose folder has mistakes is set aside while the others run")
struct FaultyProgramTests {
    private static func files(_ id: String, treatment: String, retentionDays: Int = 30) -> [String: String] {
        let folder = id.capitalized
        return [
            "\(folder)/program.json": """
            { "id": "\(id)", "version": "1.0.0", "effectiveFrom": "2020-01-01", "title": { "zh": "病区\(id)", "en": "Ward \(id)" },
              "timeZone": "Asia/Shanghai", "retentionDays": \(retentionDays), "files": ["\(id)"] }
            """,
            "\(folder)/files/\(id).json": """
            { "name": "\(id)", "title": "病区", "en": { "title": "Wards" }, "primaryKey": ["N"],
              "fields": [
                { "name": "N", "title": "序号", "en": { "title": "Number" }, "type": "integer",
                  "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" },
                { "name": "NAME", "title": "姓名", "en": { "title": "Name" }, "type": "string",
                  "sensitivity": "direct", "deidentify": "\(treatment)" } ] }
            """,
        ]
    }

    private static func programs(bad treatment: String) throws -> TemporaryPrograms {
        try TemporaryPrograms(
            files("good", treatment: "drop").merging(files("bad", treatment: treatment, retentionDays: 90)) { $1 })
    }

    private let csv = Array("N,NAME\n1,示例甲\n".utf8)

    @Test(
        "its files are told so and kept; others are taken; what stands in the log, metrics and services says which and why"
    )
    func setAside() async throws {
        let programs = try FaultyProgramTests.programs(bad: "keep")
        let test = try TestPlatform(programs: programs.folder)
        let (good, bad) = (try await test.send(csv, named: "good_1.csv"), try await test.send(csv, named: "BAD_1.csv"))
        try await test.processAll()
        #expect(try await test.find(good.submission.id)?.state == .accepted)
        #expect(try await test.find(bad.submission.id)?.state == .rejected)
        let lines = try await test.findingLines(bad.submission.id)
        #expect(lines.count == 1)
        #expect(lines.first?.contains("\"code\":\"program-set-aside\"") == true, "\(lines)")
        #expect(lines.first?.contains("Ask the platform's administrator") == true)

        let setAside = test.platform.portalServices.setAside
        #expect(setAside.map(\.id) == ["bad"] && setAside[0].name == BilingualText(zh: "病区bad", en: "Ward bad"))
        #expect(setAside[0].mistakes.map(\.place) == ["Surveillance/Bad/files/bad.json:6:46"])
        var log: [String] = []
        test.platform.registry.report { log.append($0.en) }
        #expect(
            log.count == 2 && log[0].hasPrefix("PROGRAM SET ASIDE: bad ") && log[1].contains("bad.json:6:46"), "\(log)")
        let metrics = try await test.platform.metrics()
        #expect(metrics.contains("\nvedette_programs 1\n") && metrics.contains("\nvedette_programs_set_aside 1\n"))
        #expect(await test.platform.portalServices.unreadiness() == nil)
    }

    @Test("its uploads stay however old they are, and are processed again once the folder is corrected")
    func kept() async throws {
        let start = Instant(milliseconds: 1_793_966_400_000)
        let later = start.advanced(byDays: 60)
        let (faulty, sound) = (
            try FaultyProgramTests.programs(bad: "keep"), try FaultyProgramTests.programs(bad: "drop")
        )
        let test = try TestPlatform(now: { start }, programs: faulty.folder)
        let (good, bad) = (try await test.send(csv, named: "good_1.csv"), try await test.send(csv, named: "bad_1.csv"))
        try await test.processAll()
        await test.close()
        try await FaultyProgramTests.use(test.folder, faulty.folder, at: later) { platform in
            let purged = try await platform.purge().map(\.id)
            #expect(purged == [good.submission.id])
        }
        try await FaultyProgramTests.use(test.folder, sound.folder, at: later) { platform in
            #expect(platform.registry.setAside == [])
            _ = try await platform.retry(bad.submission.id, by: .platform)
            try await platform.workers.drain()
            let state = try await platform.data.log.find(bad.submission.id, scope: .nation)?.state
            #expect(state == .accepted)
        }
    }

    /// Opens a platform on a folder, uses it and lets go of it.
    private static func use(
        _ folder: URL, _ programs: URL, at now: Instant, _ body: (Platform) async throws -> Void
    ) async throws {
        var opened: Platform?
        // The last platform lets go of its folder when its last thread has.
        for _ in 0..<10_000 where opened == nil {
            do { opened = try TestPlatform.open(folder, now: { now }, programs: programs) } catch IntakeError.inUse {
                await Task.yield()
            }
        }
        let platform = try #require(opened)
        try await body(platform)
        await platform.stop()
    }

    @Test("the platform starts also where every program is set aside, and is refused where there is none")
    func none() throws {
        let programs = try TemporaryPrograms(FaultyProgramTests.files("bad", treatment: "keep"))
        let test = try TestPlatform(programs: programs.folder)
        #expect(test.platform.registry.programs.isEmpty && test.platform.registry.setAside.count == 1)
        let empty = try TemporaryPrograms([:])
        #expect(throws: (any Error).self) { try TestPlatform(programs: empty.folder) }
    }

    @Test("a shared code list with mistakes sets aside the programs that use it, and no other")
    func sharedList() throws {
        var files = FaultyProgramTests.files("good", treatment: "drop").merging(
            FaultyProgramTests.files("bad", treatment: "drop")
        ) { $1 }
        files["Common/codelists/codelists.json"] =
            #"[ { "id": "SEX", "title": { "zh": "性别", "en": "Sex" }, "severity": "error" } ]"#
        files["Common/codelists/SEX.csv"] = "code,zh,en\n1,男,\n"
        files["Bad/files/bad.json"] = files["Bad/files/bad.json"]?.replacing(
            #""type": "string","#, with: #""type": "string", "codeList": "SEX","#)
        let programs = try TemporaryPrograms(files)
        let registry = try ProgramRegistry(folder: programs.folder, modules: [], faulty: .setAside)
        #expect(registry.programs.map(\.program.id) == ["good"] && registry.setAside.map(\.id) == ["bad"])
        #expect(
            registry.mistakes.map(\.place) == ["Common/codelists/SEX.csv:2:5", "Surveillance/Bad/files/bad.json:5:95"])
        #expect(throws: (any Error).self) { try programs.registry() }
    }
}
