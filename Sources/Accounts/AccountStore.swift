public import Audit
public import Database
public import ShangMi
public import SurveillanceKit

/// The accounts and their passwords. Every change stands in the audit trail, in the same transaction.
public struct AccountStore: Sendable {
    let database: any SQLDatabase
    let cost: PasswordHash.Cost
    let random: RandomSource
    let lanes = HashingLanes()
    private let policy: PasswordPolicy

    public init(
        database: any SQLDatabase, random: RandomSource, cost: PasswordHash.Cost = PasswordHash.Cost(),
        policy: PasswordPolicy = PasswordPolicy()
    ) {
        self.database = database
        self.random = random
        self.cost = cost
        self.policy = policy
    }

    /// - Parameters:
    ///   - institution: the account's, whose name the password must not be.
    ///   - mustChangePassword: whether its owner sets another one at the first sign-in on the page, because somebody else knows this one.
    /// - Throws: `AccountError`; the institution's code is the caller's to look up.
    public func create(
        _ account: Account, password: String, institution: Institution? = nil, mustChangePassword: Bool = false,
        by author: Author, at now: Instant
    ) async throws {
        let prepared = try await prepare(
            account, password: password, institution: institution, mustChangePassword: mustChangePassword)
        try await database.write { try Self.insert(prepared, by: author, at: now, in: $0) }
    }

    /// An account with its hashed password, ready to be written.
    public struct Prepared: Sendable {
        public let account: Account
        fileprivate let key: String
        fileprivate let hash: String
        fileprivate let mustChangePassword: Bool
    }

    /// Checks an account and hashes its password, so that it can be written in a transaction together with what it comes of.
    public func prepare(
        _ account: Account, password: String, institution: Institution? = nil, mustChangePassword: Bool = false
    ) async throws -> Prepared {
        guard let key = AccountKey(account.name) else { throw AccountError.malformedName(account.name) }
        try account.checkPlace()
        try policy.check(
            password,
            against: PasswordPolicy.Names(
                account: account.name, display: account.displayName, institution: institution))
        return Prepared(
            account: account, key: key.text, hash: try await hash(password), mustChangePassword: mustChangePassword)
    }

    /// - Throws: `AccountError.nameTaken`.
    public static func insert(
        _ prepared: Prepared, by author: Author, at now: Instant, in transaction: any Transaction
    ) throws {
        let account = prepared.account
        let taken: Int? = try transaction.first("SELECT count(*) FROM account WHERE key = ?", [.text(prepared.key)])
        guard taken == 0 else { throw AccountError.nameTaken(account.name) }
        try transaction.execute(
            """
            INSERT INTO account
                (key, name, display_name, role, institution, region, is_disabled, password, password_version, created_at,
                must_change_password, rights)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
            """,
            [
                .text(prepared.key), .text(account.name), .text(account.displayName), .text(account.role.rawValue),
                SQLValue(account.institution), SQLValue(account.region?.prefix), SQLValue(account.isDisabled),
                .text(prepared.hash), .seconds(now), SQLValue(prepared.mustChangePassword),
                SQLValue(account.rights == .manager ? nil : account.rights.rawValue),
            ])
        var detail = ["role": account.role.rawValue]
        detail["institution"] = account.institution
        detail["region"] = account.region?.prefix
        if account.rights != .manager { detail["rights"] = account.rights.rawValue }
        let entry = AuditEntry(
            author: author, action: "account.create", subject: account.name, at: now,
            detail: detail)
        try AuditTrail.append(entry, in: transaction)
    }

    /// Gives an account another owner, in the transaction that decides about it: nothing that the former one holds opens it any more.
    ///
    /// - Throws: `AccountError.unknownAccount`.
    public static func reset(
        _ prepared: Prepared, by author: Author, at now: Instant, in transaction: any Transaction
    ) throws {
        let changed = try transaction.execute(
            """
            UPDATE account SET password = ?, password_version = password_version + 1, must_change_password = 0,
                display_name = ? WHERE key = ?
            """, [.text(prepared.hash), .text(prepared.account.displayName), .text(prepared.key)])
        guard changed == 1 else { throw AccountError.unknownAccount(prepared.account.name) }
        try transaction.execute("DELETE FROM session WHERE account = ?", [.text(prepared.key)])
        let tokens = try ApiTokenStore.revokeAll(ofKey: prepared.key, at: now, in: transaction)
        try AuditTrail.append(
            AuditEntry(
                author: author, action: "account.reset", subject: prepared.account.name, at: now,
                detail: ["tokens": String(tokens)]), in: transaction)
    }

    /// Disables or enables all accounts of an institution, in the transaction that says why.
    public static func setDisabled(
        _ isDisabled: Bool, ofInstitution code: String, by author: Author, at now: Instant,
        in transaction: any Transaction
    ) throws {
        let rows = try transaction.rows(
            """
            SELECT key, name FROM account WHERE institution = ? AND is_disabled = ? AND removed_at IS NULL ORDER BY key
            """,
            [.text(code), SQLValue(!isDisabled)])
        for row in rows {
            let (key, name): (String, String) = (try row[0], try row[1])
            try transaction.execute(
                "UPDATE account SET is_disabled = ? WHERE key = ?", [SQLValue(isDisabled), .text(key)])
            try transaction.execute("DELETE FROM session WHERE account = ?", [.text(key)])
            _ = try ApiTokenStore.revokeAll(ofKey: key, at: now, in: transaction)
            try AuditTrail.append(
                AuditEntry(
                    author: author, action: isDisabled ? "account.disable" : "account.enable", subject: name, at: now),
                in: transaction)
        }
    }

    /// The accounts of an institution by name.
    public func list(ofInstitution code: String) async throws -> [Account] {
        try await database.read {
            try $0.rows("SELECT * FROM account WHERE institution = ? ORDER BY key", [.text(code)]).map(
                Account.init(row:))
        }
    }

    public func find(_ name: String) async throws -> Account? { try await stored(name)?.account }

    /// An account, in a transaction.
    public static func find(_ name: String, in connection: any Connection) throws -> Account? {
        try connection.firstRow("SELECT * FROM account WHERE key = ?", [.text(AccountKey(name)?.text ?? "")]).map(
            Account.init)
    }

    /// How many security administrators may sign in.
    public func securityCount() async throws -> Int {
        try await database.read {
            try $0.first("SELECT count(*) FROM account WHERE role = 'security' AND is_disabled = 0") ?? 0
        }
    }

    /// All accounts by name.
    public func list() async throws -> [Account] {
        try await database.read { try $0.rows("SELECT * FROM account ORDER BY key").map(Account.init(row:)) }
    }

    /// Gives a provincial account its region, or another one.
    public func setRegion(_ region: Region, of name: String, by author: Author, at now: Instant) async throws {
        try await change(name, action: "account.set-region", by: author, at: now) { key, account, transaction in
            guard account.role.mayHaveRegion else { throw AccountError.regionMismatch(account.role) }
            try transaction.execute(
                "UPDATE account SET region = ? WHERE key = ?", [.text(region.prefix), .text(key)])
            return ["region": region.prefix]
        }
    }

    /// Ends the account's sessions, and where it is asked for revokes its tokens; otherwise they stay until they are revoked.
    ///
    /// - Parameters:
    ///   - institution: what the account's institution is called, which the password must not be.
    ///   - mustChange: whether its owner sets another one at the next sign-in on the page.
    ///   - alongside: what else is done in the same transaction; what it throws keeps the password as it was.
    public func setPassword(
        _ password: String, of name: String, institution: Institution? = nil, revokingTokens: Bool = false,
        mustChange: Bool = false, by author: Author, at now: Instant,
        alongside: (@Sendable (any Transaction) throws -> Void)? = nil
    ) async throws {
        let displayName = try await find(name)?.displayName
        try policy.check(
            password, against: PasswordPolicy.Names(account: name, display: displayName, institution: institution))
        let hash = try await hash(password)
        try await change(name, action: "account.set-password", by: author, at: now) { key, _, transaction in
            try alongside?(transaction)
            try transaction.execute(
                """
                UPDATE account SET password = ?, password_version = password_version + 1, must_change_password = ?
                WHERE key = ?
                """, [.text(hash), SQLValue(mustChange), .text(key)])
            try transaction.execute("DELETE FROM session WHERE account = ?", [.text(key)])
            guard revokingTokens else { return [:] }
            return ["tokens": String(try ApiTokenStore.revokeAll(ofKey: key, at: now, in: transaction))]
        }
    }

    /// A disabled account can do nothing more, by password, session or token. Enabled again it has its password, and no session or
    /// token from before.
    public func setDisabled(_ isDisabled: Bool, of name: String, by author: Author, at now: Instant) async throws {
        try await database.write {
            try Self.setDisabled(isDisabled, of: name, by: author, at: now, in: $0)
        }
    }

    /// As above, in a transaction that does more.
    public static func setDisabled(
        _ isDisabled: Bool, of name: String, by author: Author, at now: Instant, in transaction: any Transaction
    ) throws {
        let action = isDisabled ? "account.disable" : "account.enable"
        try change(name, action: action, by: author, at: now, in: transaction) { key, account, transaction in
            // What enabled an account that is enabled would only end what it uses.
            guard isDisabled || account.isDisabled else { return [:] }
            try transaction.execute(
                "UPDATE account SET is_disabled = ? WHERE key = ?", [SQLValue(isDisabled), .text(key)])
            if !isDisabled {
                try transaction.execute("UPDATE account SET removed_at = NULL WHERE key = ?", [.text(key)])
            }
            try transaction.execute("DELETE FROM session WHERE account = ?", [.text(key)])
            let count = try ApiTokenStore.revokeAll(ofKey: key, at: now, in: transaction)
            return count > 0 ? ["tokens": String(count)] : [:]
        }
    }

    /// Gives an account another role or region. Its sessions and tokens end: what it may do begins with the next sign-in.
    public static func setRights(
        _ role: Role, _ region: Region?, of name: String, by author: Author, at now: Instant,
        in transaction: any Transaction
    ) throws {
        try change(name, action: "account.set-rights", by: author, at: now, in: transaction) {
            key, before, transaction in
            try transaction.execute(
                "UPDATE account SET role = ?, region = ? WHERE key = ?",
                [.text(role.rawValue), SQLValue(region?.prefix), .text(key)])
            try transaction.execute("DELETE FROM session WHERE account = ?", [.text(key)])
            _ = try ApiTokenStore.revokeAll(ofKey: key, at: now, in: transaction)
            var detail = ["role": role.rawValue, "formerRole": before.role.rawValue]
            detail["region"] = region?.prefix
            detail["formerRegion"] = before.region?.prefix
            return detail
        }
    }

    /// An account with what only signing in needs.
    struct Stored: Sendable {
        var account: Account
        var key: String
        var password: String
        /// Counts the passwords it has had: what was verified under an earlier one no longer is.
        var passwordVersion: Int64
        var mustChangePassword: Bool
    }

    func stored(_ name: String) async throws -> Stored? {
        // A name that cannot exist is looked up all the same, for the same time.
        let key = AccountKey(name)?.text ?? ""
        return try await database.read { connection in
            try connection.firstRow("SELECT * FROM account WHERE key = ?", [.text(key)]).map(Stored.init)
        }
    }

    /// The account that somebody means who signs in: by its name, or by a mobile number that one account alone has.
    func stored(signingInAs typed: String) async throws -> Stored? {
        let key = AccountKey(typed)?.text ?? ""
        // Every name is looked up among the numbers, too, for the same time.
        let number = PhoneNumber(typed)?.national ?? "-"
        return try await database.read { connection in
            let named = try connection.firstRow("SELECT * FROM account WHERE key = ?", [.text(key)])
            let numbered = try connection.rows(
                "SELECT * FROM account WHERE mobile = ? ORDER BY key LIMIT 2", [.text(number)])
            if let named { return try Stored(row: named) }
            guard numbered.count == 1, let only = numbered.first else { return nil }
            return try Stored(row: only)
        }
    }

    /// Whether an account has this password now.
    func isPresent(_ password: String, of name: String) async throws -> Bool {
        guard let stored = try await stored(name), let hash = PasswordHash(encoded: stored.password) else {
            return false
        }
        return try await lanes.run { try hash.matches(password) }
    }

    /// Stores the same password at today's cost; an account changed meanwhile keeps what it has.
    func rehash(_ password: String, of stored: Stored) async throws {
        let hash = try await hash(password)
        try await database.write { transaction in
            try transaction.execute(
                "UPDATE account SET password = ? WHERE key = ? AND password = ?",
                [.text(hash), .text(stored.key), .text(stored.password)])
        }
    }

    private func hash(_ password: String) async throws -> String {
        let (cost, random) = (cost, random)
        return try await lanes.run { try PasswordHash(of: password, cost: cost, random: random).description }
    }

    func change(
        _ name: String, action: String, by author: Author, at now: Instant,
        _ body: @escaping @Sendable (_ key: String, Account, any Transaction) throws -> [String: String]
    ) async throws {
        try await database.write { try Self.change(name, action: action, by: author, at: now, in: $0, body) }
    }

    private static func change(
        _ name: String, action: String, by author: Author, at now: Instant, in transaction: any Transaction,
        _ body: (_ key: String, Account, any Transaction) throws -> [String: String]
    ) throws {
        guard let key = AccountKey(name)?.text, let account = try find(name, in: transaction) else {
            throw AccountError.unknownAccount(name)
        }
        let detail = try body(key, account, transaction)
        try AuditTrail.append(
            AuditEntry(author: author, action: action, subject: account.name, at: now, detail: detail),
            in: transaction)
    }
}

extension Account {
    /// From a row with the columns of the table `account`.
    init(row: Row) throws {
        let role: String = try row["role"]
        guard let known = Role(rawValue: role) else {
            throw DatabaseError.unexpectedValue(
                column: "role", expected: Role.allCases.map(\.rawValue).joined(separator: ", "), found: role)
        }
        let rights: String? = try row["rights"]
        guard let may = ColleagueRights(rawValue: rights ?? ColleagueRights.manager.rawValue) else {
            throw DatabaseError.unexpectedValue(
                column: "rights", expected: ColleagueRights.allCases.map(\.rawValue).joined(separator: ", "),
                found: rights ?? "")
        }
        self.init(
            name: try row["name"], displayName: try row["display_name"], role: known,
            institution: try row["institution"],
            region: try (row["region"] as String?).flatMap(Region.init), isDisabled: try row["is_disabled"], rights: may
        )
    }
}

extension AccountStore.Stored {
    /// From a row with the columns of the table `account`.
    init(row: Row) throws {
        self.init(
            account: try Account(row: row), key: try row["key"], password: try row["password"],
            passwordVersion: try row["password_version"], mustChangePassword: try row["must_change_password"])
    }
}
