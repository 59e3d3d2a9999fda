/// Finds the bytes that part cells, eight at a time in one register.
///
/// Unsafe for speed: 64 bytes must be readable where a mask is asked for.
enum SeparatorMask {
    private static let high: UInt64 = 0x8080_8080_8080_8080
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// One bit for each of 64 bytes, the first lowest: set where the byte is a comma.
    @inline(__always)
    static func commas(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
        var mask: UInt64 = 0
        for word in 0..<8 { mask |= gathered(equal(0x2C, load(bytes, word))) &<< UInt64(word &* 8) }
        return mask
    }

    /// The same for bytes below `#`: quotes and line ends, and the few blanks and signs beside them.
    @inline(__always)
    static func belowHash(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
        var mask: UInt64 = 0
        for word in 0..<8 { mask |= gathered(below(0x23, load(bytes, word))) &<< UInt64(word &* 8) }
        return mask
    }

    /// The offset of the next quote, CR or LF, or `count`. Up to eight bytes behind `count` are read.
    @inline(__always)
    static func nextQuoteOrLineEnd(_ base: UnsafePointer<UInt8>, from start: Int, count: Int) -> Int {
        var at = start
        while at < count {
            var marks = below(0x23, load(base + at, 0))
            while marks != 0 {
                let found = at &+ marks.trailingZeroBitCount &>> 3
                if found >= count { return count }
                let byte = base[found]
                if byte == 0x22 || byte == 0x0A || byte == 0x0D { return found }
                marks &= marks &- 1
            }
            at &+= 8
        }
        return count
    }

    @inline(__always)
    private static func load(_ bytes: UnsafePointer<UInt8>, _ word: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self))
    }

    /// The high bit of each byte that is below a limit, which is at most 0x80.
    @inline(__always)
    private static func below(_ limit: UInt64, _ word: UInt64) -> UInt64 {
        ~((word | high) &- limit &* ones) & ~word & high
    }

    /// The high bit of each byte that is the one given.
    @inline(__always)
    private static func equal(_ byte: UInt64, _ word: UInt64) -> UInt64 {
        let difference = word ^ byte &* ones
        return ~(((difference & ~high) &+ ~high) | difference) & high
    }

    /// The eight high bits side by side: the multiplication moves each to a place of its own in the top byte.
    @inline(__always)
    private static func gathered(_ highBits: UInt64) -> UInt64 {
        ((highBits &>> 7) &* 0x0102_0408_1020_4080) &>> 56
    }
}
