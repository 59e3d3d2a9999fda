import Database
import Intake
import SurveillanceKit
import Timeliness
import TimelinessStore

extension Pipeline {
    /// Notes which programs' duties a submission has done, in the transaction that ends it.
    ///
    /// - Parameter day: that a zero report names.
    func noteDuties(of submission: Submission, day: CivilDate? = nil, in transaction: any Transaction) throws {
        try DutyLog.note(
            DutyReceipt.Outcome.byProgram(submission.files), of: DutyLog.Sent(submission), day: day,
            in: transaction)
    }
}

extension DutyLog.Sent {
    init(_ submission: Submission) {
        self.init(
            submission.id.description, of: submission.institution, receivedAt: submission.receivedAt,
            begunAt: submission.id.madeAt)
    }
}
