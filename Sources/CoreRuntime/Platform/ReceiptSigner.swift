import Intake
import SurveillanceKit
import Synchronization

/// Signs receipts while nothing else is to be done: the work of the recurring job `receipts`.
///
/// A signature costs as much processor time as checking a small package, and nobody waits for it: a receipt that is asked for before it
/// is signed is signed then. So it gives way to everything that comes in.
final class ReceiptSigner: Sendable {
    private let data: DataFolder
    private let schedule: Schedule
    private let now: @Sendable () -> Instant
    private let state = Mutex(State())

    fileprivate struct State {
        /// Counts what has moved, so that signing knows whether it was quiet.
        var moves = 0
        /// What had moved when signing was last asked for.
        var movesWhenAsked = 0
        var isAsked = false
    }

    /// For how many milliseconds nothing must have moved.
    private static let quiet: Int64 = 250

    init(_ data: DataFolder, _ schedule: Schedule, now: @escaping @Sendable () -> Instant) {
        self.data = data
        self.schedule = schedule
        self.now = now
    }

    /// Something came in or was finished: signing waits until it is quiet again.
    func somethingMoved() {
        let asks = state.withLock { state in
            state.moves += 1
            return state.ask()
        }
        if asks { askAgain() }
    }

    /// Signs what has been issued, as long as nothing moves; what is left is signed when it is quiet again.
    func sign() async throws -> Schedule.Ending {
        let moves = state.withLock { state -> Int? in
            state.isAsked = false
            guard state.moves == state.movesWhenAsked else {
                _ = state.ask()
                return nil
            }
            return state.moves
        }
        guard let moves else {
            askAgain()
            return .notNow
        }
        _ = try await data.receipts.signPending(in: data.database) { [self] in
            !Task.isCancelled && state.withLock(\.moves) == moves
        }
        return .done
    }

    private func askAgain() { schedule.ask(.receipts, at: now().advanced(by: Self.quiet)) }
}

extension ReceiptSigner.State {
    /// Returns false where signing has been asked for already.
    fileprivate mutating func ask() -> Bool {
        guard !isAsked else { return false }
        isAsked = true
        movesWhenAsked = moves
        return true
    }
}
