/// The texts of a constant list, found by one hash and, up to eight bytes, one comparison.
final class WordSet: @unchecked Sendable {
    // Safe to share: written in `init` alone.
    private struct Slot {
        var head: UInt64 = 0
        /// -1: nothing stands here.
        var count: Int32 = -1
        var offset: Int32 = 0
    }

    private let slots: UnsafeMutablePointer<Slot>
    private let mask: Int
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    init(_ words: [String]) {
        var capacity = 4
        while capacity < words.count * 2 { capacity *= 2 }
        mask = capacity - 1
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: Slot(), count: capacity)
        let all = words.flatMap { Array($0.utf8) }
        bytes = .allocate(capacity: all.count)
        _ = bytes.initialize(from: all)
        var offset = 0
        for word in words {
            let text = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(bytes)[offset..<(offset + word.utf8.count)])
            if !contains(text) {
                let head = Bytes.head(text)
                var index = home(head, text.count)
                while slots[index].count >= 0 { index = (index + 1) & mask }
                slots[index] = Slot(head: head, count: Int32(text.count), offset: Int32(offset))
            }
            offset += text.count
        }
    }

    deinit {
        slots.deallocate()
        bytes.deallocate()
    }

    @inline(__always)
    private func home(_ head: UInt64, _ count: Int) -> Int {
        let mixed = (head ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed &>> 40) & mask
    }

    func contains(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let head = Bytes.head(text)
        var index = home(head, text.count)
        while true {
            let slot = slots[index]
            if slot.count < 0 { return false }
            if slot.head == head, Int(slot.count) == text.count {
                let offset = Int(slot.offset)
                if text.count <= 8 { return true }
                let word = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(bytes)[offset..<(offset &+ text.count)])
                if Bytes.equal(word, text) { return true }
            }
            index = (index &+ 1) & mask
        }
    }
}
