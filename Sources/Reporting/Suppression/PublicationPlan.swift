public import SurveillanceKit

/// Which populations the indicators of a program count, and which cells of them must be shown for a figure to be shown.
///
/// Records of one file type and event day are one population; what a condition takes of them is a part, and what a further condition takes of that is
/// a part of the part. Indicators that count the same records share a population, so that one cannot give the other away.
public struct PublicationPlan: Sendable {
    /// The dimension by which parts may be split.
    public let jointDimension: String?
    private var nodes: [Node] = []
    private var roots: [Int] = []
    private var places: [[String]: Int] = [:]
    private var figures: [String: [Int]] = [:]

    /// What is to be counted at each leaf.
    public struct Source: Hashable, Sendable {
        /// The indicator that counts it.
        public var indicator: String
        public var side: Side

        public enum Side: Hashable, Sendable {
            /// The records behind the value: of a share or ratio those of the denominator, otherwise those that have a value.
            case records
            /// The records of a share's numerator.
            case numerator
        }
    }

    private struct Node {
        var id: String
        var key: [String]
        var source: Source
        var dimensions: [String]
        var children: [Int] = []
    }

    public init(_ indicators: [Indicator], jointDimension: String? = nil) {
        self.jointDimension = jointDimension
        var wanted: [(key: [String], source: Source, dimensions: [String])] = []
        for indicator in indicators {
            let (records, part) = Self.keys(of: indicator)
            wanted.append((records, Source(indicator: indicator.id, side: .records), indicator.dimensions))
            guard let part else { continue }
            wanted.append((part, Source(indicator: indicator.id, side: .numerator), indicator.dimensions))
        }
        // Wholes before parts. Of those that count the same, one that can be split by the joint dimension.
        let joint = { (dimensions: [String]) in jointDimension.map(dimensions.contains) == true ? 0 : 1 }
        let order = wanted.indices.sorted {
            (wanted[$0].key.count, joint(wanted[$0].dimensions), $0)
                < (wanted[$1].key.count, joint(wanted[$1].dimensions), $1)
        }
        for entry in order.map({ wanted[$0] }) {
            if let place = places[entry.key] {
                figures[entry.source.indicator, default: []].append(place)
                continue
            }
            let parent = nodes.indices.filter { Set(nodes[$0].key).isStrictSubset(of: entry.key) }
                .max { nodes[$0].key.count < nodes[$1].key.count }
            nodes.append(
                Node(
                    id: "\(entry.source.indicator)\(entry.source.side == .records ? "" : "+")", key: entry.key,
                    source: entry.source, dimensions: entry.dimensions))
            places[entry.key] = nodes.count - 1
            figures[entry.source.indicator, default: []].append(nodes.count - 1)
            if let parent { nodes[parent].children.append(nodes.count - 1) } else { roots.append(nodes.count - 1) }
        }
    }

    /// What is counted, and by which dimensions besides as a whole.
    public var sources: [(source: Source, dimensions: [String])] {
        nodes.indices.map { (nodes[$0].source, dimensions(of: $0)) }
    }

    /// The cells on which a figure rests; nil where outsiders are not offered it.
    ///
    /// - Parameter group: the place of the group in the dimension.
    public func cells(of indicator: String, region: String, dimension: String? = nil, group: Int = 0)
        -> [PublishedCell]?
    {
        guard let places = figures[indicator] else { return nil }
        if let dimension, !places.allSatisfy({ dimensions(of: $0).contains(dimension) }) { return nil }
        return places.map { PublishedCell(nodes[$0].id, region: region, dimension: dimension, group: group) }
    }

    /// The week's counts for a ledger.
    ///
    /// - Parameter count: of a source, as a whole (nil) or by a dimension: for each leaf the counts of the groups, one where it is a whole.
    public func counts(
        _ week: FigurePeriod, _ regions: PublicationRegions,
        count: (_ source: Source, _ dimension: String?) throws -> [[Int64]]
    ) rethrows -> WeekCounts {
        WeekCounts(
            week: week, regions: regions, jointDimension: jointDimension,
            populations: try roots.map { try population($0, count) })
    }

    private func population(
        _ place: Int, _ count: (Source, String?) throws -> [[Int64]]
    ) rethrows -> Population {
        let node = nodes[place]
        var population = Population(node.id, total: try count(node.source, nil).map { $0.reduce(0, +) })
        for dimension in dimensions(of: place) { population.groups[dimension] = try count(node.source, dimension) }
        for child in node.children { population.split(into: try self.population(child, count)) }
        return population
    }

    /// A whole is split by every dimension of its indicator, a part by the joint one if its whole is.
    private func dimensions(of place: Int) -> [String] {
        let own = nodes[place].dimensions
        if roots.contains(place) { return own }
        guard let jointDimension, own.contains(jointDimension),
            let parent = nodes.firstIndex(where: { $0.children.contains(place) }),
            dimensions(of: parent).contains(jointDimension)
        else { return [] }
        return [jointDimension]
    }

    /// The conditions that take the records behind an indicator, and those of a share's numerator: sorted, each once.
    private static func keys(of indicator: Indicator) -> (records: [String], part: [String]?) {
        let base =
            ["over \(indicator.over) by \(indicator.eventDate ?? "its day")"]
            + (indicator.valid.map(conditions) ?? [])
        let numerator = conditions(indicator.numerator.condition)
        let records: [String]
        switch indicator.kind {
        case .share:
            let whole = base + (indicator.denominator.map { conditions($0.condition) } ?? [])
            return (unique(whole), unique(whole + numerator))
        case .ratio: records = base + (indicator.denominator.map { conditions($0.condition) } ?? [])
        case .count, .sum: records = base + numerator
        case .mean, .percentile, .distinct:
            records = base + numerator + value(indicator.numerator.aggregate)
        }
        return (unique(records), nil)
    }

    /// Values that a record may lack are a condition of their own.
    private static func value(_ aggregate: IndicatorPart.Aggregate) -> [String] {
        switch aggregate {
        case .mean(let value), .percentile(_, let value): ["value \(value.expression)"]
        case .distinct(let field): ["value \(field)"]
        case .count, .sum: []
        }
    }

    private static func conditions(_ condition: IndicatorCondition) -> [String] {
        (condition.when.map { ["when \($0)"] } ?? [])
            + condition.having.map { "having \($0.atLeast) \($0.fileType) \($0.when ?? "")" }
    }

    private static func unique(_ key: [String]) -> [String] { Set(key).sorted() }
}

/// What readers are not offered outside of their own scope, and why.
public enum OutsideLimit: Hashable, Sendable {
    case weeksOnly
    case snapshotsOnly
    case dimension(offered: String?)
    case oneDimension
    /// Sums, means, percentiles and numbers of different values.
    case countsAndShares
    case region
    case notOffered

    public var message: BilingualText {
        switch self {
        case .weeksOnly:
            BilingualText(
                zh: "权限范围之外的数据只按周提供，以免通过相减推算出个别患者",
                en:
                    "Outside of your own scope figures are given by week only, so that no patient can be worked out by subtraction."
            )
        case .snapshotsOnly:
            BilingualText(
                zh: "权限范围之外的数据只提供每周快照",
                en: "Outside of your own scope figures are given as of the weekly snapshots only.")
        case .oneDimension:
            BilingualText(
                zh: "权限范围之外的数据一次只按一个维度拆分",
                en: "Outside of your own scope figures are split by one dimension at a time.")
        case .countsAndShares:
            BilingualText(
                zh: "权限范围之外只提供计数和占比；此指标只能查看本人权限范围之内的数据",
                en:
                    "Outside of your own scope counts and shares are given only; this figure is shown for your own scope."
            )
        case .region:
            BilingualText(
                zh: "权限范围之外只提供各省、本省的地市和本地市的区县；所选地区不在其中，或没有下级地区",
                en:
                    "Outside of your own scope the provinces, the prefectures of your province and the counties of your prefecture are given; this region is none of them, or is not divided further."
            )
        case .notOffered:
            BilingualText(
                zh: "权限范围之外的数据不提供此查询方式；可用 by=week、by=week,region 和一个维度、region、from、to",
                en:
                    "This is not offered outside of your own scope; there are by=week, by=week,region and one dimension, region, from and to."
            )
        case .dimension(let offered):
            BilingualText(
                zh: "权限范围之外的数据不按此维度拆分" + (offered.map { "；可按 \($0) 拆分" } ?? ""),
                en: "Outside of your own scope this figure is not split by this dimension"
                    + (offered.map { "; it may be split by \($0)." } ?? "."))
        }
    }
}
