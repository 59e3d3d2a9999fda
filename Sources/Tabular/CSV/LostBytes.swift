import CVector

/// The fast look for text that lost its characters before it came: by it most texts pass without a closer look.
public struct LostBytes {
    /// Held, because a lazy global costs a call each time that it is asked.
    private let beginnings = GarbledBeginnings.bits

    public init() {}

    /// False where no characters can have been lost: neither `??` stands in a text, nor the first two bytes of 锟, nor the last two of 烫,
    /// nor C3, with which UTF-8 begins that was read as Latin-1 and written again; nor is the first character beyond ASCII, among the
    /// first sixteen bytes, one with which UTF-8 begins that was read as GBK. Other text may hold these bytes, too.
    ///
    /// Unsafe for speed: 32 bytes behind the last must be readable.
    public func mayStand(in text: UnsafeBufferPointer<UInt8>) -> Bool {
        #if arch(x86_64)
            guard let source = UnsafeRawPointer(text.baseAddress), text.count > 0 else { return false }
            let high = UInt32(bitPattern: _mm_movemask_epi8(source.loadUnaligned(as: __m128i.self)))
            if high != 0, high.trailingZeroBitCount < text.count,
                GarbledBeginnings.hold(text, high.trailingZeroBitCount, in: beginnings)
            {
                return true
            }
            var odd = _mm_setzero_si128()
            var at = 0
            // Two at a time, so that most texts take one turn, however long they are; what stands behind a text does no harm.
            while at < text.count {
                odd = _mm_or_si128(odd, _mm_or_si128(marks(source + at), marks(source + (at &+ 16))))
                at &+= 32
            }
            return _mm_movemask_epi8(odd) != 0
        #else
            return true
        #endif
    }

    #if arch(x86_64)
        @inline(__always)
        private func marks(_ source: UnsafeRawPointer) -> __m128i {
            let vector = source.loadUnaligned(as: __m128i.self)
            let next = source.loadUnaligned(fromByteOffset: 1, as: __m128i.self)
            let marks = _mm_and_si128(equal(vector, 0x3F), equal(next, 0x3F))
            let kun = _mm_and_si128(equal(vector, 0xE9), equal(next, 0x94))
            let tang = _mm_and_si128(equal(vector, 0x83), equal(next, 0xAB))
            return _mm_or_si128(_mm_or_si128(marks, kun), _mm_or_si128(tang, equal(vector, 0xC3)))
        }

        @inline(__always)
        private func equal(_ vector: __m128i, _ byte: UInt8) -> __m128i {
            _mm_cmpeq_epi8(vector, _mm_set1_epi8(Int8(bitPattern: byte)))
        }
    #endif
}
