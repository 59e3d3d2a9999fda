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
}
