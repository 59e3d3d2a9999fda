import Accounts
import Audit
import Database
import IndicatorStore
import Intake
import Records
import SurveillanceKit
import TimelinessStore

extension Platform {
    /// Takes a submission of an institution back: every record that it brought or changed last returns to the version before.
    ///
    /// The log is told first, then the line list, then the log what that came to, with a receipt. A start finishes what was cut off in between.
    ///
    /// - Throws: `IntakeError.cannotWithdraw`, `.tooOldToWithdraw`.
    func withdraw(_ id: SubmissionID, reason: String, by author: Author) async throws -> Submission {
        let moment = now()
        let log = data.log
        let lineList = data.lineList
        // Whether what came before is still known is asked before anything is promised.
        let isKnown = try await data.records.read { connection in
            do {
                try lineList.requireWithdrawable(id.description, in: connection)
                return true
            } catch LineListError.historyGone { return false }
        }
        guard isKnown else { throw IntakeError.tooOldToWithdraw(id) }
        let submission = try await data.database.write { transaction in
            let before = try log.find(id, scope: .nation, in: transaction)?.withdrawal
            let submission = try log.withdraw(id, reason: reason, at: moment, in: transaction)
            if before == nil {
                try DutyLog.noteWithdrawal(of: id.description, in: transaction)
                // Without the reason, which may name a patient.
                try AuditTrail.append(
                    AuditEntry(
                        author: author, action: "submission.withdraw", subject: id.description,
                        at: moment,
                        detail: ["institution": submission.institution]), in: transaction)
            }
            return submission
        }
        guard submission.withdrawal?.returned == nil else { return submission }
        return try pipeline.takeBack(id)
    }
}

extension Pipeline {
    /// Takes back the records of a submission that the log knows to be withdrawn, and tells the log.
    @discardableResult
    func takeBack(_ id: SubmissionID) throws -> Submission {
        var withdrawn: LineList.Withdrawn?
        do {
            let institution = try data.database.readBlocking { connection in
                try data.log.find(id, scope: .nation, in: connection)?.institution ?? ""
            }
            withdrawn = try data.records.writeBlockingAgain { transaction in
                let figures = IndicatorWriter(
                    data.figures, institution: institution, isNew: false,
                    place: institutions[institution].map(InstitutionPlace.init), in: transaction)
                let withdrawn = try data.lineList.withdraw(
                    submission: id.description, at: now(), in: transaction, observer: figures)
                try figures.finish(at: withdrawn.at, submission: id.description, isWithdrawal: true)
                return withdrawn
            }
        } catch LineListError.unknownSubmission {
            // It has never stored anything.
        }
        if let withdrawn { data.noteChange(withdrawn.change) }
        let (submission, receipt) = try data.database.writeBlockingAgain { transaction in
            let submission = try data.log.noteWithdrawn(
                id, returned: withdrawn?.returned ?? 0, removed: withdrawn?.removed ?? 0, in: transaction)
            return (submission, try data.receipts.issue(for: submission, at: now(), in: transaction))
        }
        data.noteReceipt(receipt.number)
        return submission
    }
}
