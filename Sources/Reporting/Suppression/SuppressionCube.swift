/// The cells of one table of one week, region by part by group, and which of them may be shown.
///
/// A cell that must be hidden is protected by an *exchange*: other counts that fit everything shown just as well, in which the hidden cell is
/// another by one. Where patients of one region are exchanged with as many of another, all sums over both stay; the cells that would be
/// different are hidden with it. So for every hidden count two whole numbers at least are possible, whatever is added or subtracted.
struct SuppressionCube {
    let shape: RegionShape
    /// 1 where the table is not divided by parts, or by groups.
    let parts: Int
    let groups: Int
    /// By node, part and group.
    let values: [Int64]
    private(set) var states: [State]
    /// What protects the cells.
    private(set) var exchanges: [Exchange] = []
    /// The cells for which no exchange fits; then nothing of the table is shown.
    private(set) var failed: [Cell] = []
    /// Whether some exchange changes the cell, so that nobody can work out its count.
    private(set) var isProtected: [Bool]

    typealias Cell = (node: Int, part: Int, group: Int)

    enum State: UInt8 {
        case shown
        /// A small count: from 1 to 4.
        case small
        /// Hidden with a small count, which subtraction would give away, or because it changed by a small count.
        case hidden
        /// Belongs to a cell of a simpler table that is hidden.
        case withheld
    }

    /// Counts from 1 up to here are hidden.
    static let mostHidden: Int64 = 4

    init(_ shape: RegionShape, parts: Int, groups: Int, values: [Int64]) {
        (self.shape, self.parts, self.groups, self.values) = (shape, parts, groups, values)
        states = Array(repeating: .shown, count: values.count)
        isProtected = Array(repeating: false, count: values.count)
    }

    func place(_ node: Int, _ part: Int, _ group: Int) -> Int { (node * parts + part) * groups + group }

    /// Decides every cell.
    mutating func decide(_ rules: CubeRules) {
        var open: [Cell] = []
        for node in shape.parents.indices where !shape.foreign[node].isEmpty {
            for part in 0..<parts {
                for group in 0..<groups {
                    let place = place(node, part, group)
                    let isSmall = Self.isSmall(values[place])
                    let needsExchange =
                        isSmall || rules.isTight(place) || rules.changedBySmall(rules.cell(place), values[place])
                    if rules.isWithheld(node, part, group) {
                        states[place] = .withheld
                        isProtected[place] = rules.isLifted(node, part, group)
                        if needsExchange, !isProtected[place] { open.append((node, part, group)) }
                    } else if needsExchange {
                        states[place] = isSmall ? .small : .hidden
                        open.append((node, part, group))
                    }
                }
            }
        }
        // Small regions first: what protects a county often protects its province.
        for cell in open.reversed() where !isProtected[place(cell.node, cell.part, cell.group)] {
            if !protect([cell], rules.isPossible) { failed.append(cell) }
        }
        for demand in rules.demands {
            let cell = (demand.node, demand.part, demand.group)
            _ = protect([cell]) { rules.isPossible($0) && demand.isMet($0) }
        }
        if failed.isEmpty { failed = hideSums(rules) }
        if !failed.isEmpty { withholdAll() }
    }

    /// Nothing of the table is shown; what protects its cells stays as it is.
    mutating func withholdShown() {
        for place in states.indices where states[place] == .shown { states[place] = .withheld }
    }

    /// Hides what the cheapest exchange for one of some cells changes.
    ///
    /// - Returns: false where no exchange fits.
    mutating func protect(
        _ cells: [Cell], _ isPossible: (Exchange) -> Bool
    ) -> Bool {
        // Where small counts stand beside small counts alone, their limits may leave nothing to exchange: then limits are not kept to,
        // and these cells no longer count as known to be small.
        for keepsLimits in [true, false] {
            var best: (cost: Int64, exchange: Exchange)?
            for cell in cells { cheapest(cell, keepsLimits, &best, isPossible) }
            guard let exchange = best?.exchange else { continue }
            exchanges.append(exchange)
            forEachChange(exchange) { place, _ in
                if states[place] == .shown || (states[place] == .small && !keepsLimits) { states[place] = .hidden }
                isProtected[place] = true
            }
            return true
        }
        return false
    }

    /// Nothing of the table is shown.
    private mutating func withholdAll() {
        states = Array(repeating: .withheld, count: states.count)
        isProtected = Array(repeating: false, count: states.count)
        exchanges = []
    }

    static func isSmall(_ count: Int64) -> Bool { (1...mostHidden).contains(count) }

    /// One patient of a region becomes one of another's, or of another part or group, and one of that in turn.
    struct Exchange {
        /// Gains one where `sign` is 1.
        var leaf: Int
        /// Nil where nobody is exchanged: all that holds the leaf is hidden then, up to the nation.
        var other: Int?
        var part: Int
        var otherPart: Int
        var group: Int
        var otherGroup: Int
        var sign: Int64
    }

    private func cheapest(
        _ cell: Cell, _ keepsLimits: Bool,
        _ best: inout (cost: Int64, exchange: Exchange)?,
        _ isPossible: (Exchange) -> Bool
    ) {
        func consider(_ exchange: Exchange) {
            let most = best?.cost ?? .max
            guard let cost = cost(exchange, keepsLimits), cost < most, isPossible(exchange) else { return }
            best = (cost, exchange)
        }
        let partPartners = parts == 1 ? [0] : (0..<parts).filter { $0 != cell.part }
        let groupPartners = groups == 1 ? [0] : (0..<groups).filter { $0 != cell.group }
        let own = Set(shape.foreign[cell.node])
        let others = shape.foreign[0].filter { !own.contains($0) }
        for leaf in likelyLeaves(cell) {
            for sign: Int64 in [1, -1] {
                for otherPart in partPartners {
                    for otherGroup in groupPartners {
                        var exchange = Exchange(
                            leaf: leaf, other: nil, part: cell.part, otherPart: otherPart, group: cell.group,
                            otherGroup: otherGroup, sign: sign)
                        consider(exchange)
                        for other in others {
                            exchange.other = other
                            consider(exchange)
                        }
                    }
                }
            }
        }
    }

    /// The leaves of a cell where most is counted, of it and of all: an exchange takes place at one of them.
    private func likelyLeaves(_ cell: Cell) -> [Int] {
        let leaves = shape.foreign[cell.node]
        guard leaves.count > 8 else { return leaves }
        func most(_ count: (_ node: Int) -> Int64) -> ArraySlice<Int> {
            leaves.map { (leaf: $0, count: count(shape.leaves[$0])) }
                .sorted { ($1.count, $0.leaf) < ($0.count, $1.leaf) }.map(\.leaf).prefix(4)
        }
        let own = most { values[place($0, cell.part, cell.group)] }
        let all = most { node in
            values[place(node, 0, 0)..<place(node + 1, 0, 0)].reduce(0, +)
        }
        return own + all.filter { !own.contains($0) }
    }

    /// What an exchange would hide, by the number of leaves below each cell; nil where it does not fit.
    private func cost(_ exchange: Exchange, _ keepsLimits: Bool) -> Int64? {
        var cost: Int64 = 0
        var fits = true
        forEachChange(exchange) { place, change in
            let after = values[place] + change
            switch states[place] {
            case .small: fits = fits && (keepsLimits ? (1...Self.mostHidden).contains(after) : after >= 0)
            case .shown:
                fits = fits && after >= 0
                let leaves = Int64(shape.foreign[place / (parts * groups)].count)
                cost += leaves * 1_000 + min(values[place], 999) + (after <= Self.mostHidden ? 500_000 : 0)
            case .hidden, .withheld: fits = fits && after >= 0
            }
        }
        return fits ? cost : nil
    }

    /// Calls with the place of each cell that an exchange changes, and by how much.
    func forEachChange(_ exchange: Exchange, _ body: (_ place: Int, _ change: Int64) -> Void) {
        let (own, others) = shape.apart(exchange.leaf, exchange.other)
        for node in own { forEachCell(exchange, node, exchange.sign, body) }
        for node in others { forEachCell(exchange, node, -exchange.sign, body) }
    }

    @inline(__always)
    private func forEachCell(_ exchange: Exchange, _ node: Int, _ sign: Int64, _ body: (Int, Int64) -> Void) {
        body(place(node, exchange.part, exchange.group), sign)
        if groups > 1 { body(place(node, exchange.part, exchange.otherGroup), -sign) }
        if parts > 1 {
            body(place(node, exchange.otherPart, exchange.group), -sign)
            if groups > 1 { body(place(node, exchange.otherPart, exchange.otherGroup), sign) }
        }
    }
}
