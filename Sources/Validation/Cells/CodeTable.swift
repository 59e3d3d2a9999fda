/// The codes of a list, for a look-up that costs a few instructions.
///
/// Codes of up to eight bytes, which is nearly all of them, are compared as one integer in an open-addressed table; longer ones by a set.
final class CodeTable: @unchecked Sendable {
    // Unchecked: written once in init, read only after it.
    let slots: UnsafeMutablePointer<UInt64>
    let mask: Int
    private let longCodes: Set<[UInt8]>

    init(_ codes: [String]) {
        let short = codes.map { Array($0.utf8) }.filter { !$0.isEmpty && $0.count <= 8 }
        longCodes = Set(codes.map { Array($0.utf8) }.filter { $0.count > 8 })
        var capacity = 8
        while capacity < short.count * 4 { capacity *= 2 }
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: 0, count: capacity)
        mask = capacity - 1
        for code in short {
            var word: UInt64 = 0
            for (index, byte) in code.enumerated() { word |= UInt64(byte) << UInt64(index * 8) }
            var slot = CodeTable.slot(word, mask)
            while slots[slot] != 0, slots[slot] != word { slot = (slot + 1) & mask }
            slots[slot] = word
        }
    }

    deinit { slots.deallocate() }

    @inline(__always)
    private static func slot(_ word: UInt64, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) >> 40) & mask
    }

    @inline(__always)
    func contains(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count <= 8 else { return longCodes.contains(Array(text)) }
        var word: UInt64 = 0
        var index = text.count
        while index > 0 {
            index -= 1
            word = word << 8 | UInt64(text[index])
        }
        var slot = CodeTable.slot(word, mask)
        while true {
            let held = slots[slot]
            if held == word { return true }
            if held == 0 { return false }
            slot = (slot + 1) & mask
        }
    }
}
