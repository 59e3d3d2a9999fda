/// The values behind one figure, each with how many records have it.
///
/// Values stand in any order, and one may stand there more than once: what was counted and taken back again sums to what is there. Nothing
/// is sorted to find the value at a place, so that the median of millions of records takes time in proportion to their number.
public struct CountedValues: Sendable {
    /// Shared by the figures of one answer.
    private let entries: ArraySlice<Entry>

    /// 16 bytes: an answer may hold millions.
    public struct Entry: Sendable {
        /// To which figure of an answer it belongs.
        public var cell: Int32
        /// How many records more have the value; below 0 where records had it and have it no longer.
        public var count: Int32
        /// In the smallest unit; for a number of different values, whatever stands for the value.
        public var value: Int64

        public init(cell: Int32 = 0, value: Int64, count: Int32) {
            (self.cell, self.value, self.count) = (cell, value, count)
        }
    }

    public init(_ entries: ArraySlice<Entry>) { self.entries = entries }

    public init() { entries = [] }

    /// How many records have a value.
    public var total: Int64 { entries.reduce(0) { $0 + Int64($1.count) } }

    /// How many records have each value that some record has.
    public var counts: [Int64: Int64] {
        var counts: [Int64: Int64] = [:]
        for entry in entries { counts[entry.value, default: 0] += Int64(entry.count) }
        return counts.filter { $0.value > 0 }
    }

    /// The values at some places, counted from 0 in rising order; every place is below `total`.
    ///
    /// - Complexity: O(entries), expected.
    func values(at places: [Int64]) -> [Int64] {
        var own = ContiguousArray(entries)
        return own.withUnsafeMutableBufferPointer { buffer in places.map { CountedValues.value(at: $0, of: buffer) } }
    }

    /// Goes on with the part that holds the place until it is small, or all of it is one value.
    private static func value(at place: Int64, of buffer: UnsafeMutableBufferPointer<Entry>) -> Int64 {
        var part = buffer[...]
        var place = place
        var random = UInt64(truncatingIfNeeded: buffer.count)
        // Places that do not follow from the order of the values, so that no usual order makes it slow.
        // Source of the numbers: Knuth, MMIX.
        func pick() -> Int64 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return part[part.startIndex + Int((random >> 33) % UInt64(part.count))].value
        }
        while part.count > few {
            let pivot = median(pick(), pick(), pick())
            let (equal, greater) = partition(&part, by: pivot)
            let below = part[..<equal].reduce(0) { $0 + Int64($1.count) }
            if place < below {
                part = part[..<equal]
                continue
            }
            let through = below + part[equal..<greater].reduce(0) { $0 + Int64($1.count) }
            if place < through || greater == part.endIndex { return pivot }
            place -= through
            part = part[greater...]
        }
        part.sort { $0.value < $1.value }
        var (last, next): (Int64, Int) = (0, part.startIndex)
        while next < part.endIndex {
            last = part[next].value
            // All entries of a value count together: some take back what others say.
            while next < part.endIndex, part[next].value == last {
                place -= Int64(part[next].count)
                next += 1
            }
            if place < 0 { break }
        }
        return last
    }

    /// So many entries are sorted.
    private static let few = 24

    private static func median(_ one: Int64, _ two: Int64, _ three: Int64) -> Int64 {
        max(min(one, two), min(max(one, two), three))
    }

    /// Moves what is less than the pivot to the front and what is greater to the end.
    ///
    /// - Returns: where what is equal begins, and where what is greater does.
    private static func partition(
        _ part: inout Slice<UnsafeMutableBufferPointer<Entry>>, by pivot: Int64
    ) -> (equal: Int, greater: Int) {
        var (equal, next, greater) = (part.startIndex, part.startIndex, part.endIndex)
        while next < greater {
            let value = part[next].value
            if value < pivot {
                part.swapAt(equal, next)
                equal += 1
                next += 1
            } else if value > pivot {
                greater -= 1
                part.swapAt(next, greater)
            } else {
                next += 1
            }
        }
        return (equal, greater)
    }
}
