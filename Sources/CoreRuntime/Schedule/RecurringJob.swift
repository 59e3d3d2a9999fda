public import SurveillanceKit

/// A job that the server does again and again by itself.
public struct RecurringJob: Hashable, Sendable {
    /// The name in `vedette status`, in `/metrics` and in the log.
    public let name: String
    public let purpose: BilingualText
    /// How many seconds after a run the job is due again.
    public let intervalSeconds: Int64
    /// How many seconds after a failed run it is tried again; twice as many after each further failure, up to the interval.
    let retrySeconds: Int64

    init(name: String, purpose: BilingualText, intervalSeconds: Int64, retrySeconds: Int64 = 60) {
        self.name = name
        self.purpose = purpose
        self.intervalSeconds = intervalSeconds
        self.retrySeconds = retrySeconds
    }

    /// When the job is due again.
    ///
    /// - Parameter run: its last run.
    func due(after run: JobRun) -> Instant {
        guard run.failures > 0 else { return run.endedAt.advanced(by: intervalSeconds * 1000) }
        let doubled = retrySeconds << Int64(min(run.failures - 1, 20))
        return run.endedAt.advanced(by: min(doubled, max(intervalSeconds, retrySeconds)) * 1000)
    }
}

/// The last run of a job.
public struct JobRun: Hashable, Sendable {
    public var beganAt: Instant
    public var endedAt: Instant
    /// The end of the last run that succeeded; nil where none has.
    public var succeededAt: Instant?
    /// How many runs in a row have failed, the last one included.
    public var failures: Int
    /// Why the last run failed; nil where it succeeded.
    public var failure: String?
}

/// A job and what became of it, as an operator sees it.
public struct JobStatus: Hashable, Sendable {
    public var job: RecurringJob
    /// Nil where it has never run.
    public var last: JobRun?
    /// Whether it is running now, in this process.
    public var isRunning = false

    /// When it is due again; nil where it has never run.
    public var due: Instant? { last.map(job.due(after:)) }
}
