/// The first 68 bytes of a sealed file: what the rest is read with.
///
/// | offset | bytes | |
/// |---|---|---|
/// | 0 | 7 | `VEDETTE` |
/// | 7 | 1 | format version: 1 |
/// | 8 | 1 | chunk size as a power of two: 16 |
/// | 9 | 7 | the beginning of every chunk's nonce |
/// | 16 | 8 | the master key's id |
/// | 24 | 44 | the data key, wrapped by the master key: nonce, sealed key, tag |
///
/// Then come chunks of 64 KiB of plain bytes, sealed by SM4-GCM with the data key, each with its tag; the last may be
/// shorter, and is empty only where nothing was sealed. A chunk's nonce is the 7 bytes, its number (4 bytes,
/// big-endian) and 1 for the last chunk, else 0; number and end are also its additional data. So a chunk left out,
/// moved or added at the end does not open.
/// Source: Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance"
/// (STREAM).
public struct SealedHeader: Sendable {
    public static let byteCount = 68
    public let keyID: KeyID
    let noncePrefix: [UInt8]
    private let wrapped: [UInt8]

    private static let magic = Array("VEDETTE".utf8)
    private static let version: UInt8 = 1
    private static let chunkExponent: UInt8 = 16

    /// - Throws: `SealError.truncated`, `.notSealed` or `.unsupportedVersion`; whether the key is known shows when it
    ///   is used.
    public init(bytes: [UInt8]) throws(SealError) {
        guard bytes.starts(with: Self.magic.prefix(bytes.count)) else { throw .notSealed }
        guard bytes.count >= Self.byteCount else { throw .truncated }
        guard bytes[7] == Self.version, bytes[8] == Self.chunkExponent else { throw .unsupportedVersion(Int(bytes[7])) }
        noncePrefix = Array(bytes[9..<16])
        keyID = KeyID(bytes: bytes[16..<24])
        wrapped = Array(bytes[24..<Self.byteCount])
    }

    /// A new file's header and its data key.
    static func new(
        keys: some DataKeyWrapping, context: [UInt8], random: RandomSource
    ) throws -> (header: SealedHeader, dataKey: SymmetricKey) {
        let dataKey = SymmetricKey(byteCount: SM4GCM.keyByteCount, from: random)
        let prefix = random.bytes(7)
        return (try SealedHeader(dataKey, noncePrefix: prefix, keys: keys, context: context, random: random), dataKey)
    }

    private init(
        _ dataKey: SymmetricKey, noncePrefix: [UInt8], keys: some DataKeyWrapping, context: [UInt8],
        random: RandomSource
    ) throws {
        self.noncePrefix = noncePrefix
        (keyID, wrapped) = try keys.wrap(
            dataKey, additionalData: Self.bound(keys.currentKeyID, noncePrefix, context), random: random)
    }

    public var bytes: [UInt8] { Self.magic + [Self.version, Self.chunkExponent] + noncePrefix + keyID.bytes + wrapped }

    /// The data key; what stands before it and the context are authenticated with it.
    func dataKey(_ keys: some DataKeyWrapping, context: [UInt8]) throws -> SymmetricKey {
        let bound = Self.bound(keyID, noncePrefix, context)
        guard let key = try keys.unwrap(wrapped, keyID: keyID, additionalData: bound) else {
            throw SealError.tampered(chunk: nil)
        }
        return key
    }

    /// The header under the ring's current master key; the chunks after it stay as they are.
    public func rewrapped(keys: some DataKeyWrapping, context: [UInt8], random: RandomSource) throws -> SealedHeader {
        let dataKey = try dataKey(keys, context: context)
        return try SealedHeader(dataKey, noncePrefix: noncePrefix, keys: keys, context: context, random: random)
    }

    private static func bound(_ keyID: KeyID, _ noncePrefix: [UInt8], _ context: [UInt8]) -> [UInt8] {
        magic + [version, chunkExponent] + noncePrefix + keyID.bytes + context
    }
}
