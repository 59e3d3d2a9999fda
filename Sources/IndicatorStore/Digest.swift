/// A number that differs, but for one time in 2⁶⁴, where two rows of bytes do: it tells damage and change, not forgery.
enum Digest {
    /// - Complexity: O(bytes), eight at a time.
    static func of(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        var digest = UInt64(bytes.count)
        func take(_ word: UInt64) {
            // Each step can be undone, so that no single other word gives the same digest.
            // Source of the factor: 2⁶⁴ divided by the golden ratio, Knuth, The Art of Computer Programming 3, 6.4.
            digest = (digest ^ word) &* 0x9E37_79B9_7F4A_7C15
            digest ^= digest >> 32
        }
        var place = 0
        while place + 8 <= bytes.count {
            take(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
            place += 8
        }
        if place < bytes.count {
            var word: UInt64 = 0
            for byte in bytes[place...].reversed() { word = word << 8 | UInt64(byte) }
            take(word)
        }
        return Int64(bitPattern: digest)
    }

    /// One of several.
    static func combined(_ digests: some Sequence<Int64>) -> Int64 {
        Array(digests).withUnsafeBytes { of($0) }
    }
}
