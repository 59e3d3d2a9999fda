public import Database
public import SurveillanceKit

extension SubmissionLog {
    /// A submission that waits or is being processed.
    public struct Unprocessed: Hashable, Sendable {
        public var id: SubmissionID
        public var receivedAt: Instant
    }

    /// What has been received and not been processed yet, by institution.
    ///
    /// - Parameter institution: nil for all.
    public func unprocessed(
        of institution: String? = nil, in connection: any Connection
    ) throws -> [String: [Unprocessed]] {
        var found: [String: [Unprocessed]] = [:]
        let own = institution == nil ? "" : " AND institution = ?"
        try connection.forEachRow(
            "SELECT id, institution, received_at FROM submission WHERE state IN ('received', 'processing')\(own)",
            institution.map { [.text($0)] } ?? []
        ) { row in
            found[try row["institution"], default: []].append(
                Unprocessed(id: try Self.id(row["id"]), receivedAt: try row.instant("received_at")))
        }
        return found
    }
}
