public import Database
public import SurveillanceKit

extension SubmissionLog {
    /// The longest reason that is taken, in characters.
    public static let longestReason = 500

    /// Notes that an institution withdraws one of its submissions. What its records come to is noted by `noteWithdrawn`.
    ///
    /// - Throws: `IntakeError.cannotWithdraw` for one that waits, is processed, or has brought nothing.
    public func withdraw(
        _ id: SubmissionID, reason: String, at now: Instant, in transaction: any Transaction
    ) throws -> Submission {
        let submission = try require(id, in: transaction)
        if submission.withdrawal != nil { return submission }
        guard submission.state == .accepted || submission.state == .partlyAccepted else {
            throw IntakeError.cannotWithdraw(id, state: submission.state)
        }
        try forgetWaiting(id, in: transaction)
        try forgetRepairs(by: id, in: transaction)
        try transaction.execute(
            "UPDATE submission SET withdrawn_at = ?, withdraw_reason = ? WHERE id = ?",
            [
                .milliseconds(now), .blob(try seal.seal(reason, place: Self.place("withdrawal", id))),
                .text(id.description),
            ])
        return try require(id, in: transaction)
    }

    /// Notes what withdrawing a submission came to.
    public func noteWithdrawn(
        _ id: SubmissionID, returned: Int, removed: Int, in transaction: any Transaction
    ) throws -> Submission {
        try transaction.execute(
            "UPDATE submission SET records_returned = ?, records_removed = ? WHERE id = ?",
            [SQLValue(returned), SQLValue(removed), .text(id.description)])
        return try require(id, in: transaction)
    }

    /// The submissions whose records have not been taken back yet, because the program ended in between.
    public func withdrawing(in connection: any Connection) throws -> [SubmissionID] {
        try connection.rows(
            "SELECT id FROM submission WHERE withdrawn_at IS NOT NULL AND records_returned IS NULL ORDER BY sequence"
        ).map { try Self.id($0[0]) }
    }

    func withdrawal(_ row: Row, of id: SubmissionID) throws -> Submission.Withdrawal? {
        guard let at = try row.instantIfAny("withdrawn_at") else { return nil }
        let reason: [UInt8]? = try row["withdraw_reason"]
        return Submission.Withdrawal(
            at: at, reason: try reason.map { try seal.openText($0, place: Self.place("withdrawal", id)) } ?? "",
            returned: try row["records_returned"], removed: try row["records_removed"])
    }
}
