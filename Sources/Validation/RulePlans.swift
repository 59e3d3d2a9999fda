/// Which rules a row can break at all, by the pattern of its blank cells.
///
/// The rows of a report have few patterns between them, so working it out is done seldom and finding it again is one comparison. A file
/// with a pattern of its own in every row is slower, not wrong: patterns push each other out.
final class RulePlans {
    private static let slotCount = 512

    private let rules: [CompiledRule]
    /// The rules whose columns the file has.
    private let usable: [Int]
    private let wordCount: Int
    private let slots: UnsafeMutablePointer<Slot>
    /// For each slot its pattern, and room for all rules.
    private let patterns: UnsafeMutablePointer<UInt64>
    private let lists: UnsafeMutablePointer<Int32>

    private struct Slot {
        /// -1 while nothing stands here.
        var ruleCount = -1
    }

    init(rules: [CompiledRule], usable: [Int], wordCount: Int) {
        self.rules = rules
        self.usable = usable
        self.wordCount = wordCount
        slots = .allocate(capacity: RulePlans.slotCount)
        slots.initialize(repeating: Slot(), count: RulePlans.slotCount)
        patterns = .allocate(capacity: RulePlans.slotCount * wordCount)
        patterns.initialize(repeating: 0, count: RulePlans.slotCount * wordCount)
        lists = .allocate(capacity: RulePlans.slotCount * max(usable.count, 1))
    }

    deinit {
        slots.deallocate()
        patterns.deallocate()
        lists.deallocate()
    }

    /// The rules that a row with these filled fields may break, in order; good until the next call.
    @inline(__always)
    func rules(forFilled filled: UnsafeMutablePointer<UInt64>) -> UnsafeBufferPointer<Int32> {
        var hash: UInt64 = 0
        for word in 0..<wordCount { hash = (hash ^ filled[word]) &* 0x9E37_79B9_7F4A_7C15 ^ hash &>> 32 }
        let index = Int(truncatingIfNeeded: hash &>> 48) & (RulePlans.slotCount - 1)
        let pattern = patterns + index &* wordCount
        var isKnown = slots[index].ruleCount >= 0
        for word in 0..<wordCount where pattern[word] != filled[word] { isKnown = false }
        if !isKnown { work(out: index, filled) }
        return UnsafeBufferPointer(start: lists + index &* usable.count, count: slots[index].ruleCount)
    }

    @inline(never)
    private func work(out index: Int, _ filled: UnsafeMutablePointer<UInt64>) {
        for word in 0..<wordCount { patterns[index * wordCount + word] = filled[word] }
        var count = 0
        for rule in usable
        where rules[rule].canBreak(isBlank: { filled[$0 >> 6] & 1 << UInt64($0 & 63) == 0 }) {
            lists[index * usable.count + count] = Int32(rule)
            count += 1
        }
        slots[index].ruleCount = count
    }
}
