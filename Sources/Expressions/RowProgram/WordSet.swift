/// The texts of a constant list, found by one hash and, up to eight bytes, one comparison.
final class WordSet: @unchecked Sendable {
    // Safe to share: written in `init` alone.
    fileprivate struct Slot {
        var head: UInt64 = 0
        /// -1: nothing stands here.
        var count: Int32 = -1
        var offset: Int32 = 0
    }

    private let slots: UnsafeMutablePointer<Slot>
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    /// The set to look in, good as long as this object lives.
    let view: View

    struct View: BitwiseCopyable {
        fileprivate let slots: UnsafePointer<Slot>?
        fileprivate let mask: Int
        fileprivate let bytes: UnsafePointer<UInt8>?

        /// Has nothing in it.
        static var none: View { View(slots: nil, mask: 0, bytes: nil) }
    }

    init(_ words: [String]) {
        var capacity = 4
        while capacity < words.count * 2 { capacity *= 2 }
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: Slot(), count: capacity)
        let all = words.flatMap { Array($0.utf8) }
        bytes = .allocate(capacity: all.count)
        _ = bytes.initialize(from: all)
        view = View(slots: slots, mask: capacity - 1, bytes: bytes.baseAddress)
        var offset = 0
        for word in words {
            let text = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(bytes)[offset..<(offset + word.utf8.count)])
            if !view.contains(text) {
                let head = Bytes.head(text)
                var index = view.home(head, text.count)
                while slots[index].count >= 0 { index = (index + 1) & view.mask }
                slots[index] = Slot(head: head, count: Int32(text.count), offset: Int32(offset))
            }
            offset += text.count
        }
    }

    deinit {
        slots.deallocate()
        bytes.deallocate()
    }
}

extension WordSet.View {
    @inline(__always)
    fileprivate func home(_ head: UInt64, _ count: Int) -> Int {
        let mixed = (head ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed &>> 40) & mask
    }

    func contains(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let slots, let bytes else { return false }
        let head = Bytes.head(text)
        var index = home(head, text.count)
        while true {
            let slot = slots[index]
            if slot.count < 0 { return false }
            if slot.head == head, Int(slot.count) == text.count {
                let offset = Int(slot.offset)
                if text.count <= 8 { return true }
                if Bytes.equal(UnsafeBufferPointer(start: bytes + offset, count: text.count), text) { return true }
            }
            index = (index &+ 1) & mask
        }
    }
}
