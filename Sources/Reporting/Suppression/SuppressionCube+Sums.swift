/// Hidden cells whose sum is small: subtracting all that is shown beside them leaves 1 and 2 as 3.
extension SuppressionCube {
    /// Cells that add up to another: the regions of a region, the parts of a whole, the groups of a part.
    private struct Line {
        var sum: CellReference
        /// Shown, or hidden by nothing but a simpler table.
        var isSumKnown: Bool
        var cells: [Cell]
    }

    /// Hides more until no sum over the hidden cells of a line is small, nor has changed by a small count.
    ///
    /// - Returns: the cells for whose sum no exchange fits.
    mutating func hideSums(_ rules: CubeRules) -> [Cell] {
        var isDone = false
        while !isDone {
            isDone = true
            for line in lines(rules) where line.isSumKnown {
                let hidden = line.cells.filter { states[place($0.node, $0.part, $0.group)] != .shown }
                guard hidden.count > 1, hidden.count < line.cells.count, isTelling(hidden, of: line, rules) else {
                    continue
                }
                let places = Set(hidden.map { place($0.node, $0.part, $0.group) })
                // An exchange between a hidden cell and a shown one, or one that hides the sum.
                let cube = self
                let fits = protect(hidden) { exchange in
                    var net: Int64 = 0
                    cube.forEachChange(exchange) { place, change in
                        if places.contains(place) { net += change }
                    }
                    return net != 0 && rules.isPossible(exchange)
                }
                guard fits else { return hidden }
                isDone = false
            }
        }
        return []
    }

    /// Whether the sum over the hidden cells of a line is small, or differs by a small count from what it was.
    private func isTelling(
        _ hidden: [Cell], of line: Line, _ rules: CubeRules
    ) -> Bool {
        let places = Set(hidden.map { place($0.node, $0.part, $0.group) })
        let sum = places.reduce(Int64(0)) { $0 + values[$1] }
        if Self.isSmall(sum) { return true }
        return rules.earlier.contains { known in
            guard let before = hiddenSum(places, of: line, known, rules) else { return false }
            return Self.isSmall(abs(sum - before))
        }
    }

    /// What the sum over some cells of a line was in an earlier snapshot, from the cells themselves or from all others.
    private func hiddenSum(
        _ places: Set<Int>, of line: Line, _ known: (CellReference) -> Int64?, _ rules: CubeRules
    ) -> Int64? {
        func sum(_ cells: some Sequence<Int>) -> Int64? {
            var sum: Int64 = 0
            for place in cells {
                guard let count = known(rules.cell(place)) else { return nil }
                sum += count
            }
            return sum
        }
        if let sum = sum(places) { return sum }
        let others = line.cells.map { place($0.node, $0.part, $0.group) }.filter { !places.contains($0) }
        guard let whole = known(line.sum), let rest = sum(others) else { return nil }
        return whole - rest
    }

    private func lines(_ rules: CubeRules) -> [Line] {
        var lines: [Line] = []
        for node in shape.parents.indices.reversed() where !shape.foreign[node].isEmpty {
            let children = shape.children[node].filter { !shape.foreign[$0].isEmpty }
            for part in 0..<parts {
                for group in 0..<groups where children.count > 1 {
                    let place = place(node, part, group)
                    lines.append(
                        Line(
                            sum: rules.cell(place), isSumKnown: states[place] == .shown || !isProtected[place],
                            cells: children.map { ($0, part, group) }))
                }
                if groups > 1, let sum = rules.sum(.groups, node, part, 0) {
                    lines.append(
                        Line(
                            sum: sum, isSumKnown: rules.isKnown(sum), cells: (0..<groups).map { (node, part, $0) }))
                }
            }
            for group in 0..<groups where parts > 1 {
                guard let sum = rules.sum(.parts, node, 0, group) else { continue }
                lines.append(
                    Line(sum: sum, isSumKnown: rules.isKnown(sum), cells: (0..<parts).map { (node, $0, group) }))
            }
        }
        return lines
    }
}
