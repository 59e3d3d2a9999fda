import CGcrypt

/// Where random bytes come from: `strong` in the platform, a counter in a test that must repeat itself.
public struct RandomSource: Sendable {
    /// Fills a whole buffer.
    public let fill: @Sendable (UnsafeMutableRawBufferPointer) -> Void

    public init(_ fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void) { self.fill = fill }

    public func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            fill(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count))
            initialized = count
        }
    }

    /// libgcrypt's generator, seeded from the kernel: fit for keys, tokens and nonces.
    public static let strong = RandomSource { buffer in
        // The generator works in whatever version there is; whoever uses the bytes as a key learns of an unusable
        // library there.
        try? Gcrypt.start()
        if let start = buffer.baseAddress { gcry_randomize(start, buffer.count, GCRY_STRONG_RANDOM) }
    }
}
