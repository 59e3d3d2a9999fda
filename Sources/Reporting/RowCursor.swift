import Synchronization

/// Counts the rows that were taken.
final class RowCursor: Sendable {
    private let count: Int
    private let taken = Mutex(0)

    init(_ count: Int) { self.count = count }

    func next() -> Int? {
        taken.withLock { taken in
            guard taken < count else { return nil }
            taken += 1
            return taken - 1
        }
    }
}
