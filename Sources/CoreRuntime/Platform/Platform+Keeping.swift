import Accounts
import Audit
import Database
import Documents
import Foundation
public import Intake
import ProgramFiles
import Records
import Registrations
import SurveillanceKit
import Validation

extension Platform {
    /// Removes uploads that have been kept as long as their program says, and with them their findings, which quote what was sent.
    ///
    /// Where files of several programs came in one upload, the longest of their times counts. Counts, receipts and the
    /// de-identified records stay. Each purge stands in the audit trail, in the transaction that forgets the bytes.
    @discardableResult
    public func purge() async throws -> [Purged] {
        let moment = now()
        let days = Dictionary(
            uniqueKeysWithValues: registry.programs.map { ($0.program.id, $0.program.retentionDays) })
        // How long a program that is set aside wants its uploads kept is not known, so they stay until it runs again.
        let isComplete = registry.setAside.isEmpty
        let purged = try await data.log.purge(data.spool) { programs in
            guard isComplete || programs.allSatisfy({ days[$0] != nil }) else { return nil }
            let longest = programs.compactMap { days[$0] }.max() ?? Program.standardRetentionDays
            return moment.advanced(byDays: -longest)
        } note: { purged, transaction in
            for submission in purged {
                let entry = AuditEntry(
                    author: .platform, action: "submission.purge", subject: submission.id.description,
                    at: moment,
                    detail: ["institution": submission.institution, "bytes": String(submission.size)])
                try AuditTrail.append(entry, in: transaction)
            }
        }
        // Also what an earlier purge was cut off from removing.
        try data.findings.removeAll(of: try await data.log.expiredIDs())
        try await purgeRecords(at: moment)
        try await purgeNotices(at: moment)
        try await purgeScans(at: moment)
        return purged
    }

    /// Forgets drafts of applications that nobody goes on with, and removes the scans that nothing refers to any more.
    private func purgeScans(at moment: Instant) async throws {
        let applications = registrations.applications
        try await applications.forgetDrafts(at: moment)
        let gone = try await applications.unreferenced(at: moment)
        guard !gone.isEmpty else { return }
        // The files first: what is cut off between the two is removed by the next run.
        try await OwnThread.run { [documents = registrations.documents] in try documents.remove(gone) }.get()
        try await applications.removed(gone)
    }

    /// Erases versions of records that were replaced longer ago than their program keeps them, and outcomes that the log has.
    private func purgeRecords(at moment: Instant) async throws {
        let lineList = data.lineList
        // Of a submission that is being processed the next start may need the outcome.
        let processing = try await data.database.read { [log = data.log] connection in
            Set(try log.processing(in: connection).map(\.id.description))
        }
        let erased = try await data.records.write { transaction in
            let known = try lineList.withOutcome(in: transaction).filter { !processing.contains($0) }
            try lineList.forget(outcomesOf: known, in: transaction)
            return try lineList.purgeHistory(at: moment, in: transaction)
        }
        if erased > 0 {
            report(
                BilingualText(
                    zh: "\(erased) 条记录的早期版本已到保留期限并删除",
                    en: "\(erased) earlier versions of records were kept long enough and have been erased"))
        }
    }

    /// Puts a submission back into the queue for an administrator.
    ///
    /// - Throws: `IntakeError.cannotRetry`, `.notKept`.
    func retry(_ id: SubmissionID, by author: Author) async throws -> Submission {
        let at = now()
        let log = data.log
        let submission = try await data.database.write { transaction in
            let submission = try log.retry(id, in: transaction)
            try AuditTrail.append(
                AuditEntry(author: author, action: "submission.retry", subject: id.description, at: at),
                in: transaction)
            return submission
        }
        await workers.wake()
        return submission
    }
}
