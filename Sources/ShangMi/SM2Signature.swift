/// A signature of SM2: two numbers of 32 bytes.
public struct SM2Signature: Hashable, Sendable {
    public let r: [UInt8]
    public let s: [UInt8]

    init(r: [UInt8], s: [UInt8]) {
        self.r = r
        self.s = s
    }

    /// - Parameter bytes: r and s, 64 bytes; otherwise nil.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 64 else { return nil }
        self.init(r: Array(bytes[..<32]), s: Array(bytes[32...]))
    }

    /// - Parameter hex: 128 hexadecimal digits, as a receipt holds them.
    public init?(hex: String) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    public var bytes: [UInt8] { r + s }

    public var hex: String { Hex.encode(bytes) }

    /// As certificates and `openssl pkeyutl -verify` have it: `SEQUENCE { r INTEGER, s INTEGER }`.
    ///
    /// Source: GM/T 0009, 7.3.
    public var der: [UInt8] {
        let content = Self.integer(r) + Self.integer(s)
        return [0x30, UInt8(content.count)] + content
    }

    /// At most 35 bytes, so one byte of length is enough here and above.
    private static func integer(_ number: [UInt8]) -> [UInt8] {
        var digits = Array(number.drop { $0 == 0 })
        if (digits.first ?? 0x80) >= 0x80 { digits.insert(0, at: 0) }
        return [0x02, UInt8(digits.count)] + digits
    }
}
