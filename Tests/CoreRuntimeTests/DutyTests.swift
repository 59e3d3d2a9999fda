import Accounts
import Audit
import Database
import Foundation
import Intake
import Portal
import ShangMi
import StoreKit
import SurveillanceKit
import Synchronization
import Testing
import Timeliness
import Validation

@testable import CoreRuntime

/// A clock that a test sets.
final class SetClock: Sendable {
    private let instant: Mutex<Instant>

    init(_ text: String) throws { instant = Mutex(try SetClock.instant(text)) }

    var now: @Sendable () -> Instant { { self.instant.withLock(\.self) } }

    func set(_ text: String) throws {
        let new = try SetClock.instant(text)
        instant.withLock { $0 = new }
    }

    private static func instant(_ text: String) throws -> Instant { try #require(Instant(withZone: text)) }
}

@Suite("What is owed, judged by the server, on every store", .everyStore)
struct DutyTests {
    private let day = CivilDate(daysSince1970: 20_785)  // 2026-11-28

    private func states(_ test: TestPlatform, _ day: CivilDate? = nil) async throws -> [String] {
        let day = day ?? self.day
        let page = try await test.platform.portalServices.obligations(
            ObligationQuery(dueOn: day...day), in: .institution(TestPlatform.institution.code))
        return page.items.map {
            "\($0.obligation.program) \($0.obligation.state.rawValue)\($0.obligation.isPending ? " pending" : "")"
        }
    }

    /// The board for the nation says the same as the list.
    private func board(_ test: TestPlatform) async throws -> [String] {
        try await test.platform.portalServices.board(dueOn: day, levels: [], in: .nation).rows.flatMap { row in
            row.counts.byState.map { "\(row.program) \(row.region) \($0.key.rawValue) \($0.value)" }
        }.sorted()
    }

    @Test("a package does each program's duty by itself: accepted, partly, rejected, empty tables")
    func outcomes() async throws {
        let clock = try SetClock("2026-11-28T10:00:00+08:00")
        let test = try TestPlatform(now: clock.now)
        #expect(try await states(test) == ["fever-clinic due", "influenza due"])
        #expect(try await board(test) == ["fever-clinic 11 due 1", "influenza 11 due 1"])
        let rejected = try #require(try await test.submit(Array("x\r\n1\r\n".utf8), named: "fever_1.csv"))
        #expect(rejected.state == .rejected)
        #expect(try await states(test) == ["fever-clinic due", "influenza due"])
        _ = try await test.submit(try TestPlatform.package("FeverClinic", "faults"))
        #expect(try await states(test) == ["fever-clinic in-time", "influenza due"])
        // A bad one after it destroys nothing.
        _ = try await test.submit(Array("x\r\n1\r\n".utf8), named: "fever_2.csv")
        #expect(try await states(test) == ["fever-clinic in-time", "influenza due"])
        try clock.set("2026-11-28T17:00:00.001+08:00")
        #expect(try await states(test) == ["fever-clinic in-time", "influenza missing"])
        let calendar = try await test.platform.portalServices.calendar(
            of: "influenza", dueOn: day.advanced(byDays: -30)...day, in: .nation)
        #expect(calendar.count == 31 && calendar.values.allSatisfy { $0.byState == [.missing: 1] })
        #expect(
            try await test.platform.portalServices.calendar(of: "influenza", dueOn: day...day, in: .nothing).isEmpty)
        #expect(try await board(test) == ["fever-clinic 11 in-time 1", "influenza 11 missing 1"])
        var empty = try ProgramTables("Influenza")
        for place in empty.tables.indices { empty.tables[place].rows = [] }
        let zero = try #require(try await test.submit(empty.package))
        #expect(zero.state == .accepted)
        #expect(try await states(test) == ["fever-clinic in-time", "influenza late"])
        let explained = try #require(
            try await test.platform.portalServices.explanations(
                of: TestPlatform.institution.code, "influenza", dueOn: day, in: .nation)?.first)
        #expect(explained.reasons.contains { $0.text.en.contains("a zero report, which counts; this one decides") })
    }

    @Test(
        "two programs in one package, processed again and withdrawn; the board follows, and a restart forgets nothing")
    func replaced() async throws {
        let clock = try SetClock("2026-11-28T10:00:00+08:00")
        let test = try TestPlatform(now: clock.now)
        var both = try ProgramTables("FeverClinic")
        both.tables += try ProgramTables("Influenza").tables
        let sent = try #require(try await test.submit(both.package))
        #expect(try await states(test) == ["fever-clinic in-time", "influenza in-time"])
        _ = try await test.platform.retry(sent.id, by: .init(name: "operator", origin: "test"))
        #expect(try await states(test) == ["fever-clinic in-time", "influenza in-time"])
        try await test.processAll()
        #expect(try await board(test) == ["fever-clinic 11 in-time 1", "influenza 11 in-time 1"])
        _ = try await test.platform.withdraw(sent.id, reason: "wrong day", by: .init(name: "h", origin: "test"))
        #expect(try await states(test) == ["fever-clinic due", "influenza due"])
        #expect(try await board(test) == ["fever-clinic 11 due 1", "influenza 11 due 1"])
        _ = try await test.submit(both.package)
        try await test.restart(now: clock.now)
        #expect(try await board(test) == ["fever-clinic 11 in-time 1", "influenza 11 in-time 1"])
    }

    @Test("what was received in time and waits at the deadline is told as pending")
    func pending() async throws {
        let clock = try SetClock("2026-11-28T16:59:59.999+08:00")
        let test = try TestPlatform(now: clock.now)
        _ = try await test.platform.data.log.record(
            Arrival(
                id: SubmissionID(at: clock.now(), random: .strong), institution: TestPlatform.institution.code,
                account: "a", fileName: "fever_1.csv", size: 1, sm3: "", receivedAt: clock.now()))
        try clock.set("2026-11-28T17:00:00.001+08:00")
        #expect(try await states(test) == ["fever-clinic missing pending", "influenza missing pending"])
    }

    @Test("killed after the rows were stored and before the log was told: the next start does the duty")
    func killed() async throws {
        let clock = try SetClock("2026-11-28T10:00:00+08:00")
        let test = try TestPlatform(now: clock.now)
        await test.platform.stop()
        _ = try await test.send(try TestPlatform.package("FeverClinic", "clean"))
        let claimed = try #require(try await test.platform.data.log.claimNext(at: clock.now()))
        _ = try test.platform.pipeline.checkAndStore(claimed, refused: [], looksUp: true)
        #expect(try await states(test) == ["fever-clinic due pending", "influenza due pending"])
        try await test.restart(now: clock.now)
        #expect(try await states(test) == ["fever-clinic in-time", "influenza due"])
    }

    @Test("what was received before receipts were kept by program is taken in by the first start")
    func earlier() async throws {
        let clock = try SetClock("2026-11-28T10:00:00+08:00")
        let test = try TestPlatform(now: clock.now)
        _ = try await test.submit(try TestPlatform.package("FeverClinic", "faults"))
        var empty = try ProgramTables("Influenza")
        empty.tables = Array(empty.tables.prefix(1))
        empty.tables[0].rows = []
        _ = try await test.submit(empty.package)
        func rows() async throws -> [String] {
            try await test.platform.data.database.read { connection in
                try connection.rows("SELECT program, outcome FROM duty_receipt ORDER BY program").map {
                    "\(try $0[0] as String) \(try $0[1] as String)"
                }
            }
        }
        let kept = try await rows()
        #expect(kept == ["fever-clinic partly-accepted", "influenza zero"])
        try await test.platform.data.database.write {
            try $0.execute("DELETE FROM duty_receipt")
            try $0.execute("DELETE FROM migration WHERE id = 'timeliness-earlier'")
        }
        try await test.restart(now: clock.now)
        #expect(try await rows() == kept)
        #expect(try await states(test) == ["fever-clinic in-time", "influenza in-time"])
    }

    @Test(
        "the deployment's rules count; an institution that they cannot decide is named and spoils nothing; a mistake stops the start"
    )
    func configured() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("deadlines-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        func set(_ condition: String) throws {
            try Data(
                """
                { "program": "influenza", "setOn": "2026-11-01", "reason": { "zh": "试点", "en": "a trial" },
                  "scope": { "rules": [{ "from": "2026-11-02", "institutions": "\(condition)" }] } }
                """.utf8
            ).write(to: folder.appendingPathComponent("a.json"))
        }
        let clock = try SetClock("2026-11-28T10:00:00+08:00")
        try set("isTCM")
        let test = try TestPlatform(now: clock.now) { $0.deadlinesFolder = folder }
        #expect(try await states(test) == ["fever-clinic due"])
        let board = try await test.platform.portalServices.board(dueOn: day, levels: [], in: .nation)
        #expect(board.rows.map(\.program) == ["fever-clinic"])
        for level in Institution.Level.allCases {
            let own = try await test.platform.portalServices.board(dueOn: day, levels: [level], in: .nation)
            #expect(own.rows.map(\.counts) == (level == TestPlatform.institution.level ? board.rows.map(\.counts) : []))
            let query = ObligationQuery(dueOn: day...day, levels: [level])
            let found = try await test.platform.portalServices.obligations(query, in: .nation)
            #expect(found.items.isEmpty == (level != TestPlatform.institution.level))
        }
        guard case .undecided(let institution, "influenza", _, let missing)? = board.unjudged.first else {
            Issue.record("\(board.unjudged)")
            return
        }
        #expect(institution == TestPlatform.institution.code && !missing.isEmpty)
        try set("level == '二级'")
        let other = try TestPlatform(now: clock.now) { $0.deadlinesFolder = folder }
        #expect(try await states(other) == ["fever-clinic due"])
        try set("leveling == '二级'")
        #expect(throws: ProgramError.self) { try TestPlatform(now: clock.now) { $0.deadlinesFolder = folder } }
    }
}
