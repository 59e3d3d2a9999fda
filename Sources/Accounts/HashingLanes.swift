import Dispatch
import Synchronization

/// Runs password hashes on a few threads of their own.
///
/// A hash takes some 30 ms and 19 MiB: on the threads that serve requests a crowd at the sign-in would hold everything else up, and
/// more at once would exhaust the memory. Accounts at a familiar address come first; the others take turns by address, so that
/// nobody waits for more than one hash of each other address.
final class HashingLanes: Sendable {
    /// Whose turn a hash is.
    enum Share: Hashable, Sendable {
        /// An account at an address where it has signed in before, and commands.
        case familiar
        case address(String)
    }

    private struct State {
        var idle: [DispatchQueue]
        var familiar: [@Sendable () -> Void] = []
        var addresses: [String: [@Sendable () -> Void]] = [:]
        /// The addresses that wait, the next one first.
        var turns: [String] = []
        /// Hashes of strange addresses that are wanted and not yet begun.
        var strangers = 0
        var total = 0

        mutating func enqueue(_ job: @escaping @Sendable () -> Void, _ share: Share) {
            total += 1
            switch share {
            case .familiar: familiar.append(job)
            case .address(let address):
                if addresses[address] == nil { turns.append(address) }
                addresses[address, default: []].append(job)
                strangers += 1
            }
        }

        mutating func next() -> (@Sendable () -> Void)? {
            if !familiar.isEmpty { return familiar.removeFirst() }
            guard !turns.isEmpty else { return nil }
            let address = turns.removeFirst()
            guard var jobs = addresses.removeValue(forKey: address), !jobs.isEmpty else { return nil }
            let job = jobs.removeFirst()
            if !jobs.isEmpty {
                addresses[address] = jobs
                turns.append(address)
            }
            strangers -= 1
            return job
        }
    }

    private let state: Mutex<State>

    init(count: Int = 2) {
        state = Mutex(State(idle: (0..<max(1, count)).map { DispatchQueue(label: "accounts.hashing.\($0)") }))
    }

    /// How many hashes of strange addresses are wanted and not yet begun.
    var strangersWaiting: Int { state.withLock { $0.strangers } }

    /// How many hashes were ever wanted.
    var total: Int { state.withLock { $0.total } }

    func run<Result: Sendable>(
        _ share: Share = .familiar, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let lane = state.withLock { state in
                state.enqueue({ continuation.resume(with: Swift.Result { try body() }) }, share)
                return state.idle.popLast()
            }
            if let lane { work(lane) }
        }
    }

    private func work(_ lane: DispatchQueue) {
        lane.async { [self] in
            while let job = takeOrRest(lane) { job() }
        }
    }

    private func takeOrRest(_ lane: DispatchQueue) -> (@Sendable () -> Void)? {
        state.withLock { state in
            if let job = state.next() { return job }
            state.idle.append(lane)
            return nil
        }
    }
}
