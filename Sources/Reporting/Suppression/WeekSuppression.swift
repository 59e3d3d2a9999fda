/// Decides what of one week's counts an audience may be shown, from simple tables to divided ones.
///
/// A table's exchanges leave every simpler table as it is, and a table that is divided further withholds what belongs to a hidden cell of a
/// simpler one. So each table can be decided by itself, and what holds for each holds for all together.
struct WeekSuppression {
    let counts: WeekCounts
    let shape: RegionShape
    /// For each earlier snapshot of the week the count of a cell, if it was shown or can be worked out.
    let earlier: [(CellReference) -> Int64?]
    /// By table: the state of each cell, and its number without the audience's own.
    private(set) var tables: [String: Table] = [:]
    /// By table: what protects its cells, as it changes them.
    var changes: [String: [TableChange]] = [:]

    struct Table {
        var states: [SuppressionCube.State]
        var values: [Int64]
        var isProtected: [Bool]

        /// The counts that are hidden and yet may be worked out: those that belong to hidden cells of simpler tables, and have no exchange.
        var deducible: [Int: Int64] {
            Dictionary(
                uniqueKeysWithValues: states.indices.filter { states[$0] != .shown && !isProtected[$0] }.map {
                    ($0, values[$0])
                })
        }
    }

    /// The key of the table of a population, whole or by a dimension.
    static func key(_ population: String, _ dimension: String?) -> String {
        dimension.map { "\(population) / \($0)" } ?? population
    }

    init(_ counts: WeekCounts, earlier: [(CellReference) -> Int64?] = []) {
        self.counts = counts
        shape = RegionShape(counts.regions)
        self.earlier = earlier
        // What a divided table lacks is asked of the simpler one, which is then decided anew; where that is of no use, the simpler one is not
        // shown either.
        for _ in 0..<Self.mostRounds {
            (tables, changes, failures) = ([:], [:], [])
            for population in counts.populations {
                decideWhole(population)
                for dimension in population.groups.keys.sorted() { decideGroups(population, dimension) }
                divide(population, root: population.id)
            }
            var isNew = false
            for failure in failures where !unshown.contains(failure.table) {
                isNew = true
                if failure.part != nil, demands.insert(failure).inserted { continue }
                unshown.insert(failure.table)
            }
            if !isNew { break }
        }
    }

    /// A cell of a simpler table, to be changed by exchanges of patients of a part.
    private struct Failure: Hashable {
        var table: String
        var node: Int
        var group: Int
        /// Nil where it is a table of wholes.
        var part: String?
    }

    private static let mostRounds = 12
    private var failures: [Failure] = []
    private var demands: Set<Failure> = []
    private var unshown: Set<String> = []

    /// What divided tables ask of a table.
    private func demands(_ population: Population, _ dimension: String, part: Int) -> [CubeRules.Demand] {
        let key = Self.key(population.id, dimension)
        let parts = population.splits.flatMap(\.self)
        return demands.filter { $0.table == key }.sorted {
            ($0.node, $0.group, $0.part ?? "") < ($1.node, $1.group, $1.part ?? "")
        }
        .compactMap { demand in
            guard let taken = parts.first(where: { $0.id == demand.part }) else { return nil }
            return CubeRules.Demand(node: demand.node, part: part, group: demand.group) { exchange in
                lifts(TableChange(exchange, ofPart: part, counter: nil), to: taken, demand.node, demand.group)
            }
        }
    }

    /// Whether a cell is shown, or may be worked out.
    func isKnown(_ cell: CellReference) -> Bool {
        tables[cell.table].map { $0.states[cell.place] == .shown || !$0.isProtected[cell.place] } ?? false
    }

    func isHidden(_ key: String, _ place: Int) -> Bool {
        tables[key].map { $0.states[place] != .shown } ?? true
    }

    private mutating func decideWhole(_ population: Population) {
        let key = Self.key(population.id, nil)
        var cube = SuppressionCube(shape, parts: 1, groups: 1, values: shape.sums(population.total, width: 1))
        let tight = tightNodes(population)
        let week = self
        cube.decide(
            CubeRules(
                isKnown: week.isKnown, earlier: week.earlier, cell: { CellReference(key, $0) },
                sum: { _, _, _, _ in nil },
                isWithheld: { _, _, _ in false }, isTight: { tight.contains($0) }, isLifted: { _, _, _ in false },
                isPossible: { _ in true }))
        tables[key] = Table(states: cube.states, values: cube.values, isProtected: cube.isProtected)
    }

    private mutating func decideGroups(_ population: Population, _ dimension: String) {
        let (whole, key) = (Self.key(population.id, nil), Self.key(population.id, dimension))
        guard let counts = population.groups[dimension], let width = counts.first?.count else { return }
        var cube = SuppressionCube(
            shape, parts: 1, groups: width, values: shape.sums(counts.flatMap(\.self), width: width))
        let isJoint = dimension == self.counts.jointDimension
        let tight = isJoint ? tightGroups(population, dimension, width) : []
        let week = self
        cube.decide(
            CubeRules(
                isKnown: week.isKnown, earlier: week.earlier, cell: { CellReference(key, $0) },
                sum: { _, node, _, _ in CellReference(whole, node) },
                isWithheld: { node, _, _ in week.isHidden(whole, node) }, isTight: { tight.contains($0) },
                isLifted: { node, _, group in week.isLiftedFromRoot(whole, node) { counts[$0][group] } },
                demands: isJoint ? week.demands(population, dimension, part: 0) : [],
                isPossible: { exchange in
                    guard isJoint, let other = exchange.other else { return true }
                    let (left, right) =
                        exchange.sign > 0
                        ? (exchange.otherGroup, exchange.group) : (exchange.group, exchange.otherGroup)
                    return week.haveCommonParts(population, (exchange.leaf, left), (other, right))
                }))
        if unshown.contains(key) { cube.withholdShown() }
        tables[key] = Table(states: cube.states, values: cube.values, isProtected: cube.isProtected)
        changes[key] = cube.exchanges.map { TableChange($0, ofPart: 0, counter: nil) }
    }

    /// Decides the parts of a population, then the parts by the joint dimension, then what the parts are divided into.
    private mutating func divide(_ population: Population, root: String) {
        for (number, parts) in population.splits.enumerated() {
            defer { for part in parts { divide(part, root: root) } }
            if copySame(parts, from: population.splits[..<number]) { continue }
            decideParts(parts, of: population, root: root)
            if let dimension = counts.jointDimension, parts.allSatisfy({ $0.groups[dimension] != nil }) {
                decideParts(parts, of: population, by: dimension, root: root)
            }
        }
    }

    /// Takes over what was decided of parts that count the same: influenza and the rest are no other parts than no influenza and the rest, and
    /// two decisions could give each other away.
    private mutating func copySame(_ parts: [Population], from earlier: ArraySlice<[Population]>) -> Bool {
        for others in earlier where others.count == parts.count {
            let same = parts.map { part in others.first { $0.total == part.total && $0.groups == part.groups } }
            guard same.allSatisfy({ $0 != nil }), Set(same.compactMap { $0?.id }).count == parts.count else { continue }
            for (part, other) in zip(parts, same) {
                guard let other else { continue }
                for dimension in [nil] + part.groups.keys.map(Optional.some) {
                    let (key, old) = (Self.key(part.id, dimension), Self.key(other.id, dimension))
                    tables[key] = tables[old]
                    changes[key] = changes[old]
                }
            }
            return true
        }
        return false
    }

    private mutating func decideParts(_ parts: [Population], of population: Population, root: String) {
        let whole = Self.key(population.id, nil)
        let leaves = shape.leaves.indices
        var cube = SuppressionCube(
            shape, parts: parts.count, groups: 1,
            values: shape.sums(leaves.flatMap { leaf in parts.map { $0.total[leaf] } }, width: parts.count))
        let (tight, keys) = (parts.map(tightNodes), parts.map { Self.key($0.id, nil) })
        let week = self
        cube.decide(
            CubeRules(
                isKnown: week.isKnown, earlier: week.earlier,
                cell: { CellReference(keys[$0 % parts.count], $0 / parts.count) },
                sum: { _, node, _, _ in CellReference(whole, node) },
                isWithheld: { node, _, _ in week.isHidden(whole, node) },
                isTight: { tight[$0 % parts.count].contains($0 / parts.count) },
                isLifted: { node, part, _ in
                    week.isLiftedFromRoot(root, node) { parts[part].total[$0] }
                        || week.isLifted(parts[part], fromPartsOf: whole, node, group: nil)
                },
                isPossible: { exchange in
                    guard let other = exchange.other, let dimension = week.counts.jointDimension,
                        let left = parts[exchange.sign > 0 ? exchange.otherPart : exchange.part].groups[dimension],
                        let right = parts[exchange.sign > 0 ? exchange.part : exchange.otherPart].groups[dimension]
                    else { return true }
                    return zip(left[exchange.leaf], right[other]).contains { $0 > 0 && $1 > 0 }
                }))
        if population.id != root {
            failures += cube.failed.map { Failure(table: whole, node: $0.node, group: 0, part: nil) }
        }
        if !unshown.isDisjoint(with: keys) { cube.withholdShown() }
        store(cube, keys: keys, width: 1)
        for (place, key) in keys.enumerated() {
            changes[key] = cube.exchanges.filter { $0.part == place || $0.otherPart == place }.map {
                TableChange($0, ofPart: place, counter: parts[$0.part == place ? $0.otherPart : $0.part])
            }
        }
    }

    private mutating func decideParts(
        _ parts: [Population], of population: Population, by dimension: String, root: String
    ) {
        let (whole, byGroup) = (Self.key(population.id, nil), Self.key(population.id, dimension))
        guard let width = population.groups[dimension]?.first?.count else { return }
        let (leaves, keys) = (shape.leaves.indices, parts.map { Self.key($0.id, dimension) })
        let values = leaves.flatMap { leaf in parts.flatMap { $0.groups[dimension]?[leaf] ?? [] } }
        var cube = SuppressionCube(
            shape, parts: parts.count, groups: width, values: shape.sums(values, width: parts.count * width))
        let wholeParts = parts.map { Self.key($0.id, nil) }
        let week = self
        cube.decide(
            CubeRules(
                isKnown: week.isKnown, earlier: week.earlier,
                cell: { place in
                    let (node, cell) = place.quotientAndRemainder(dividingBy: parts.count * width)
                    return CellReference(keys[cell / width], node * width + cell % width)
                },
                sum: { axis, node, part, group in
                    axis == .groups
                        ? CellReference(wholeParts[part], node) : CellReference(byGroup, node * width + group)
                },
                isWithheld: { node, part, group in
                    week.isHidden(whole, node) || week.isHidden(wholeParts[part], node)
                        || week.isHidden(byGroup, node * width + group)
                },
                isTight: { _ in false },
                isLifted: { node, part, group in
                    week.isLiftedFromRoot(root, node) { parts[part].groups[dimension]?[$0][group] ?? 0 }
                        || week.isLifted(parts[part], fromPartsOf: whole, node, group: group)
                        || week.isLifted(parts[part], fromPartsOf: wholeParts[part], node, group: group)
                        || week.isLifted(parts[part], fromGroupsOf: byGroup, node, group)
                },
                demands: parts.indices.flatMap { week.demands(parts[$0], dimension, part: $0) },
                isPossible: { exchange in
                    guard let other = exchange.other else { return true }
                    let (first, second) =
                        exchange.sign > 0
                        ? (exchange.otherGroup, exchange.group) : (exchange.group, exchange.otherGroup)
                    return week.haveCommonParts(parts[exchange.part], (exchange.leaf, first), (other, second))
                        && week.haveCommonParts(parts[exchange.otherPart], (exchange.leaf, second), (other, first))
                }))
        failures += cube.failed.map { Failure(table: byGroup, node: $0.node, group: $0.group, part: parts[$0.part].id) }
        if !unshown.isDisjoint(with: keys) { cube.withholdShown() }
        store(cube, keys: keys, width: width)
        for (place, key) in keys.enumerated() {
            changes[key] = cube.exchanges.filter { $0.part == place || $0.otherPart == place }.map {
                TableChange($0, ofPart: place, counter: nil)
            }
        }
    }

    /// Keeps a cube as a table a part.
    private mutating func store(_ cube: SuppressionCube, keys: [String], width: Int) {
        for (part, key) in keys.enumerated() {
            let places = shape.parents.indices.flatMap { node in (0..<width).map { cube.place(node, part, $0) } }
            tables[key] = Table(
                states: places.map { cube.states[$0] }, values: places.map { cube.values[$0] },
                isProtected: places.map { cube.isProtected[$0] })
        }
    }

    /// Whether a patient of one leaf and group and one of another can be exchanged so that both belong to the same parts all the way down.
    func haveCommonParts(
        _ population: Population, _ one: (leaf: Int, group: Int), _ other: (leaf: Int, group: Int)
    ) -> Bool {
        guard let dimension = counts.jointDimension else { return true }
        return population.splits.allSatisfy { parts in
            guard parts.allSatisfy({ $0.groups[dimension] != nil }) else { return true }
            return parts.contains { part in
                guard let counts = part.groups[dimension] else { return false }
                return counts[one.leaf][one.group] > 0 && counts[other.leaf][other.group] > 0
                    && haveCommonParts(part, one, other)
            }
        }
    }

    /// The nodes at which the parts or groups are small counts that have no room: 4 and 4 of 8. There the whole is hidden, too.
    private func tightNodes(_ population: Population) -> Set<Int> {
        var tight: Set<Int> = []
        var lines: [[[Int64]]] = population.groups.values.map(\.self)
        for parts in population.splits {
            lines.append(shape.leaves.indices.map { leaf in parts.map { $0.total[leaf] } })
        }
        for line in lines {
            guard let width = line.first?.count, width > 1 else { continue }
            let sums = shape.sums(line.flatMap(\.self), width: width)
            for node in shape.parents.indices where Self.isTight(sums[node * width..<(node + 1) * width]) {
                tight.insert(node)
            }
        }
        return tight
    }

    /// The same for the cells of a dimension that parts divide.
    private func tightGroups(_ population: Population, _ dimension: String, _ width: Int) -> Set<Int> {
        var tight: Set<Int> = []
        for parts in population.splits where parts.count > 1 {
            let sums = parts.compactMap { part in
                part.groups[dimension].map { shape.sums($0.flatMap(\.self), width: width) }
            }
            guard sums.count == parts.count else { continue }
            for place in shape.parents.indices.startIndex..<shape.parents.count * width
            where Self.isTight(sums.map { $0[place] }[...]) {
                tight.insert(place)
            }
        }
        return tight
    }

    /// Whether a small count among others cannot go up while another goes down, nor down while another goes up.
    static func isTight(_ line: ArraySlice<Int64>) -> Bool {
        let small = 1...SuppressionCube.mostHidden
        guard line.reduce(0, +) > SuppressionCube.mostHidden else { return false }
        func canGain(_ count: Int64) -> Bool { !small.contains(count) || count < small.upperBound }
        func canLose(_ count: Int64) -> Bool { count > small.lowerBound }
        return line.indices.contains { place in
            guard small.contains(line[place]) else { return false }
            let others = line.indices.filter { $0 != place }.map { line[$0] }
            return !(canGain(line[place]) && others.contains(where: canLose))
                && !(canLose(line[place]) && others.contains(where: canGain))
        }
    }
}
