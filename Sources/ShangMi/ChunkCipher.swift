/// Seals and opens the chunks of one sealed file by their number.
struct ChunkCipher: ~Copyable, Sendable {
    static let plainByteCount = 65_536
    static let sealedByteCount = plainByteCount + SM4GCM.tagByteCount
    static let maximumChunks = 1 << 32

    private var cipher: SM4GCM
    private let noncePrefix: [UInt8]

    init(dataKey: SymmetricKey, header: SealedHeader) throws(ShangMiError) {
        cipher = try SM4GCM(key: dataKey)
        noncePrefix = header.noncePrefix
    }

    mutating func seal(
        _ plain: UnsafeRawBufferPointer, number: Int, isLast: Bool, into output: UnsafeMutableRawBufferPointer
    ) throws {
        guard number < Self.maximumChunks else { throw SealError.tooLong }
        let place = Self.place(number, isLast: isLast)
        try cipher.seal(plain, nonce: noncePrefix + place, additionalData: place, into: output)
    }

    /// - Returns: False where this is not the chunk that was sealed at this place.
    mutating func open(
        _ sealed: UnsafeRawBufferPointer, number: Int, isLast: Bool, into output: UnsafeMutableRawBufferPointer
    ) throws -> Bool {
        guard number < Self.maximumChunks else { throw SealError.tooLong }
        let place = Self.place(number, isLast: isLast)
        return try cipher.open(sealed, nonce: noncePrefix + place, additionalData: place, into: output)
    }

    /// What a chunk that does not open as the last one says: cut off after a whole chunk, or something else.
    mutating func failure(
        _ sealed: UnsafeRawBufferPointer, number: Int, isLast: Bool, scratch: UnsafeMutableRawBufferPointer
    ) throws -> SealError {
        guard isLast, sealed.count == Self.sealedByteCount else { return .tampered(chunk: number) }
        return try open(sealed, number: number, isLast: false, into: scratch) ? .truncated : .tampered(chunk: number)
    }

    private static func place(_ number: Int, isLast: Bool) -> [UInt8] {
        let number = UInt32(truncatingIfNeeded: number)
        return (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) } + [isLast ? 1 : 0]
    }
}
