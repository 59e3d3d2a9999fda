import Synchronization

/// How failed attempts slow down the next. Times are in seconds.
public struct ThrottlePolicy: Hashable, Sendable {
    /// An account at one address: so many failures cost nothing; each further one doubles the wait, which begins with one second.
    public var freeFailures: Int
    /// From so many failures of an account at one address on, the wait is the whole lockout.
    public var lockingFailures: Int
    public var lockoutSeconds: Int64
    /// So many attempts on an account at one address may be under way at once.
    public var atOnce: Int
    /// So many attempts at one address may be under way at once, on whatever accounts.
    public var atOncePerAddress: Int
    /// An account from all addresses, and an address on all accounts: so many failures cost nothing; each further one doubles the
    /// delay, which begins with a tenth of a second.
    public var freeFailuresInAll: Int
    /// No delay is longer.
    public var maximumDelayMilliseconds: Int
    /// Failures are forgotten so long after the last one.
    public var memorySeconds: Int64

    public init(
        freeFailures: Int = 4, lockingFailures: Int = 10, lockoutSeconds: Int64 = 15 * 60, atOnce: Int = 4,
        atOncePerAddress: Int = 64, freeFailuresInAll: Int = 20, maximumDelayMilliseconds: Int = 2000,
        memorySeconds: Int64 = 15 * 60
    ) {
        self.freeFailures = freeFailures
        self.lockingFailures = lockingFailures
        self.lockoutSeconds = lockoutSeconds
        self.atOnce = atOnce
        self.atOncePerAddress = atOncePerAddress
        self.freeFailuresInAll = freeFailuresInAll
        self.maximumDelayMilliseconds = maximumDelayMilliseconds
        self.memorySeconds = memorySeconds
    }

    /// How long an account waits at an address after so many failures there.
    func wait(after failures: Int) -> Int64 {
        if failures >= lockingFailures { return lockoutSeconds }
        let over = failures - freeFailures
        return over > 0 ? min(1 << Int64(min(over - 1, 40)), lockoutSeconds) : 0
    }

    func delayMilliseconds(after failures: Int) -> Int {
        let over = failures - freeFailuresInAll
        return over > 0 ? min(100 << min(over - 1, 20), maximumDelayMilliseconds) : 0
    }
}

/// Counts failed attempts, whether or not there is such an account.
///
/// Only an account's own failures at one address make it wait there: nobody can lock an account at another address than his own, or
/// lock others at his. What an account suffers from all addresses, and an address does to all accounts, only delays an attempt a
/// little before it is heard; an account at an address where it has signed in before is not even delayed.
final class SignInThrottle: Sendable {
    /// An account at an address.
    struct Place: Hashable, Sendable {
        var account: String
        var address: String
    }

    private struct Record {
        var failures = 0
        /// By the boot clock.
        var lastFailureAt: Int64 = 0
        var underWay = 0
    }

    private struct State {
        var places: [Place: Record] = [:]
        var accounts: [String: Record] = [:]
        var addresses: [String: Record] = [:]
        var sweptAt: Int64 = 0
    }

    enum Beginning: Equatable {
        /// To be heard after a delay.
        case heard(delayMilliseconds: Int)
        /// Not to be heard for so many seconds.
        case wait(seconds: Int64)
    }

    private let policy: ThrottlePolicy
    private let state = Mutex(State())
    /// Records that no longer count are dropped so often.
    private static let sweepSeconds: Int64 = 60

    init(policy: ThrottlePolicy) { self.policy = policy }

    /// Takes up an attempt, or says for how long none is heard. Where it is heard, `release` must follow.
    ///
    /// - Parameters:
    ///   - kept: what the database has of the account's failures at this address; nil where the name is no account's.
    ///   - now: by the boot clock, as all times here.
    func begin(_ place: Place, kept: SignInLocks.Kept?, at now: Int64) -> Beginning {
        state.withLock { state in
            sweep(&state, at: now)
            var own = state.places[place] ?? Record()
            if let kept {
                if kept.failures > own.failures {
                    (own.failures, own.lastFailureAt) = (kept.failures, now - kept.elapsed)
                } else if kept.failures == 0, own.failures > policy.freeFailures, own.underWay == 0 {
                    // An administrator has lifted it.
                    own.failures = 0
                }
            }
            let free = isForgotten(own, at: now) ? now : own.lastFailureAt + policy.wait(after: own.failures)
            if free > now {
                state.places[place] = own
                return .wait(seconds: free - now)
            }
            let isFamiliar = kept?.isFamiliar ?? false
            let isFull =
                own.underWay >= policy.atOnce
                || !isFamiliar && state.addresses[place.address]?.underWay ?? 0 >= policy.atOncePerAddress
            if isFull { return .wait(seconds: 1) }
            own.underWay += 1
            state.places[place] = own
            state.accounts[place.account, default: Record()].underWay += 1
            state.addresses[place.address, default: Record()].underWay += 1
            if isFamiliar { return .heard(delayMilliseconds: 0) }
            let delays = [state.accounts[place.account], state.addresses[place.address]].map { record in
                record.map { isForgotten($0, at: now) ? 0 : policy.delayMilliseconds(after: $0.failures) } ?? 0
            }
            return .heard(delayMilliseconds: delays.max() ?? 0)
        }
    }

    /// Counts a failure of an attempt that is under way.
    ///
    /// - Returns: the account's failures at this address.
    func fail(_ place: Place, at now: Int64) -> Int {
        state.withLock { state in
            func count(_ record: inout Record?) {
                var changed = record ?? Record()
                if isForgotten(changed, at: now) { changed.failures = 0 }
                changed.failures += 1
                changed.lastFailureAt = now
                record = changed
            }
            count(&state.places[place])
            count(&state.accounts[place.account])
            count(&state.addresses[place.address])
            return state.places[place]?.failures ?? 1
        }
    }

    /// Forgets the account's failures at this address, and nothing else: whoever has one account could otherwise try others without
    /// end.
    ///
    /// - Returns: whether there were any.
    func succeed(_ place: Place) -> Bool {
        state.withLock { state in
            let had = state.places[place]?.failures ?? 0
            state.places[place]?.failures = 0
            return had > 0
        }
    }

    func release(_ place: Place) {
        state.withLock { state in
            func release(_ record: inout Record?) {
                guard var changed = record else { return }
                changed.underWay = max(0, changed.underWay - 1)
                record = changed.failures == 0 && changed.underWay == 0 ? nil : changed
            }
            release(&state.places[place])
            release(&state.accounts[place.account])
            release(&state.addresses[place.address])
        }
    }

    private func sweep(_ state: inout State, at now: Int64) {
        guard abs(now - state.sweptAt) >= Self.sweepSeconds else { return }
        state.sweptAt = now
        func counts(_ record: Record) -> Bool { record.underWay > 0 || !isForgotten(record, at: now) }
        state.places = state.places.filter { counts($0.value) }
        state.accounts = state.accounts.filter { counts($0.value) }
        state.addresses = state.addresses.filter { counts($0.value) }
    }

    private func isForgotten(_ record: Record, at now: Int64) -> Bool {
        now >= record.lastFailureAt + max(policy.memorySeconds, policy.wait(after: record.failures))
    }
}
