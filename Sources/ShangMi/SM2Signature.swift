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
}
