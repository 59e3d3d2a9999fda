import Accounts
import Database
import Foundation
import Intake
import ProgramFiles
import SurveillanceKit

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
            guard isComplete || programs.allSatisfy({ days[$0] != nil }) else { return .min }
            let longest = programs.compactMap { days[$0] }.max() ?? Program.standardRetentionDays
            return moment - Int64(longest) * 86_400_000
        } note: { purged, transaction in
            for submission in purged {
                let entry = AuditEntry(
                    author: .platform, action: "submission.purge", subject: submission.id.description,
                    at: moment / 1000,
                    detail: ["institution": submission.institution, "bytes": String(submission.size)])
                try AuditTrail.append(entry, in: transaction)
            }
        }
        // Also what an earlier purge was cut off from removing.
        try await data.findings.removeAll { try await self.data.log.keptIDs() }
        return purged
    }

    /// Purges at once and then every day, until the platform stops.
    func keepPurging() {
        let task = Task { [weak self] in
            while !Task.isCancelled {
                await self?.purgeAndReport()
                do { try await Task.sleep(for: .seconds(86_400)) } catch { return }
            }
        }
        keeping.withLock { earlier in
            earlier?.cancel()
            earlier = task
        }
    }

    private func purgeAndReport() async {
        do {
            let purged = try await purge()
            if !purged.isEmpty { report("\(purged.count) uploads were kept long enough and have been removed") }
        } catch {
            report("what has been kept long enough could not be removed: \(error)")
        }
    }

    /// Puts a submission back into the queue for an administrator.
    ///
    /// - Throws: `IntakeError.cannotRetry`, `.notKept`, `.superseded`.
    func retry(_ id: SubmissionID, by author: Author) async throws -> Submission {
        let at = now() / 1000
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
