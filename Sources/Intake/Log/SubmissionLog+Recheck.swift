public import Database
public import SurveillanceKit

extension SubmissionLog {
    /// An institution's submissions since an instant that can be checked again, oldest first: they are through, kept, and not withdrawn.
    public func recheckable(
        of institution: String, since: Instant, in connection: any Connection
    ) throws -> [Submission] {
        try connection.rows(
            """
            SELECT \(Self.columns) FROM submission
            WHERE institution = ? AND received_at >= ? AND withdrawn_at IS NULL ORDER BY sequence
            """, [.text(institution), .integer(since.milliseconds)]
        ).map { try submission($0, in: connection) }.filter { $0.state.isFinal && $0.isKept }
    }
}
