public import Indicators
public import Reporting
public import SurveillanceKit

/// Which figures of one definition are asked for.
public struct FigureQuery: Sendable {
    /// Days of events, both included.
    public var days: ClosedRange<CivilDate>
    /// Whose records count.
    public var scope: Scope
    /// What the one who asks may see: nothing outside of it counts, whatever `scope` says.
    public var overseen: Scope
    /// As they were known at that instant; nil for now.
    public var asOf: Instant?
    public var by: FigurePeriod.Kind?
    /// The program's dimensions by which they are split, by id.
    public var dimensions: [String]
    public var place: PlaceSplit?
    public var splitsByLevel: Bool
    /// For a dimension the groups that count, by id; all of one that is not named.
    public var groups: [String: Set<String>]
    /// Levels that count; nil for all.
    public var levels: Set<Institution.Level>?

    public init(
        days: ClosedRange<CivilDate>, scope: Scope = .nation, overseen: Scope = .nation, asOf: Instant? = nil,
        by: FigurePeriod.Kind? = nil,
        dimensions: [String] = [], place: PlaceSplit? = nil, splitsByLevel: Bool = false,
        groups: [String: Set<String>] = [:], levels: Set<Institution.Level>? = nil
    ) {
        self.days = days
        self.scope = scope
        self.overseen = overseen
        self.asOf = asOf
        self.by = by
        self.dimensions = dimensions
        self.place = place
        self.splitsByLevel = splitsByLevel
        self.groups = groups
        self.levels = levels
    }

    public enum PlaceSplit: Hashable, Sendable {
        /// By the first digits of GB/T 2260: 2 a province, 4 a prefecture, 6 a county.
        case region(digits: Int)
        /// By what a table says of each province: south and north.
        case zone([String: String])
        case institution
    }

    /// So many cells are worked out at most.
    public static let mostCells = 4_000_000
}

/// The sums behind one figure.
public struct FigureCell: Sendable {
    /// The first day of the period; the first day asked for where time is not split.
    public var day: CivilDate
    /// Ids of groups, in the order of `FigureQuery.dimensions`.
    public var groups: [String]
    /// The region's digits, the zone, or the institution's code; empty where places are not split, or not known.
    public var place: String
    public var level: Institution.Level?
    public var numerator: Int64
    public var denominator: Int64
    /// How many records have a value, of a definition that keeps values.
    public internal(set) var valueCount: Int64 = 0
    /// Its groups and its place: the number of the groups times the number of places, and that of the place.
    var number: Int32 = 0
    /// Of a definition that keeps values; empty where the figure was known already.
    var values = CountedValues()
    /// The figure where it was worked out before, from the same values.
    var known: Figure?

    public func figure(_ indicator: Indicator) -> Figure {
        if let known { return known }
        guard indicator.keepsValues else {
            return Figure(indicator, FigureSums(numerator: numerator, denominator: denominator))
        }
        return Figure(indicator, values: values)
    }
}

public struct Figures: Sendable {
    /// In the order of period, groups, place and level; those of which nothing is known are left out.
    public var cells: [FigureCell]
    /// What is counted of records whose day is empty or impossible, over all time.
    public var withoutDay: (numerator: Int64, denominator: Int64)
    /// The institutions whose figures are not worked out by the present declarations yet.
    public var outdated: Int
}

/// A part of the difference between what was known at two instants.
public struct FigureChange: Hashable, Sendable {
    /// The institution's code.
    public var institution: String
    public var at: Instant
    /// Which submission was stored or taken back; nil where that is not known any more.
    public var submission: String?
    public var isWithdrawal: Bool
    public var kind: ChangeKind
    /// By how much the numerator, or the number of values, has moved.
    public var numerator: Int64
    public var denominator: Int64
}
