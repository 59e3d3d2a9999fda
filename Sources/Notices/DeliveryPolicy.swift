public import SurveillanceKit

/// When messages are handed over, and how often it is tried.
public struct DeliveryPolicy: Hashable, Sendable {
    /// The hours of the day in which nobody is disturbed; nil for none. Logs are written all the same.
    public var quietHours: QuietHours?
    /// How many messages a notifier is handed within any 60 seconds.
    public var perMinute = 60
    /// How often a message is tried before it has failed.
    public var mostTries = 10
    /// How long a claim holds that is not ended: longer than any notifier takes.
    public var holdMilliseconds: Int64 = 300_000
    /// After so many failures in a row a notifier is left alone for a minute, so that the others have their turn.
    public var mostFailuresInARow = 3
    let pauseMilliseconds: Int64 = 60_000

    public init() {}

    /// Milliseconds until the next try: half a minute, then twice as long each time, two hours at most.
    static func wait(afterTry tries: Int) -> Int64 { min(30_000 << Int64(max(0, min(tries - 1, 10))), 7_200_000) }
}

/// Hours of the day in which nobody is disturbed, in a zone without changes of its clocks.
public struct QuietHours: Hashable, Sendable {
    /// Minutes after midnight. The end is the first minute that is not quiet; one before the start is on the next day.
    public var from: Int
    public var to: Int
    /// The zone's distance from UTC in minutes: 480 in China.
    public var offsetMinutes: Int

    /// - Parameters:
    ///   - from: `21:30`.
    /// - Returns: nil where one is no time of day, or both are the same.
    public init?(from: String, to: String, offsetMinutes: Int = 480) {
        guard let start = QuietHours.minutes(from), let end = QuietHours.minutes(to), start != end else { return nil }
        (self.from, self.to, self.offsetMinutes) = (start, end, offsetMinutes)
    }

    private static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), hours < 24, minutes < 60
        else { return nil }
        return hours * 60 + minutes
    }

    /// The end of the quiet hours that hold at a moment; nil where none do.
    public func end(at now: Instant) -> Instant? {
        let day: Int64 = 86_400_000
        let local = now.milliseconds + Int64(offsetMinutes) * 60_000
        let midnight = local - (local % day + day) % day
        let (start, end) = (Int64(from) * 60_000, Int64(to) * 60_000)
        let sinceMidnight = local - midnight
        let ending: Int64
        if start < end {
            guard sinceMidnight >= start, sinceMidnight < end else { return nil }
            ending = end
        } else if sinceMidnight >= start {
            ending = end + day
        } else if sinceMidnight < end {
            ending = end
        } else {
            return nil
        }
        return Instant(milliseconds: midnight + ending - Int64(offsetMinutes) * 60_000)
    }
}
