import CVector

/// Copies UTF-8 in blocks of 64 bytes, each judged as a whole: no branch depends on where a character of how many bytes stands.
///
/// A bit for each byte says whether it must continue a character, from the leads before it, and whether it does. Leads whose second byte
/// is bounded further, characters of four bytes and bytes that never occur are rare; a block with one of them is left to
/// `UTF8Decoding`.
enum UTF8Blocks {
    /// How many bytes were copied: whole characters, up to the first block that needs a closer look or is not full.
    @inline(__always)
    static func copy(_ input: UnsafePointer<UInt8>, to output: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
        #if arch(x86_64)
            copyWithVectors(UnsafeRawPointer(input), to: UnsafeMutableRawPointer(output), count: count)
        #else
            0
        #endif
    }

    #if arch(x86_64)
        private static func copyWithVectors(
            _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, count: Int
        ) -> Int {
            var done = 0
            /// Bits of the next block's first bytes that must continue the last character of this one.
            var owed: UInt64 = 0
            /// How many bytes of that character stand in this block.
            var begun = 0
            while done &+ 64 <= count {
                let block = Block(source + done, to: target + done)
                let leads = block.high & ~block.continuing
                let required = owed | leads &<< 1 | block.threeByteLeads &<< 2
                guard required == block.continuing, !block.holdsRare else { break }
                owed = leads &>> 63 | block.threeByteLeads &>> 62
                begun = owed == 0 ? 0 : leads &>> 63 != 0 ? 1 : 2
                done &+= 64
            }
            return done &- begun
        }

        private struct Block {
            /// Bytes of 0x80 and above.
            var high: UInt64 = 0
            /// 0x80…0xBF.
            var continuing: UInt64 = 0
            /// 0xE0 and above; where nothing is rare, up to 0xEF.
            var threeByteLeads: UInt64 = 0
            /// One of 0xC0, 0xC1, 0xE0, 0xED, 0xF0…0xFF.
            var holdsRare = false

            @inline(__always)
            init(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
                var rare = _mm_setzero_si128()
                for part in 0..<4 {
                    let vector = source.loadUnaligned(fromByteOffset: part &* 16, as: __m128i.self)
                    target.storeBytes(of: vector, toByteOffset: part &* 16, as: __m128i.self)
                    let shift = UInt64(part &* 16)
                    high |= Block.bits(vector) &<< shift
                    // As signed numbers the continuing bytes are the lowest: below 0xC0, which is -64.
                    continuing |= Block.bits(_mm_cmplt_epi8(vector, Block.all(0xC0))) &<< shift
                    threeByteLeads |= Block.bits(Block.atLeast(vector, 0xE0)) &<< shift
                    rare = _mm_or_si128(rare, Block.atLeast(vector, 0xF0))
                    rare = _mm_or_si128(rare, _mm_cmpeq_epi8(vector, Block.all(0xE0)))
                    rare = _mm_or_si128(rare, _mm_cmpeq_epi8(vector, Block.all(0xED)))
                    let pair = _mm_and_si128(vector, Block.all(0xFE))
                    rare = _mm_or_si128(rare, _mm_cmpeq_epi8(pair, Block.all(0xC0)))
                }
                holdsRare = _mm_movemask_epi8(rare) != 0
            }

            @inline(__always)
            private static func all(_ byte: UInt8) -> __m128i { _mm_set1_epi8(Int8(bitPattern: byte)) }

            @inline(__always)
            private static func atLeast(_ vector: __m128i, _ limit: UInt8) -> __m128i {
                _mm_cmpeq_epi8(_mm_max_epu8(vector, all(limit)), vector)
            }

            @inline(__always)
            private static func bits(_ vector: __m128i) -> UInt64 {
                UInt64(UInt32(bitPattern: _mm_movemask_epi8(vector)))
            }
        }
    #endif
}
