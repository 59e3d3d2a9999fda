/// The keys of one file's rows, with the row each was first seen in and whether that row stands.
///
/// 16 bytes a slot, at most two thirds full: 24 bytes a row. It is kept in 64 shares that grow on their own, so that growing
/// never needs a second copy of the whole.
struct KeyIndex {
    private struct Slot {
        var low: UInt64 = 0
        var high: UInt32 = 0
        /// The row's number in the low 31 bits, 0 for an empty slot; the high bit says that the row was rejected.
        var row: UInt32 = 0
    }

    private struct Share {
        var slots: [Slot] = []
        var count = 0
    }

    private static let rejected: UInt32 = 1 << 31
    private var shares = [Share](repeating: Share(), count: 64)
    private(set) var count = 0
    /// Nothing but what keeps the reads of `warm` from being left out.
    private var warmth: UInt32 = 0

    /// Set when the whole file was refused: then none of its rows stands.
    var isRefused = false

    /// Reads the places where keys will be looked for, all at once: waiting for memory one key after another would take most of the time.
    mutating func warm(_ keys: [KeyHash], from first: Int, by step: Int) {
        for index in stride(from: first, to: keys.count, by: step) {
            let slots = shares[Int(keys[index].high & 63)].slots
            if !slots.isEmpty { warmth &+= slots[KeyIndex.start(keys[index], slots.count)].row }
        }
    }

    /// Enters a key; answers the row it was first seen in, where it was.
    ///
    /// Where keys need not be unique, a row that stands takes the place of a rejected one: its children have a parent.
    mutating func insert(_ key: KeyHash, row: Int, isRejected: Bool, isUnique: Bool) -> Int? {
        let share = Int(key.high & 63)
        if shares[share].count * 3 >= shares[share].slots.count * 2 { grow(share) }
        let packed = UInt32(truncatingIfNeeded: row) & ~KeyIndex.rejected | (isRejected ? KeyIndex.rejected : 0)
        let first = shares[share].slots.withUnsafeMutableBufferPointer { slots -> Int? in
            var at = KeyIndex.start(key, slots.count)
            while slots[at].row != 0 {
                if slots[at].low == key.low, slots[at].high == key.high {
                    let first = slots[at].row
                    if !isUnique, !isRejected, first & KeyIndex.rejected != 0 { slots[at].row = packed }
                    return Int(first & ~KeyIndex.rejected)
                }
                at = at + 1 == slots.count ? 0 : at + 1
            }
            slots[at] = Slot(low: key.low, high: key.high, row: packed)
            return nil
        }
        if first == nil {
            shares[share].count += 1
            count += 1
        }
        return first
    }

    enum Membership: Equatable {
        case absent
        case standing
        /// Known, but rejected; the row it was seen in.
        case rejected(row: Int)
    }

    func membership(of key: KeyHash) -> Membership {
        shares[Int(key.high & 63)].slots.withUnsafeBufferPointer { slots in
            guard slots.count > 0 else { return .absent }
            var at = KeyIndex.start(key, slots.count)
            while slots[at].row != 0 {
                if slots[at].low == key.low, slots[at].high == key.high {
                    let row = slots[at].row
                    return isRefused || row & KeyIndex.rejected != 0 ? .rejected(row: Int(row & ~KeyIndex.rejected)) : .standing
                }
                at = at + 1 == slots.count ? 0 : at + 1
            }
            return .absent
        }
    }

    /// The place a probe begins: the hash scaled to the table, whose size need not be a power of two.
    @inline(__always)
    private static func start(_ key: KeyHash, _ count: Int) -> Int {
        Int(truncatingIfNeeded: key.low.multipliedFullWidth(by: UInt64(count)).high)
    }

    /// Grows by a quarter: little is ever empty, and rehashing stays cheap.
    private mutating func grow(_ share: Int) {
        let old = shares[share].slots
        shares[share].slots = [Slot](repeating: Slot(), count: max(16, old.count + old.count / 4))
        shares[share].slots.withUnsafeMutableBufferPointer { slots in
            for slot in old where slot.row != 0 {
                var at = KeyIndex.start(KeyHash(low: slot.low, high: slot.high), slots.count)
                while slots[at].row != 0 { at = at + 1 == slots.count ? 0 : at + 1 }
                slots[at] = slot
            }
        }
    }
}
