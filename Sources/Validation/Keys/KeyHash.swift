/// A 96-bit keyed hash of a key's values, so that keys can be told apart in a few bytes a row.
///
/// Two different keys of one file of a million rows collide with a probability below 10⁻¹⁶; the seeds are drawn for each run, so no
/// sender can make keys that do.
struct KeyHash: Hashable {
    var low: UInt64
    var high: UInt32

    /// Stands for a key of which a part is blank.
    static var none: KeyHash { KeyHash(low: 0, high: 0) }
    /// Stands for a key of which a part has a finding of its own: it is unreadable, or blank and required.
    static var unreadable: KeyHash { KeyHash(low: 0, high: 1) }

    var isKnown: Bool { low != 0 || high > 1 }
}

/// Takes up a key's values one after the other. Values count, not bytes: moments and numbers are hashed as parsed.
struct KeyHasher {
    private var a: UInt64
    private var b: UInt64

    @inline(__always)
    init(seed: KeySeed) {
        a = seed.a
        b = seed.b
    }

    @inline(__always)
    mutating func combine(_ value: UInt64) {
        a = KeyHasher.mix(a ^ value, 0x9E37_79B9_7F4A_7C15)
        b = KeyHasher.mix(b &+ value, 0xD1B5_4A32_D192_ED03) ^ a
    }

    /// Combines text by value: its length, then its bytes eight at a time.
    @inline(__always)
    mutating func combine(_ text: UnsafeBufferPointer<UInt8>) {
        combine(UInt64(text.count) | 1 << 63)
        var index = 0
        while index + 8 <= text.count {
            combine(UnsafeRawPointer(text.baseAddress! + index).loadUnaligned(as: UInt64.self))
            index += 8
        }
        if index < text.count { combine(ShortText.word(UnsafeBufferPointer(rebasing: text[index...]))) }
    }

    @inline(__always)
    func finish() -> KeyHash {
        let low = KeyHasher.mix(a ^ b, 0xA076_1D64_78BD_642F)
        let high = KeyHasher.mix(b ^ (a >> 32), 0xE703_7ED1_A0B4_28DB)
        return KeyHash(low: low, high: UInt32(truncatingIfNeeded: high))
    }

    @inline(__always)
    private static func mix(_ x: UInt64, _ y: UInt64) -> UInt64 {
        let product = x.multipliedFullWidth(by: y)
        return product.high ^ product.low ^ x
    }
}

/// The secret start of all key hashes of one run.
public struct KeySeed: Sendable {
    var a: UInt64
    var b: UInt64

    /// - Parameter random: 16 random bytes as two words.
    public init(_ random: (UInt64, UInt64)) {
        a = random.0
        b = random.1
    }
}
