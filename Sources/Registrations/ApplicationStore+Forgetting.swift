import Audit
import Database
public import SurveillanceKit

/// What is forgotten: drafts that nobody goes on with, and scans that nothing refers to.
extension ApplicationStore {
    /// So long a scan may wait for the application that it belongs to.
    static let reservedSeconds: Int64 = 86_400

    /// Says that a scan is about to be sealed under this id. `add` takes it back; where that never comes, the scan is removed after a day.
    public func reserve(_ document: String, at now: Instant) async throws {
        try await database.write {
            _ = try $0.execute(
                "INSERT INTO unreferenced_document (id, since) VALUES (?, ?)",
                [.text(document), .integer(now.milliseconds)])
        }
    }

    /// Removes drafts that nobody has changed for a month, with their sessions. Their scans are named by `unreferenced` from then on.
    ///
    /// What was approved once is no draft, however long a change of it is left unsent.
    ///
    /// - Returns: how many drafts.
    @discardableResult
    public func forgetDrafts(at now: Instant) async throws -> Int {
        try await database.write { [self] in try forgetDrafts(at: now, in: $0) }
    }

    func forgetDrafts(at now: Instant, in transaction: any Transaction) throws -> Int {
        let before = SQLValue.integer(now.advanced(byDays: -Application.draftDays).milliseconds)
        let forgotten = "state = 'draft' AND account IS NULL AND changed_at < ?"
        let ids: [String] = try transaction.rows("SELECT id FROM application WHERE \(forgotten) ORDER BY id", [before])
            .map { try $0[0] }
        for id in ids {
            try transaction.execute(
                "INSERT INTO unreferenced_document (id, since) SELECT id, 0 FROM application_file WHERE application = ?",
                [.text(id)])
            for table in ["applicant_session", "application_file"] {
                try transaction.execute("DELETE FROM \(table) WHERE application = ?", [.text(id)])
            }
            try transaction.execute("DELETE FROM application WHERE id = ?", [.text(id)])
            try AuditTrail.append(
                AuditEntry(author: .platform, action: "application.forget", subject: id, at: now), in: transaction)
        }
        return ids.count
    }

    /// The ids of scans that nothing refers to and nothing will: those of forgotten drafts, and those whose upload ended too early.
    public func unreferenced(at now: Instant) async throws -> [String] {
        let before = SQLValue.integer(now.advanced(bySeconds: -Self.reservedSeconds).milliseconds)
        return try await database.read { connection in
            try connection.rows(
                """
                SELECT id FROM unreferenced_document AS u WHERE since < ? \
                AND NOT EXISTS (SELECT 1 FROM application_file AS f WHERE f.id = u.id) ORDER BY id
                """, [before]
            ).map { try $0[0] }
        }
    }

    /// Says that these scans are gone, durably.
    public func removed(_ documents: [String]) async throws {
        try await database.write { transaction in
            for id in documents {
                try transaction.execute("DELETE FROM unreferenced_document WHERE id = ?", [.text(id)])
            }
        }
    }
}
