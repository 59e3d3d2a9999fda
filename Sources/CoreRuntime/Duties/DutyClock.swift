import SurveillanceKit
import Synchronization

/// For which moment obligations are judged: never an earlier one than before, as long as the clock may be believed.
final class DutyClock: Sendable {
    private let wall: @Sendable () -> Instant
    private let highest = Mutex<Instant?>(nil)

    init(_ wall: @escaping @Sendable () -> Instant) { self.wall = wall }

    func now() throws -> Instant {
        let now = wall()
        return highest.withLock { highest in
            guard let last = highest, now < last, last.milliseconds(since: now) <= 86_400_000 else {
                highest = now
                return now
            }
            return last
        }
    }
}
