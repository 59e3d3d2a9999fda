/// The codes of a list, for a look-up that costs a few instructions.
///
/// Codes of up to eight bytes, which is nearly all of them, are compared as one integer in an open-addressed table; longer ones by a set.
final class CodeTable: @unchecked Sendable {
    // Unchecked: written once in init, read only after it.
    private let slots: UnsafeMutablePointer<UInt64>
    private let mask: Int
    fileprivate let longCodes: Set<[UInt8]>

    init(_ codes: [String]) {
        let short = codes.map { Array($0.utf8) }.filter { !$0.isEmpty && $0.count <= 8 }
        longCodes = Set(codes.map { Array($0.utf8) }.filter { $0.count > 8 })
        var capacity = 8
        while capacity < short.count * 4 { capacity *= 2 }
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: 0, count: capacity)
        mask = capacity - 1
        for code in short {
            let word = code.withUnsafeBufferPointer { ShortText.word($0) }
            var slot = View.home(word, mask)
            while slots[slot] != 0, slots[slot] != word { slot = (slot + 1) & mask }
            slots[slot] = word
        }
    }

    deinit { slots.deallocate() }

    func contains(_ text: UnsafeBufferPointer<UInt8>) -> Bool { view.contains(text) }

    /// The table for loops that must not count references: good as long as the table lives.
    var view: View { View(slots: UnsafePointer(slots), mask: mask, table: self) }

    struct View: @unchecked Sendable {
        // Unchecked: see the table's own.
        fileprivate let slots: UnsafePointer<UInt64>?
        fileprivate let mask: Int
        fileprivate unowned(unsafe) let table: CodeTable?

        /// Has every text in it.
        static var none: View { View(slots: nil, mask: 0, table: nil) }

        @inline(__always)
        fileprivate static func home(_ word: UInt64, _ mask: Int) -> Int {
            Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) &>> 40) & mask
        }

        @inline(__always)
        func contains(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
            guard text.count <= 8, let slots else { return containsLong(text) }
            let word = ShortText.word(text)
            var slot = View.home(word, mask)
            while true {
                let held = slots[slot]
                if held == word { return true }
                if held == 0 { return false }
                slot = (slot &+ 1) & mask
            }
        }

        @inline(never)
        private func containsLong(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
            table.map { $0.longCodes.contains(Array(text)) } ?? true
        }
    }
}
