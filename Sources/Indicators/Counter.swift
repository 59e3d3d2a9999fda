/// What is kept of the records of a base: one number by day and combination of groups, or each value with how often it occurs.
///
/// A definition reads one counter, or two. Definitions share them: the denominator of twenty shares of all visits is kept once.
public struct Counter: Sendable {
    /// The place of its base among the program's bases.
    public let base: Int
    /// What it counts, in the words of the declarations: equal where two definitions count the same.
    public let text: String
    public let coding: EntryCoding
    let condition: CompiledCondition
    /// The place of its day among the base's `days`.
    let day: Int
    let amount: Amount

    enum Amount: Hashable, Sendable {
        /// 1 a record.
        case one
        /// The value at a place of the base's `values`.
        case value(Int)
        /// 1 for a record of which the value at that place is known.
        case known(Int)
        /// The fact at a place of the base's `facts`.
        case fact(Int)
    }
}

/// A condition as places: all of these must hold.
struct CompiledCondition: Hashable, Sendable {
    /// Places among the base's conditions.
    var conditions: Set<Int> = []
    /// Facts of children.
    var facts: Set<Fact> = []

    struct Fact: Hashable, Sendable {
        var place: Int
        /// How many there must be; 0 for none at all.
        var atLeast: Int64
    }

    func and(_ other: CompiledCondition) -> CompiledCondition {
        CompiledCondition(conditions: conditions.union(other.conditions), facts: facts.union(other.facts))
    }
}

/// A counter as rows are judged by it: nothing to copy but numbers.
struct CounterStep: Sendable {
    private let low: UInt64
    private let high: UInt64
    private let amount: Counter.Amount
    private let facts: Range<Int>
    let day: Int
    let keepsValues: Bool
    /// Whether rows that differ in nothing but their values may give different amounts.
    let asksValues: Bool

    /// - Parameter conditions: what is asked of facts, one counter's behind the other's; the counter's own are added.
    init(_ counter: Counter, _ conditions: inout [CompiledCondition.Fact]) {
        var bits: (low: UInt64, high: UInt64) = (0, 0)
        for place in counter.condition.conditions {
            if place < 64 { bits.low |= 1 << UInt64(place) } else { bits.high |= 1 << UInt64(place - 64) }
        }
        (low, high) = bits
        amount = counter.amount
        day = counter.day
        keepsValues = counter.coding.keepsValues
        asksValues =
            switch counter.amount {
            case .value, .known: true
            case .one, .fact: keepsValues
            }
        let start = conditions.count
        conditions += counter.condition.facts.sorted { $0.place < $1.place }
        facts = start..<conditions.count
    }

    /// What a record gives; nil for nothing.
    @inline(__always)
    func amount(
        _ row: JudgedRow, _ values: ArraySlice<Int64>, _ kept: [Int64], _ conditions: [CompiledCondition.Fact]
    ) -> Int64? {
        guard row.bits.low & low == low, row.bits.high & high == high else { return nil }
        for index in facts {
            let (place, atLeast) = (conditions[index].place, conditions[index].atLeast)
            let count = place < kept.count ? kept[place] : 0
            if atLeast == 0 ? count != 0 : count < atLeast { return nil }
        }
        switch amount {
        case .one: return 1
        case .value(let place):
            let value = values[values.startIndex + place]
            return value == CellRow.unknown ? nil : value
        case .known(let place): return values[values.startIndex + place] == CellRow.unknown ? nil : 1
        case .fact(let place): return place < kept.count ? kept[place] : 0
        }
    }
}
