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
}
