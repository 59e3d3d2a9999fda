import Database
import IndicatorStore
import Indicators
import Reporting
import SurveillanceKit

/// What a snapshot knew of some weeks, counted at the leaves of an audience's regions without the audience's own records.
///
/// The audience's own leaf is left at 0: what is protected are the counts without it, and what it knows is never needed.
struct SnapshotCounts {
    struct Week {
        let week: FigurePeriod
        let regions: PublicationRegions
        /// Records were counted that belong to none of its leaves: the week cannot be published for these regions.
        var hasUnplaced = false
        /// By the digits of a region the number of its leaf, -1 where there is none.
        private var leaves: [String: Int] = [:]
        private let ids: [(prefix: String, isOwn: Bool)]
        private let isInstitution: Bool

        init(_ week: FigurePeriod, _ regions: PublicationRegions, scope: Scope) {
            self.week = week
            self.regions = regions
            if case .institution = scope { isInstitution = true } else { isInstitution = false }
            ids = regions.leaves.map { place in
                let node = regions.nodes[place]
                let rest = PublicationRegions.rest
                if node.id == PublicationRegions.nation + rest { return ("", node.isOwn) }
                return (
                    node.id.hasSuffix(rest) ? String(node.id.dropLast(rest.count)) : node.id, node.isOwn
                )
            }
        }

        var leafCount: Int { ids.count }

        func isOwn(_ leaf: Int) -> Bool { ids[leaf].isOwn }

        mutating func leaf(of region: String) -> Int? {
            if let known = leaves[region] { return known < 0 ? nil : known }
            let found = ids.firstIndex { id in
                // An institution's own leaf is named by its code.
                if isInstitution, id.isOwn { return false }
                return region.isEmpty ? id.prefix.isEmpty : !id.prefix.isEmpty && region.hasPrefix(id.prefix)
            }
            leaves[region] = found ?? -1
            return found
        }
    }

    private struct Key: Hashable {
        var indicator: String
        var dimension: String?
    }

    private(set) var weeks: [Week]
    /// Whether anything at all was known at the snapshot.
    private(set) var isKnown = false
    /// The indicators that are counts: their records are the numerator.
    private let counted: Set<String>
    /// By week, leaf and group, one after the other: numerators and denominators.
    private var sums: [Key: (groups: Int, numbers: [(numerator: Int64, denominator: Int64)])] = [:]

    /// - Parameter weeks: at least one, in order.
    init(
        _ weeks: [Week], _ plan: PublicationPlan, _ program: IndicatorProgram, _ desk: FigureDesk, scope: Scope,
        asOf: Instant, now: Instant, in connection: any Connection
    ) throws {
        self.weeks = weeks
        counted = Set(program.compiled.definitions.filter { $0.kind == .count }.map(\.indicator.id))
        guard let first = weeks.first?.week.first, let last = weeks.last?.week.last else { return }
        let places = Dictionary(uniqueKeysWithValues: weeks.enumerated().map { ($1.week.first, $0) })
        for (source, dimensions) in plan.sources {
            guard let definition = program.compiled.definition(source.indicator) else { continue }
            // Groups add up to the whole, so a whole is counted by itself only where it has none.
            for dimension in dimensions.isEmpty ? [nil] : dimensions.map(Optional.some) {
                let key = Key(indicator: source.indicator, dimension: dimension)
                guard sums[key] == nil else { continue }
                var query = FigureQuery(
                    days: first...last, asOf: asOf, by: .week, dimensions: dimension.map { [$0] } ?? [],
                    place: .region(digits: 6))
                let groups = dimension.map { Self.groups($0, program) } ?? [""]
                let positions = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1, $0) })
                var numbers: [[(numerator: Int64, denominator: Int64)]] = weeks.map {
                    Array(repeating: (0, 0), count: $0.leafCount * groups.count)
                }
                func add(_ query: FigureQuery, sign: Int64) throws {
                    let found: Figures
                    do {
                        found = try desk.store.figures(definition, of: program, query, now: now, in: connection)
                    } catch IndicatorError.beforeFirst { return }
                    isKnown = true
                    for cell in found.cells {
                        guard let week = places[cell.day], let group = positions[cell.groups.first ?? ""] else {
                            continue
                        }
                        guard let leaf = self.weeks[week].leaf(of: cell.place) else {
                            self.weeks[week].hasUnplaced = true
                            continue
                        }
                        guard !self.weeks[week].isOwn(leaf) else { continue }
                        numbers[week][leaf * groups.count + group].numerator += sign * cell.numerator
                        numbers[week][leaf * groups.count + group].denominator += sign * cell.denominator
                    }
                }
                try add(query, sign: 1)
                // A region's own leaf is left out; an institution's records are counted in its county's.
                if case .institution = scope {
                    query.scope = scope
                    try add(query, sign: -1)
                }
                sums[key] = (groups.count, numbers.flatMap(\.self))
            }
        }
    }

    /// The ids of a dimension's groups, with what belongs to none.
    static func groups(_ dimension: String, _ program: IndicatorProgram) -> [String] {
        let groups = program.compiled.program.dimensions.first { $0.id == dimension }?.groups.map(\.id) ?? []
        return groups + [IndicatorDimension.unknown]
    }

    /// One week's counts for a ledger.
    func counts(ofWeek number: Int, _ plan: PublicationPlan) -> WeekCounts {
        let week = weeks[number]
        return plan.counts(week.week, week.regions) { source, dimension in
            let found =
                sums[Key(indicator: source.indicator, dimension: dimension)]
                ?? sums.first { $0.key.indicator == source.indicator }?.value
            guard let (width, numbers) = found else { return (0..<week.leafCount).map { _ in [0] } }
            let start = weeks[..<number].reduce(0) { $0 + $1.leafCount } * width
            let isNumerator = source.side == .numerator || counted.contains(source.indicator)
            let cells = (0..<week.leafCount).map { leaf in
                numbers[(start + leaf * width)..<(start + (leaf + 1) * width)].map {
                    isNumerator ? $0.numerator : $0.denominator
                }
            }
            return dimension == nil ? cells.map { [$0.reduce(0, +)] } : cells
        }
    }
}
