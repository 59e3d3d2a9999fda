import SurveillanceKit

/// What is known of a base's records from before, by their link.
public protocol KeptLinks: AnyObject {
    /// Is told what will be asked for next, so that a store behind a network can be asked once for all of it.
    ///
    /// - Parameters:
    ///   - links: whose facts; a store at hand does not ask.
    ///   - changed: whose records.
    func expect(base: Int, links: () -> Set<Int64>, changed: [Int64]) throws
    /// The facts of the children of a link; empty where there are none.
    func facts(base: Int, link: Int64) throws -> [Int64]
    /// Keeps facts; all 0 forgets them.
    func keep(_ facts: [Int64], base: Int, link: Int64) throws
    /// The records that have a link; there may be others among them.
    func records(base: Int, link: Int64) throws -> [Int64]
    func note(record: Int64, base: Int, link: Int64, isThere: Bool) throws
    /// What records give as they are stored now; nothing for those that are not there.
    func rows(base: Int, records: [Int64]) throws -> [Int64: JudgedRow]
}

/// Adds up how the changes of one instant move the figures of a program.
///
/// Rows and children come in any order. A record that changes more than once counts with what it was before the first change and what it is
/// after the last one, so that a replay of stored versions comes to the same entries.
public struct ChangeTally {
    private let compiled: CompiledIndicators
    /// By record; of bases without children those that were known before.
    private var pending: [[Int64: Pending]]
    /// New records of bases with children, in the order of their numbers: nearly all of a first report.
    private var fresh: [FreshRows]
    /// By link, for bases with children.
    private var children: [[Int64: [Int64]]]
    private var sums: [Sums]
    /// By the number of the kind of change.
    private var values = ChangeKind.allCases.map { _ in EntrySums() }

    private struct Pending {
        var before: JudgedRow?
        var after: JudgedRow?
    }

    private struct Key: Hashable {
        var day: Int32
        var cell: Int32
        var kind: ChangeKind
    }

    /// A sum for each counter of a base, in a row of their own for each key.
    private struct Sums {
        var slots: [Key: Int] = [:]
        var numbers: [Int64] = []
        var width: Int
        var lastKey: Key?
        var lastSlot = 0

        mutating func slot(_ key: Key) -> Int {
            if key == lastKey { return lastSlot }
            let slot: Int
            if let known = slots[key] {
                slot = known
            } else {
                slot = slots.count
                slots[key] = slot
                numbers.append(contentsOf: repeatElement(0, count: width))
            }
            (lastKey, lastSlot) = (key, slot)
            return slot
        }
    }

    public init(_ compiled: CompiledIndicators) {
        self.compiled = compiled
        pending = Array(repeating: [:], count: compiled.bases.count)
        fresh = compiled.bases.map { FreshRows(valueCount: $0.valueCount) }
        children = pending.map { _ in [:] }
        sums = compiled.bases.map { Sums(width: $0.steps.count) }
    }

    /// Whether anything has been noted.
    public var isEmpty: Bool {
        pending.allSatisfy(\.isEmpty) && fresh.allSatisfy(\.isEmpty) && children.allSatisfy(\.isEmpty)
            && sums.allSatisfy(\.slots.isEmpty)
            && values.allSatisfy(\.isEmpty)
    }

    /// Notes a record of a base that is new (`before` nil), another, or gone (`after` nil).
    ///
    /// - Parameter wasKnown: whether what it was before was known before this instant.
    public mutating func note(base: Int, record: Int64, before: JudgedRow?, after: JudgedRow?, wasKnown: Bool) {
        if !pending[base].isEmpty, pending[base][record] != nil {
            pending[base][record]?.after = after
        } else if let place = fresh[base].place(of: record) {
            fresh[base].set(place, after)
        } else if before == nil, compiled.bases[base].hasChildren, fresh[base].isBehind(record) {
            fresh[base].append(record, after)
        } else if compiled.bases[base].hasChildren || (before != nil && wasKnown) {
            pending[base][record] = Pending(before: before, after: after)
        } else if before != after {
            // New with this instant, or brought by it a moment ago: nothing more can come of it but a difference.
            if let before { add(before, [], base, -1, .new) }
            if let after { add(after, [], base, 1, .new) }
        }
    }

    /// Notes that children of a link count for more, or less.
    public mutating func note(base: Int, link: Int64, fact: Int, amount: Int64) {
        let count = compiled.bases[base].facts.count
        children[base][link, default: Array(repeating: 0, count: count)][fact] += amount
    }

    /// Works out what the children of each link come to, and answers all entries in order.
    public mutating func finish(_ kept: some KeptLinks) throws -> FigureChanges {
        for base in compiled.bases.indices { try settle(base, kept) }
        return FigureChanges(groups: entries())
    }

    private mutating func settle(_ base: Int, _ kept: some KeptLinks) throws {
        let changed = children[base].filter { $0.value.contains { $0 != 0 } }.keys.sorted()
        if changed.isEmpty, fresh[base].isEmpty, pending[base].isEmpty { return children[base] = [:] }
        func links() -> Set<Int64> {
            var links = Set(changed)
            for place in fresh[base].indices { if let link = fresh[base].link(place) { links.insert(link) } }
            for change in pending[base].values {
                for row in [change.before, change.after] { if let link = row?.link { links.insert(link) } }
            }
            return links
        }
        try kept.expect(base: base, links: links, changed: changed)
        func facts(_ link: Int64?) throws -> (before: [Int64], after: [Int64]) {
            guard let link else { return ([], []) }
            let before = try kept.facts(base: base, link: link)
            guard !children[base].isEmpty, let change = children[base][link] else { return (before, before) }
            return (before, before.isEmpty ? change : zip(before, change).map(+))
        }
        // Rows without children that differ in their values alone are counted, and added once.
        var alike = [Int64](repeating: 0, count: fresh[base].common.count)
        let asksValues = compiled.bases[base].steps.contains(where: \.asksValues)
        for place in fresh[base].indices {
            guard let kind = fresh[base].kind(place) else { continue }
            let link = fresh[base].link(place)
            let after = try facts(link).after
            if after.isEmpty {
                alike[kind] += 1
                if asksValues {
                    add(fresh[base].common[kind], fresh[base].values(place), after, base, 1, .new, .askingValues)
                }
            } else {
                add(fresh[base].common[kind], fresh[base].values(place), after, base, 1, .new)
            }
            if let link { try kept.note(record: fresh[base].record(place), base: base, link: link, isThere: true) }
        }
        for (kind, count) in alike.enumerated() where count > 0 {
            add(fresh[base].common[kind], [], [], base, count, .new, .others)
        }
        for (record, change) in pending[base].sorted(by: { $0.key < $1.key }) {
            let kind: ChangeKind = change.before == nil ? .new : change.after == nil ? .withdrawal : .correction
            let before = try facts(change.before?.link).before
            let after = try facts(change.after?.link).after
            if let row = change.before { add(row, before, base, -1, kind) }
            if let row = change.after { add(row, after, base, 1, kind) }
            if change.before?.link != change.after?.link {
                if let link = change.before?.link {
                    try kept.note(record: record, base: base, link: link, isThere: false)
                }
                if let link = change.after?.link {
                    try kept.note(record: record, base: base, link: link, isThere: true)
                }
            }
        }
        // Records that do not change themselves, but whose children do.
        let touched = try changed.map { link in
            try kept.records(base: base, link: link).filter {
                pending[base][$0] == nil && fresh[base].place(of: $0) == nil
            }
        }
        let rows = try kept.rows(base: base, records: Set(touched.joined()).sorted())
        for (link, records) in zip(changed, touched) {
            let (before, after) = try facts(link)
            // A look-up may find records of another link, too.
            for row in records.compactMap({ rows[$0] }) where row.link == link {
                add(row, before, base, -1, .correction)
                add(row, after, base, 1, .correction)
            }
            try kept.keep(after, base: base, link: link)
        }
        pending[base] = [:]
        fresh[base] = FreshRows(valueCount: compiled.bases[base].valueCount)
        children[base] = [:]
    }

    private mutating func add(_ row: JudgedRow, _ facts: [Int64], _ base: Int, _ sign: Int64, _ kind: ChangeKind) {
        add(row, row.values[...], facts, base, sign, kind)
    }

    /// Which counters something is added to.
    private enum Steps {
        case all
        case askingValues
        case others
    }

    /// - Parameter sign: how many such rows come; less than 0 where they go.
    private mutating func add(
        _ row: JudgedRow, _ values: ArraySlice<Int64>, _ facts: [Int64], _ base: Int, _ sign: Int64, _ kind: ChangeKind,
        _ steps: Steps = .all
    ) {
        for place in compiled.bases[base].steps.indices {
            let step = compiled.bases[base].steps[place]
            guard steps == .all || step.asksValues == (steps == .askingValues) else { continue }
            guard let amount = step.amount(row, values, facts, compiled.bases[base].factConditions) else { continue }
            let day = row.days[step.day]
            if step.keepsValues {
                self.values[kind.rawValue].add(
                    IndicatorEntry(
                        counter: Int32(compiled.bases[base].counters[place]), day: day, cell: row.cell, value: amount,
                        amount: sign))
            } else if amount != 0 {
                let slot = sums[base].slot(Key(day: day, cell: row.cell, kind: kind))
                sums[base].numbers[slot * sums[base].width + place] += sign * amount
            }
        }
    }

    private mutating func entries() -> [(kind: ChangeKind, entries: [IndicatorEntry])] {
        var found: [ChangeKind: [IndicatorEntry]] = [:]
        for base in compiled.bases.indices {
            let counters = compiled.bases[base].counters
            let (sums, width) = (sums[base], sums[base].width)
            for (key, slot) in sums.slots {
                for (place, counter) in counters.enumerated() {
                    let amount = sums.numbers[slot * width + place]
                    if amount == 0 { continue }
                    found[key.kind, default: []].append(
                        IndicatorEntry(counter: Int32(counter), day: key.day, cell: key.cell, amount: amount))
                }
            }
        }
        for kind in ChangeKind.allCases {
            found[kind, default: []] += values[kind.rawValue].entries()
            values[kind.rawValue] = EntrySums()
        }
        found = found.filter { !$0.value.isEmpty }
        return ChangeKind.allCases.compactMap { kind in
            found[kind].map { (kind, $0.sorted(by: IndicatorEntry.isOrdered)) }
        }
    }
}

/// How the counters of a program move at one instant: by the kind of change, there by counter, day and cell.
public struct FigureChanges: Sendable {
    let groups: [(kind: ChangeKind, entries: [IndicatorEntry])]

    public var isEmpty: Bool { groups.isEmpty }

    /// Goes through the counters that move, in order, each with its entries by the kind of change.
    public func forEachCounter(
        _ body: (_ counter: Int, _ groups: [(kind: ChangeKind, entries: ArraySlice<IndicatorEntry>)]) throws -> Void
    ) rethrows {
        var rest = groups.map { (kind: $0.kind, entries: $0.entries[...]) }
        while let counter = rest.compactMap({ $0.entries.first?.counter }).min() {
            var own: [(kind: ChangeKind, entries: ArraySlice<IndicatorEntry>)] = []
            for index in rest.indices where rest[index].entries.first?.counter == counter {
                let entries = rest[index].entries
                let end = entries.firstIndex { $0.counter != counter } ?? entries.endIndex
                own.append((rest[index].kind, entries[..<end]))
                rest[index].entries = entries[end...]
            }
            try body(Int(counter), own)
        }
    }
}
