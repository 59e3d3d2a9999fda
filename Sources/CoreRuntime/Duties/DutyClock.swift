import Accounts
import SurveillanceKit
import Synchronization

/// For which moment obligations are judged, and when what arrives was received: never an earlier one than before.
///
/// A clock that is set by up to a day is believed, but time does not go back: until the clock has caught up, the latest moment is taken.
/// One that is set by more than a day is believed when `ClockWatch` believes it; until then time goes on by the processor's own clock.
/// Either is noted once, for the audit trail and the administrators' pages.
final class DutyClock: Sendable {
    /// The clock was set: what it should have shown, and what it shows.
    struct Setting: Hashable, Sendable {
        var expected: Instant
        var shown: Instant
    }

    private struct State {
        /// The clock and the processor's own at the last look.
        var shown: Instant
        var upMilliseconds: Int64
        /// For judging, at the last look.
        var judged: Instant
        var received: Instant
        var settings: [Setting] = []
        var lastSetting: Setting?
    }

    private let wall: @Sendable () -> Instant
    private let upMilliseconds: @Sendable () -> Int64
    private let isBelieved: @Sendable (Instant) -> Bool
    private let state: Mutex<State>

    private static let day: Int64 = 86_400_000
    /// What a clock may be corrected by without a word.
    private static let tolerance: Int64 = 60_000

    /// - Parameters:
    ///   - known: the latest moment that the store knows of.
    ///   - isBelieved: whether the clock may be believed after it was set by more than a day.
    init(
        _ wall: @escaping @Sendable () -> Instant, known: Instant? = nil,
        upMilliseconds: @escaping @Sendable () -> Int64 = DutyClock.upMilliseconds,
        isBelieved: @escaping @Sendable (Instant) -> Bool = { _ in true }
    ) {
        self.wall = wall
        self.upMilliseconds = upMilliseconds
        self.isBelieved = isBelieved
        let now = wall()
        var start = now
        if let known, known > now, known.milliseconds(since: now) <= DutyClock.day { start = known }
        state = Mutex(State(shown: now, upMilliseconds: upMilliseconds(), judged: start, received: start))
    }

    static let upMilliseconds: @Sendable () -> Int64 = {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    private static let start = ContinuousClock.now

    /// The moment for which obligations are judged.
    func now() -> Instant {
        look()
        return state.withLock(\.judged)
    }

    /// The moment at which something has been received: receipts stay in the order in which they came.
    func received() -> Instant {
        let now = wall()
        return state.withLock { state in
            let isBack = now < state.received && state.received.milliseconds(since: now) <= DutyClock.day
            state.received = isBack ? state.received : now
            return state.received
        }
    }

    /// Settings that nobody has been told of.
    func takeSettings() -> [Setting] {
        state.withLock { state in
            defer { state.settings = [] }
            return state.settings
        }
    }

    /// The last one of up to a day, while it was less than a day ago; of longer ones `ClockWatch` speaks.
    func recentSetting() -> Setting? {
        let now = wall()
        return state.withLock(\.lastSetting).flatMap {
            abs(now.milliseconds(since: $0.shown)) < DutyClock.day
                && abs($0.shown.milliseconds(since: $0.expected)) <= DutyClock.day ? $0 : nil
        }
    }

    private func look() {
        let (now, up) = (wall(), upMilliseconds())
        let (judged, isFar) = state.withLock { state in
            let elapsed = max(0, up - state.upMilliseconds)
            let expected = state.shown.advanced(by: elapsed)
            if abs(now.milliseconds(since: expected)) > DutyClock.tolerance {
                let setting = Setting(expected: expected, shown: now)
                state.settings.append(setting)
                state.lastSetting = setting
            }
            let judged = state.judged.advanced(by: elapsed)
            (state.shown, state.upMilliseconds, state.judged) = (now, up, max(state.judged, min(now, judged)))
            let isFar = abs(now.milliseconds(since: judged)) > DutyClock.day
            if isFar { state.judged = judged } else { state.judged = max(state.judged, now) }
            return (state.judged, isFar)
        }
        // It asks the database, so it is asked only then, and without the lock.
        guard isFar, isBelieved(now) else { return }
        state.withLock { if $0.judged == judged { $0.judged = now } }
    }
}
