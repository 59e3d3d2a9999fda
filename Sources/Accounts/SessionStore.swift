import Audit
public import Database
public import ShangMi
public import SurveillanceKit

/// What a signed-in browser holds.
public struct Session: Sendable {
    public let account: Account
    public let beganAt: Instant
    /// When it ends unless it is used before then.
    public let endsAt: Instant
    /// What every form of this session must send back.
    ///
    /// It follows from the session's token (HMAC-SM3), which no other site knows, and is itself no key to the session.
    public let formToken: String

    /// Whether a form came from a page of this session; takes the same time for every wrong token.
    public func accepts(formToken: String) -> Bool {
        constantTimeEqual(Array(formToken.utf8), Array(self.formToken.utf8))
    }
}

/// A session as its owner sees it in a list.
public struct OpenSession: Hashable, Sendable {
    public var id: String
    public var beganAt: Instant
    /// When it was last used, to the minute.
    public var seenAt: Instant
    /// Where it began; nil for one from before that was kept.
    public var address: String?
    /// Whether it is the one that asks.
    public var isOwn: Bool

    public init(id: String, beganAt: Instant, seenAt: Instant, address: String?, isOwn: Bool) {
        self.id = id
        self.beganAt = beganAt
        self.seenAt = seenAt
        self.address = address
        self.isOwn = isOwn
    }
}

/// How long a session lasts, in seconds.
public struct SessionPolicy: Hashable, Sendable {
    /// Without a request.
    public var idleSeconds: Int64
    /// Since signing in, whatever happens.
    public var maximumSeconds: Int64

    /// Source of the defaults: OWASP "Session Management Cheat Sheet", for applications of middling risk.
    public init(idleSeconds: Int64 = 30 * 60, maximumSeconds: Int64 = 12 * 3600) {
        self.idleSeconds = idleSeconds
        self.maximumSeconds = maximumSeconds
    }
}

/// The sessions.
public struct SessionStore: Sendable {
    private let database: any SQLDatabase
    private let random: RandomSource
    private let policy: SessionPolicy
    /// A request within this time of the last one is not written down: pages come in bursts.
    private static let seenGrainMilliseconds: Int64 = 60_000

    public init(database: any SQLDatabase, random: RandomSource, policy: SessionPolicy = SessionPolicy()) {
        self.database = database
        self.random = random
        self.policy = policy
    }

    /// Begins a session for an account that has just signed in, always with a token of its own, and puts away those
    /// that have ended.
    ///
    /// - Returns: The token for the cookie; it is stored nowhere.
    public func begin(for account: Account, from address: String, at now: Instant) async throws -> (
        token: String, session: Session
    ) {
        let token = Token.new(random)
        guard let digest = Token.digest(token), let key = AccountKey(account.name)?.text else {
            throw AccountError.unknownAccount(account.name)
        }
        let policy = policy
        try await database.write { transaction in
            try transaction.execute(
                "DELETE FROM session WHERE began_at <= ? OR seen_at <= ?",
                [
                    .seconds(now.advanced(bySeconds: -policy.maximumSeconds)),
                    .seconds(now.advanced(bySeconds: -policy.idleSeconds)),
                ])
            try transaction.execute(
                "INSERT INTO session (digest, account, began_at, seen_at, address) VALUES (?, ?, ?, ?, ?)",
                [.text(digest), .text(key), .seconds(now), .seconds(now), .text(address)])
            try transaction.execute(
                """
                UPDATE account SET earlier_sign_in_at = last_sign_in_at, earlier_sign_in_from = last_sign_in_from,
                    last_sign_in_at = ?, last_sign_in_from = ? WHERE key = ?
                """, [.seconds(now), .text(address), .text(key)])
            let author = Author(name: account.name, origin: address)
            try AuditTrail.append(
                AuditEntry(author: author, action: "sign-in", subject: account.name, at: now),
                in: transaction)
        }
        return (token, try session(account, token: token, beganAt: now, seenAt: now))
    }

    /// The session of a token, kept alive by this request; nil where it has ended, was ended, or its account is
    /// disabled.
    public func find(_ token: String, at now: Instant) async throws -> Session? {
        guard let digest = Token.digest(token) else { return nil }
        let row = try await database.read { connection in
            try connection.firstRow(
                """
                SELECT account.*, session.began_at, session.seen_at
                FROM session JOIN account ON account.key = session.account
                WHERE session.digest = ? AND account.is_disabled = 0
                """, [.text(digest)])
        }
        guard let row else { return nil }
        let beganAt = try row.instant("began_at")
        let seenAt = try row.instant("seen_at")
        guard now < end(beganAt: beganAt, seenAt: seenAt) else { return nil }
        if now.milliseconds(since: seenAt) >= Self.seenGrainMilliseconds {
            try await database.write { transaction in
                try transaction.execute(
                    "UPDATE session SET seen_at = ? WHERE digest = ?", [.seconds(now), .text(digest)])
            }
        }
        return try session(try Account(row: row), token: token, beganAt: beganAt, seenAt: max(now, seenAt))
    }

    /// Signs out; an unknown token is as good as one that has ended.
    public func end(_ token: String, from address: String, at now: Instant) async throws {
        guard let digest = Token.digest(token) else { return }
        try await database.write { transaction in
            let name: String? = try transaction.first(
                "SELECT account.name FROM session JOIN account ON account.key = session.account WHERE digest = ?",
                [.text(digest)])
            guard let name else { return }
            try transaction.execute("DELETE FROM session WHERE digest = ?", [.text(digest)])
            let author = Author(name: name, origin: address)
            try AuditTrail.append(
                AuditEntry(author: author, action: "sign-out", subject: name, at: now),
                in: transaction)
        }
    }

    /// An account's sessions that have not ended, the one used last first.
    ///
    /// - Parameter token: the one that asks.
    public func list(of account: Account, asking token: String, at now: Instant) async throws -> [OpenSession] {
        let key = AccountKey(account.name)?.text ?? ""
        let own = Token.digest(token).map(Self.id)
        return try await database.read { connection in
            try connection.rows(
                "SELECT digest, began_at, seen_at, address FROM session WHERE account = ? ORDER BY seen_at DESC, digest",
                [.text(key)]
            ).compactMap { row in
                let (beganAt, seenAt) = (try row.instant("began_at"), try row.instant("seen_at"))
                guard now < end(beganAt: beganAt, seenAt: seenAt) else { return nil }
                let id = Self.id(try row["digest"])
                return OpenSession(
                    id: id, beganAt: beganAt, seenAt: seenAt, address: try row["address"], isOwn: id == own)
            }
        }
    }

    /// The account's last sign-in but one: what its owner compares with what he remembers. nil for the first one.
    public func earlierSignIn(of account: Account) async throws -> (at: Instant, address: String)? {
        let key = AccountKey(account.name)?.text ?? ""
        return try await database.read { connection in
            let row = try connection.firstRow(
                "SELECT earlier_sign_in_at, earlier_sign_in_from FROM account WHERE key = ?", [.text(key)])
            guard let row, let at = try row.instantIfAny("earlier_sign_in_at") else { return nil }
            return (at, try row["earlier_sign_in_from"] ?? "")
        }
    }

    /// Ends other sessions of an account: one by its id, or all but the one that asks.
    ///
    /// - Returns: how many were ended.
    public func endOthers(
        _ id: String?, of account: Account, asking token: String, from address: String, at now: Instant
    ) async throws -> Int {
        guard let key = AccountKey(account.name)?.text, let own = Token.digest(token) else { return 0 }
        return try await database.write { transaction in
            let digests: [String] = try transaction.rows(
                "SELECT digest FROM session WHERE account = ? AND digest <> ?", [.text(key), .text(own)]
            ).map { try $0["digest"] }
            let ended = digests.filter { id == nil || Self.id($0) == id }
            for digest in ended { try transaction.execute("DELETE FROM session WHERE digest = ?", [.text(digest)]) }
            guard !ended.isEmpty else { return 0 }
            try AuditTrail.append(
                AuditEntry(
                    author: Author(name: account.name, origin: address), action: "session.end", subject: account.name,
                    at: now, detail: ["sessions": String(ended.count)]), in: transaction)
            return ended.count
        }
    }

    /// Names a session in lists: a part of its token's digest, from which no token follows.
    private static func id(_ digest: String) -> String { String(digest.prefix(16)) }

    private func end(beganAt: Instant, seenAt: Instant) -> Instant {
        min(beganAt.advanced(bySeconds: policy.maximumSeconds), seenAt.advanced(bySeconds: policy.idleSeconds))
    }

    private func session(_ account: Account, token: String, beganAt: Instant, seenAt: Instant) throws -> Session {
        let formToken = try FormToken.of(token, for: "form")
        let endsAt = end(beganAt: beganAt, seenAt: seenAt)
        return Session(account: account, beganAt: beganAt, endsAt: endsAt, formToken: formToken)
    }
}
