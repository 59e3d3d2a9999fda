/// Deflate streams written by hand, so that no test depends on a compressor. Source: RFC 1951, 3.2.4 and 3.2.6.
enum Deflate {
    /// One stored block.
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let length = UInt16(bytes.count)
        return [1, UInt8(length & 0xFF), UInt8(length >> 8), UInt8(~length & 0xFF), UInt8(~length >> 8)] + bytes
    }

    /// One block of fixed Huffman codes without repetitions.
    static func literals(_ bytes: [UInt8]) -> [UInt8] {
        var bits = BitWriter()
        bits.startFixedBlock()
        for byte in bytes { bits.literal(byte) }
        bits.endBlock()
        return bits.bytes
    }

    /// A zero byte, repeated by 258 as often as it takes: some 1,000 bytes for each one packed.
    static func zeros(atLeast count: Int) -> [UInt8] {
        var bits = BitWriter()
        bits.startFixedBlock()
        bits.literal(0)
        for _ in 0..<count / 258 { bits.longestRepetition() }
        bits.endBlock()
        return bits.bytes
    }

    /// A repetition of what was never written.
    static var lookingBackTooFar: [UInt8] {
        var bits = BitWriter()
        bits.startFixedBlock()
        bits.longestRepetition()
        bits.endBlock()
        return bits.bytes
    }
}

private struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var used = 8

    private mutating func bit(_ value: Int) {
        if used == 8 {
            bytes.append(0)
            used = 0
        }
        bytes[bytes.count - 1] |= UInt8(value) << UInt8(used)
        used += 1
    }

    /// Huffman codes are written from their highest bit.
    private mutating func code(_ value: Int, length: Int) {
        for place in (0..<length).reversed() { bit(value >> place & 1) }
    }

    mutating func startFixedBlock() {
        bit(1)
        bit(1)
        bit(0)
    }

    mutating func literal(_ byte: UInt8) {
        byte < 144 ? code(0x30 + Int(byte), length: 8) : code(0x190 + Int(byte) - 144, length: 9)
    }

    /// Symbol 285, 258 bytes, at distance 1.
    mutating func longestRepetition() {
        code(0xC5, length: 8)
        code(0, length: 5)
    }

    mutating func endBlock() { code(0, length: 7) }
}
