import CVector
import Glibc

/// Zero bytes, U+FFFD and lost characters, which hardly any table holds: looked for sixteen bytes at a time, in one pass over a block, so
/// that nobody has to look closer.
struct OddBytes: OptionSet {
    let rawValue: UInt8

    /// A zero byte, or EF BF, with which U+FFFD begins.
    static let zeroOrReplacement = OddBytes(rawValue: 1)
    /// `??` or 锟: text may have lost its characters before it came.
    static let lost = OddBytes(rawValue: 2)

    /// Finds which of them may stand in the bytes.
    ///
    /// Unsafe for speed: 18 bytes behind the last must be readable.
    static func find(in bytes: UnsafePointer<UInt8>, count: Int) -> OddBytes {
        #if arch(x86_64)
            let source = UnsafeRawPointer(bytes)
            var seen = Seen()
            var at = 0
            while at &+ 64 <= count {
                for part in 0..<4 { seen.look(at: source + (at &+ part &* 16)) }
                at &+= 64
            }
            while at &+ 16 <= count {
                seen.look(at: source + at)
                at &+= 16
            }
            var found = seen.found
            if seen.mayHoldKun, holdsKun(bytes, count: count) { found.insert(.lost) }
            for at in at..<max(at, count) { found.formUnion(look(bytes[at], bytes[at &+ 1], bytes[at &+ 2])) }
            return found
        #else
            return [.zeroOrReplacement, .lost]
        #endif
    }

    #if arch(x86_64)
        /// What has been seen so far, in sixteen lanes. Pairs are compared as numbers of two bytes, once from each even byte on and once
        /// from each odd one.
        private struct Seen {
            private var least = _mm_set1_epi8(-1)
            private var replacement = _mm_setzero_si128()
            private var marks = _mm_setzero_si128()
            private var kun = _mm_setzero_si128()

            @inline(__always)
            mutating func look(at source: UnsafeRawPointer) {
                let vector = source.loadUnaligned(as: __m128i.self)
                let next = source.loadUnaligned(fromByteOffset: 1, as: __m128i.self)
                least = _mm_min_epu8(least, vector)
                replacement = _mm_or_si128(replacement, _mm_or_si128(pair(vector, 0xBFEF), pair(next, 0xBFEF)))
                marks = _mm_or_si128(marks, _mm_or_si128(pair(vector, 0x3F3F), pair(next, 0x3F3F)))
                kun = _mm_or_si128(kun, _mm_or_si128(pair(vector, 0x94E9), pair(next, 0x94E9)))
            }

            var found: OddBytes {
                var found: OddBytes = []
                if _mm_movemask_epi8(_mm_or_si128(replacement, equal(least, 0))) != 0 {
                    found.insert(.zeroOrReplacement)
                }
                if _mm_movemask_epi8(marks) != 0 { found.insert(.lost) }
                return found
            }

            /// E9 94 has been seen, with which 锟 begins, and 错, 锌 and 锁 too.
            var mayHoldKun: Bool { _mm_movemask_epi8(kun) != 0 }

            /// The pair as it stands in memory, its first byte lowest.
            @inline(__always)
            private func pair(_ vector: __m128i, _ bytes: UInt16) -> __m128i {
                _mm_cmpeq_epi16(vector, _mm_set1_epi16(Int16(bitPattern: bytes)))
            }

            @inline(__always)
            private func equal(_ vector: __m128i, _ byte: UInt8) -> __m128i {
                _mm_cmpeq_epi8(vector, _mm_set1_epi8(Int8(bitPattern: byte)))
            }
        }

        private static func holdsKun(_ bytes: UnsafePointer<UInt8>, count: Int) -> Bool {
            var at = 0
            while at < count, let next = memchr(bytes + at, 0xE9, count - at) {
                at = UnsafePointer(next.assumingMemoryBound(to: UInt8.self)) - bytes
                if bytes[at &+ 1] == 0x94, bytes[at &+ 2] == 0x9F { return true }
                at += 1
            }
            return false
        }

        private static func look(_ byte: UInt8, _ next: UInt8, _ third: UInt8) -> OddBytes {
            switch (byte, next, third) {
            case (0, _, _), (0xEF, 0xBF, _): .zeroOrReplacement
            case (0x3F, 0x3F, _), (0xE9, 0x94, 0x9F): .lost
            default: []
            }
        }
    #endif
}
