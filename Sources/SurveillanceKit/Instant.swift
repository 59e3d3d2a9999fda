/// A moment, in milliseconds since 1970-01-01 UTC.
public struct Instant: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Later than every other: until when the current version of a record is the known one.
    public static let distantFuture = Instant(milliseconds: .max)

    public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }
}
