import Synchronization

/// How many requests are under way, and whether the server is to end when there are none.
final class Activity: Sendable {
    private let state = Mutex<(count: Int, wake: (@Sendable () -> Void)?)>((0, nil))

    var count: Int { state.withLock { $0.count } }
    var isEnding: Bool { state.withLock { $0.wake != nil } }

    func begin() { state.withLock { $0.count += 1 } }

    func end() {
        let wake = state.withLock {
            $0.count -= 1
            return $0.count == 0 ? $0.wake : nil
        }
        wake?()
    }

    func notifyWhenIdle(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }
}
