public import Database
public import SurveillanceKit

extension SubmissionLog {
    /// Notes that somebody has looked at a submission's warnings. The first word stands; without warnings nothing is noted.
    ///
    /// - Throws: `IntakeError.cannotAcknowledge` for one that is still being checked.
    public func acknowledge(
        _ id: SubmissionID, reason: String, by account: String, at now: Instant, in transaction: any Transaction
    ) throws -> Submission {
        let submission = try require(id, in: transaction)
        guard submission.state.isFinal else { throw IntakeError.cannotAcknowledge(id, state: submission.state) }
        let warnings = submission.files.reduce(0) { $0 + $1.warnings }
        if submission.acknowledgement != nil || warnings == 0 { return submission }
        try transaction.execute(
            "UPDATE submission SET acknowledged_at = ?, acknowledged_by = ?, acknowledge_reason = ? WHERE id = ?",
            [
                .milliseconds(now), .text(account),
                .blob(try seal.seal(reason, place: Self.place("acknowledgement", id))), .text(id.description),
            ])
        return try require(id, in: transaction)
    }

    /// A new check may find something else.
    func forgetAcknowledgement(of id: SubmissionID, in transaction: any Transaction) throws {
        try transaction.execute(
            "UPDATE submission SET acknowledged_at = NULL, acknowledged_by = NULL, acknowledge_reason = NULL WHERE id = ?",
            [.text(id.description)])
    }

    func acknowledgement(_ row: Row, of id: SubmissionID) throws -> Submission.Acknowledgement? {
        guard let at = try row.instantIfAny("acknowledged_at") else { return nil }
        let reason: [UInt8]? = try row["acknowledge_reason"]
        return Submission.Acknowledgement(
            at: at, account: try row["acknowledged_by"] ?? "",
            reason: try reason.map { try seal.openText($0, place: Self.place("acknowledgement", id)) } ?? "")
    }
}
