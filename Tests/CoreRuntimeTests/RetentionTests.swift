import CheckKit
import Database
import Intake
import SurveillanceKit
import Synchronization
import Testing

@testable import CoreRuntime

@Suite("How long an upload is kept, to the millisecond")
struct RetentionTests {
    private static let day: Int64 = 86_400_000
    private static let start: Int64 = 1_767_225_600_000  // 2026-01-01 00:00:00 UTC

    private final class Clock: Sendable {
        private let moment = Mutex(RetentionTests.start)
        var now: Instant { Instant(milliseconds: moment.withLock { $0 }) }
        func set(_ now: Int64) { moment.withLock { $0 = now } }
    }

    /// A program of one file type, `note3` where it keeps uploads for 3 days.
    private static func program(days: Int) -> [String: String] {
        [
            "Keep\(days)/program.json": """
            { "id": "keep\(days)", "version": "1.0.0", "effectiveFrom": "2026-01-01",
              "title": { "zh": "保存", "en": "Keep" }, "timeZone": "Asia/Shanghai", "retentionDays": \(days),
              "files": ["note\(days)"] }
            """,
            "Keep\(days)/files/note\(days).json": """
            { "name": "note\(days)", "title": "记录", "en": { "title": "Notes" }, "primaryKey": ["N"],
              "fields": [ { "name": "N", "title": "号", "en": { "title": "number" }, "type": "integer",
                "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" },
                { "name": "A", "title": "甲", "en": { "title": "a" }, "type": "integer",
                "sensitivity": "none", "deidentify": "keep" } ] }
            """,
        ]
    }

    private static let note = Array("N,A\n1,1\n".utf8)

    private static let hour: Int64 = 3_600_000

    /// Runs the jobs that are due.
    private func runJobs(_ test: TestPlatform) async { await test.platform.schedule.runDue() }

    @Test("fewer days count from the next start on, not a day later; as many as before remove nothing")
    func shortened() async throws {
        let clock = Clock()
        let before = try TemporaryPrograms(Self.program(days: 45))
        let fewer = try TemporaryPrograms(
            Self.program(days: 45).mapValues {
                $0.replacing("\"retentionDays\": 45", with: "\"retentionDays\": 1")
            })
        let test = try TestPlatform(now: { clock.now }, programs: before.folder)
        let id = try #require(try await test.submit(Self.note, named: "note45_1.csv")).id
        clock.set(Self.start + 20 * Self.hour)
        await runJobs(test)
        // The job has run five hours ago: without a start it would wait for nineteen more.
        clock.set(Self.start + 25 * Self.hour)
        await runJobs(test)
        try await test.restart(now: { clock.now }, programs: before.folder)
        await runJobs(test)
        #expect(test.platform.data.spool.contains(id))
        try await test.restart(now: { clock.now }, programs: fewer.folder)
        await runJobs(test)
        #expect(!test.platform.data.spool.contains(id))
        #expect(try await test.audit().filter { $0.contains("submission.purge") }.count == 1)
    }

    @Test("earlier versions of records go by the job after historyDays, and stay for good where a program says nothing")
    func history() async throws {
        let clock = Clock()
        let programs = try TemporaryPrograms(
            Self.program(days: 45).mapValues {
                $0.replacing("\"retentionDays\": 45", with: "\"retentionDays\": 45, \"historyDays\": 10")
            }.merging(Self.program(days: 7)) { $1 })
        let test = try TestPlatform(now: { clock.now }, programs: programs.folder)
        func earlier(_ table: String) throws -> Int {
            try test.platform.data.records.readBlocking { connection in
                try connection.first(
                    "SELECT count(*) FROM \(table)_history WHERE _until < ?",
                    [.integer(Instant.distantFuture.milliseconds)]) ?? -1
            }
        }
        for bytes in [Self.note, Array("N,A\n1,2\n".utf8)] {
            for name in ["note45_1.csv", "note7_1.csv"] { _ = try await test.submit(bytes, named: name) }
            clock.set(Self.start + Self.hour)
        }
        #expect(try [earlier("keep45_note45"), earlier("keep7_note7")] == [1, 1])
        let current = try await test.lineList()
        // Day by day: a clock that jumps would be asked about.
        for day in 0...11 {
            clock.set(Self.start + Self.hour + Int64(day) * Self.day)
            await runJobs(test)
            #expect(try earlier("keep45_note45") == (day < 10 ? 1 : 0), "day \(day)")
        }
        #expect(try earlier("keep7_note7") == 1)
        #expect(try await test.lineList() == current)
    }

    /// Sends at the start, and expects that a purge removes it a millisecond after its days, neither before nor as they end.
    private func expectKept(
        _ days: Int64, _ test: TestPlatform, _ clock: Clock, _ bytes: [UInt8], named name: String
    ) async throws {
        let id = try #require(try await test.submit(bytes, named: name)).id
        for offset: Int64 in [-1, 0] {
            clock.set(Self.start + days * Self.day + offset)
            #expect(try await test.platform.purge().isEmpty, "\(name) went \(offset) ms after \(days) days")
            #expect(test.platform.data.spool.contains(id))
        }
        clock.set(Self.start + days * Self.day + 1)
        #expect(try await test.platform.purge().map(\.id) == [id], "\(name) stayed after \(days) days")
        #expect(!test.platform.data.spool.contains(id))
    }

    @Test("30 days where a program says nothing")
    func standard() async throws {
        let clock = Clock()
        let test = try TestPlatform(now: { clock.now })
        try await expectKept(30, test, clock, TestPlatform.package("Influenza", "faults"), named: "package.zip")
    }

    @Test("a program's own days; of several programs in one upload the most; 30 where no program knows it")
    func several() async throws {
        let programs = try TemporaryPrograms(
            Self.program(days: 3).merging(Self.program(days: 45)) { $1 }.merging(Self.program(days: 7)) { $1 })
        for (days, files) in [
            (3, ["note3"]), (45, ["note45"]), (7, ["note3", "note7"]), (45, ["note3", "note45", "note7"]),
            (30, ["nobody"]),
        ] as [(Int64, [String])] {
            let clock = Clock()
            let test = try TestPlatform(now: { clock.now }, programs: programs.folder)
            let package = StoredZip.bytes(files.map { (name: "\($0)_1.csv", bytes: Self.note) })
            try await expectKept(days, test, clock, package, named: files.joined(separator: "+") + ".zip")
        }
    }
}
