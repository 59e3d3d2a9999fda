import Audit
import Database
import Intake
public import ShangMi
public import SurveillanceKit

/// The way from a right password to a session: the second factor, and a password of one's own.
///
/// An unfinished sign-in is no session and lies in another table, so that nothing can take it for one.
public struct SignInSteps: Sendable {
    /// So long an unfinished sign-in can be gone on with.
    static let lifetimeSeconds: Int64 = 15 * 60

    private let accounts: AccountStore
    private let sessions: SessionStore
    private let factors: SecondFactors
    public let certificates: AccountCertificates
    let random: RandomSource
    var database: any SQLDatabase { accounts.database }

    /// - Parameter authorities: that vouch for certificates of administrators.
    public init(
        accounts: AccountStore, sessions: SessionStore, factors: SecondFactors, authorities: [SM2Certificate] = [],
        random: RandomSource
    ) {
        certificates = AccountCertificates(database: accounts.database, authorities: authorities)
        self.accounts = accounts
        self.sessions = sessions
        self.factors = factors
        self.random = random
    }

    /// Goes on with somebody whose password was right: to a session where nothing else is needed.
    public func begin(for account: Account, from address: String, at now: Instant) async throws -> SignInProgress {
        let token = Token.new(random)
        guard let digest = Token.digest(token), let stored = try await accounts.stored(account.name) else {
            throw AccountError.unknownAccount(account.name)
        }
        // One that is registered counts also where no certificate is taken any more: nobody gets round it by a password alone.
        var hasFactor = try await factors.status(of: account.name) != nil
        if !hasFactor { hasFactor = try await certificates.registered(account.name) != nil }
        let step = Self.step(account, hasFactor: hasFactor, isProved: false, mustChange: stored.mustChangePassword)
        guard step != nil else {
            return .signedIn(token: try await sessions.begin(for: account, from: address, at: now).token)
        }
        try await database.write { transaction in
            try transaction.execute(
                "DELETE FROM unfinished_sign_in WHERE began_at <= ?",
                [.seconds(now.advanced(bySeconds: -Self.lifetimeSeconds))])
            try transaction.execute(
                """
                INSERT INTO unfinished_sign_in (digest, account, password_version, began_at, is_proved)
                VALUES (?, ?, ?, ?, 0)
                """, [.text(digest), .text(stored.key), .integer(stored.passwordVersion), .seconds(now)])
            try AuditTrail.append(
                AuditEntry(
                    author: Author(name: account.name, origin: address), action: "sign-in.begin", subject: account.name,
                    at: now), in: transaction)
        }
        return .unfinished(token: token)
    }

    /// The unfinished sign-in of a token; nil where it has run out, another password was set, or the account is disabled.
    public func find(_ token: String, at now: Instant) async throws -> UnfinishedSignIn? {
        guard let digest = Token.digest(token) else { return nil }
        let row = try await database.read { connection in
            try connection.firstRow(
                """
                SELECT account.*, unfinished_sign_in.is_proved, unfinished_sign_in.secret,
                    second_factor.account AS factor, account_certificate.account AS certificate
                FROM unfinished_sign_in JOIN account ON account.key = unfinished_sign_in.account
                    LEFT JOIN second_factor ON second_factor.account = account.key
                    LEFT JOIN account_certificate ON account_certificate.account = account.key
                WHERE unfinished_sign_in.digest = ? AND unfinished_sign_in.began_at > ? AND account.is_disabled = 0
                    AND unfinished_sign_in.password_version = account.password_version
                """, [.text(digest), .seconds(now.advanced(bySeconds: -Self.lifetimeSeconds))])
        }
        guard let row else { return nil }
        let account = try Account(row: row)
        let (codes, certificate): (String?, String?) = (try row["factor"], try row["certificate"])
        let step = Self.step(
            account, hasFactor: codes != nil || certificate != nil, isProved: try row["is_proved"],
            mustChange: try row["must_change_password"])
        let secret = step == .setUp ? try await secret(try row["secret"], digest) : nil
        return UnfinishedSignIn(
            account: account, step: step, secret: secret, formToken: try FormToken.of(token, for: "sign-in step"),
            hasCodes: codes != nil, hasCertificate: certificate != nil)
    }

    /// The second factor comes before the new password: whoever has found a password alone must not change it.
    private static func step(_ account: Account, hasFactor: Bool, isProved: Bool, mustChange: Bool) -> SignInStep? {
        if hasFactor, !isProved { return .code }
        if mustChange { return .password }
        return account.role.needsSecondFactor && !hasFactor ? .setUp : nil
    }

    /// The secret that this browser is shown, made at the first look. Another browser is shown another one, so that nobody who knows
    /// the first password sees the secret that its owner sets up.
    private func secret(_ sealed: [UInt8]?, _ digest: String) async throws -> [UInt8] {
        let place = "unfinished-sign-in/\(digest)"
        if let sealed { return try factors.seal.open(sealed, place: place) }
        let made = factors.newSecret()
        let bytes = try factors.seal.seal(made, place: place)
        let kept: [UInt8]? = try await database.write { transaction in
            try transaction.execute(
                "UPDATE unfinished_sign_in SET secret = ? WHERE digest = ? AND secret IS NULL",
                [.blob(bytes), .text(digest)])
            return try transaction.first("SELECT secret FROM unfinished_sign_in WHERE digest = ?", [.text(digest)])
        }
        return try kept.map { try factors.seal.open($0, place: place) } ?? made
    }

    // MARK: The steps

    /// Takes a code of the second factor.
    ///
    /// - Returns: the verdict, and how it goes on where the code was right.
    public func giveCode(
        _ code: String, to token: String, of unfinished: UnfinishedSignIn, from address: String, at now: Instant
    ) async throws -> (verdict: FactorVerdict, progress: SignInProgress?) {
        let author = Author(name: unfinished.account.name, origin: address)
        let verdict = try await factors.verify(code, of: unfinished.account.name, by: author, at: now)
        guard verdict == .right, let digest = Token.digest(token) else { return (verdict, nil) }
        try await database.write { transaction in
            try transaction.execute(
                "UPDATE unfinished_sign_in SET is_proved = 1 WHERE digest = ?", [.text(digest)])
        }
        return (verdict, try await advance(token, from: address, at: now))
    }

    /// Sets a password of the person's own, which must not be the present one.
    ///
    /// - Throws: `AccountError`.
    public func replacePassword(
        _ password: String, institution: Institution?, with token: String, of unfinished: UnfinishedSignIn,
        from address: String, at now: Instant
    ) async throws -> SignInProgress? {
        guard let digest = Token.digest(token) else { return nil }
        let name = unfinished.account.name
        if try await accounts.isPresent(password, of: name) { throw AccountError.passwordUnchanged }
        try await accounts.setPassword(
            password, of: name, institution: institution, by: Author(name: name, origin: address), at: now
        ) { transaction in
            // This sign-in goes on under the new password; others of the account end.
            try transaction.execute(
                "UPDATE unfinished_sign_in SET password_version = password_version + 1 WHERE digest = ?",
                [.text(digest)])
        }
        return try await advance(token, from: address, at: now)
    }

    /// Sets up the second factor whose secret this sign-in was shown.
    ///
    /// - Returns: the recovery codes, this once, and how it goes on; nil for a wrong code.
    public func setUp(
        _ code: String, with token: String, of unfinished: UnfinishedSignIn, from address: String, at now: Instant
    ) async throws -> (recoveryCodes: [String], progress: SignInProgress?)? {
        guard let secret = unfinished.secret, let digest = Token.digest(token) else { return nil }
        let author = Author(name: unfinished.account.name, origin: address)
        let codes = try await factors.setUp(
            secret, code: code, of: unfinished.account.name, by: author, at: now)
        guard let codes else { return nil }
        try await database.write { transaction in
            try transaction.execute(
                "UPDATE unfinished_sign_in SET is_proved = 1, secret = NULL WHERE digest = ?", [.text(digest)])
        }
        return (codes, try await advance(token, from: address, at: now))
    }

    /// To a session where nothing is needed any more; nil where the sign-in has ended meanwhile.
    func advance(_ token: String, from address: String, at now: Instant) async throws -> SignInProgress? {
        guard let unfinished = try await find(token, at: now), let digest = Token.digest(token) else { return nil }
        guard unfinished.step == nil else { return .unfinished(token: token) }
        // Of two requests at once one alone begins the session.
        let ended = try await database.write { transaction in
            try transaction.execute("DELETE FROM unfinished_sign_in WHERE digest = ?", [.text(digest)])
        }
        guard ended == 1 else { return nil }
        return .signedIn(token: try await sessions.begin(for: unfinished.account, from: address, at: now).token)
    }
}
