/// A moment, in milliseconds since 1970-01-01 UTC.
public struct Instant: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// - Parameter seconds: since 1970-01-01 UTC; those beyond the range of an instant become its end.
    public init(seconds: Int64) {
        let (product, isBeyond) = seconds.multipliedReportingOverflow(by: 1000)
        milliseconds = isBeyond ? (seconds < 0 ? .min : .max) : product
    }

    /// Later than every other: until when the current version of a record is the known one.
    public static let distantFuture = Instant(milliseconds: .max)

    public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    /// Seconds since 1970-01-01 UTC, rounded down.
    public var seconds: Int64 { (milliseconds - (milliseconds % 1000 + 1000) % 1000) / 1000 }

    /// The moment this many milliseconds later, or earlier where they are negative; never beyond the range of an instant.
    public func advanced(by milliseconds: Int64) -> Instant {
        let (sum, isBeyond) = self.milliseconds.addingReportingOverflow(milliseconds)
        return Instant(milliseconds: isBeyond ? (milliseconds < 0 ? .min : .max) : sum)
    }

    public func advanced(bySeconds seconds: Int64) -> Instant {
        advanced(by: Instant(seconds: seconds).milliseconds)
    }

    public func advanced(byDays days: Int) -> Instant {
        let (seconds, isBeyond) = Int64(days).multipliedReportingOverflow(by: 86_400)
        return advanced(bySeconds: isBeyond ? (days < 0 ? .min : .max) : seconds)
    }

    /// Milliseconds from another moment to this one; negative where the other is later.
    public func milliseconds(since other: Instant) -> Int64 {
        let (difference, isBeyond) = milliseconds.subtractingReportingOverflow(other.milliseconds)
        return isBeyond ? (self < other ? .min : .max) : difference
    }

    /// Whole seconds to wait from another moment to this one, rounded up; at least 1, also where it has passed.
    public func secondsToWait(from other: Instant) -> Int64 {
        let (seconds, rest) = milliseconds(since: other).quotientAndRemainder(dividingBy: 1000)
        return max(1, rest > 0 ? seconds + 1 : seconds)
    }
}

/// Coded as its number of milliseconds.
extension Instant: Codable {
    public init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}
