import Database
import Deidentification
import Foundation
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
/// bytes ─▶ Intake ─▶ Tabular ─▶ Validation ─▶ Deidentification ─▶ Records
/// ```
///
/// No stage knows the next; this file is the one place where they meet. What is wrong with a report is a finding and never thrown;
/// what is thrown is the platform's own trouble, and the submission is tried again.
struct Pipeline: Sendable {
    let registry: ProgramRegistry
    let data: DataFolder
    let seed: KeySeed
    let maximumHeldBytes: Int
    let archive: ArchiveLimits
    let table: TableLimits
    /// Milliseconds since 1970-01-01 UTC.
    let now: @Sendable () -> Int64

    /// Processes a submission that has been claimed: reads the sealed upload, checks every file of it, keeps the findings, and stores
    /// what stands. Rows, counts and state change in one transaction, after the findings are durable.
    func process(_ submission: Submission) throws {
        // Intake: the upload, unsealed as it is read.
        let upload = SpooledUpload(try data.spool.open(submission.id))

        // Tabular and Validation: archive, charset and CSV become checked rows and findings.
        var results = try Results(self, submission)
        let files = try examine(upload, of: submission, sink: &results).map { SubmittedFile($0) }
        try results.findings.finish()

        try data.database.writeBlocking { transaction in
            // Deidentification and Records: only de-identified rows reach the line list.
            if results.isHeld {
                for batch in results.held { try store(batch, of: submission, in: transaction) }
            } else {
                var storing = try Storing(self, submission, transaction, refused: results.refused)
                _ = try examine(upload, of: submission, sink: &storing)
            }

            // Intake: counts, state and receipt, together with the rows.
            let finished = try data.log.finish(
                submission.id, attempt: submission.attempt, files: files, state: SubmissionState(files), at: now(),
                in: transaction)
            try data.receipts.issue(for: finished, programs: applied(to: files), at: now(), in: transaction)
        }
    }

    private func examine(
        _ upload: SpooledUpload, of submission: Submission, sink: inout some ValidationSink
    ) throws -> [FileReport] {
        let stored = try StoredParents(data, registry, institution: submission.institution)
        let context = ValidationContext(
            institution: submission.institution, receivedAt: submission.receivedAt, seed: seed, limits: table,
            wantsRows: true,
            findParent: { try stored.find($0) })
        return try Examination(registry: registry, context: context).run(
            submission.fileName, upload, limits: archive, sink: &sink)
    }

    func store(_ batch: DeidentifiedBatch, of submission: Submission, in transaction: any Transaction) throws {
        _ = try data.lineList.store(batch, from: submission.id.description, in: transaction)
    }

    private func applied(to files: [SubmittedFile]) -> [Receipt.AppliedProgram] {
        let ids = Set(files.compactMap(\.program))
        return registry.programs.filter { ids.contains($0.program.id) }
            .map { Receipt.AppliedProgram(id: $0.program.id, version: $0.program.version) }
    }
}

extension SubmissionState {
    /// What a submission's files come to: all rows stand, some do, or none.
    init(_ files: [SubmittedFile]) {
        let accepted = files.reduce(0) { $0 + $1.accepted }
        let isClean = files.allSatisfy { $0.errors == 0 && $0.rejected == 0 }
        self = isClean ? .accepted : accepted > 0 ? .partlyAccepted : .rejected
    }
}

extension SubmittedFile {
    init(_ report: FileReport) {
        self.init(
            name: report.file, program: report.program, fileType: report.fileType, rows: report.rows,
            accepted: report.accepted, rejected: report.rejected, errors: report.errors, warnings: report.warnings)
    }
}
