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
        var task: Task<Void, Never>?
    }

    /// For how long nothing must have moved.
    private static let quiet = Duration.milliseconds(250)

    init(_ data: DataFolder, report: @escaping @Sendable (String) -> Void) {
        self.data = data
        self.report = report
    }

    /// Something came in or was finished: signing waits until it is quiet again.
    func somethingMoved() {
        state.withLock { state in
            state.moves += 1
            guard !state.isAwake, !state.isStopped else { return }
            state.isAwake = true
            // Waiting keeps nothing of the deployment open.
            state.task = Task { [weak self] in
                while let moves = self?.state.withLock(\.moves) {
                    do { try await Task.sleep(for: Self.quiet) } catch { return }
                    guard await self?.sign(unmovedSince: moves) == false else { return }
                }
            }
        }
    }

    /// Ends within a few signatures; what is left is signed by the next run.
    func stop() async {
        let task = state.withLock { state in
            state.isStopped = true
            return state.task
        }
        task?.cancel()
        await task?.value
    }

    /// Whether there is nothing more to do until something moves.
    private func sign(unmovedSince moves: Int) async -> Bool {
        if isUnmoved(since: moves) {
            do {
                _ = try await data.receipts.signPending(in: data.database) { [self] in isUnmoved(since: moves) }
            } catch {
                report("receipts could not be signed: \(error)")
            }
        }
        return state.withLock { state in
            let isOver = state.isStopped || state.moves == moves
            if isOver { state.isAwake = false }
            return isOver
        }
    }

    private func isUnmoved(since moves: Int) -> Bool { state.withLock { !$0.isStopped && $0.moves == moves } }
}
