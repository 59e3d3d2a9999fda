public import SurveillanceKit

/// All that one audience has ever been shown of regions outside of its own scope, and the only way to show it more.
///
/// Readers outside are served from weekly snapshots. When a week is published again, each cell is shown anew only where nothing can be
/// subtracted to a small count, neither within the snapshot nor from an earlier one; otherwise the last number that was shown stays, with
/// the moment as of which it was known. What was shown is never taken back: a reader may have kept it.
///
/// Kept by audience: those who see the same share a ledger. It is a value that can be encoded; a moment is milliseconds since 1970.
public struct PublicationLedger: Sendable, Codable, Hashable {
    private var weeks: [String: PublishedWeek] = [:]

    public init() {}

    /// Publishes a week as it was known at a moment, and keeps what was shown. The same moment again changes nothing.
    ///
    /// - Throws: where the counts do not hold together, or were published for other regions or groups; the ledger is as it was.
    /// - Complexity: O(cells + hidden cells × leaves × parts × groups).
    public mutating func publish(_ counts: WeekCounts, asOf: Instant) throws(PublicationError) {
        try counts.check()
        let key = counts.week.key
        var week = weeks[key] ?? PublishedWeek(regions: counts.regions)
        if let last = week.versions.last?.moments.last {
            if last == asOf.milliseconds { return }
            guard last < asOf.milliseconds else { throw .notLater(week: key) }
        }
        guard week.regions == counts.regions else { throw .otherRegions(week: key) }
        let decided = decision(on: counts, after: week)
        let shown = decided.tables.mapValues { table in
            zip(table.states, table.values).map { $0 == .shown ? $1 : nil }
        }
        for (table, cells) in shown {
            guard week.versions.allSatisfy({ ($0.shown[table]?.count ?? cells.count) == cells.count }) else {
                throw .otherGroups(week: key, table: table)
            }
        }
        week.add(
            shown, deducible: decided.tables.mapValues(\.deducible).filter { !$0.value.isEmpty }, asOf.milliseconds)
        weeks[key] = week
    }

    /// What may be shown of a week, beside all that was shown of it.
    func decision(on counts: WeekCounts, after week: PublishedWeek) -> WeekSuppression {
        WeekSuppression(counts, earlier: week.versions.map { version in { version.known($0.table, $0.place) } })
    }

    func published(_ week: FigurePeriod) -> PublishedWeek? { weeks[week.key] }

    /// As of when a figure may be shown that is made of some cells: the latest snapshot in which all of them were shown together.
    ///
    /// - Parameters:
    ///   - cells: a count's own; a share's denominator and numerator; of a mean, a sum or a percentile the records behind it.
    ///   - moment: no later than this.
    /// - Returns: nil where the figure is hidden, or the week was not published yet. The audience's own regions need no ledger.
    public func moment(showing cells: [PublishedCell], in week: FigurePeriod, noLaterThan moment: Instant? = nil)
        -> Instant?
    {
        guard !cells.isEmpty, let published = weeks[week.key] else { return nil }
        let latest = moment?.milliseconds ?? .max
        for version in published.versions.reversed() {
            guard let known = version.moments.last(where: { $0 <= latest }) else { continue }
            guard cells.allSatisfy({ published.isShown($0, in: version) }) else { continue }
            return Instant(milliseconds: known)
        }
        return nil
    }

    /// What a snapshot showed of a cell: the number without the audience's own records; nil where it was not shown then.
    ///
    /// - Parameter moment: one that `moment(showing:in:)` has answered.
    public func count(of cell: PublishedCell, in week: FigurePeriod, at moment: Instant) -> Int64? {
        guard let published = weeks[week.key],
            let version = published.versions.last(where: { $0.moments.contains(moment.milliseconds) })
        else { return nil }
        return published.count(of: cell, in: version)
    }

    /// The regions for which a week was published, and for which alone it may be published again; nil where it was not.
    public func regions(of week: FigurePeriod) -> PublicationRegions? { weeks[week.key]?.regions }
}

/// A cell of a table of counts.
public struct PublishedCell: Hashable, Sendable {
    public var population: String
    public var region: String
    /// Nil for the whole population.
    public var dimension: String?
    /// The place of the group in the dimension.
    public var group: Int

    public init(_ population: String, region: String, dimension: String? = nil, group: Int = 0) {
        self.population = population
        self.region = region
        self.dimension = dimension
        self.group = group
    }
}

/// What was shown of a week.
struct PublishedWeek: Sendable, Codable, Hashable {
    var regions: PublicationRegions
    /// In the order of time.
    var versions: [Version] = []

    struct Version: Sendable, Codable, Hashable {
        /// The snapshots that show exactly this.
        var moments: [Int64]
        /// By table, node and group: the number that was shown, without the audience's own; nil where it was not.
        var shown: [String: [Int64?]]
        /// What was not shown and yet may be worked out.
        var deducible: [String: [Int: Int64]]

        func known(_ table: String, _ place: Int) -> Int64? {
            guard let cells = shown[table], cells.indices.contains(place) else { return nil }
            return cells[place] ?? deducible[table]?[place]
        }
    }

    init(regions: PublicationRegions) { self.regions = regions }

    mutating func add(_ shown: [String: [Int64?]], deducible: [String: [Int: Int64]], _ moment: Int64) {
        if let last = versions.last, last.shown == shown, last.deducible == deducible {
            versions[versions.count - 1].moments.append(moment)
        } else {
            versions.append(Version(moments: [moment], shown: shown, deducible: deducible))
        }
    }

    func isShown(_ cell: PublishedCell, in version: Version) -> Bool { count(of: cell, in: version) != nil }

    /// The number that a version shows of a cell, without the audience's own; nil where it shows none.
    func count(of cell: PublishedCell, in version: Version) -> Int64? {
        guard let node = regions.place(of: cell.region), !cell.region.hasSuffix(PublicationRegions.rest),
            let cells = version.shown[WeekSuppression.key(cell.population, cell.dimension)]
        else { return nil }
        let width = cells.count / regions.nodes.count
        guard (0..<width).contains(cell.group) else { return nil }
        return cells[node * width + cell.group]
    }
}
