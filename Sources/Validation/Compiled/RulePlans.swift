import Expressions

/// Which rules a row can break at all, by the pattern of its blank cells.
///
/// The rows of a report have few patterns between them, so working it out is done seldom and finding it again is one comparison. A file
/// with a pattern of its own in every row is slower, not wrong: patterns push each other out.
final class RulePlans {
    private static let slotCount = 1024

    /// The rules whose columns the file has.
    private let candidates: [Candidate]
    /// For each candidate the bits of fields of which one blank is enough to excuse the row.
    private let excusing: [UInt64]
    /// The fields of all candidates, one after the other.
    private let fields: [Int32]
    private let wordCount: Int
    private let ruleCounts: UnsafeMutablePointer<Int32>
    /// For each slot its pattern, and room for all rules.
    private let patterns: UnsafeMutablePointer<UInt64>
    private let lists: UnsafeMutablePointer<Int32>

    private struct Candidate {
        var rule: Int32
        /// Its fields, where each combination of blanks among them is known: bit `i` of such a combination stands for the i-th.
        var firstField: Int
        var fieldCount: Int
        /// A bit for each combination that excuses the row.
        var excusingCombinations: UInt64
    }

    init(_ rules: [CompiledRule], header: HeaderMatch, wordCount: Int) {
        self.wordCount = wordCount
        var candidates: [Candidate] = []
        var excusing: [UInt64] = []
        var fields: [Int32] = []
        for (index, rule) in rules.enumerated()
        where (rule.fields + [rule.field]).allSatisfy({ header.fieldColumns[$0] >= 0 }) {
            var bits = [UInt64](repeating: 0, count: wordCount)
            for field in rule.excusingFields { bits[field >> 6] |= 1 << UInt64(field & 63) }
            excusing += bits
            let known = rule.excusingCombinations
            candidates.append(
                Candidate(
                    rule: Int32(index), firstField: fields.count, fieldCount: known == nil ? 0 : rule.fields.count,
                    excusingCombinations: known ?? 0))
            if known != nil { fields += rule.fields.map(Int32.init) }
        }
        self.candidates = candidates
        self.excusing = excusing
        self.fields = fields
        ruleCounts = .allocate(capacity: RulePlans.slotCount)
        ruleCounts.initialize(repeating: -1, count: RulePlans.slotCount)
        patterns = .allocate(capacity: RulePlans.slotCount * wordCount)
        patterns.initialize(repeating: 0, count: RulePlans.slotCount * wordCount)
        lists = .allocate(capacity: RulePlans.slotCount * max(candidates.count, 1))
    }

    deinit {
        ruleCounts.deallocate()
        patterns.deallocate()
        lists.deallocate()
    }

    /// The rules that a row with these filled fields may break, in order; good until the next call.
    @inline(__always)
    func rules(forFilled filled: UnsafeMutablePointer<UInt64>) -> UnsafeBufferPointer<Int32> {
        var hash: UInt64 = 0
        for word in 0..<wordCount { hash = (hash ^ hash &>> 32 ^ filled[word]) &* 0x9E37_79B9_7F4A_7C15 }
        let slot = Int(truncatingIfNeeded: hash &>> 54) & (RulePlans.slotCount - 1)
        let pattern = patterns + slot &* wordCount
        var isKnown = ruleCounts[slot] >= 0
        for word in 0..<wordCount where pattern[word] != filled[word] { isKnown = false }
        if !isKnown { work(out: slot, filled) }
        return UnsafeBufferPointer(start: lists + slot &* candidates.count, count: Int(ruleCounts[slot]))
    }

    @inline(never)
    private func work(out slot: Int, _ filled: UnsafeMutablePointer<UInt64>) {
        for word in 0..<wordCount { patterns[slot * wordCount + word] = filled[word] }
        var count = 0
        for (index, candidate) in candidates.enumerated() {
            var excuses: UInt64 = 0
            for word in 0..<wordCount { excuses |= excusing[index * wordCount + word] & ~filled[word] }
            if excuses != 0 { continue }
            var combination: UInt64 = 0
            for place in 0..<candidate.fieldCount {
                let field = Int(fields[candidate.firstField + place])
                combination |= (~filled[field >> 6] >> UInt64(field & 63) & 1) << UInt64(place)
            }
            if candidate.excusingCombinations >> combination & 1 != 0 { continue }
            lists[slot * candidates.count + count] = candidate.rule
            count += 1
        }
        ruleCounts[slot] = Int32(count)
    }
}

extension CompiledRule {
    /// Fields of which one blank is enough for a row not to break the rule.
    var excusingFields: [Int] {
        switch test {
        case .check: [field]
        case .expression(let expression): expression.excusingFields
        }
    }

    /// For each combination of blanks among `fields` a bit, set where such a row cannot break the rule; nil where that is not known.
    var excusingCombinations: UInt64? {
        guard case .expression(let expression) = test, fields.count <= CompiledExpression.maximumMaskedFields else {
            return nil
        }
        return (0..<(1 << fields.count)).reduce(0) { bits, combination in
            bits | (expression.cannotFail(whenBlank: combination) ? 1 << UInt64(combination) : 0)
        }
    }
}
