import Accounts
import Foundation
import Intake
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("A clock that jumps")
struct ClockTests {
    @Test(
        "removes nothing until an operator confirms it, says so, and then everything that is due goes",
        arguments: [31, 400, -2])
    func jumps(days: Int) async throws {
        let clock = TurnedClock()
        let test = try TestPlatform(now: clock.now)
        let id = try await test.send(try TestPlatform.package("FeverClinic", "faults")).submission.id
        try await test.processAll()
        #expect(await test.purged() == TurnedClock.start)
        #expect(test.platform.notices().isEmpty)

        clock.turn(days: days)
        #expect(await test.purged() == TurnedClock.start)
        #expect(test.platform.data.spool.contains(id))
        #expect(test.platform.notices().contains { $0.en.contains("vedette clock confirm") })
        // However often it looks: only an operator makes the jump true.
        clock.turn(minutes: 1)
        #expect(await test.purged() == TurnedClock.start)
        #expect(test.platform.data.spool.contains(id))

        let desk = try Desk(
            Configuration(dataFolder: test.folder, programsFolder: TestPlatform.programs), operatorName: "operator",
            now: clock.now())
        let jump = try #require(try await desk.confirmClock())
        #expect(jump.last == TurnedClock.start && jump.now == clock.now())
        #expect(try await test.audit().contains("operator clock.confirm clock"))
        clock.turn(minutes: 1)
        #expect(await test.purged() == clock.now())
        #expect(test.platform.data.spool.contains(id) == (days < 30))
        #expect(test.platform.notices().isEmpty)
        #expect(try await desk.confirmClock() == nil)
    }

    @Test("day after day everything goes after its time, unasked; a clock that is set right again is believed")
    func steady() async throws {
        let clock = TurnedClock()
        let test = try TestPlatform(now: clock.now)
        let id = try await test.send(try TestPlatform.package("FeverClinic", "faults")).submission.id
        try await test.processAll()
        #expect(await test.purged() == TurnedClock.start)
        clock.turn(days: 20)
        #expect(await test.purged() == TurnedClock.start)
        clock.turn(days: -20)
        for day in 1...31 {
            clock.turn(days: 1)
            #expect(await test.purged() == clock.now())
            #expect(test.platform.data.spool.contains(id) == (day <= 30), "day \(day)")
        }
    }

    @Test("a start far from the last one asks, too, and keeps what a program would give up")
    func start() async throws {
        let clock = TurnedClock()
        let test = try TestPlatform(now: clock.now)
        let id = try await test.send(try TestPlatform.package("FeverClinic", "faults")).submission.id
        try await test.processAll()
        await test.close()
        clock.turn(days: 31)
        let said = Said()
        var configuration = Configuration(dataFolder: test.folder, programsFolder: TestPlatform.programs)
        configuration.reserveBytes = 1 << 20
        let platform = try Platform(
            configuration, institutions: [TestPlatform.institution], now: clock.now, report: { said.add($0.en) })
        #expect(said.text.contains("vedette clock confirm"))
        await platform.schedule.runDue()
        #expect(platform.schedule.statuses.first { $0.job == .purge }?.last == nil)
        #expect(platform.data.spool.contains(id))
        await platform.stop()
    }

    @Test("set back, receipts and submissions stay in the order in which they came, and the chain holds")
    func setBack() async throws {
        let clock = TurnedClock()
        let test = try TestPlatform(now: clock.now)
        let first = try await test.send(try TestPlatform.package("FeverClinic", "faults")).submission.id
        try await test.processAll()
        clock.turn(days: -400)
        let second = try await test.send(try TestPlatform.package("FeverClinic", "clean")).submission.id
        try await test.processAll()
        #expect(try await test.receipts(of: first).map(\.receipt.number) == [1, 2])
        #expect(try await test.receipts(of: second).map(\.receipt.number) == [3, 4])
        #expect(try await test.platform.data.log.list(scope: .nation, limit: 9).map(\.id) == [second, first])
        guard case .whole(4, _) = try await test.desk().verifyReceipts() else {
            Issue.record("the chain is broken")
            return
        }
    }
}

extension TestPlatform {
    /// Runs the jobs that are due. Returns when what has been kept long enough was last removed.
    fileprivate func purged() async -> Instant? {
        await platform.schedule.runDue()
        return platform.schedule.statuses.first { $0.job == .purge }?.last?.succeededAt
    }
}
