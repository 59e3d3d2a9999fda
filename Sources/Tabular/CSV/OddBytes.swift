import CVector

/// Zero bytes and U+FFFD, which hardly any table holds: looked for sixteen at a time, so that nobody has to look closer.
enum OddBytes {
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
