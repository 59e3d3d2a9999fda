import Database
import ShangMi
public import SurveillanceKit

/// What came of an attempt to sign in.
public enum SignInOutcome: Hashable, Sendable {
    case accepted(Account)
    /// The account, its password or its permission is wanting; which of them is never told.
    case refused
    /// Too many attempts: none is heard before this moment.
    case wait(until: Instant)

    /// What the person is told; nil for an accepted attempt.
    public func message(at now: Instant) -> BilingualText? {
        switch self {
        case .accepted: return nil
        case .refused: return BilingualText(zh: "账号或密码不正确", en: "The account name or the password is wrong.")
        case .wait(let until):
            let seconds = until.secondsToWait(from: now)
            guard seconds >= 60 else {
                return BilingualText(
                    zh: "该账号在此网络地址的密码错误次数过多，请 \(seconds) 秒后再试。",
                    en:
                        "Too many wrong passwords for this account at this address; try again in \(seconds.counted("second"))."
                )
            }
            let minutes = Int((seconds + 59) / 60)
            return BilingualText(
                zh: "该账号在此网络地址的密码错误次数过多，请 \(minutes) 分钟后再试。在其他地址不受影响；急需登录请联系管理员解除。",
                en:
                    "Too many wrong passwords for this account at this address; try again in \(minutes.counted("minute")). Other addresses are not concerned. Ask the administrator to lift it if you cannot wait."
            )
        }
    }
}

/// Decides who somebody is by name and password. Answer and time are the same for a wrong password and for an account
/// that does not exist.
public final class Authenticator: Sendable {
    private let accounts: AccountStore
    private let throttle: SignInThrottle
    private let locks: SignInLocks
    private let policy: ThrottlePolicy
    private let clock: BootClock
    private let pause: @Sendable (_ milliseconds: Int) async throws -> Void
    private let verified: VerifiedCredentials
    /// What the password of an account that does not exist is compared with, at the same cost.
    let decoy: PasswordHash
    /// As many as can be hashed in some ten seconds; beyond that an answer would come too late to be of use. Accounts at an address
    /// where they have signed in before are heard all the same.
    private static let maximumWaiting = 400

    /// - Parameters:
    ///   - verifiedSeconds: How long a program's name and password need not be hashed again.
    ///   - clock: By which waits are measured.
    ///   - pause: Delays an attempt.
    public init(
        accounts: AccountStore, throttle: ThrottlePolicy = ThrottlePolicy(), verifiedSeconds: Int64 = 300,
        clock: BootClock = .system,
        pause: @escaping @Sendable (_ milliseconds: Int) async throws -> Void = {
            try await Task.sleep(for: .milliseconds($0))
        }
    ) throws {
        self.accounts = accounts
        self.throttle = SignInThrottle(policy: throttle)
        locks = SignInLocks(database: accounts.database, policy: throttle, clock: clock)
        policy = throttle
        self.clock = clock
        self.pause = pause
        verified = VerifiedCredentials(random: accounts.random, lifetimeSeconds: verifiedSeconds)
        decoy = try PasswordHash(of: "decoy", cost: accounts.cost, random: accounts.random)
    }

    /// For the sign-in page: every attempt hashes the password.
    public func signIn(name: String, password: String, from address: String, at now: Instant) async throws
        -> SignInOutcome
    {
        try await verify(name: name, password: password, from: address, at: now).outcome
    }

    /// For programs that send name and password with every request (HTTP Basic).
    ///
    /// What was verified a moment ago is known again without a hash, also while others' failures lock the account.
    /// Requests that come together wait for one hash.
    public func authenticate(
        _ credentials: BasicCredentials, from address: String, at now: Instant
    ) async throws -> SignInOutcome {
        let digest = try verified.digest(credentials)
        if let version = verified.version(digest, at: now),
            let stored = try await accounts.stored(signingInAs: credentials.name), stored.passwordVersion == version
        {
            return stored.account.isDisabled ? .refused : .accepted(stored.account)
        }
        return try await verified.once(digest, from: address, at: now) { [self] in
            try await verify(name: credentials.name, password: credentials.password, from: address, at: now)
        }
    }

    struct Verdict: Sendable {
        var outcome: SignInOutcome
        /// The password's version, where it was right.
        var passwordVersion: Int64?
    }

    private func verify(name: String, password: String, from address: String, at now: Instant) async throws -> Verdict {
        let stored = try await accounts.stored(signingInAs: name)
        let place = SignInThrottle.Place(
            account: stored?.key ?? AccountKey(name)?.text ?? "", address: AddressShare(address).text)
        let kept = try await locks.kept(place, at: now)
        if !kept.isFamiliar, accounts.lanes.strangersWaiting >= Self.maximumWaiting {
            return Verdict(outcome: .wait(until: now.advanced(bySeconds: 5)))
        }
        switch throttle.begin(place, kept: stored == nil ? nil : kept, at: clock.seconds()) {
        case .wait(let seconds): return Verdict(outcome: .wait(until: now.advanced(bySeconds: seconds)))
        case .heard(let delay):
            defer { throttle.release(place) }
            if delay > 0 { try await pause(delay) }
            let isRight = try await matches(password, stored, kept.isFamiliar ? .familiar : .address(place.address))
            if isRight {
                let hadFailed = throttle.succeed(place) || kept.failures > 0
                if hadFailed || !kept.isFamiliar { try await locks.noteSuccess(place, at: now) }
            } else {
                let failures = throttle.fail(place, at: clock.seconds())
                if failures > policy.freeFailures, let name = stored?.account.name {
                    try await locks.keep(place, name: name, failures: failures, from: address, at: now)
                }
            }
            return try await verdict(password, stored, isRight: isRight)
        }
    }

    /// One lookup and one hash, whether or not there is such an account.
    private func matches(
        _ password: String, _ stored: AccountStore.Stored?, _ share: HashingLanes.Share
    ) async throws -> Bool {
        let own = stored.flatMap { PasswordHash(encoded: $0.password) }
        let compared = own ?? decoy
        let isMatch = try await accounts.lanes.run(share) { try compared.matches(password) }
        return isMatch && own != nil && stored?.account.isDisabled == false
    }

    private func verdict(_ password: String, _ stored: AccountStore.Stored?, isRight: Bool) async throws -> Verdict {
        guard isRight, let stored else { return Verdict(outcome: .refused) }
        if PasswordHash(encoded: stored.password)?.needsRehash(accounts.cost) == true {
            try await accounts.rehash(password, of: stored)
        }
        return Verdict(outcome: .accepted(stored.account), passwordVersion: stored.passwordVersion)
    }
}
