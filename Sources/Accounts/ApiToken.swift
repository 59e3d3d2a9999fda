public import Audit
public import Database
public import ShangMi
public import SurveillanceKit

/// A bearer token of a program, as far as it is kept: its digest alone is stored.
public struct ApiToken: Hashable, Sendable {
    /// Names the token in lists and in the audit trail; no secret.
    public var id: String
    public var account: String
    /// What its owner calls it: the program that uses it.
    public var label: String
    public var createdAt: Instant
    public var expiresAt: Instant?
    public var revokedAt: Instant?
    /// When it was last used, to the hour.
    public var usedAt: Instant?

    /// What becomes of a request that bears it.
    public enum State: String, Sendable {
        case active, expired, revoked
    }

    public func state(at now: Instant) -> State {
        if revokedAt != nil { return .revoked }
        return expiresAt.map { $0 <= now } == true ? .expired : .active
    }
}

/// The API tokens. They cost no password hash and suit programs that report often.
public struct ApiTokenStore: Sendable {
    /// What every token begins with, so that a scanner can find one that was left lying about.
    public static let prefix = "vedette_"

    private let database: any SQLDatabase
    private let random: RandomSource
    /// A use within this time of the last one that was noted is not written down.
    private static let usedGrainMilliseconds: Int64 = 3_600_000

    public init(database: any SQLDatabase, random: RandomSource) {
        self.database = database
        self.random = random
    }

    /// - Returns: The token in clear, shown this once, and what is kept of it.
    public func create(
        for name: String, label: String, expiresAt: Instant? = nil, by author: Author, at now: Instant
    ) async throws -> (secret: String, token: ApiToken) {
        let secret = Self.prefix + Token.new(random)
        let id = Hex.encode(random.bytes(6))
        guard let key = AccountKey(name)?.text, let digest = Token.digest(secret) else {
            throw AccountError.unknownAccount(name)
        }
        let token = try await database.write { transaction in
            let account: String? = try transaction.first("SELECT name FROM account WHERE key = ?", [.text(key)])
            guard let account else { throw AccountError.unknownAccount(name) }
            try transaction.execute(
                "INSERT INTO api_token (id, digest, account, label, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                [.text(id), .text(digest), .text(key), .text(label), .seconds(now), .seconds(expiresAt)])
            var detail = ["account": account]
            detail["expires"] = expiresAt.map { String($0.seconds) }
            try AuditTrail.append(
                AuditEntry(
                    author: author, action: "token.create", subject: id, at: now, detail: detail),
                in: transaction)
            return ApiToken(id: id, account: account, label: label, createdAt: now, expiresAt: expiresAt)
        }
        return (secret, token)
    }

    /// The account a token stands for; nil where it is unknown, revoked or expired, or its account is disabled.
    public func account(for secret: String, at now: Instant) async throws -> Account? {
        guard secret.hasPrefix(Self.prefix), let digest = Token.digest(secret) else { return nil }
        let row = try await database.read { connection in
            try connection.firstRow(
                """
                SELECT account.*, api_token.id AS token, api_token.used_at FROM api_token JOIN account ON account.key = api_token.account
                WHERE api_token.digest = ? AND api_token.revoked_at IS NULL AND account.is_disabled = 0
                    AND (api_token.expires_at IS NULL OR api_token.expires_at > ?)
                """, [.text(digest), .seconds(now)])
        }
        guard let row else { return nil }
        let usedAt = try row.instantIfAny("used_at")
        if usedAt.map({ abs(now.milliseconds(since: $0)) >= Self.usedGrainMilliseconds }) ?? true {
            let id: String = try row["token"]
            try await database.write { transaction in
                try transaction.execute(
                    "UPDATE api_token SET used_at = ? WHERE id = ?", [.seconds(now), .text(id)])
            }
        }
        return try Account(row: row)
    }

    /// An account's tokens, the newest first, revoked and expired ones too.
    public func list(of name: String) async throws -> [ApiToken] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT api_token.*, account.name AS account_name
                FROM api_token JOIN account ON account.key = api_token.account
                WHERE account.key = ? ORDER BY created_at DESC, id
                """, [.text(AccountKey(name)?.text ?? "")]
            ).map { row in
                ApiToken(
                    id: try row["id"], account: try row["account_name"], label: try row["label"],
                    createdAt: try row.instant("created_at"), expiresAt: try row.instantIfAny("expires_at"),
                    revokedAt: try row.instantIfAny("revoked_at"),
                    usedAt: try row.instantIfAny("used_at"))
            }
        }
    }

    /// Revokes a token of an account's own; an unknown one and another's are told apart by nobody.
    ///
    /// - Throws: `AccountError.unknownToken`.
    public func revoke(_ id: String, of name: String, by author: Author, at now: Instant) async throws {
        guard try await list(of: name).contains(where: { $0.id == id }) else { throw AccountError.unknownToken(id) }
        try await revoke(id, by: author, at: now)
    }

    /// - Throws: `AccountError.unknownToken`; a token that was revoked before stays as it is.
    public func revoke(_ id: String, by author: Author, at now: Instant) async throws {
        try await database.write { transaction in
            let known: Int? = try transaction.first("SELECT count(*) FROM api_token WHERE id = ?", [.text(id)])
            guard known == 1 else { throw AccountError.unknownToken(id) }
            let changed = try transaction.execute(
                "UPDATE api_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", [.seconds(now), .text(id)])
            guard changed > 0 else { return }
            try AuditTrail.append(
                AuditEntry(author: author, action: "token.revoke", subject: id, at: now),
                in: transaction)
        }
    }

    /// Revokes all of an account's tokens. Returns how many that were.
    static func revokeAll(ofKey key: String, at now: Instant, in transaction: any Transaction) throws -> Int {
        try transaction.execute(
            "UPDATE api_token SET revoked_at = ? WHERE account = ? AND revoked_at IS NULL",
            [.seconds(now), .text(key)])
    }
}
