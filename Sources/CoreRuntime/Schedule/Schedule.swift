import SurveillanceKit
import Synchronization

/// Runs the recurring jobs of a server: each when it is due, and never twice at once.
///
/// A job whose time came while the server was down runs once at the start. A job that fails is reported and tried again after a while. A job
/// may be asked for earlier than it is due. Different jobs run side by side. A clock that is set back by more than a minute makes every job
/// due: nothing waits for a moment that the clock may not reach for years.
final class Schedule: Sendable {
    /// How a run ended that did not fail.
    enum Ending: Sendable {
        case done
        /// It could not be done now. This is no run; the job is asked again in a minute.
        case notNow
    }

    typealias Work = @Sendable (_ now: Instant) async throws -> Ending

    private let runs: JobRuns
    private let now: @Sendable () -> Instant
    private let report: @Sendable (BilingualText) -> Void
    private let state: Mutex<State>

    fileprivate struct State {
        var entries: [Entry] = []
        /// What earlier processes did.
        var earlier: [String: JobRun]
        var isStarted = false
        var isStopped = false
        var alarm: Task<Void, Never>?
    }

    fileprivate struct Entry {
        let job: RecurringJob
        let work: Work
        var last: JobRun?
        /// The end of the last run that the database knows.
        var notedAt: Instant?
        /// When the job could not be done.
        var putOffAt: Instant?
        /// For when the job has been asked, and when that was.
        var asked: (at: Instant, since: Instant)?
        var task: Task<Void, Never>?
    }

    /// Runs that follow each other faster are written down once in this time, while all go well.
    private static let noteEvery: Int64 = 60_000
    private static let putOffFor: Int64 = 60_000
    /// A clock is set back this far by nothing but somebody who sets it.
    private static let tolerance: Int64 = 60_000
    /// The clock is looked at this often, in case somebody sets it.
    private static let longestSleep: Int64 = 60_000

    /// - Parameters:
    ///   - now: the clock.
    ///   - report: told of what an operator should know.
    init(
        _ runs: JobRuns, now: @escaping @Sendable () -> Instant, report: @escaping @Sendable (BilingualText) -> Void
    ) throws {
        self.runs = runs
        self.now = now
        self.report = report
        state = Mutex(State(earlier: try runs.all()))
    }

    /// Adds a job; before `start`.
    func add(_ job: RecurringJob, _ work: @escaping Work) {
        state.withLock { state in
            let last = state.earlier[job.name]
            state.entries.append(Entry(job: job, work: work, last: last, notedAt: last?.endedAt))
        }
    }

    /// Asks for a job earlier than it is due. A job that has failed waits for its next try all the same.
    func ask(_ job: RecurringJob, at moment: Instant) {
        let now = now()
        let isEarlier = state.withLock { state in
            guard let index = state.entries.firstIndex(where: { $0.job == job }) else { return false }
            if let asked = state.entries[index].asked, asked.at <= moment, asked.since <= now { return false }
            state.entries[index].asked = (moment, now)
            return true
        }
        if isEarlier { setAlarm() }
    }

    /// Begins to run jobs; those that are due already at once.
    func start() {
        state.withLock { $0.isStarted = true }
        ring()
    }

    /// Begins no more jobs and waits for those that are running.
    func stop() async {
        let tasks = state.withLock { state in
            state.isStopped = true
            state.alarm?.cancel()
            state.alarm = nil
            return state.entries.compactMap(\.task)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    /// Runs what is due by the clock and waits for it: the schedule one step at a time.
    func runDue() async {
        for task in beginDue() { await task.value }
    }

    var statuses: [JobStatus] {
        state.withLock { state in
            state.entries.map { JobStatus(job: $0.job, last: $0.last, isRunning: $0.task != nil) }
        }
    }

    // MARK: Parts

    private func ring() {
        beginDue()
        setAlarm()
    }

    @discardableResult
    private func beginDue() -> [Task<Void, Never>] {
        let now = now()
        return state.withLock { state in
            guard !state.isStopped else { return [] }
            return state.entries.indices.compactMap { index in
                let entry = state.entries[index]
                guard entry.task == nil, wait(for: entry, at: now) <= 0 else { return nil }
                let task = Task { await run(entry.job, entry.work) }
                state.entries[index].asked = nil
                state.entries[index].task = task
                return task
            }
        }
    }

    /// Milliseconds until a job is due; 0 or less where it is.
    private func wait(for entry: Entry, at now: Instant) -> Int64 {
        func wait(until moment: Instant, since: Instant) -> Int64 {
            guard now >= since.advanced(by: -Self.tolerance) else { return 0 }
            return moment <= now ? 0 : moment.milliseconds.subtractingReportingOverflow(now.milliseconds).partialValue
        }
        let regular = entry.last.map { wait(until: entry.job.due(after: $0), since: $0.endedAt) } ?? 0
        if let last = entry.last, last.failures > 0 { return regular }
        let putOff = entry.putOffAt.map { wait(until: $0.advanced(by: Self.putOffFor), since: $0) } ?? 0
        guard let asked = entry.asked else { return max(regular, putOff) }
        return min(max(regular, putOff), wait(until: asked.at, since: asked.since))
    }

    private func setAlarm() {
        let now = now()
        state.withLock { state in
            guard state.isStarted, !state.isStopped else { return }
            let waits = state.entries.filter { $0.task == nil }.map { wait(for: $0, at: now) }
            let sleep = max(0, min(waits.min() ?? Self.longestSleep, Self.longestSleep))
            state.alarm?.cancel()
            state.alarm = Task { [weak self] in
                do { try await Task.sleep(for: .milliseconds(sleep)) } catch { return }
                self?.ring()
            }
        }
    }

    private func run(_ job: RecurringJob, _ work: Work) async {
        let began = now()
        let result: Result<Ending, any Error>
        do { result = .success(try await work(began)) } catch { result = .failure(error) }
        let ended = now()
        let (run, isToNote) = state.withLock { state in
            let index = state.entries.firstIndex { $0.job == job } ?? 0  // Jobs are never removed.
            return state.entries[index].end(result, began: began, ended: ended, noteEvery: Self.noteEvery)
        }
        if let run {
            if let failure = run.failure {
                let seconds = max(0, job.due(after: run).seconds - ended.seconds)
                let times =
                    run.failures == 1
                    ? ("", "") : ("（连续 \(run.failures) 次）", " (\(run.failures) times in a row)")
                report(
                    BilingualText(
                        zh: "定时任务 \(job.name) 失败\(times.0)：\(failure)；\(seconds) 秒后重试",
                        en:
                            "the recurring job '\(job.name)' failed\(times.1): \(failure); it is tried again in \(seconds.counted("second"))"
                    ))
            }
            do {
                if isToNote { try await runs.note(run, of: job) }
            } catch {
                let cause = ErrorText.of(error)
                report(
                    BilingualText(
                        zh: "无法记录定时任务 \(job.name) 的运行：\(cause.zh)",
                        en: "the run of the recurring job '\(job.name)' could not be written down: \(cause.en)"))
            }
        }
        state.withLock { state in
            for index in state.entries.indices where state.entries[index].job == job {
                state.entries[index].task = nil
            }
        }
        setAlarm()
    }
}

extension Schedule.Entry {
    /// Takes in how a run ended. Returns the run, nil where it was none, and whether it is to be written down.
    fileprivate mutating func end(
        _ result: Result<Schedule.Ending, any Error>, began: Instant, ended: Instant, noteEvery: Int64
    ) -> (run: JobRun?, isToNote: Bool) {
        putOffAt = nil
        var run = JobRun(
            beganAt: began, endedAt: ended, succeededAt: last?.succeededAt, failures: 0, failure: nil)
        switch result {
        case .success(.done): run.succeededAt = ended
        case .success(.notNow):
            putOffAt = ended
            return (nil, false)
        // The server stops; nothing is wrong.
        case .failure(is CancellationError): return (nil, false)
        case .failure(let error):
            run.failures = (last?.failures ?? 0) + 1
            run.failure = "\(error)"
        }
        let isSteady = run.failures == 0 && last?.failures == 0
        last = run
        if isSteady, let notedAt, notedAt <= ended, ended < notedAt.advanced(by: noteEvery) { return (run, false) }
        notedAt = ended
        return (run, true)
    }
}
