import CVector

/// A bit for each of 64 bytes, the first lowest: where the commas stand, and where the bytes below `#` do: quotes and line ends, and the
/// few blanks and signs beside them.
///
/// Unsafe for speed: 64 bytes must be readable where a mask is asked for.
struct SeparatorMask {
    private(set) var commas: UInt64 = 0
    private(set) var belowHash: UInt64 = 0

    @inline(__always)
    init(_ bytes: UnsafePointer<UInt8>) {
        #if arch(x86_64)
            self.init(sixteenAtATime: bytes)
        #else
            self.init(eightAtATime: bytes)
        #endif
    }

    #if arch(x86_64)
        /// With SSE2, which every x86-64 has: 35 instructions.
        @inline(__always)
        init(sixteenAtATime bytes: UnsafePointer<UInt8>) {
            let comma = _mm_set1_epi8(0x2C)
            let last = _mm_set1_epi8(0x22)
            for part in 0..<4 {
                let vector = UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: part &* 16, as: __m128i.self)
                let equal = _mm_movemask_epi8(_mm_cmpeq_epi8(vector, comma))
                let below = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(vector, last), vector))
                commas |= UInt64(UInt32(bitPattern: equal)) &<< UInt64(part &* 16)
                belowHash |= UInt64(UInt32(bitPattern: below)) &<< UInt64(part &* 16)
            }
        }
    #endif

    /// In one register, for processors without SSE2.
    init(eightAtATime bytes: UnsafePointer<UInt8>) {
        for part in 0..<8 {
            let word = SeparatorMask.load(bytes, part)
            commas |= SeparatorMask.gathered(SeparatorMask.equal(0x2C, word)) &<< UInt64(part &* 8)
            belowHash |= SeparatorMask.gathered(SeparatorMask.below(0x23, word)) &<< UInt64(part &* 8)
        }
    }

    private static let high: UInt64 = 0x8080_8080_8080_8080
    private static let ones: UInt64 = 0x0101_0101_0101_0101

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
