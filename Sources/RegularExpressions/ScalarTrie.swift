/// Classes by scalar in three steps of 9, 6 and 6 bits, equal parts kept once: some kilobytes where a plain table would
/// take two megabytes. ASCII comes first, for a look-up in one step.
struct ScalarTrie {
    /// 128 classes of ASCII; 272 places of middle parts; then middle parts and leaves, 64 places each.
    private(set) var values: [UInt16]
    private var known: [[UInt16]: UInt16] = [:]

    private static let top = 128
    private static let parts = 128 + 272

    /// - Parameter starts: In rising order from 0, where the class changes.
    init(_ starts: [(scalar: UInt32, class: UInt16)]) {
        values = Array(repeating: 0, count: ScalarTrie.parts)
        var cursor = Cursor(starts: starts)
        // Nearly all of Unicode is long runs of one class: their parts are looked up by it.
        var leaves: [UInt16: UInt16] = [:]
        var middles: [UInt16: UInt16] = [:]
        for block in 0..<UInt32(272) {
            let first = block << 12
            let uniform = cursor.uniform(first, 4096)
            if let uniform, let known = middles[uniform] {
                values[ScalarTrie.top + Int(block)] = known
                continue
            }
            var places: [UInt16] = []
            for start in stride(from: first, to: first + 4096, by: 64) {
                if let uniform = cursor.uniform(start, 64) {
                    let leaf = leaves[uniform] ?? part(Array(repeating: uniform, count: 64))
                    leaves[uniform] = leaf
                    places.append(leaf)
                } else {
                    places.append(part((start..<start + 64).map { cursor.value($0) }))
                }
            }
            if block == 0 { for ascii in 0..<128 { values[ascii] = asciiClass(places, ascii) } }
            let middle = part(places)
            if let uniform { middles[uniform] = middle }
            values[ScalarTrie.top + Int(block)] = middle
        }
    }

    /// The number of a part; of two alike one is enough, be they middle parts or leaves.
    private mutating func part(_ places: [UInt16]) -> UInt16 {
        if let number = known[places] { return number }
        let number = UInt16((values.count - ScalarTrie.parts) >> 6)
        values += places
        known[places] = number
        return number
    }

    private func asciiClass(_ middle: [UInt16], _ ascii: Int) -> UInt16 {
        values[ScalarTrie.parts + (Int(middle[ascii >> 6]) << 6) + (ascii & 63)]
    }

    @inline(__always)
    static func value(_ values: UnsafePointer<UInt16>, _ scalar: UInt32) -> Int {
        let middle = Int(values[top &+ Int(scalar >> 12)])
        let leaf = Int(values[parts &+ (middle << 6) &+ Int(scalar >> 6 & 63)])
        return Int(values[parts &+ (leaf << 6) &+ Int(scalar & 63)])
    }

    /// Goes through the starts as scalars rise.
    private struct Cursor {
        let starts: [(scalar: UInt32, class: UInt16)]
        var index = 0

        mutating func value(_ scalar: UInt32) -> UInt16 {
            while index + 1 < starts.count, starts[index + 1].scalar <= scalar { index += 1 }
            return starts[index].class
        }

        /// The class of `count` scalars, nil where they are of several.
        mutating func uniform(_ scalar: UInt32, _ count: UInt32) -> UInt16? {
            let value = value(scalar)
            return index + 1 == starts.count || starts[index + 1].scalar >= scalar + count ? value : nil
        }
    }
}
