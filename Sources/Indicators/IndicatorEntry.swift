/// How a change moved one counter for one day and one cell of dimensions.
public struct IndicatorEntry: Hashable, Sendable {
    /// The place of the counter among its program's.
    public var counter: Int32
    /// Days since 1970, or `noDay`.
    public var day: Int32
    /// The combination of groups, as `DimensionTable` counts them.
    public var cell: Int32
    /// Of a counter that keeps values the value; else 0.
    public var value: Int64
    /// By how much; of a counter that keeps values how often the value occurs.
    public var amount: Int64

    public init(counter: Int32, day: Int32, cell: Int32, value: Int64 = 0, amount: Int64) {
        self.counter = counter
        self.day = day
        self.cell = cell
        self.value = value
        self.amount = amount
    }

    /// Stands for the day of a record whose day is empty or impossible.
    public static let noDay = Int32.min
    /// 2000-01-01 to 2099-12-31: other days are impossible.
    public static let possibleDays: ClosedRange<Int64> = 10_957...47_481

    /// Whether it differs in nothing but the amount.
    func matches(_ other: IndicatorEntry) -> Bool {
        counter == other.counter && day == other.day && cell == other.cell && value == other.value
    }

    public static func isOrdered(_ left: IndicatorEntry, _ right: IndicatorEntry) -> Bool {
        (left.counter, left.day, left.cell, left.value) < (right.counter, right.day, right.cell, right.value)
    }
}

/// Why figures moved.
public enum ChangeKind: Int, Hashable, Sendable, CaseIterable {
    /// Records that were not known before.
    case new
    /// Records that hold something else now, or whose children do.
    case correction
    /// Records that are no longer there.
    case withdrawal
}
