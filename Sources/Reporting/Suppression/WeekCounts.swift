public import SurveillanceKit

/// What was counted in one week, as the audience's tables are made of it: every number at the leaves of the audience's regions.
public struct WeekCounts: Sendable {
    public var week: FigurePeriod
    public var regions: PublicationRegions
    /// The one dimension by which parts are split too: positivity by age group. Others split whole populations alone.
    public var jointDimension: String?
    public var populations: [Population]

    public init(
        week: FigurePeriod, regions: PublicationRegions, jointDimension: String? = nil, populations: [Population]
    ) {
        self.week = week
        self.regions = regions
        self.jointDimension = jointDimension
        self.populations = populations
    }
}

/// Records that are counted together, and what they are divided into: visits; of these those that were tested; of these the positive.
public struct Population: Sendable {
    /// Unique among the populations of a program, and the same every week.
    public var id: String
    /// By the leaves of the regions, in their order.
    public var total: [Int64]
    /// By dimension: for each leaf the counts of its groups, which add up to its total.
    public var groups: [String: [[Int64]]]
    /// Ways to divide it: in each the parts add up to the whole.
    public var splits: [[Population]]

    public init(_ id: String, total: [Int64], groups: [String: [[Int64]]] = [:], splits: [[Population]] = []) {
        self.id = id
        self.total = total
        self.groups = groups
        self.splits = splits
    }

    /// Divides it into a part and all that is no part of it, as a share does.
    ///
    /// The rest's id is the part's with `PublicationRegions.rest`; a part that is larger than the whole is refused when it is published.
    public mutating func split(into part: Population, restSplits: [[Population]] = []) {
        var rest = Population(part.id + PublicationRegions.rest, total: zip(total, part.total).map { $0 &- $1 })
        for (dimension, own) in groups {
            guard let taken = part.groups[dimension] else { continue }
            rest.groups[dimension] = zip(own, taken).map { zip($0, $1).map { $0 &- $1 } }
        }
        rest.splits = restSplits
        splits.append([part, rest])
    }
}

/// Why a week cannot be published to an audience.
public enum PublicationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Outsiders are told of weeks only: a month that ends within a week would give its days away.
    case notAWeek(String)
    /// Counts that are negative, or as many as there are no leaves.
    case badCounts(population: String)
    /// The groups or parts of a population do not add up to it.
    case doesNotAddUp(population: String, dimension: String?)
    /// A part is split by another dimension than the joint one.
    case partSplit(population: String, dimension: String)
    case repeatedPopulation(String)
    /// Published already, later than this.
    case notLater(week: String)
    case otherRegions(week: String)
    case otherGroups(week: String, table: String)

    public var description: String {
        switch self {
        case .notAWeek(let key): "\(key): only ISO weeks are published outside of a reader's own scope"
        case .badCounts(let id): "population '\(id)': it needs a count for each leaf, and none below 0"
        case .doesNotAddUp(let id, let dimension):
            "population '\(id)': its \(dimension.map { "groups of '\($0)'" } ?? "parts") do not add up to it; count what belongs to none, too"
        case .partSplit(let id, let dimension):
            "population '\(id)' is a part: split it by the joint dimension only, not by '\(dimension)'"
        case .repeatedPopulation(let id): "population '\(id)' is there twice: give each an id of its own"
        case .notLater(let week):
            "\(week) was published already as of this moment or later: publish in the order of time"
        case .otherRegions(let week): "\(week) was published for other regions; what was shown stays"
        case .otherGroups(let week, let table):
            "\(week): '\(table)' was published with other groups; what was shown stays"
        }
    }
}

extension WeekCounts {
    /// Holds the counts against what the rules rest on.
    func check() throws(PublicationError) {
        guard week.kind == .week else { throw .notAWeek(week.key) }
        var seen: Set<String> = []
        for population in populations { try check(population, isPart: false, &seen) }
    }

    private func check(_ population: Population, isPart: Bool, _ seen: inout Set<String>) throws(PublicationError) {
        let id = population.id
        guard seen.insert(id).inserted else { throw .repeatedPopulation(id) }
        guard population.total.count == regions.leaves.count, population.total.allSatisfy({ $0 >= 0 }) else {
            throw .badCounts(population: id)
        }
        for (dimension, counts) in population.groups {
            if isPart, dimension != jointDimension { throw .partSplit(population: id, dimension: dimension) }
            guard counts.count == population.total.count, counts.allSatisfy({ $0.allSatisfy { $0 >= 0 } }) else {
                throw .badCounts(population: id)
            }
            guard zip(counts, population.total).allSatisfy({ $0.reduce(0, +) == $1 }),
                Set(counts.map(\.count)).count <= 1
            else { throw .doesNotAddUp(population: id, dimension: dimension) }
        }
        for parts in population.splits {
            for part in parts { try check(part, isPart: true, &seen) }
            for (leaf, whole) in population.total.enumerated() {
                guard parts.reduce(0, { $0 + $1.total[leaf] }) == whole else {
                    throw .doesNotAddUp(population: id, dimension: nil)
                }
            }
            guard let dimension = jointDimension else { continue }
            // Split by the joint dimension are all parts or none, and then group by group.
            let split = parts.compactMap { $0.groups[dimension] }
            guard split.isEmpty || split.count == parts.count && population.groups[dimension] != nil else {
                throw .doesNotAddUp(population: id, dimension: dimension)
            }
            for (leaf, groups) in (split.isEmpty ? [] : population.groups[dimension] ?? []).enumerated() {
                for (group, whole) in groups.enumerated() {
                    guard split.allSatisfy({ $0[leaf].count == groups.count }),
                        split.reduce(0, { $0 + $1[leaf][group] }) == whole
                    else { throw .doesNotAddUp(population: id, dimension: dimension) }
                }
            }
        }
    }
}
