public import Audit
public import Database
public import SurveillanceKit

/// An account that waits at one address after wrong passwords there.
public struct SignInLock: Hashable, Sendable {
    public var account: String
    /// As the server counts addresses: an IPv6 address stands for its /64.
    public var address: String
    public var failures: Int
    /// How many seconds it still waits; 0 where it may try again and its failures still count.
    public var remainingSeconds: Int64
}

/// What of the throttle is kept: the waits of accounts, so that a restart does not lift them and an administrator can; and where each
/// account has signed in.
///
/// Names that are no account's are not kept: people type their password there.
public struct SignInLocks: Sendable {
    private let database: any SQLDatabase
    private let policy: ThrottlePolicy
    private let clock: BootClock
    /// A place where an account has not signed in for so long is strange again.
    private static let familiarSeconds: Int64 = 90 * 86_400

    public init(database: any SQLDatabase, policy: ThrottlePolicy = ThrottlePolicy(), clock: BootClock = .system) {
        self.database = database
        self.policy = policy
        self.clock = clock
    }

    /// All that wait or whose failures still count, by account and address.
    ///
    /// - Parameter now: counts only for what was written before the machine was started last.
    public func list(at now: Instant) async throws -> [SignInLock] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT sign_in_lock.*, account.name AS name
                FROM sign_in_lock JOIN account ON account.key = sign_in_lock.account
                ORDER BY sign_in_lock.account, sign_in_lock.address
                """
            ).compactMap { row in
                let kept = try read(row, at: now)
                guard kept.failures > 0 else { return nil }
                return SignInLock(
                    account: try row["name"], address: try row["address"], failures: kept.failures,
                    remainingSeconds: max(0, policy.wait(after: kept.failures) - kept.elapsed))
            }
        }
    }

    /// Lifts the waits of an account, everywhere or at one address; a running server knows at the next attempt.
    ///
    /// - Returns: how many.
    /// - Throws: `AccountError.unknownAccount`.
    public func lift(_ name: String, address: String? = nil, by author: Author, at now: Instant) async throws -> Int {
        try await database.write { transaction in
            guard let key = AccountKey(name)?.text,
                let account: String = try transaction.first("SELECT name FROM account WHERE key = ?", [.text(key)])
            else { throw AccountError.unknownAccount(name) }
            let share = address.map { AddressShare($0).text }
            let count = try transaction.execute(
                "DELETE FROM sign_in_lock WHERE account = ?" + (share == nil ? "" : " AND address = ?"),
                [.text(key)] + (share.map { [.text($0)] } ?? []))
            guard count > 0 else { return 0 }
            var detail = ["locks": String(count)]
            detail["address"] = share
            try AuditTrail.append(
                AuditEntry(
                    author: author, action: "account.unlock", subject: account, at: now,
                    detail: detail),
                in: transaction)
            return count
        }
    }

    /// What is kept of an account at one address.
    struct Kept: Hashable, Sendable {
        var failures = 0
        /// Seconds since the last failure.
        var elapsed: Int64 = 0
        /// Whether the account has signed in there before.
        var isFamiliar = false
    }

    func kept(_ place: SignInThrottle.Place, at now: Instant) async throws -> Kept {
        let values: [SQLValue] = [.text(place.account), .text(place.address)]
        return try await database.read { connection in
            var kept = Kept()
            if let row = try connection.firstRow(
                "SELECT * FROM sign_in_lock WHERE account = ? AND address = ?", values)
            {
                kept = try read(row, at: now)
            }
            let place = try connection.firstRow(
                "SELECT at FROM sign_in_place WHERE account = ? AND address = ?", values)
            kept.isFamiliar =
                try place.map { try $0.instant("at") }.map {
                    abs(now.milliseconds(since: $0)) < Self.familiarSeconds * 1000
                } ?? false
            return kept
        }
    }

    /// No failures where they count no more.
    private func read(_ row: Row, at now: Instant) throws -> Kept {
        let failures: Int = try row["failures"]
        // Where the machine was started since, only the calendar tells; set back, it counts from now.
        let elapsed =
            try row["boot"] as String == clock.boot
            ? clock.seconds() - (try row["failed_ticks"] as Int64)
            : now.milliseconds(since: try row.instant("failed_at")) / 1000
        guard elapsed < max(policy.memorySeconds, policy.wait(after: failures)) else { return Kept() }
        return Kept(failures: failures, elapsed: max(0, elapsed))
    }

    /// Keeps a failure after which the account has to wait.
    func keep(
        _ place: SignInThrottle.Place, name: String, failures: Int, from address: String, at now: Instant
    ) async throws {
        let (boot, ticks) = (clock.boot, clock.seconds())
        let isLocking = failures == policy.lockingFailures
        let longest = max(policy.memorySeconds, policy.lockoutSeconds)
        try await database.write { transaction in
            try transaction.execute(
                "DELETE FROM sign_in_lock WHERE boot <> ? AND failed_at < ? OR boot = ? AND failed_ticks < ?",
                [.text(boot), .seconds(now.advanced(bySeconds: -longest)), .text(boot), .integer(ticks - longest)])
            try transaction.execute(
                "DELETE FROM sign_in_lock WHERE account = ? AND address = ?",
                [.text(place.account), .text(place.address)])
            try transaction.execute(
                """
                INSERT INTO sign_in_lock (account, address, failures, boot, failed_ticks, failed_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(place.account), .text(place.address), SQLValue(failures), .text(boot), .integer(ticks),
                    .seconds(now),
                ])
            guard isLocking else { return }
            let author = Author(name: Author.platform.name, origin: address)
            try AuditTrail.append(
                AuditEntry(author: author, action: "sign-in.lock", subject: name, at: now),
                in: transaction)
        }
    }

    /// Notes a sign-in: its waits are over, and the address is familiar.
    func noteSuccess(_ place: SignInThrottle.Place, at now: Instant) async throws {
        try await database.write { transaction in
            let values: [SQLValue] = [.text(place.account), .text(place.address)]
            try transaction.execute("DELETE FROM sign_in_lock WHERE account = ? AND address = ?", values)
            try transaction.execute(
                "DELETE FROM sign_in_place WHERE account = ? AND (address = ? OR at < ?)",
                values + [.seconds(now.advanced(bySeconds: -Self.familiarSeconds))])
            try transaction.execute(
                "INSERT INTO sign_in_place (account, address, at) VALUES (?, ?, ?)", values + [.seconds(now)])
        }
    }
}
