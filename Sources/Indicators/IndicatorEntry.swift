/// How a change moved one definition's figure for one day and one cell of dimensions.
public struct IndicatorEntry: Hashable, Sendable {
    /// The place of the definition among its program's.
    public var definition: Int32
    /// Days since 1970, or `noDay`.
    public var day: Int32
    /// The combination of groups, as `DimensionTable` counts them.
    public var cell: Int32
    /// Of a definition that keeps values the value; else 0.
    public var value: Int64
    /// The numerator; of a definition that keeps values how often the value occurs.
    public var first: Int64
    /// The denominator, or how many records stand behind a sum.
    public var second: Int64

    public init(definition: Int32, day: Int32, cell: Int32, value: Int64 = 0, first: Int64, second: Int64 = 0) {
        self.definition = definition
        self.day = day
        self.cell = cell
        self.value = value
        self.first = first
        self.second = second
    }

    /// Stands for the day of a record whose day is empty or impossible.
    public static let noDay = Int32.min
    /// 2000-01-01 to 2099-12-31: other days are impossible.
    public static let possibleDays: ClosedRange<Int64> = 10_957...47_481

    public static func isOrdered(_ left: IndicatorEntry, _ right: IndicatorEntry) -> Bool {
        (left.definition, left.day, left.cell, left.value) < (right.definition, right.day, right.cell, right.value)
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
