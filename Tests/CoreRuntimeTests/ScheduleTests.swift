import Database
import Foundation
import SurveillanceKit
import Synchronization
import Testing

@testable import CoreRuntime

@Suite("Recurring jobs")
struct ScheduleTests {
    @Test("a job runs at the first start, then whenever its interval has passed, and no sooner")
    func recurs() async throws {
        let house = try House()
        let schedule = try house.schedule()
        try await house.expect(runs: 1, of: schedule)
        house.turn(seconds: 3599)
        try await house.expect(runs: 1, of: schedule)
        house.turn(seconds: 1)
        try await house.expect(runs: 2, of: schedule)
        house.turn(seconds: 10 * 3600)
        try await house.expect(runs: 3, of: schedule)
    }

    @Test("what was missed while the server was down runs once at the next start; what was not missed waits")
    func missed() async throws {
        let house = try House()
        try await house.expect(runs: 1, of: house.schedule())
        house.turn(seconds: 1800)
        try await house.expect(runs: 1, of: house.schedule())
        house.turn(seconds: 5 * 3600)
        let late = try house.schedule()
        try await house.expect(runs: 2, of: late)
        try await house.expect(runs: 2, of: late)
        #expect(late.statuses.first?.last?.endedAt == house.now)
    }

    @Test("a job that was cut off by the end of the process is tried again by the next")
    func cutOff() async throws {
        let house = try House()
        let schedule = try house.schedule { _ in throw CancellationError() }
        await schedule.runDue()
        #expect(house.said.isEmpty && schedule.statuses.first?.last == nil)
        try await house.expect(runs: 1, of: house.schedule())
    }

    @Test("a job that is still running is not begun again, while another is")
    func twiceAtOnce() async throws {
        let house = try House()
        let (begun, hasBegun) = AsyncStream.makeStream(of: Void.self)
        let (gate, opens) = AsyncStream.makeStream(of: Void.self)
        let schedule = try house.schedule { _ in
            house.count()
            hasBegun.yield()
            for await _ in gate { break }
            return .done
        }
        async let first: Void = schedule.runDue()
        for await _ in begun { break }
        #expect(schedule.statuses.first?.isRunning == true)
        house.turn(seconds: 7200)
        schedule.ask(House.job, at: house.now)
        let others = Mutex(0)
        let other = RecurringJob(name: "other", purpose: BilingualText(zh: "", en: ""), intervalSeconds: 3600)
        schedule.add(other) { _ in
            others.withLock { $0 += 1 }
            return .done
        }
        await schedule.runDue()
        #expect(house.runs == 1)
        #expect(others.withLock(\.self) == 1)
        opens.yield()
        await first
        #expect(schedule.statuses.first?.isRunning == false)
    }

    @Test("a failing job is told, tried again after 1, 2, 4 … minutes, and remembered across a restart")
    func fails() async throws {
        let house = try House()
        let isBroken = Mutex(true)
        let work: Schedule.Work = { _ in
            house.count()
            if isBroken.withLock(\.self) { throw Broken() }
            return .done
        }
        var schedule = try house.schedule(work)
        try await house.expect(runs: 1, of: schedule)
        #expect(
            house.said == ["the recurring job 'sweep' failed: the broom is broken; it is tried again in 60 seconds"])
        // Nothing hurries it.
        schedule.ask(House.job, at: house.now)
        house.turn(seconds: 59)
        try await house.expect(runs: 1, of: schedule)
        house.turn(seconds: 1)
        try await house.expect(runs: 2, of: schedule)
        #expect(house.said.last?.contains("(2 times in a row)") == true)

        schedule = try house.schedule(work)
        #expect(schedule.statuses.first?.last?.failures == 2)
        house.turn(seconds: 119)
        try await house.expect(runs: 2, of: schedule)
        house.turn(seconds: 1)
        try await house.expect(runs: 3, of: schedule)
        #expect(house.said.last?.hasSuffix("tried again in 240 seconds") == true)
        isBroken.withLock { $0 = false }
        house.turn(seconds: 240)
        try await house.expect(runs: 4, of: schedule)
        let last = try #require(schedule.statuses.first?.last)
        #expect(last.failures == 0 && last.failure == nil && last.succeededAt == house.now)
        // However often it fails, it is tried once an interval.
        isBroken.withLock { $0 = true }
        house.turn(seconds: 3600)
        for run in 5..<15 {
            try await house.expect(runs: run, of: schedule)
            house.turn(seconds: 3600)
        }
    }

    @Test("a clock that is set forward runs a job once; one that is set back does not keep it waiting")
    func jumps() async throws {
        let house = try House()
        let schedule = try house.schedule()
        try await house.expect(runs: 1, of: schedule)
        house.turn(seconds: 400 * 86_400)
        try await house.expect(runs: 2, of: schedule)
        try await house.expect(runs: 2, of: schedule)
        house.turn(seconds: -400 * 86_400)
        try await house.expect(runs: 3, of: schedule)
        try await house.expect(runs: 3, of: schedule)
        // A correction by seconds is no jump.
        house.turn(seconds: -30)
        try await house.expect(runs: 3, of: schedule)
        house.turn(seconds: 3630)
        try await house.expect(runs: 4, of: schedule)
        // As after a start.
        house.turn(seconds: -86_400)
        try await house.expect(runs: 5, of: house.schedule())
    }

    @Test("a job that is asked for runs at the earliest moment asked for, once, and then as before")
    func asked() async throws {
        let house = try House()
        let schedule = try house.schedule()
        try await house.expect(runs: 1, of: schedule)
        schedule.ask(House.job, at: house.now.advanced(by: 20_000))
        schedule.ask(House.job, at: house.now.advanced(by: 30_000))
        house.turn(seconds: 19)
        try await house.expect(runs: 1, of: schedule)
        house.turn(seconds: 1)
        try await house.expect(runs: 2, of: schedule)
        house.turn(seconds: 30)
        try await house.expect(runs: 2, of: schedule)
        house.turn(seconds: 3570)
        try await house.expect(runs: 3, of: schedule)
    }

    @Test("a job that cannot be done now is no run and is asked again after a minute")
    func putOff() async throws {
        let house = try House()
        let schedule = try house.schedule { _ in
            house.count()
            return .notNow
        }
        try await house.expect(runs: 1, of: schedule)
        #expect(schedule.statuses.first?.last == nil)
        house.turn(seconds: 59)
        try await house.expect(runs: 1, of: schedule)
        house.turn(seconds: 1)
        try await house.expect(runs: 2, of: schedule)
    }

    @Test("after the stop nothing is begun")
    func stops() async throws {
        let house = try House()
        let schedule = try house.schedule()
        await schedule.stop()
        try await house.expect(runs: 0, of: schedule)
    }

    @Test("a started schedule runs what is due and what is asked for by itself")
    func started() async throws {
        let house = try House()
        let (begun, hasBegun) = AsyncStream.makeStream(of: Void.self)
        let schedule = try house.schedule { _ in
            hasBegun.yield()
            return .done
        }
        var runs = begun.makeAsyncIterator()
        schedule.start()
        await runs.next()
        schedule.ask(House.job, at: house.now)
        await runs.next()
        await schedule.stop()
    }

    @Test(
        "a platform's jobs are those that status and metrics show, and a running server keeps their runs in its database"
    )
    func platform() async throws {
        let clock = TurnedClock()
        let test = try TestPlatform(now: clock.now)
        let platform = test.platform
        #expect(platform.schedule.statuses.map(\.job) == RecurringJob.all)
        _ = try await test.send(try TestPlatform.package("FeverClinic", "clean"))
        try await test.processAll()
        let desk = try Desk(
            Configuration(dataFolder: test.folder, programsFolder: TestPlatform.programs), operatorName: "operator",
            now: clock.now())
        #expect(try desk.jobs().allSatisfy { $0.last == nil })

        // Receipts are signed when nothing has moved for a while; the last of what was processed may still do.
        func unsigned() async throws -> Int? {
            try await platform.data.database.read {
                try $0.first("SELECT count(*) FROM receipt WHERE signature IS NULL")
            }
        }
        await platform.schedule.runDue()
        for _ in 0..<100 where try await unsigned() != 0 {
            clock.turn(minutes: 1)
            await platform.schedule.runDue()
        }
        #expect(try await unsigned() == 0)
        let runs = try desk.jobs().map(\.last)
        #expect(runs.allSatisfy { $0?.succeededAt != nil && $0?.failure == nil })
        let metrics = try await platform.metrics()
        for job in RecurringJob.all {
            #expect(metrics.contains("vedette_job_failures{job=\"\(job.name)\"} 0"))
        }
        #expect(
            metrics.contains("vedette_job_last_success_timestamp_seconds{job=\"purge\"} \(TurnedClock.start.seconds)"))
    }
}

private struct Broken: Error, CustomStringConvertible {
    let description = "the broom is broken"
}

/// A database, a clock that is turned by hand, and what a job did and an operator was told.
private final class House: Sendable {
    static let job = RecurringJob(
        name: "sweep", purpose: BilingualText(zh: "清扫", en: "sweeps"), intervalSeconds: 3600)

    private struct State {
        var now = TurnedClock.start
        var runs = 0
        var said: [String] = []
    }

    private let folder: URL
    private let database: SQLiteDatabase
    private let state = Mutex(State())

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-schedule-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        database = try SQLiteDatabase(path: folder.appendingPathComponent("jobs.sqlite").path)
        try database.migrate([JobRuns.migration])
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var now: Instant { state.withLock(\.now) }
    var runs: Int { state.withLock(\.runs) }
    var said: [String] { state.withLock(\.said) }

    func turn(seconds: Int64) { state.withLock { $0.now = $0.now.advanced(by: seconds * 1000) } }

    func count() { state.withLock { $0.runs += 1 } }

    /// A schedule as a server makes it at its start, with one job that is due every hour.
    func schedule(_ work: Schedule.Work? = nil) throws -> Schedule {
        let schedule = try Schedule(
            JobRuns(database: database), now: { self.now },
            report: { line in self.state.withLock { $0.said.append(line.en) } }
        )
        schedule.add(House.job) { now in
            if let work { return try await work(now) }
            self.count()
            return .done
        }
        return schedule
    }

    func expect(runs: Int, of schedule: Schedule, _ location: SourceLocation = #_sourceLocation) async throws {
        await schedule.runDue()
        #expect(self.runs == runs, sourceLocation: location)
    }
}
