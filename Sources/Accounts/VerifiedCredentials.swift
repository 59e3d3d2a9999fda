import ShangMi
import SurveillanceKit
import Synchronization

/// Names and passwords that were right a moment ago, known by their HMAC under a key that lives as long as the process.
final class VerifiedCredentials: Sendable {
    private struct Entry {
        var passwordVersion: Int64
        var until: Instant
    }

    private struct State {
        var entries: [SM3Digest: Entry] = [:]
        var underWay: [Attempt: Task<Authenticator.Verdict, any Error>] = [:]
    }

    /// Attempts of one address alone share a verdict: another one's may be that it has to wait.
    private struct Attempt: Hashable {
        var digest: SM3Digest
        var address: String
    }

    private let key: SymmetricKey
    private let lifetimeSeconds: Int64
    private let state = Mutex(State())
    /// Above this many those that have run out are dropped; there are never more than accounts with a right password.
    private static let sweepCount = 10_000

    init(random: RandomSource, lifetimeSeconds: Int64) {
        key = SymmetricKey(byteCount: 32, from: random)
        self.lifetimeSeconds = lifetimeSeconds
    }

    func digest(_ credentials: BasicCredentials) throws(ShangMiError) -> SM3Digest {
        let name = Array(credentials.name.utf8)
        // The name's length first: no other name and password give the same bytes.
        return try HMACSM3.code(Array("\(name.count):".utf8) + name + Array(credentials.password.utf8), key: key)
    }

    /// The version the password had when it was found right; the caller compares it with today's.
    func version(_ digest: SM3Digest, at now: Instant) -> Int64? {
        state.withLock { state in
            guard let entry = state.entries[digest], now < entry.until else { return nil }
            return entry.passwordVersion
        }
    }

    /// Verifies, or waits for the verification of the same name and password that is under way.
    func once(
        _ digest: SM3Digest, from address: String, at now: Instant,
        _ verify: @escaping @Sendable () async throws -> Authenticator.Verdict
    ) async throws -> SignInOutcome {
        let attempt = Attempt(digest: digest, address: address)
        let task = state.withLock { state in
            if let task = state.underWay[attempt] { return task }
            let task = Task { [self] in
                let result: Result<Authenticator.Verdict, any Error>
                do { result = .success(try await verify()) } catch { result = .failure(error) }
                note(attempt, try? result.get().passwordVersion, at: now)
                return try result.get()
            }
            state.underWay[attempt] = task
            return task
        }
        return try await task.value.outcome
    }

    private func note(_ attempt: Attempt, _ passwordVersion: Int64?, at now: Instant) {
        state.withLock { state in
            state.underWay[attempt] = nil
            if state.entries.count > Self.sweepCount { state.entries = state.entries.filter { now < $0.value.until } }
            guard let passwordVersion else { return }
            state.entries[attempt.digest] = Entry(
                passwordVersion: passwordVersion, until: now.advanced(bySeconds: lifetimeSeconds))
        }
    }
}
