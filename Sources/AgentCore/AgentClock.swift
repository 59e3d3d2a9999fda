import Glibc
public import SurveillanceKit

/// The time of day, and a clock that nobody sets, by which the agent measures.
public struct AgentClock: Sendable {
    public var now: @Sendable () -> Instant
    /// Milliseconds, also while the machine sleeps.
    public var uptime: @Sendable () -> Int64

    public init(now: @escaping @Sendable () -> Instant, uptime: @escaping @Sendable () -> Int64) {
        self.now = now
        self.uptime = uptime
    }

    /// China has one time zone; a static program knows no others.
    public static let secondsEastOfUTC = 8 * 3600

    public static let system = AgentClock(
        now: { Instant(milliseconds: milliseconds(CLOCK_REALTIME)) }, uptime: { milliseconds(CLOCK_BOOTTIME) })

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// `2026-11-30` where the hospital is.
    static func day(_ instant: Instant) -> String {
        String(instant.civil(secondsEastOfUTC: secondsEastOfUTC).prefix(10))
    }
}
