public import Database
import ShangMi
public import SurveillanceKit

/// Links that set an account's first password, once. Of their tokens only digests are kept.
public struct PasswordLinks: Sendable {
    /// How long one holds.
    public static let days = 7

    private let database: any SQLDatabase

    public init(database: any SQLDatabase) { self.database = database }

    static func add(
        _ token: String, for account: String, until end: Instant, at now: Instant, in transaction: any Transaction
    ) throws {
        try transaction.execute(
            "INSERT INTO password_link (digest, account, made_at, ends_at, used_at) VALUES (?, ?, ?, ?, 0)",
            [.text(SM3.digest(token).hex), .text(account), .integer(now.milliseconds), .integer(end.milliseconds)])
    }

    /// The account whose password a link sets; nil where it was used or its time is over.
    public func account(of token: String, at now: Instant) async throws -> String? {
        guard (1...128).contains(token.utf8.count) else { return nil }
        let digest = SM3.digest(token).hex
        return try await database.read { connection in
            try connection.first(
                "SELECT account FROM password_link WHERE digest = ? AND used_at = 0 AND ends_at > ?",
                [.text(digest), .integer(now.milliseconds)])
        }
    }

    /// Uses a link up, in the transaction that sets the password.
    ///
    /// - Throws: `RegistrationError.linkUsed` where somebody has used it already, or its time is over.
    public static func use(_ token: String, at now: Instant, in transaction: any Transaction) throws {
        let used = try transaction.execute(
            "UPDATE password_link SET used_at = ? WHERE digest = ? AND used_at = 0 AND ends_at > ?",
            [.integer(now.milliseconds), .text(SM3.digest(token).hex), .integer(now.milliseconds)])
        guard used == 1 else { throw RegistrationError.linkUsed }
    }
}
