import CVector

/// Bytes that hardly any table holds: looked for sixteen at a time, so that nobody has to look closer.
public enum OddBytes {
    /// False where no text can have lost its characters before it came: neither `??` stands there, nor the first two bytes of 锟, nor the
    /// last two of 烫, nor C3, with which UTF-8 begins that was read as Latin-1 and written again; nor is the first character beyond
    /// ASCII, among the first sixteen bytes, one with which UTF-8 begins that was read as GBK. Other text may hold these bytes, too.
    ///
    /// Unsafe for speed: 17 bytes behind the last must be readable.
    public static func mayBeLost(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        #if arch(x86_64)
            guard let source = UnsafeRawPointer(text.baseAddress), text.count > 0 else { return false }
            let high = UInt32(bitPattern: _mm_movemask_epi8(source.loadUnaligned(as: __m128i.self)))
            if high != 0, high.trailingZeroBitCount < text.count,
                GarbledBeginnings.shared.hold(text, high.trailingZeroBitCount)
            {
                return true
            }
            var odd = _mm_setzero_si128()
            var at = 0
            while at < text.count {
                let vector = source.loadUnaligned(fromByteOffset: at, as: __m128i.self)
                let next = source.loadUnaligned(fromByteOffset: at &+ 1, as: __m128i.self)
                let marks = _mm_and_si128(equal(vector, 0x3F), equal(next, 0x3F))
                let kun = _mm_and_si128(equal(vector, 0xE9), equal(next, 0x94))
                let tang = _mm_and_si128(equal(vector, 0x83), equal(next, 0xAB))
                odd = _mm_or_si128(odd, _mm_or_si128(_mm_or_si128(marks, kun), _mm_or_si128(tang, equal(vector, 0xC3))))
                at &+= 16
            }
            return _mm_movemask_epi8(odd) != 0
        #else
            return true
        #endif
    }

    #if arch(x86_64)
        @inline(__always)
        private static func equal(_ vector: __m128i, _ byte: UInt8) -> __m128i {
            _mm_cmpeq_epi8(vector, _mm_set1_epi8(Int8(bitPattern: byte)))
        }
    #endif

    /// False where there is neither a zero byte nor EF BF, with which U+FFFD begins.
    ///
    /// Unsafe for speed: 16 bytes behind the last must be readable.
    static func mayStand(in bytes: UnsafePointer<UInt8>, count: Int) -> Bool {
        #if arch(x86_64)
            var odd = _mm_setzero_si128()
            let zero = _mm_setzero_si128()
            let first = _mm_set1_epi8(Int8(bitPattern: 0xEF))
            let second = _mm_set1_epi8(Int8(bitPattern: 0xBF))
            let source = UnsafeRawPointer(bytes)
            var at = 0
            while at &+ 16 <= count {
                let vector = source.loadUnaligned(fromByteOffset: at, as: __m128i.self)
                let next = source.loadUnaligned(fromByteOffset: at &+ 1, as: __m128i.self)
                let begins = _mm_and_si128(_mm_cmpeq_epi8(vector, first), _mm_cmpeq_epi8(next, second))
                odd = _mm_or_si128(odd, _mm_or_si128(begins, _mm_cmpeq_epi8(vector, zero)))
                at &+= 16
            }
            if _mm_movemask_epi8(odd) != 0 { return true }
            return (at..<max(at, count)).contains { bytes[$0] == 0 || (bytes[$0] == 0xEF && bytes[$0 &+ 1] == 0xBF) }
        #else
            return true
        #endif
    }
}
