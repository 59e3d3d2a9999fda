import Glibc

/// The keys of one file's rows, with the row each was first seen in and whether that row stands.
///
/// 16 bytes a slot, and between 71 and 80 of a hundred slots taken: 20 to 22.5 bytes a row. It is kept in 64 shares that grow on their
/// own, so that growing never needs a second copy of the whole.
final class KeyIndex {
    private struct Slot {
        var low: UInt64
        var high: UInt32
        /// The row's number in the low 31 bits, 0 for an empty slot; the high bit says that the row was rejected.
        var row: UInt32
    }

    private struct Share {
        /// Zeroed by the system when first touched: room that is not needed costs nothing.
        var slots: UnsafeMutablePointer<Slot>
        var capacity: Int
        var count = 0

        init(capacity: Int) {
            self.capacity = capacity
            if let zeroed = calloc(capacity, MemoryLayout<Slot>.stride) {
                slots = zeroed.assumingMemoryBound(to: Slot.self)
            } else {
                slots = .allocate(capacity: capacity)
                slots.initialize(repeating: Slot(low: 0, high: 0, row: 0), count: capacity)
            }
        }

        var isFull: Bool { count &* 5 >= capacity &* 4 }
    }

    private static let shareCount = 64
    private static let rejected: UInt32 = 1 << 31
    private let shares: UnsafeMutablePointer<Share>
    /// Nothing but what keeps the reads of `warm` from being left out.
    private var warmth: UInt32 = 0

    /// Set when the whole file was refused: then none of its rows stands.
    var isRefused = false

    /// - Parameter expectedRows: how many keys there will be, as far as that can be told; a wrong guess costs time alone.
    init(expectedRows: Int = 0) {
        shares = .allocate(capacity: KeyIndex.shareCount)
        let capacity = max(16, expectedRows / KeyIndex.shareCount * 25 / 18)
        for index in 0..<KeyIndex.shareCount { (shares + index).initialize(to: Share(capacity: capacity)) }
    }

    deinit {
        for index in 0..<KeyIndex.shareCount { free(shares[index].slots) }
        shares.deallocate()
    }

    var count: Int { (0..<KeyIndex.shareCount).reduce(0) { $0 + shares[$1].count } }

    /// Reads the places where keys will be looked for, all at once: waiting for memory one key after another would take most of the time.
    func warm(_ keys: [KeyHash], from first: Int, by step: Int) {
        var read: UInt32 = 0
        for index in stride(from: first, to: keys.count, by: step) {
            let share = share(of: keys[index])
            read &+= share.pointee.slots[KeyIndex.start(keys[index], share.pointee.capacity)].row
        }
        warmth = read
    }

    /// Enters a key; answers the row it was first seen in, where it was.
    ///
    /// Where keys need not be unique, a row that stands takes the place of a rejected one: its children have a parent.
    func insert(_ key: KeyHash, row: Int, isRejected: Bool, isUnique: Bool) -> Int? {
        let share = share(of: key)
        if share.pointee.isFull { KeyIndex.grow(share) }
        let packed = UInt32(truncatingIfNeeded: row) & ~KeyIndex.rejected | (isRejected ? KeyIndex.rejected : 0)
        let slot = KeyIndex.find(key, share)
        let first = slot.pointee.row
        if first == 0 {
            slot.pointee = Slot(low: key.low, high: key.high, row: packed)
            share.pointee.count &+= 1
            return nil
        }
        if !isUnique, !isRejected, first & KeyIndex.rejected != 0 { slot.pointee.row = packed }
        return Int(first & ~KeyIndex.rejected)
    }

    enum Membership: Equatable {
        case absent
        case standing
        /// Known, but rejected; the row it was seen in.
        case rejected(row: Int)
    }

    func membership(of key: KeyHash) -> Membership {
        let row = KeyIndex.find(key, share(of: key)).pointee.row
        if row == 0 { return .absent }
        return isRefused || row & KeyIndex.rejected != 0 ? .rejected(row: Int(row & ~KeyIndex.rejected)) : .standing
    }

    @inline(__always)
    private func share(of key: KeyHash) -> UnsafeMutablePointer<Share> { shares + Int(key.high & 63) }

    /// The place a probe begins: the hash scaled to the share, whose size need not be a power of two.
    @inline(__always)
    private static func start(_ key: KeyHash, _ capacity: Int) -> Int {
        Int(truncatingIfNeeded: key.low.multipliedFullWidth(by: UInt64(truncatingIfNeeded: capacity)).high)
    }

    /// The slot of a key, or the empty one where it belongs; one is always empty.
    @inline(__always)
    private static func find(_ key: KeyHash, _ share: UnsafeMutablePointer<Share>) -> UnsafeMutablePointer<Slot> {
        let end = share.pointee.slots + share.pointee.capacity
        var slot = share.pointee.slots + start(key, share.pointee.capacity)
        while slot.pointee.row != 0 {
            if slot.pointee.low == key.low, slot.pointee.high == key.high { break }
            slot += 1
            if slot == end { slot = share.pointee.slots }
        }
        return slot
    }

    /// Grows by an eighth: little is ever empty, and keys move in the order they stand in.
    @inline(never)
    private static func grow(_ share: UnsafeMutablePointer<Share>) {
        let old = share.pointee
        share.pointee = Share(capacity: old.capacity + max(4, old.capacity / 8))
        share.pointee.count = old.count
        for index in 0..<old.capacity where old.slots[index].row != 0 {
            let slot = old.slots[index]
            find(KeyHash(low: slot.low, high: slot.high), share).pointee = slot
        }
        free(old.slots)
    }
}
