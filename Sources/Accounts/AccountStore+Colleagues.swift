public import Audit
public import Database
public import SurveillanceKit

/// An account of an institution as its manager sees it in a list.
public struct Colleague: Hashable, Sendable {
    public var account: Account
    /// nil where it has never signed in.
    public var lastSignInAt: Instant?

    public init(account: Account, lastSignInAt: Instant?) {
        self.account = account
        self.lastSignInAt = lastSignInAt
    }
}

extension AccountStore {
    /// The accounts of an institution that have fewer rights and were not removed.
    public func colleagues(ofInstitution code: String) async throws -> [Colleague] {
        try await database.read { try Self.colleagues(ofInstitution: code, in: $0) }
    }

    public static func colleagues(ofInstitution code: String, in connection: any Connection) throws -> [Colleague] {
        try connection.rows(
            """
            SELECT * FROM account WHERE institution = ? AND rights IN ('send', 'read') AND removed_at IS NULL
            ORDER BY key
            """, [.text(code)]
        ).map { Colleague(account: try Account(row: $0), lastSignInAt: try $0.instantIfAny("last_sign_in_at")) }
    }

    /// Gives a colleague's account other rights. Its sessions end; its tokens have the new rights from the next request on.
    public static func setRights(
        _ rights: ColleagueRights, of colleague: Account, by author: Author, at now: Instant,
        in transaction: any Transaction
    ) throws {
        try transaction.execute(
            "UPDATE account SET rights = ? WHERE key = ?",
            [.text(rights.rawValue), .text(AccountKey(colleague.name)?.text ?? "")])
        try transaction.execute(
            "DELETE FROM session WHERE account = ?", [.text(AccountKey(colleague.name)?.text ?? "")])
        try AuditTrail.append(
            AuditEntry(
                author: author, action: "colleague.set-rights", subject: colleague.name, at: now,
                detail: ["rights": rights.rawValue]), in: transaction)
    }

    /// Removes a colleague's account: it can do nothing any more, and stays only where it stands in records.
    public static func remove(
        _ colleague: Account, by author: Author, at now: Instant, in transaction: any Transaction
    ) throws {
        try setDisabled(true, of: colleague.name, by: author, at: now, in: transaction)
        try transaction.execute(
            "UPDATE account SET removed_at = ? WHERE key = ?",
            [.seconds(now), .text(AccountKey(colleague.name)?.text ?? "")])
        try AuditTrail.append(
            AuditEntry(author: author, action: "colleague.remove", subject: colleague.name, at: now), in: transaction)
    }
}
