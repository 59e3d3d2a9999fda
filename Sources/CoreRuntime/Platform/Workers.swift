import Database
import Foundation
import Intake
import SurveillanceKit
import Tabular
import TimelinessStore

/// Processes what has been received, several submissions at once, and goes on after anything that goes wrong.
///
/// A try that fails is repeated after a while and then given up with its reason on the page; another's submission is never held up by it.
actor Workers {
    private let pipeline: Pipeline
    private let log: SubmissionLog
    private let maximumTries: Int
    private let maximumRunning: Int
    private let schedule: Schedule
    private let signer: ReceiptSigner
    private let report: @Sendable (BilingualText) -> Void
    private var running: [SubmissionID: Task<Void, Never>] = [:]
    private var isStopping = false
    private var isClaiming = false
    private var wasWoken = false

    init(
        _ pipeline: Pipeline, log: SubmissionLog, maximumTries: Int, maximumRunning: Int, schedule: Schedule,
        signer: ReceiptSigner, report: @escaping @Sendable (BilingualText) -> Void
    ) {
        self.pipeline = pipeline
        self.log = log
        self.maximumTries = maximumTries
        self.maximumRunning = maximumRunning
        self.schedule = schedule
        self.signer = signer
        self.report = report
    }

    /// Looks for work: called when something was received, and when something was finished.
    func wake() async {
        signer.somethingMoved()
        await look()
    }

    /// Looks for work that is due by now.
    func look() async {
        wasWoken = true
        guard !isClaiming else { return }
        isClaiming = true
        defer { isClaiming = false }
        while wasWoken, !isStopping {
            wasWoken = false
            while running.count < maximumRunning, !isStopping {
                do {
                    guard let submission = try await log.claimNext(at: pipeline.now()) else { break }
                    start(submission)
                } catch {
                    let cause = ErrorText.of(error)
                    report(BilingualText(zh: "无法读取队列：\(cause.zh)", en: "the queue cannot be read: \(cause.en)"))
                    schedule.ask(.retries, at: pipeline.now().advanced(by: 2_000))
                    break
                }
            }
        }
    }

    /// Waits until nothing is queued and nothing under way.
    func drain() async throws {
        while true {
            await wake()
            if let task = running.values.first {
                await task.value
                continue
            }
            let counts = try await log.counts(scope: .nation)
            guard counts[.received] != nil || counts[.processing] != nil else { return }
            await Task.yield()
        }
    }

    /// Finishes what is under way and takes nothing new.
    func stop() async {
        isStopping = true
        // A submission that is just being claimed is under way, too.
        while isClaiming || !running.isEmpty {
            if let task = running.values.first { await task.value } else { await Task.yield() }
        }
    }

    private func start(_ submission: Submission) {
        let pipeline = pipeline
        running[submission.id] = Task {
            do {
                try await pipeline.process(submission)
            } catch {
                await self.failed(submission, error)
            }
            await self.ended(submission.id)
        }
    }

    private func ended(_ id: SubmissionID) async {
        running[id] = nil
        Task { await wake() }
    }

    private func failed(_ submission: Submission, _ error: any Error) async {
        let cause = ErrorText.of(error)
        report(
            BilingualText(
                zh: "上报 \(submission.id) 第 \(submission.attempt) 次处理：\(cause.zh)",
                en: "submission \(submission.id), try \(submission.attempt): \(cause.en)"))
        let wait: Int64 = Workers.isOfTheDatabase(error) ? 2_000 : Workers.isOfTheServer(error) ? 30_000 : 5_000
        var isFirst = true
        while true {
            do {
                try await record(error, of: submission, retryAfter: wait)
                break
            } catch let error as DatabaseError where error.passes && !isStopping {
                // Until the database is back nothing else of this institution could be processed either.
                if isFirst {
                    let cause = ErrorText.of(error)
                    report(
                        BilingualText(
                            zh: "上报 \(submission.id)：数据库恢复后再记录其失败：\(cause.zh)",
                            en:
                                "submission \(submission.id): its failure is recorded when the database is back: \(cause.en)"
                        ))
                }
                isFirst = false
                try? await Task.sleep(for: .seconds(1))
            } catch {
                let cause = ErrorText.of(error)
                report(
                    BilingualText(
                        zh: "上报 \(submission.id)：无法记录其失败：\(cause.zh)",
                        en: "submission \(submission.id): its failure could not be recorded: \(cause.en)"))
                break
            }
        }
        schedule.ask(.retries, at: pipeline.now().advanced(by: wait))
    }

    private func record(_ error: any Error, of submission: Submission, retryAfter wait: Int64) async throws {
        if Workers.isOfTheDatabase(error) {
            // The rows may have been stored before the connection broke.
            let isTold = try await OwnThread.run { [pipeline] in
                try pipeline.tellWhatWasStored(of: submission)
            }.get()
            if isTold { return }
        }
        if Workers.isOfTheServer(error) {
            try await log.handBack(
                submission.id, attempt: submission.attempt, until: pipeline.now().advanced(by: wait))
        } else {
            let (log, maximumTries, now) = (log, maximumTries, pipeline.now())
            try await log.database.write { transaction in
                let failed = try log.fail(
                    submission.id, attempt: submission.attempt, reason: Workers.reason(error),
                    maximumTries: maximumTries, retryAfter: wait, at: now, in: transaction)
                if failed.state == .failed { try DutyLog.noteFailure(of: DutyLog.Sent(failed), in: transaction) }
            }
        }
    }

    /// Whether the database was away or busy for a moment.
    private static func isOfTheDatabase(_ error: any Error) -> Bool {
        switch error {
        case DatabaseError.diskFull: false
        case let error as DatabaseError: error.passes
        default: false
        }
    }

    /// Whether every submission would fare alike until an administrator has mended the server: then no try is lost.
    private static func isOfTheServer(_ error: any Error) -> Bool {
        switch error {
        case IntakeError.diskFull, IntakeError.belowReserve, IntakeError.poisoned: true
        // What cannot be read may be this upload alone, which its sender is to be told of in the end.
        case IntakeError.inputOutput(_, let operation, _): operation != "read"
        case DatabaseError.writerPoisoned: true
        case let error as DatabaseError: error.passes
        default: false
        }
    }

    /// What the page says; never words of the report.
    private static func reason(_ error: any Error) -> BilingualText {
        if let error = error as? IntakeError { return error.message }
        return BilingualText(
            zh: "系统处理时出错，上报内容已完整保存；请联系平台管理员重试",
            en:
                "the platform could not process it; what was sent is kept whole: ask the platform's administrator to retry"
        )
    }
}
