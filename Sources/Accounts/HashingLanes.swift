import Dispatch
import Synchronization

/// Runs password hashes on a few threads of their own, first come first served.
///
/// A hash takes some 30 ms and 19 MiB: on the threads that serve requests a crowd at the sign-in would hold everything
/// else up.
final class HashingLanes: Sendable {
    private struct State {
        var next = 0
        var waiting = 0
        var total = 0
    }

    private let lanes: [DispatchQueue]
    private let state = Mutex(State())

    init(count: Int = 2) { lanes = (0..<max(1, count)).map { DispatchQueue(label: "accounts.hashing.\($0)") } }

    /// How many hashes are wanted and not yet done.
    var waiting: Int { state.withLock { $0.waiting } }

    /// How many hashes were ever wanted.
    var total: Int { state.withLock { $0.total } }

    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        let lane = state.withLock { state in
            state.waiting += 1
            state.total += 1
            state.next = (state.next + 1) % lanes.count
            return lanes[state.next]
        }
        defer { state.withLock { $0.waiting -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            lane.async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
