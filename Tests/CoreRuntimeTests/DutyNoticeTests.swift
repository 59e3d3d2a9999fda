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

@testable import CoreRuntime

@Suite("Reminders, missed deadlines, and what is back in order, on every store", .everyStore)
struct DutyNoticeTests {
    private func notices(_ test: TestPlatform) async throws -> [String] {
        try await test.platform.data.database.read { connection in
            try connection.rows("SELECT kind, program, period, is_addressed FROM notice ORDER BY kind, program, at").map
            {
                let isAddressed: Int = try $0[3]
                return "\(try $0[0] as String) \(try $0[1] as String) \((try $0[2] as String).suffix(10))"
                    + (isAddressed == 1 ? " addressed" : "")
            }
        }
    }

    private func tell(_ test: TestPlatform) async throws -> Instant? {
        let platform = test.platform
        let pending = try await platform.pendingReceipts(nil, platform.duties.roster)
        return try await platform.dutyTeller.tell(pending: pending)
    }

    @Test(
        "each is told once: nothing of what a first start finds, none for a duty that is done, back in order when it comes"
    )
    func once() async throws {
        let clock = try SetClock("2026-11-27T18:00:00+08:00")
        let test = try TestPlatform(now: clock.now)
        let next = try await tell(test)
        #expect(next == Instant(withZone: "2026-11-28T15:00:00+08:00"))
        #expect(try await notices(test).isEmpty)
        try clock.set("2026-11-28T10:00:00+08:00")
        _ = try await test.submit(try TestPlatform.package("FeverClinic", "clean"))
        try clock.set("2026-11-28T15:00:00+08:00")
        #expect(try await tell(test) == Instant(withZone: "2026-11-28T17:00:00.001+08:00"))
        #expect(try await notices(test) == ["reminder influenza 2026-11-28"])
        try clock.set("2026-11-28T17:00:00+08:00")
        _ = try await tell(test)
        #expect(try await notices(test).count == 1)
        try clock.set("2026-11-28T17:00:00.001+08:00")
        for _ in 0..<2 { _ = try await tell(test) }
        #expect(try await notices(test) == ["missed influenza 2026-11-28", "reminder influenza 2026-11-28"])
        try await test.restart(now: clock.now)
        _ = try await tell(test)
        #expect(try await notices(test).count == 2)
        for turn in 0..<2 {
            _ = try await test.submit(try TestPlatform.package("Influenza", "clean"), named: "\(turn).zip")
        }
        #expect(
            try await notices(test) == [
                "back-in-order influenza 2026-11-28", "missed influenza 2026-11-28",
                "reminder influenza 2026-11-28 addressed",
            ])
    }

    @Test("what came in time and was not processed at the deadline is not called missed; a rejection then is")
    func pending() async throws {
        let clock = try SetClock("2026-11-28T16:30:00+08:00")
        let test = try TestPlatform(now: clock.now)
        _ = try await tell(test)
        let log = test.platform.data.log
        let arrival = Arrival(
            id: SubmissionID(at: clock.now(), random: .strong), institution: TestPlatform.institution.code,
            account: "a", fileName: "fever_1.csv", size: 1, sm3: "", receivedAt: clock.now())
        _ = try await log.record(arrival)
        let claimed = try #require(try await log.claimNext(at: clock.now()))
        try clock.set("2026-11-28T17:00:00.001+08:00")
        for _ in 0..<2 { _ = try await tell(test) }
        #expect(try await notices(test).isEmpty)
        let outcome = Outcome([
            FileReport(name: "fever_1.csv", program: "fever-clinic", rows: 1, rejected: 1, errors: 1)
        ])
        let pipeline = test.platform.pipeline
        _ = try await test.platform.data.database.write { try pipeline.finish(claimed, outcome, in: $0) }
        try clock.set("2026-11-28T17:01:00+08:00")
        _ = try await tell(test)
        #expect(try await notices(test) == ["missed fever-clinic 2026-11-28", "missed influenza 2026-11-28"])
    }

    @Test("the gauges count what is missing")
    func gauges() async throws {
        let clock = try SetClock("2026-11-28T17:00:00.001+08:00")
        let test = try TestPlatform(now: clock.now)
        let text = try await test.platform.metrics()
        #expect(text.contains(#"vedette_obligations{program="influenza",state="missing"} 1"#))
        #expect(text.contains(#"vedette_obligations{program="influenza",state="due"} 0"#))
        #expect(text.contains(#"vedette_obligations_overdue{program="influenza"} 3"#))
    }

    @Test("a clock set back turns no state back and no receipt round; it is audited once and shown")
    func clockSetBack() async throws {
        let clock = try SetClock("2026-11-28T17:00:01+08:00")
        let test = try TestPlatform(now: clock.now)
        let day = CivilDate(daysSince1970: 20_785)
        func state() async throws -> [Obligation.State] {
            let page = try await test.platform.portalServices.obligations(
                .init(dueOn: day...day, program: "fever-clinic"), in: .nation)
            return page.items.map(\.obligation.state)
        }
        #expect(try await state() == [.missing])
        try clock.set("2026-11-28T14:00:00+08:00")
        #expect(try await state() == [.missing])
        let sent = try #require(try await test.submit(try TestPlatform.package("FeverClinic", "clean")))
        #expect(sent.receivedAt >= (try #require(Instant(withZone: "2026-11-28T17:00:01+08:00"))))
        #expect(try await state() == [.late])
        for _ in 0..<2 { try await test.platform.noteClockSettings() }
        #expect(try await test.audit().filter { $0.contains("clock.set") }.count == 1)
        #expect(test.platform.notices().contains { $0.en.contains("the clock was set from 2026-11-28T09:00:01Z") })
        // Also after a restart.
        try await test.restart(now: clock.now)
        #expect(try await state() == [.late])
    }

    @Test("a clock set forward by more than a day is not believed until somebody confirms it")
    func clockSetForward() throws {
        let wall = try SetClock("2026-11-28T12:00:00+08:00")
        let up = Mutex<Int64>(0)
        let believed = Mutex(false)
        let clock = DutyClock(
            wall.now, upMilliseconds: { up.withLock(\.self) }, isBelieved: { _ in believed.withLock(\.self) })
        let start = clock.now()
        try wall.set("2027-11-28T12:00:10+08:00")
        up.withLock { $0 = 10_000 }
        #expect(clock.now() == start.advanced(bySeconds: 10))
        up.withLock { $0 = 3_610_000 }
        try wall.set("2027-11-28T13:00:10+08:00")
        #expect(clock.now() == start.advanced(bySeconds: 3610))
        #expect(clock.takeSettings().count == 1)
        believed.withLock { $0 = true }
        #expect(clock.now() == wall.now())
    }
}
