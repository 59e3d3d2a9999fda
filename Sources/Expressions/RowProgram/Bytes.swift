/// Comparisons of UTF-8 in place. They order by code point, as UTF-8 does.
enum Bytes {
    /// The first eight bytes, or all of fewer with zeros after them, the first lowest.
    @inline(__always)
    static func head(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let start = bytes.baseAddress else { return 0 }
        let raw = UnsafeRawPointer(start)
        let count = bytes.count
        if count >= 8 { return UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self)) }
        // Two loads that overlap cover any length without a loop.
        if count >= 4 {
            let low = UInt64(UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self)))
            let high = UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)))
            return low | high &<< UInt64(truncatingIfNeeded: (count &- 4) &* 8)
        }
        if count >= 2 {
            let low = UInt64(UInt16(littleEndian: raw.loadUnaligned(as: UInt16.self)))
            let high = UInt64(UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: count &- 2, as: UInt16.self)))
            return low | high &<< UInt64(truncatingIfNeeded: (count &- 2) &* 8)
        }
        return count == 1 ? UInt64(start[0]) : 0
    }

    @inline(__always)
    static func equal(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
        a.count == b.count && samePrefix(a, b, count: a.count)
    }

    /// Whether the first `count` bytes are the same; both have as many.
    static func samePrefix(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>, count: Int) -> Bool {
        var index = 0
        while index &+ 8 <= count {
            let rest = index..<(index &+ 8)
            if head(UnsafeBufferPointer(rebasing: a[rest])) != head(UnsafeBufferPointer(rebasing: b[rest])) {
                return false
            }
            index &+= 8
        }
        while index < count {
            if a[index] != b[index] { return false }
            index &+= 1
        }
        return true
    }

    static func order(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Ordering {
        let common = Swift.min(a.count, b.count)
        var index = 0
        while index < common {
            if a[index] != b[index] { return a[index] < b[index] ? .less : .greater }
            index &+= 1
        }
        return Ordering(a.count, b.count)
    }

    static func starts(_ text: UnsafeBufferPointer<UInt8>, with part: UnsafeBufferPointer<UInt8>) -> Bool {
        part.count <= text.count && samePrefix(text, part, count: part.count)
    }

    static func ends(_ text: UnsafeBufferPointer<UInt8>, with part: UnsafeBufferPointer<UInt8>) -> Bool {
        guard part.count <= text.count else { return false }
        let tail = UnsafeBufferPointer(rebasing: text[(text.count &- part.count)...])
        return samePrefix(tail, part, count: part.count)
    }

    static func contains(_ text: UnsafeBufferPointer<UInt8>, _ part: UnsafeBufferPointer<UInt8>) -> Bool {
        guard part.count > 0 else { return true }
        guard part.count <= text.count else { return false }
        var index = 0
        while index <= text.count &- part.count {
            if text[index] == part[0],
                samePrefix(UnsafeBufferPointer(rebasing: text[index...]), part, count: part.count)
            {
                return true
            }
            index &+= 1
        }
        return false
    }

    /// Unicode scalars: bytes that do not continue one.
    static func scalarCount(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        guard let start = text.baseAddress else { return 0 }
        var continued = 0
        var index = 0
        while index &+ 8 <= text.count {
            let word = UnsafeRawPointer(start).loadUnaligned(fromByteOffset: index, as: UInt64.self)
            // The high bit of a byte that continues is set and the next is not.
            continued &+= (word & ~(word &<< 1) & 0x8080_8080_8080_8080).nonzeroBitCount
            index &+= 8
        }
        while index < text.count {
            if text[index] & 0xC0 == 0x80 { continued &+= 1 }
            index &+= 1
        }
        return text.count &- continued
    }
}
