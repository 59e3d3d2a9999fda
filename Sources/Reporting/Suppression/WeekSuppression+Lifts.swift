/// What an exchange changes in one table.
struct TableChange {
    /// Where the count changes by `sign`; at `other` it changes the other way.
    var leaf: Int
    var other: Int?
    /// In a table by groups: `group` changes by `sign`, `otherGroup` the other way.
    var group: Int
    var otherGroup: Int
    var sign: Int64
    /// Those with whom patients of the table's population were exchanged; nil where groups were.
    var counter: Population?

    init(_ exchange: SuppressionCube.Exchange, ofPart part: Int, counter: Population?) {
        leaf = exchange.leaf
        other = exchange.other
        group = exchange.group
        otherGroup = exchange.otherGroup
        sign = exchange.part == part ? exchange.sign : -exchange.sign
        self.counter = counter
    }
}

/// A cell that belongs to a hidden cell of a simpler table is protected by what protects that one, if the patients who are exchanged there can
/// be such as this cell counts.
extension WeekSuppression {
    /// Whether one patient whom a cell counts can be moved between two regions in which the whole is hidden.
    ///
    /// - Parameter count: how many such patients a leaf has.
    func isLiftedFromRoot(_ root: String, _ node: Int, _ count: (_ leaf: Int) -> Int64) -> Bool {
        guard let table = tables[root], table.states[node] != .shown else { return false }
        func fits(_ nodes: ArraySlice<Int>, _ change: Int64) -> Bool {
            nodes.allSatisfy { node in
                switch table.states[node] {
                case .shown: false
                case .small: (1...SuppressionCube.mostHidden).contains(table.values[node] + change)
                case .hidden, .withheld: table.values[node] + change >= 0
                }
            }
        }
        let own = Set(shape.foreign[node])
        let others: [Int?] = [nil] + shape.foreign[0].filter { !own.contains($0) }
        return own.contains { leaf in
            others.contains { other in
                let (path, otherPath) = shape.apart(leaf, other)
                return count(leaf) > 0 && fits(path, -1) && fits(otherPath, 1)
                    || (other.map { count($0) > 0 } ?? true) && fits(path, 1) && fits(otherPath, -1)
            }
        }
    }

    /// Whether an exchange between parts, which changes a simpler table, can be made with patients of a population and group.
    func isLifted(_ population: Population, fromPartsOf table: String, _ node: Int, group: Int?) -> Bool {
        (changes[table] ?? []).contains { change in
            guard let counter = change.counter, changesNode(change, node) else { return false }
            let (losing, gaining) =
                change.sign > 0 ? (change.other, Optional(change.leaf)) : (change.leaf, change.other)
            guard let dimension = counts.jointDimension, let own = population.groups[dimension],
                let against = counter.groups[dimension]
            else { return losing.map { population.total[$0] > 0 } ?? true }
            let groups = group.map { $0...$0 } ?? 0...max(0, (own.first?.count ?? 1) - 1)
            return groups.contains { group in
                (losing.map { own[$0][group] > 0 } ?? true) && (gaining.map { against[$0][group] > 0 } ?? true)
            }
        }
    }

    /// Whether an exchange between groups can be made with patients of a population.
    func isLifted(_ population: Population, fromGroupsOf table: String, _ node: Int, _ group: Int) -> Bool {
        (changes[table] ?? []).contains { lifts($0, to: population, node, group) }
    }

    func lifts(_ change: TableChange, to population: Population, _ node: Int, _ group: Int) -> Bool {
        guard let dimension = counts.jointDimension, let own = population.groups[dimension],
            change.counter == nil, [change.group, change.otherGroup].contains(group), changesNode(change, node)
        else { return false }
        let (first, second) = change.sign > 0 ? (change.otherGroup, change.group) : (change.group, change.otherGroup)
        guard own[change.leaf][first] > 0 else { return false }
        guard let other = change.other else { return true }
        return own[other][second] > 0 && haveCommonParts(population, (change.leaf, first), (other, second))
    }

    private func changesNode(_ change: TableChange, _ node: Int) -> Bool {
        let (path, otherPath) = shape.apart(change.leaf, change.other)
        return path.contains(node) || otherPath.contains(node)
    }
}
