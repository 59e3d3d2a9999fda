import Database
import ShangMi
import SurveillanceKit

/// What came of an attempt to sign in.
public enum SignInOutcome: Hashable, Sendable {
    case accepted(Account)
    /// The account, its password or its permission is wanting; which of them is never told.
    case refused
    /// Too many attempts: none is heard before this moment, in seconds since 1970, UTC.
    case wait(until: Int64)

    /// What the person is told; nil for an accepted attempt.
    public func message(at now: Int64) -> BilingualText? {
        switch self {
        case .accepted: return nil
        case .refused: return BilingualText(zh: "账号或密码不正确", en: "The account name or the password is wrong.")
        case .wait(let until):
            let seconds = max(1, until - now)
            return BilingualText(
                zh: "尝试次数过多，请 \(seconds) 秒后再试", en: "Too many attempts; try again in \(seconds) seconds.")
        }
    }
}

/// Decides who somebody is by name and password. Answer and time are the same for a wrong password and for an account
/// that does not exist.
public final class Authenticator: Sendable {
    private let accounts: AccountStore
    private let throttle: SignInThrottle
    private let verified: VerifiedCredentials
    /// What the password of an account that does not exist is compared with, at the same cost.
    let decoy: PasswordHash
    /// As many as can be hashed in some ten seconds; beyond that an answer would come too late to be of use.
    private static let maximumWaiting = 400

    /// - Parameter verifiedSeconds: How long a program's name and password need not be hashed again.
    public init(
        accounts: AccountStore, throttle: ThrottlePolicy = ThrottlePolicy(), verifiedSeconds: Int64 = 300
    ) throws {
        self.accounts = accounts
        self.throttle = SignInThrottle(policy: throttle)
        verified = VerifiedCredentials(random: accounts.random, lifetimeSeconds: verifiedSeconds)
        decoy = try PasswordHash(of: "decoy", cost: accounts.cost, random: accounts.random)
    }

    /// For the sign-in page: every attempt hashes the password.
    public func signIn(name: String, password: String, from address: String, at now: Int64) async throws
        -> SignInOutcome
    {
        try await verify(name: name, password: password, from: address, at: now).outcome
    }

    /// For programs that send name and password with every request (HTTP Basic).
    ///
    /// What was verified a moment ago is known again without a hash, also while others' failures lock the account.
    /// Requests that come together wait for one hash.
    public func authenticate(
        _ credentials: BasicCredentials, from address: String, at now: Int64
    ) async throws -> SignInOutcome {
        let digest = try verified.digest(credentials)
        if let version = verified.version(digest, at: now),
            let stored = try await accounts.stored(credentials.name), stored.passwordVersion == version
        {
            return stored.account.isDisabled ? .refused : .accepted(stored.account)
        }
        return try await verified.once(digest, at: now) { [self] in
            try await verify(name: credentials.name, password: credentials.password, from: address, at: now)
        }
    }

    struct Verdict: Sendable {
        var outcome: SignInOutcome
        /// The password's version, where it was right.
        var passwordVersion: Int64?
    }

    private func verify(name: String, password: String, from address: String, at now: Int64) async throws -> Verdict {
        guard accounts.lanes.waiting < Self.maximumWaiting else { return Verdict(outcome: .wait(until: now + 5)) }
        let key = AccountKey(name)?.text ?? ""
        if let until = throttle.begin(account: key, address: address, at: now) {
            return Verdict(outcome: .wait(until: until))
        }
        do {
            let stored = try await accounts.stored(name)
            let isRight = try await matches(password, stored)
            let verdict = try await verdict(password, stored, isRight: isRight)
            if throttle.end(account: key, address: address, isRight ? .accepted : .refused, at: now) {
                try await noteLock(stored?.account.name, from: address, at: now)
            }
            return verdict
        } catch {
            _ = throttle.end(account: key, address: address, .undecided, at: now)
            throw error
        }
    }

    /// One lookup and one hash, whether or not there is such an account.
    private func matches(_ password: String, _ stored: AccountStore.Stored?) async throws -> Bool {
        let own = stored.flatMap { PasswordHash(encoded: $0.password) }
        let compared = own ?? decoy
        let isMatch = try await accounts.lanes.run { try compared.matches(password) }
        return isMatch && own != nil && stored?.account.isDisabled == false
    }

    private func verdict(_ password: String, _ stored: AccountStore.Stored?, isRight: Bool) async throws -> Verdict {
        guard isRight, let stored else { return Verdict(outcome: .refused) }
        if PasswordHash(encoded: stored.password)?.needsRehash(accounts.cost) == true {
            try await accounts.rehash(password, of: stored)
        }
        return Verdict(outcome: .accepted(stored.account), passwordVersion: stored.passwordVersion)
    }

    /// The name as typed is not written down: people type their password there.
    private func noteLock(_ name: String?, from address: String, at now: Int64) async throws {
        let author = Author(name: Author.platform.name, origin: address)
        let entry = AuditEntry(author: author, action: "sign-in.lock", subject: name ?? "no such account", at: now)
        _ = try await AuditTrail(database: accounts.database).append(entry)
    }
}
