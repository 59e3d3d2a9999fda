import Glibc

/// The keys of one file's rows, with the row each was first seen in and whether that row stands.
///
/// 16 bytes a slot, and between 71 and 80 of a hundred slots taken: 20 to 22.5 bytes a row. It is kept in 64 shares that grow on their
/// own, so that growing never needs a second copy of the whole. Values that children compare with theirs are 4 bytes more a slot each,
/// where a file of the package compares any.
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
        /// Beside each slot the values that children ask for, where they do.
        var values: UnsafeMutablePointer<UInt32>?

        init(capacity: Int, valueCount: Int) {
            self.capacity = capacity
            slots = Share.zeroed(capacity, Slot(low: 0, high: 0, row: 0))
            if valueCount > 0 { values = Share.zeroed(capacity * valueCount, ValueHash.unknown) }
        }

        private static func zeroed<Element: BitwiseCopyable>(
            _ count: Int, _ zero: Element
        ) -> UnsafeMutablePointer<Element> {
            if let memory = calloc(count, MemoryLayout<Element>.stride) {
                return memory.assumingMemoryBound(to: Element.self)
            }
            let memory = UnsafeMutablePointer<Element>.allocate(capacity: count)
            memory.initialize(repeating: zero, count: count)
            return memory
        }

        var isFull: Bool { count &* 5 >= capacity &* 4 }
    }

    private static let shareCount = 64
    private static let rejected: UInt32 = 1 << 31
    private let shares: UnsafeMutablePointer<Share>
    /// How many values are kept with a key.
    let valueCount: Int
    /// Nothing but what keeps the reads of `warm` from being left out.
    private var warmth: UInt32 = 0

    /// Set when the whole file was refused: then none of its rows stands.
    var isRefused = false

    /// - Parameters:
    ///   - expectedRows: how many keys there will be, as far as that can be told; a wrong guess costs time alone.
    ///   - valueCount: how many values are kept with a key: 4 bytes a slot each.
    init(expectedRows: Int = 0, valueCount: Int = 0) {
        self.valueCount = valueCount
        shares = .allocate(capacity: KeyIndex.shareCount)
        let capacity = max(16, expectedRows / KeyIndex.shareCount * 25 / 18)
        for index in 0..<KeyIndex.shareCount {
            (shares + index).initialize(to: Share(capacity: capacity, valueCount: valueCount))
        }
    }

    deinit {
        for index in 0..<KeyIndex.shareCount {
            free(shares[index].slots)
            free(shares[index].values)
        }
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
        if share.pointee.isFull { grow(share) }
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

    /// Enters a key with the values that children will ask for. Those of the row that stands count; where several stand and disagree,
    /// the value is unknown.
    func insert(_ key: KeyHash, row: Int, isRejected: Bool, isUnique: Bool, values: ArraySlice<UInt32>) -> Int? {
        let before = membership(of: key)
        let first = insert(key, row: row, isRejected: isRejected, isUnique: isUnique)
        guard before == .absent || (!isUnique && !isRejected), let kept = keptValues(of: key) else { return first }
        for (place, value) in values.enumerated() {
            kept[place] = before != .standing || kept[place] == value ? value : ValueHash.unknown
        }
        return first
    }

    /// One of the values kept with a key that has been entered.
    func value(_ place: Int, of key: KeyHash) -> UInt32 { keptValues(of: key)?[place] ?? ValueHash.unknown }

    private func keptValues(of key: KeyHash) -> UnsafeMutablePointer<UInt32>? {
        let share = share(of: key)
        guard let values = share.pointee.values else { return nil }
        return values + (KeyIndex.find(key, share) - share.pointee.slots) * valueCount
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

    /// The row a key was first seen in; nil where it was not.
    func row(of key: KeyHash) -> Int? {
        let row = KeyIndex.find(key, share(of: key)).pointee.row & ~KeyIndex.rejected
        return row == 0 ? nil : Int(row)
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
    private func grow(_ share: UnsafeMutablePointer<Share>) {
        let old = share.pointee
        share.pointee = Share(capacity: old.capacity + max(4, old.capacity / 8), valueCount: valueCount)
        share.pointee.count = old.count
        for index in 0..<old.capacity where old.slots[index].row != 0 {
            let slot = old.slots[index]
            let place = KeyIndex.find(KeyHash(low: slot.low, high: slot.high), share)
            place.pointee = slot
            if let values = share.pointee.values, let oldValues = old.values {
                (values + (place - share.pointee.slots) * valueCount)
                    .update(from: oldValues + index * valueCount, count: valueCount)
            }
        }
        free(old.slots)
        free(old.values)
    }
}
