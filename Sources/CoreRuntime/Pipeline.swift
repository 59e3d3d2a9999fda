import Accounts
import Checking
import Database
import Deidentification
import Foundation
import IndicatorStore
import Intake
import ProgramFiles
import Records
import ShangMi
import SurveillanceKit
import Tabular
import Validation

/// The way of a report, from top to bottom.
///
/// ```
/// bytes ─▶ Intake ─▶ Tabular ─▶ Validation ─▶ Deidentification ─▶ Records ─▶ Indicators
///                                                                         ─▶ Timeliness
/// ```
///
/// No stage knows the next; this file is the one place where they meet. What is wrong with a report is a finding and never thrown;
/// what is thrown is the platform's own trouble, and the submission is tried again.
struct Pipeline: Sendable {
    let registry: ProgramRegistry
    let data: DataFolder
    let institutions: InstitutionDirectory
    let seed: KeySeed
    let books: CodeBooks
    let maximumHeldBytes: Int
    let archive: ArchiveLimits
    let table: TableLimits
    let progress = CheckingProgress()
    let now: @Sendable () -> Instant

    /// Processes a submission that has been claimed: reads the sealed upload, checks every file of it, keeps the findings, and stores
    /// what stands.
    ///
    /// First the findings are durable, then the rows together with what the submission came to, then the log's state and the receipt.
    /// Of a process that ends in between the next start finds the rows' outcome and tells the log.
    ///
    /// What computes runs on a thread that gives way to requests. The log is told on the database's own thread: receipts wait for the same
    /// writer, and a thread that gives way would keep it from them.
    func process(_ submission: Submission) async throws {
        let outcome = try await OwnThread.run {
            try settled { refused, looksUp in
                try checkAndStore(submission, refused: refused, looksUp: looksUp)
            }
        }.get()
        let receipt = try await data.database.write { try finish(submission, outcome, in: $0) }
        data.noteReceipt(receipt.number)
    }

    /// Checks an upload as `process` does, says what storing it would come to, and keeps nothing.
    ///
    /// - Parameter mostFindings: as many are answered.
    func rehearse(_ submission: Submission, _ upload: SpooledUpload, mostFindings: Int) throws -> Rehearsal {
        try settled { refused, looksUp in
            let findings = CollectedFindings(most: mostFindings)
            let stages = try Stages(self, submission, looksUp: looksUp, keeps: false)
            _ = try stages.run(upload, findings: findings, refused: refused)
            guard var rehearsal = stages.store.rehearsal else { throw LineListError.changedMeanwhile }
            (rehearsal.findings, rehearsal.findingsCount) = (findings.lines, findings.count)
            return rehearsal
        }
    }

    /// Tries until what was looked up while checking still is so when it is stored.
    private func settled<T>(_ attempt: (_ refused: Set<Int>, _ looksUp: Bool) throws -> T) throws -> T {
        var refused: Set<Int> = []
        var looksUp = true
        while true {
            do {
                return try attempt(refused, looksUp)
            } catch LineListError.changedMeanwhile {
                // What was looked up is no longer so: once more.
            } catch DatabaseError.serialization {
                // Another process has stored something at the same time: once more.
            } catch LineListError.sameKeyTwice where looksUp {
                looksUp = false
            } catch let error as PackageStore.RefusedLate where !error.files.isSubset(of: refused) {
                refused.formUnion(error.files)
            }
        }
    }

    /// The stages of a package, from its bytes to the line list.
    func checkAndStore(_ submission: Submission, refused: Set<Int>, looksUp: Bool) throws -> Outcome {
        if submission.isZeroReport { return try checkZeroReport(submission) }
        // Intake: the upload, unsealed as it is read; its findings, sealed as they are found.
        let content = try data.spool.open(submission.id)
        let (progress, id, size) = (progress, submission.id, content.size)
        let upload = SpooledUpload(content) { progress.note(id, read: $0, of: size) }
        defer { progress.end(id) }
        let findings = try data.findings.begin(submission.id, attempt: submission.attempt)
        do {
            return try Stages(self, submission, looksUp: looksUp, keeps: true)
                .run(upload, findings: findings, refused: refused)
        } catch {
            findings.abandon()
            throw error
        }
    }

    /// What the stages of one attempt share.
    private struct Stages {
        let pipeline: Pipeline
        let submission: Submission
        let lookups: PackageLookups
        let parents: StoredParents
        let store: PackageStore

        init(_ pipeline: Pipeline, _ submission: Submission, looksUp: Bool, keeps: Bool) throws {
            self.pipeline = pipeline
            self.submission = submission
            let data = pipeline.data
            lookups = try PackageLookups(
                data, institution: submission.institution,
                expectedRows: submission.size > Pipeline.largeUpload ? submission.size / Pipeline.bytesPerRow : 0,
                looksUp: looksUp)
            parents = try StoredParents(data, pipeline.registry, institution: submission.institution)
            let watch = try ParentWatch(data.log, submission, in: data.database, at: pipeline.now())
            store = PackageStore(
                lookups, submission, watch,
                place: pipeline.institutions[submission.institution].map(InstitutionPlace.init),
                maximumHeldBytes: pipeline.maximumHeldBytes, keeps: keeps, now: pipeline.now)
        }

        func run(_ upload: SpooledUpload, findings: any FindingsTarget, refused: Set<Int>) throws -> Outcome {
            do {
                // Tabular and Validation: archive, charset and CSV become checked rows and findings.
                // Deidentification, on the same threads: rows that are not stored as they are lose all that names a patient.
                var results = Results(findings: findings, store: store, lookups: lookups, refused: refused)
                let (reports, codes) = try pipeline.examine(upload, of: submission, lookups, parents, sink: &results)
                if let failure = results.failure { throw failure }
                store.complete()
                try findings.finish()

                // Records: only de-identified rows reach the line list, all in one transaction. Indicators: the figures move with them.
                var outcome = Outcome(reports)
                outcome.waiting = results.waiting(submission)
                outcome.missing = parents.missing.sorted()
                outcome.codes = codes
                return try store.finish(outcome, seal: pipeline.data.log.seal)
            } catch {
                store.abandon(error)
                throw error
            }
        }
    }

    /// Intake: counts, state and receipt. Timeliness: what that is for each program.
    func finish(_ submission: Submission, _ outcome: Outcome, in transaction: any Transaction) throws -> Receipt {
        let finished = try data.log.finish(
            submission.id, attempt: submission.attempt, files: outcome.files, state: outcome.state,
            records: outcome.records, at: now(), in: transaction)
        try data.log.note(outcome.waiting, for: Set(outcome.missing), of: submission, in: transaction)
        let receipt = try data.receipts.issue(
            for: finished, programs: applied(to: outcome.files), at: now(), in: transaction)

        // Timeliness: which programs' duties are done by it.
        try noteDuties(
            of: finished, day: finished.isZeroReport ? zeroReport(finished).day : nil, in: transaction)

        // Children of other submissions that have waited for a parent among these rows are checked again.
        try followUp(submission, outcome, in: transaction)
        try checkAgainIfCodesChanged(submission, outcome, in: transaction)
        return receipt
    }

    private func examine(
        _ upload: SpooledUpload, of submission: Submission, _ lookups: PackageLookups, _ stored: StoredParents,
        sink: inout some ValidationSink
    ) throws -> (reports: [FileReport], codes: String) {
        let dictionaries = registry.programs.flatMap(\.program.dictionaries)
        let (codes, stamp) = try data.database.readBlocking { [books] connection in
            let stamp = try books.stamp(of: submission.institution, in: connection)
            return (try books.codes(of: submission.institution, dictionaries, in: connection) ?? books.none, stamp)
        }
        let context = ValidationContext(
            registered: registered(submission.institution), receivedAt: submission.receivedAt, seed: seed,
            threads: submission.size > Pipeline.largeUpload ? ProcessInfo.processInfo.activeProcessorCount : 1,
            limits: table, wantsRows: true,
            findParent: { try stored.find($0) },
            makeBlockWork: { RowPreparation($0, lookups) }, codes: codes)
        let reports = try Examination(registry: registry, context: context).run(
            submission.fileName, upload, limits: archive, sink: &sink)
        return (reports, stamp)
    }

    /// From this size on a package is checked by as many threads as there are processors; smaller ones are many, and side by side anyway.
    private static let largeUpload = 1 << 20
    /// A row's bytes as they come: some 65 of a zip, 350 of a plain file. Where it matters a wrong guess costs little.
    private static let bytesPerRow = 100

    private func registered(_ code: String) -> RegisteredInstitution {
        let institution = institutions[code]
        return RegisteredInstitution(
            code: code, name: institution?.name.zh, aliases: institution?.aliases ?? [],
            codeAliases: institution?.codeAliases ?? [])
    }

    func applied(to files: [FileReport]) -> [Receipt.AppliedProgram] {
        let ids = Set(files.compactMap(\.program))
        return registry.programs.filter { ids.contains($0.program.id) }
            .map { Receipt.AppliedProgram(id: $0.program.id, version: $0.program.version) }
    }
}

/// What a submission came to, kept with its rows until the log has it.
struct Outcome: Codable, Sendable {
    var files: [FileReport]
    var state: SubmissionState
    var records = Submission.Records()
    /// Rows that lack nothing but their parent, and the hashes of the parents that were missed.
    var waiting: [WaitingRows] = []
    var missing: [UInt64] = []
    /// Other submissions whose parents have come with this one.
    var met: [SubmissionID] = []
    /// The tables and decisions about codes by which it was checked; nil where none are asked.
    var codes: String?
    /// File types, as `program/type`, of which a record that was stored before has changed.
    var changedTypes: [String] = []

    init(_ reports: [FileReport]) {
        files = reports
        state = SubmissionState(files)
    }

    /// Sealed: it names files.
    func sealed(for id: SubmissionID, _ seal: FieldSeal) throws -> [UInt8] {
        try seal.seal(Array(JSONEncoder().encode(self)), place: Outcome.place(id))
    }

    init(unsealing sealed: [UInt8], of id: SubmissionID, _ seal: FieldSeal) throws {
        self = try JSONDecoder().decode(Outcome.self, from: Data(seal.open(sealed, place: Outcome.place(id))))
    }

    private static func place(_ id: SubmissionID) -> String { "submission/outcome/\(id)" }
}

extension SubmissionState {
    /// What a submission's files come to: all rows stand, some do, or none.
    init(_ files: [FileReport]) {
        let accepted = files.reduce(0) { $0 + $1.accepted }
        let isClean = files.allSatisfy { $0.errors == 0 && $0.rejected == 0 }
        self = isClean ? .accepted : accepted > 0 ? .partlyAccepted : .rejected
    }
}
