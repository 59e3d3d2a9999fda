import Accounts
import Database
import Intake
import ProgramFiles
import SurveillanceKit
import Timeliness
import TimelinessStore
import Validation

extension Pipeline {
    /// Notes which programs' duties a submission has done, in the transaction that ends it.
    ///
    /// - Parameter day: that a zero report names.
    func noteDuties(of submission: Submission, day: CivilDate? = nil, in transaction: any Transaction) throws {
        let outcomes = DutyReceipt.Outcome.byProgram(submission.files)
        try DutyLog.note(outcomes, of: DutyLog.Sent(submission), day: day, in: transaction)
        for (program, outcome) in outcomes where outcome.counts {
            try DutyNotices.settle(
                institutions[submission.institution], registry.program(program)?.program,
                received: submission.receivedAt, at: now(), in: transaction)
        }
    }
}

extension DutyLog.Sent {
    init(_ submission: Submission) {
        self.init(
            submission.id.description, of: submission.institution, receivedAt: submission.receivedAt,
            begunAt: submission.id.madeAt)
    }
}
