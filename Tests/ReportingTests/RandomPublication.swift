import Reporting
import Seeding
import SurveillanceKit

/// A week in made-up regions, counted several times: patients of each region by age, sex, type of virus, and whether they have influenza and
/// were treated.
struct RandomPublication {
    static let week = FigurePeriod(.week, holding: CivilDate(daysSince1970: 20_786))
    let regions: PublicationRegions
    let ages: Int
    /// For each time it was counted, the patients of each leaf, by kind of patient.
    var versions: [[[Int64]]] = []

    /// A kind of patient: one number for age, influenza (0 none, 1 untreated, 2 treated), type and sex.
    struct Kind {
        var age: Int
        var course: Int
        var type: Int
        var sex: Int
    }

    var kinds: [Kind] {
        (0..<ages * 3 * 2 * 2).map { Kind(age: $0 / 12, course: $0 / 4 % 3, type: $0 / 2 % 2, sex: $0 % 2) }
    }

    init(_ generator: inout SeededGenerator) {
        var regions = PublicationRegions()
        func addChildren(of parent: Int, depth: Int, _ generator: inout SeededGenerator) {
            for number in 0..<(depth == 0 ? 2 + generator.below(4) : 2 + generator.below(2)) {
                let id = regions.nodes[parent].id + "-\(number)"
                let place = regions.add(id, in: parent, isOwn: generator.oneIn(7))
                if depth < 2, !regions.nodes[place].isOwn, generator.oneIn(depth + 3) {
                    addChildren(of: place, depth: depth + 1, &generator)
                }
            }
        }
        addChildren(of: 0, depth: 0, &generator)
        self.regions = regions
        ages = 2 + generator.below(2)
        let (leaves, sizes) = (regions.leaves.count, [1, 2, 6, 20, 60])
        let count = 1 + generator.below(3)
        var counted: [[Int64]] = []
        for _ in 0..<leaves {
            let (size, positive) = (generator.pick(sizes), 1 + generator.below(4))
            counted.append(
                kinds.map { kind in
                    let isRare = kind.course > 0 && !generator.oneIn(positive) || generator.oneIn(3)
                    return isRare ? 0 : Int64(generator.below(size + 1)) / (kind.course == 2 ? 3 : 1)
                })
        }
        versions.append(counted)
        // What comes later: a few patients more or less here and there, and once in a while many.
        for _ in 1..<max(2, count) where count > 1 {
            for leaf in 0..<leaves where !generator.oneIn(3) {
                for _ in 0..<1 + generator.below(3) {
                    let kind = generator.below(counted[leaf].count)
                    let change = generator.oneIn(4) ? generator.below(12) : generator.below(4) - 1
                    counted[leaf][kind] = max(0, counted[leaf][kind] + Int64(change))
                }
            }
            versions.append(counted)
        }
    }

    /// A table that is published: to which of its groups a kind of patient belongs, or to none.
    struct Table {
        var population: String
        var dimension: String?
        var width: Int
        var group: (Kind) -> Int?
    }

    var tables: [Table] {
        let populations: [(String, (Kind) -> Bool)] = [
            ("visits", { _ in true }), ("flu", { $0.course > 0 }), ("flu~", { $0.course == 0 }),
            ("treated", { $0.course == 2 }), ("treated~", { $0.course == 1 }), ("type-a", { $0.type == 0 }),
            ("type-b", { $0.type == 1 }),
        ]
        return populations.flatMap { id, holds in
            [
                Table(population: id, dimension: nil, width: 1) { holds($0) ? 0 : nil },
                Table(population: id, dimension: "age", width: ages) { holds($0) ? $0.age : nil },
            ] + (id == "visits" ? [Table(population: id, dimension: "sex", width: 2) { $0.sex }] : [])
        }
    }

    /// What is handed to the ledger.
    func counts(_ version: Int) -> WeekCounts {
        func population(_ id: String) -> Population {
            var population = Population(id, total: [])
            for table in tables where table.population == id {
                let counts = versions[version].map { patients in
                    kinds.indices.reduce(into: [Int64](repeating: 0, count: table.width)) { counts, kind in
                        if let group = table.group(kinds[kind]) { counts[group] += patients[kind] }
                    }
                }
                if let dimension = table.dimension {
                    population.groups[dimension] = counts
                } else {
                    population.total = counts.map { $0[0] }
                }
            }
            return population
        }
        var (visits, influenza) = (population("visits"), population("flu"))
        influenza.split(into: population("treated"))
        visits.split(into: influenza)
        visits.splits.append([population("type-a"), population("type-b")])
        return WeekCounts(week: Self.week, regions: regions, jointDimension: "age", populations: [visits])
    }

    /// A cell: its variables in an attack, which are the kinds of patients of the leaves below it that are not the reader's own.
    struct Cell {
        var cell: PublishedCell
        var variables: [Int]

        func count(_ patients: [[Int64]]) -> Int64 {
            let width = patients.first?.count ?? 1
            return variables.reduce(0) { $0 + patients[$1 / width][$1 % width] }
        }
    }

    var variables: Int { regions.leaves.count * kinds.count }

    var cells: [Cell] {
        let (leaves, kinds) = (regions.leaves, kinds)
        let below = regions.nodes.indices.map { node in
            leaves.indices.filter { leaf in
                var place: Int? = leaves[leaf]
                while let current = place, current != node { place = regions.nodes[current].parent }
                return place == node && !regions.nodes[leaves[leaf]].isOwn
            }
        }
        return tables.flatMap { table in
            (0..<table.width).flatMap { group in
                let own = kinds.indices.filter { table.group(kinds[$0]) == group }
                return regions.nodes.indices.filter { !below[$0].isEmpty }.map { node in
                    Cell(
                        cell: PublishedCell(
                            table.population, region: regions.nodes[node].id, dimension: table.dimension, group: group),
                        variables: below[node].flatMap { leaf in own.map { leaf * kinds.count + $0 } })
                }
            }
        }
    }

    /// The places of cells that add up to another: the regions of a region, the groups of a population, the parts of a whole.
    func lines(_ cells: [Cell]) -> [[Int]] {
        let parents = Dictionary(
            uniqueKeysWithValues: regions.nodes.map { node in
                (node.id, node.parent.map { regions.nodes[$0].id } ?? "")
            })
        let wholes = [
            "flu": "visits 1", "flu~": "visits 1", "treated": "flu", "treated~": "flu", "type-a": "visits 2",
            "type-b": "visits 2",
        ]
        var lines: [String: [Int]] = [:]
        for (place, cell) in cells.enumerated() {
            let cell = cell.cell
            let dimension = cell.dimension ?? "-"
            lines["region \(parents[cell.region] ?? "") \(cell.population) \(dimension) \(cell.group)", default: []]
                .append(place)
            lines["group \(cell.region) \(cell.population) \(dimension)", default: []].append(place)
            if let whole = wholes[cell.population] {
                lines["part \(cell.region) \(whole) \(dimension) \(cell.group)", default: []].append(place)
            }
        }
        return lines.keys.sorted().compactMap { lines[$0] }.filter { $0.count > 1 }
    }
}
