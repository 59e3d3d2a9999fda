/// 32 bytes of SM3 or HMAC-SM3. Comparing two takes the same time wherever they differ.
public struct SM3Digest: Hashable, Sendable, CustomStringConvertible {
    public static let byteCount = 32

    /// 32 zero bytes: what stands before the first link of a hash chain.
    public static let zero = SM3Digest { _ in }

    /// No vector, which has to lie at a multiple of 32: frames of asynchronous functions are made for 16, and in one that holds a vector
    /// the compiler (6.3.1) writes beyond the end.
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// - Parameter bytes: Exactly 32; otherwise nil.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init { $0.copyBytes(from: bytes) }
    }

    /// - Parameter hex: 64 hexadecimal digits of either case; otherwise nil.
    public init?(hex: String) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// Takes what `fill` writes into the 32 bytes it is given.
    init(_ fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
        words = (0, 0, 0, 0)
        try Swift.withUnsafeMutableBytes(of: &words) { try fill($0) }
    }

    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try Swift.withUnsafeBytes(of: words) { try body($0) }
    }

    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// 64 hexadecimal digits in lower case.
    public var hex: String { withUnsafeBytes { Hex.encode($0) } }

    public var description: String { hex }

    public static func == (left: Self, right: Self) -> Bool {
        let (a, b) = (left.words, right.words)
        return (a.0 ^ b.0) | (a.1 ^ b.1) | (a.2 ^ b.2) | (a.3 ^ b.3) == 0
    }

    public func hash(into hasher: inout Hasher) { withUnsafeBytes { hasher.combine(bytes: $0) } }
}
