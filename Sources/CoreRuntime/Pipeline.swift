import Accounts
import Checking
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
    let institutions: InstitutionDirectory
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
        let stored = try StoredParents(data, registry, institution: submission.institution)
        let files = try examine(upload, of: submission, stored, sink: &results).map { SubmittedFile($0) }
        try results.findings.finish()
        let missing = stored.missing

        let receipt = try data.database.writeBlocking { transaction in
            // Deidentification and Records: only de-identified rows reach the line list.
            let store = try RowStore(self, submission, transaction)
            if results.isHeld {
                for batch in results.held { try store.store(batch) }
            } else {
                var storing = try Storing(self, submission, into: store, refused: results.refused)
                _ = try examine(upload, of: submission, stored, sink: &storing)
            }

            // Intake: counts, state and receipt, together with the rows.
            let finished = try data.log.finish(
                submission.id, attempt: submission.attempt, files: files, state: SubmissionState(files),
                records: store.records, at: now(), in: transaction)
            try data.log.note(
                results.waiting(submission), for: missing, of: submission, in: transaction)
            let receipt = try data.receipts.issue(
                for: finished, programs: applied(to: files), at: now(), in: transaction)

            // Children of other submissions that have waited for a parent among these rows are checked again.
            try store.followUp()
            return receipt
        }
        data.noteReceipt(receipt.number)
    }

    private func examine(
        _ upload: SpooledUpload, of submission: Submission, _ stored: StoredParents, sink: inout some ValidationSink
    ) throws -> [FileReport] {
        let context = ValidationContext(
            registered: registered(submission.institution), receivedAt: submission.receivedAt, seed: seed,
            limits: table,
            wantsRows: true,
            findParent: { try stored.find($0) })
        return try Examination(registry: registry, context: context).run(
            submission.fileName, upload, limits: archive, sink: &sink)
    }

    private func registered(_ code: String) -> RegisteredInstitution {
        let institution = institutions[code]
        return RegisteredInstitution(code: code, name: institution?.name.zh, aliases: institution?.aliases ?? [])
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
