import Accounts
import Audit
import Database
import Intake
import SurveillanceKit

extension Platform {
    /// Notes that the institution has looked at a submission's warnings, and who said so.
    func acknowledge(_ id: SubmissionID, reason: String, by author: Author) async throws -> Submission {
        let (at, log) = (now(), data.log)
        return try await data.database.write { transaction in
            let submission = try log.acknowledge(id, reason: reason, by: author.name, at: at, in: transaction)
            // What the audit trail keeps names no patient, so the reason stays with the submission.
            try AuditTrail.append(
                AuditEntry(author: author, action: "submission.acknowledge", subject: id.description, at: at),
                in: transaction)
            return submission
        }
    }
}
