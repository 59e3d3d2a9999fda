import Synchronization

/// How failed attempts slow down the next. Times are in seconds.
public struct ThrottlePolicy: Hashable, Sendable {
    /// What one account, or one address, is allowed.
    public struct Limit: Hashable, Sendable {
        /// So many failures cost no waiting; each further one doubles it, beginning with one second.
        public var freeFailures: Int
        /// From so many failures on the wait is the whole lockout.
        public var lockingFailures: Int
        /// So many attempts may be under way at once.
        public var atOnce: Int

        public init(freeFailures: Int, lockingFailures: Int, atOnce: Int) {
            self.freeFailures = freeFailures
            self.lockingFailures = lockingFailures
            self.atOnce = atOnce
        }
    }

    public var account: Limit
    /// Wider: a hospital's people, or a whole city's programs, may share one address.
    public var address: Limit
    public var lockoutSeconds: Int64
    /// Failures are forgotten so long after the last one.
    public var memorySeconds: Int64

    public init(
        account: Limit = Limit(freeFailures: 4, lockingFailures: 10, atOnce: 4),
        address: Limit = Limit(freeFailures: 50, lockingFailures: 60, atOnce: 400),
        lockoutSeconds: Int64 = 15 * 60, memorySeconds: Int64 = 15 * 60
    ) {
        self.account = account
        self.address = address
        self.lockoutSeconds = lockoutSeconds
        self.memorySeconds = memorySeconds
    }
}

/// Counts failed attempts by account name and by address, whether or not there is such an account.
///
/// Kept in memory: an attempt writes nothing to disk, and who can restart the platform needs no password. Its size is
/// bounded by how many passwords can be hashed within the memory time.
final class SignInThrottle: Sendable {
    private enum Source: Hashable {
        case account(String)
        case address(String)
    }

    private struct Record {
        var failures = 0
        var lastFailureAt: Int64 = 0
        var underWay = 0
    }

    private let policy: ThrottlePolicy
    private let records = Mutex<[Source: Record]>([:])
    /// Records that no longer count are dropped so often.
    private static let sweepSeconds: Int64 = 60
    private let sweptAt = Mutex<Int64>(0)

    init(policy: ThrottlePolicy) { self.policy = policy }

    /// Takes up an attempt that `end` must close, or says until when none is heard.
    func begin(account: String, address: String, at now: Int64) -> Int64? {
        records.withLock { records in
            if isTimeToSweep(now) { records = records.filter { !isForgotten($0.value, at: now) } }
            let sources = [Source.account(account), .address(address)]
            let free = sources.map { source in freeAt(records[source] ?? Record(), limit(source), at: now) }
            if let latest = free.max(), latest > now { return latest }
            for source in sources { records[source, default: Record()].underWay += 1 }
            return nil
        }
    }

    enum End {
        case accepted
        case refused
        /// Something else failed: nobody's fault.
        case undecided
    }

    /// - Returns: Whether this failure locked the account.
    func end(account: String, address: String, _ end: End, at now: Int64) -> Bool {
        records.withLock { records in
            var isLocking = false
            for source in [Source.account(account), .address(address)] {
                var record = records[source] ?? Record()
                record.underWay = max(0, record.underWay - 1)
                if isForgotten(record, at: now) { record.failures = 0 }
                switch (end, source) {
                case (.refused, _):
                    record.failures += 1
                    record.lastFailureAt = now
                    if case .account = source { isLocking = record.failures == policy.account.lockingFailures }
                case (.accepted, .account): record.failures = 0
                // An address is not cleared: whoever has one account could otherwise try others without end.
                case (.accepted, .address), (.undecided, _): break
                }
                records[source] = record.failures == 0 && record.underWay == 0 ? nil : record
            }
            return isLocking
        }
    }

    private func isTimeToSweep(_ now: Int64) -> Bool {
        sweptAt.withLock { sweptAt in
            guard abs(now - sweptAt) >= Self.sweepSeconds else { return false }
            sweptAt = now
            return true
        }
    }

    private func limit(_ source: Source) -> ThrottlePolicy.Limit {
        switch source {
        case .account: policy.account
        case .address: policy.address
        }
    }

    private func freeAt(_ record: Record, _ limit: ThrottlePolicy.Limit, at now: Int64) -> Int64 {
        let failures = now >= record.lastFailureAt + policy.memorySeconds ? 0 : record.failures
        let over = failures - limit.freeFailures
        let wait: Int64 =
            if failures >= limit.lockingFailures {
                policy.lockoutSeconds
            } else {
                over > 0 ? min(1 << Int64(min(over - 1, 40)), policy.lockoutSeconds) : 0
            }
        let free = wait == 0 ? now : record.lastFailureAt + wait
        return record.underWay >= limit.atOnce ? max(free, now + 1) : free
    }

    private func isForgotten(_ record: Record, at now: Int64) -> Bool {
        record.underWay == 0 && now >= record.lastFailureAt + max(policy.memorySeconds, policy.lockoutSeconds)
    }
}
