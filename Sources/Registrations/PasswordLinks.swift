public import Accounts
import Audit
public import Database
import Notices
public import ShangMi
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

    /// Ends the links of an account that nobody has used.
    static func removeAll(of account: String, in transaction: any Transaction) throws {
        try transaction.execute("DELETE FROM password_link WHERE account = ? AND used_at = 0", [.text(account)])
    }

    /// How long a link for a forgotten password holds.
    public static let resetMinutes = 60

    /// Sends a link to the mail address of each hospital's account that has this telephone. Whoever asks is never told whether there is one.
    ///
    /// Of administrators no password is reset in this way: they ask whoever runs the platform.
    ///
    /// - Parameter link: makes the address to which a token belongs.
    public func sendReset(
        to phone: PhoneNumber, random: RandomSource, link: @escaping @Sendable (String) -> String, from address: String,
        at now: Instant
    ) async throws {
        let ends = now.advanced(bySeconds: Int64(Self.resetMinutes) * 60)
        try await database.write { transaction in
            let rows = try transaction.rows(
                """
                SELECT name, mail FROM account
                WHERE mobile = ? AND role = 'institution' AND is_disabled = 0 AND mail <> '' ORDER BY key
                """, [.text(phone.national)])
            if rows.isEmpty {
                try Self.writeForNobody(Hex.encode(random.bytes(24)), at: now, from: address, in: transaction)
            }
            for row in rows {
                let mail: String = try row["mail"]
                let (name, token): (String, String) = (try row["name"], Hex.encode(random.bytes(24)))
                try Self.add(token, for: name, until: ends, at: now, in: transaction)
                try Outbox.add(
                    .passwordReset(
                        Hex.encode(random.bytes(16)), account: name, link: link(token), minutes: Self.resetMinutes,
                        mail: mail, at: now, until: ends), in: transaction)
                try AuditTrail.append(
                    AuditEntry(
                        author: Author(name: name, origin: address), action: "account.reset-link", subject: name,
                        at: now),
                    in: transaction)
            }
        }
    }

    /// Writes as much for a number that no account has, so that the answer takes the same time: a link that opens nothing, and an entry.
    private static func writeForNobody(
        _ token: String, at now: Instant, from address: String, in transaction: any Transaction
    ) throws {
        try add(token, for: "", until: now, at: now, in: transaction)
        try transaction.execute("DELETE FROM password_link WHERE account = ''")
        try AuditTrail.append(
            AuditEntry(
                author: Author(name: Author.platform.name, origin: address), action: "account.reset-unknown",
                subject: "-", at: now), in: transaction)
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
