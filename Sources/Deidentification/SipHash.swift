/// SipHash over words of 64 bits: a keyed hash that tells nothing of what went in to whoever has no key.
///
/// SipHash-2-4 with 128 bits of output, where records are told apart; SipHash-1-3 with 64 bits, half the work, where it only has to be seen
/// whether a row has changed.
/// Texts go in as their bytes in words, the last one filled with zeros; whoever adds one adds its length before it.
/// Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012; the long output as in the authors' own code.
struct SipHash {
    struct Key: Sendable {
        var first: UInt64
        var second: UInt64
    }

    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    private var count: UInt64 = 0
    private var isShort = false

    @inline(__always)
    init(_ key: Key) {
        v0 = key.first ^ 0x736F_6D65_7073_6575
        v1 = key.second ^ 0x646F_7261_6E64_6F6D ^ 0xEE
        v2 = key.first ^ 0x6C79_6765_6E65_7261
        v3 = key.second ^ 0x7465_6462_7974_6573
    }

    @inline(__always)
    private mutating func round() {
        v0 = v0 &+ v1
        v1 = (v1 &<< 13 | v1 &>> 51) ^ v0
        v0 = v0 &<< 32 | v0 &>> 32
        v2 = v2 &+ v3
        v3 = (v3 &<< 16 | v3 &>> 48) ^ v2
        v0 = v0 &+ v3
        v3 = (v3 &<< 21 | v3 &>> 43) ^ v0
        v2 = v2 &+ v1
        v1 = (v1 &<< 17 | v1 &>> 47) ^ v2
        v2 = v2 &<< 32 | v2 &>> 32
    }

    /// With one round a word: SipHash-1-3.
    @inline(__always)
    init(short key: Key) {
        self.init(key)
        v1 ^= 0xEE
        isShort = true
    }

    @inline(__always)
    mutating func combine(_ word: UInt64) {
        v3 ^= word
        round()
        if !isShort { round() }
        v0 ^= word
        count &+= 8
    }

    @inline(__always)
    mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        var index = 0
        while index &+ 8 <= bytes.count {
            combine((start + index).loadUnaligned(as: UInt64.self))
            index &+= 8
        }
        let rest = bytes.count &- index
        guard rest > 0 else { return }
        var word: UInt64 = 0
        if bytes.count >= 8 {
            // The last eight bytes, without those that went in before.
            word = (start + (bytes.count &- 8)).loadUnaligned(as: UInt64.self)
            word = word &>> UInt64(truncatingIfNeeded: (8 &- rest) &* 8)
        } else {
            for place in 0..<rest { word |= UInt64(bytes[place]) &<< UInt64(truncatingIfNeeded: place &* 8) }
        }
        combine(word)
    }

    /// Ends the message of a short one.
    @inline(__always)
    mutating func finishShort() -> UInt64 {
        combine(count &<< 56)
        v2 ^= 0xFF
        for _ in 0..<3 { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    /// Ends the message.
    @inline(__always)
    mutating func finish() -> (first: UInt64, second: UInt64) {
        combine(count &<< 56)
        v2 ^= 0xEE
        for _ in 0..<4 { round() }
        let first = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xDD
        for _ in 0..<4 { round() }
        return (first, v0 ^ v1 ^ v2 ^ v3)
    }
}
