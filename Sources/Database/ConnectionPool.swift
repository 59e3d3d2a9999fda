import Dispatch
import Synchronization

/// Lends connections out, each to one borrower at a time, first come first served.
///
/// Waiting never holds a thread of Swift's cooperative pool: an asynchronous borrower runs on a queue of its own that is
/// backed by threads of the system.
///
/// - Parameter Line: a driver's way to the database, used by one thread at a time.
package final class ConnectionPool<Line>: Sendable {
    private struct State {
        var idle: [Lent]
        var waiting: [@Sendable (Lent) -> Void] = []
        /// The first in `waiting` whose turn has not come.
        var next = 0
    }

    /// A connection and the queue it is used on. Unchecked: whoever holds one got it through the lock, alone.
    package final class Lent: @unchecked Sendable {
        package let connection: Line
        let queue: DispatchQueue

        package init(_ connection: Line, label: String) {
            self.connection = connection
            queue = DispatchQueue(label: label)
        }
    }

    private let state: Mutex<State>

    package init(_ connections: [Lent]) { state = Mutex(State(idle: connections)) }

    /// Runs `body` with a connection on a thread of the system, and resumes the caller with what came of it.
    package func use<T: Sendable>(_ body: @escaping @Sendable (Line) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            borrow { lent in
                lent.queue.async {
                    let result = Result { try body(lent.connection) }
                    self.giveBack(lent)
                    continuation.resume(with: result)
                }
            }
        }
    }

    /// Runs `body` with a connection on the calling thread, which waits while all are lent.
    package func useBlocking<T>(_ body: (Line) throws -> T) throws -> T {
        let slot = Slot()
        borrow { lent in
            slot.lent.withLock { $0 = lent }
            slot.isFilled.signal()
        }
        slot.isFilled.wait()
        guard let lent = slot.lent.withLock({ $0 }) else { throw DatabaseError.other(code: 0, detail: "no connection") }
        defer { giveBack(lent) }
        return try body(lent.connection)
    }

    private final class Slot: Sendable {
        let lent = Mutex<Lent?>(nil)
        let isFilled = DispatchSemaphore(value: 0)
    }

    private func borrow(_ receive: @escaping @Sendable (Lent) -> Void) {
        let lent = state.withLock { state -> Lent? in
            if let lent = state.idle.popLast() { return lent }
            state.waiting.append(receive)
            return nil
        }
        if let lent { receive(lent) }
    }

    private func giveBack(_ lent: Lent) {
        let next = state.withLock { state -> (@Sendable (Lent) -> Void)? in
            guard state.next < state.waiting.count else {
                state.waiting = []
                state.next = 0
                state.idle.append(lent)
                return nil
            }
            let next = state.waiting[state.next]
            state.next += 1
            if state.next == 1000 {
                state.waiting.removeFirst(state.next)
                state.next = 0
            }
            return next
        }
        next?(lent)
    }
}
