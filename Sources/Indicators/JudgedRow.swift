import SurveillanceKit

/// What a row of a base gives to its definitions, as far as the row alone decides it.
public struct JudgedRow: Hashable, Sendable {
    /// A bit for each condition of the base that holds.
    var bits: (low: UInt64, high: UInt64) = (0, 0)
    /// For each of the base's days its value.
    var days = SIMD4<Int32>(repeating: IndicatorEntry.noDay)
    var cell: Int32 = 0
    /// Nil where a field of the link is empty, or the base has no children.
    public var link: Int64?
    /// `CellRow.unknown` for what is not known.
    var values: [Int64] = []

    public static func == (left: JudgedRow, right: JudgedRow) -> Bool {
        left.bits == right.bits && left.days == right.days && left.cell == right.cell && left.link == right.link
            && left.values == right.values
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(link) }

    /// So many conditions, and so many different days, a base may have.
    static let maximumConditions = 128
    static let maximumDays = 4
}

extension CompiledIndicators {
    /// Judges the row that stands in `row`, of a base.
    public func judge(_ row: CellRow, base: Int) -> JudgedRow {
        let type = bases[base]
        var judged = JudgedRow()
        for condition in 0..<type.conditionCount where row.holds(condition) {
            if condition < 64 {
                judged.bits.low |= 1 << UInt64(condition)
            } else {
                judged.bits.high |= 1 << UInt64(condition - 64)
            }
        }
        for (place, field) in type.days.enumerated() { judged.days[place] = row.day(field) }
        for (dimension, field) in type.dimensionFields.enumerated() {
            let group = field.map { row.group($0, in: dimension, dimensions) } ?? dimensions.sizes[dimension] - 1
            judged.cell += Int32(group * dimensions.steps[dimension])
        }
        if type.hasChildren { judged.link = row.link(type.link) }
        if type.valueCount > 0 { judged.values = (0..<type.valueCount).map(row.value) }
        return judged
    }

    /// Tells what the row that stands in `row` gives to the facts of each base that it is a child of.
    public func forEachFact(
        _ row: CellRow, _ body: (_ base: Int, _ link: Int64, _ fact: Int, _ amount: Int64) throws -> Void
    ) rethrows {
        for (base, fields) in row.reading.links {
            guard let link = row.link(fields) else { continue }
            for (place, fact) in bases[base].facts.enumerated() where fact.fileType == row.reading.fileType.id {
                if let condition = fact.condition, !row.holds(condition) { continue }
                let amount = fact.value.map(row.value) ?? 1
                if amount != 0, amount != CellRow.unknown { try body(base, link, place, amount) }
            }
        }
    }

    /// The numbers that a record gives to a definition: what to add to the two sums, and the value where values are kept. Nil for nothing.
    func contribution(
        _ row: JudgedRow, _ facts: [Int64], to definition: CompiledIndicator
    ) -> (value: Int64, first: Int64, second: Int64)? {
        func holds(_ condition: CompiledCondition) -> Bool {
            for place in condition.conditions {
                let bit = place < 64 ? row.bits.low >> UInt64(place) & 1 : row.bits.high >> UInt64(place - 64) & 1
                if bit == 0 { return false }
            }
            for (place, atLeast) in condition.facts {
                let count = place < facts.count ? facts[place] : 0
                if atLeast == 0 ? count != 0 : count < atLeast { return false }
            }
            return true
        }
        /// Nil where the part does not hold or its amount is not known.
        func amount(_ part: CompiledPart) -> Int64? {
            guard holds(part.condition) else { return nil }
            switch part.amount {
            case .one: return 1
            case .value(let place): return row.values[place] == CellRow.unknown ? nil : row.values[place]
            case .fact(let place): return place < facts.count ? facts[place] : 0
            }
        }
        let first = amount(definition.numerator)
        switch definition.kind {
        case .count: return first.map { (0, $0, 0) }
        case .sum, .mean: return first.map { (0, $0, 1) }
        case .percentile, .distinct: return first.map { ($0, 1, 0) }
        case .share, .ratio:
            let second = definition.denominator.flatMap(amount)
            return first == nil && second == nil ? nil : (0, first ?? 0, second ?? 0)
        }
    }
}
