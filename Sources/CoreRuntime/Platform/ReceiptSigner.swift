import Intake
import Synchronization

/// Signs receipts while nothing else is to be done.
///
/// A signature costs as much processor time as checking a small package, and nobody waits for it: a receipt that is asked for before it
/// is signed is signed then. So it gives way to everything that comes in.
final class ReceiptSigner: Sendable {
    private let data: DataFolder
    private let report: @Sendable (String) -> Void
    private let state = Mutex(State())

    private struct State {
        /// Counts what has moved, so that a wait knows whether it was quiet.
        var moves = 0
        var isAwake = false
        var isStopped = false
    }

    /// For how long nothing must have moved.
    private static let quiet = Duration.milliseconds(250)

    init(_ data: DataFolder, report: @escaping @Sendable (String) -> Void) {
        self.data = data
        self.report = report
    }

    /// Something came in or was finished: signing waits until it is quiet again.
    func somethingMoved() {
        let isNew = state.withLock { state in
            state.moves += 1
            defer { state.isAwake = true }
            return !state.isAwake && !state.isStopped
        }
        if isNew { Task { await signWhenQuiet() } }
    }

    /// What is left is signed by the next run.
    func stop() { state.withLock { $0.isStopped = true } }

    private func signWhenQuiet() async {
        while true {
            let moves = state.withLock(\.moves)
            do { try await Task.sleep(for: Self.quiet) } catch { return }
            if isUnmoved(since: moves) {
                do {
                    _ = try await data.receipts.signPending(in: data.database) { [self] in isUnmoved(since: moves) }
                } catch {
                    report("receipts could not be signed: \(error)")
                }
            }
            let isOver = state.withLock { state in
                let isOver = state.isStopped || state.moves == moves
                if isOver { state.isAwake = false }
                return isOver
            }
            if isOver { return }
        }
    }

    private func isUnmoved(since moves: Int) -> Bool { state.withLock { !$0.isStopped && $0.moves == moves } }
}
