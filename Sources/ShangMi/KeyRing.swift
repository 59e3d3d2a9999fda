/// Which master key sealed something: the first 8 bytes of HMAC-SM3 of a fixed text under the key itself.
///
/// It follows from the key, so a key file holds keys alone and no id can stand beside the wrong key; and it tells
/// nothing about the key.
public struct KeyID: Hashable, Sendable, CustomStringConvertible {
    public static let byteCount = 8

    public let bytes: [UInt8]

    public init(of key: SymmetricKey) throws(ShangMiError) {
        bytes = Array(try HMACSM3.code(Array("Vedette master key id".utf8), key: key).bytes.prefix(Self.byteCount))
    }

    init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// 16 hexadecimal digits.
    public var description: String { Hex.encode(bytes) }
}

/// Wraps the keys that single files are sealed with.
///
/// This is where a certified module takes its place for sealing: the master key need never leave it.
public protocol DataKeyWrapping: Sendable {
    /// - Returns: The data key under the current master key: nonce (12 bytes), sealed key (16), tag (16).
    func wrap(
        _ dataKey: SymmetricKey, additionalData: [UInt8], random: RandomSource
    ) throws -> (keyID: KeyID, wrapped: [UInt8])

    /// - Returns: The data key, or nil where the bytes are not what was wrapped.
    /// - Throws: `SealError.unknownKey` for a master key it does not hold.
    func unwrap(_ wrapped: [UInt8], keyID: KeyID, additionalData: [UInt8]) throws -> SymmetricKey?

    /// The master key that new files are sealed with.
    var currentKeyID: KeyID { get }
}

/// The master keys at hand: the current one, and those before it until everything under them has been wrapped anew.
public struct KeyRing: DataKeyWrapping {
    public let currentKeyID: KeyID
    private let keys: [KeyID: SymmetricKey]

    /// - Parameter current: Seals what is new; 16 bytes, as are the earlier ones.
    public init(current: SymmetricKey, earlier: [SymmetricKey] = []) throws(ShangMiError) {
        var keys: [KeyID: SymmetricKey] = [:]
        for key in [current] + earlier {
            guard key.byteCount == SM4GCM.keyByteCount else {
                throw .wrongLength(of: "a master key", is: key.byteCount, expected: SM4GCM.keyByteCount)
            }
            keys[try KeyID(of: key)] = key
        }
        currentKeyID = try KeyID(of: current)
        self.keys = keys
    }

    /// The ids of all keys, in no order.
    public var keyIDs: [KeyID] { Array(keys.keys) }

    public func wrap(
        _ dataKey: SymmetricKey, additionalData: [UInt8], random: RandomSource
    ) throws -> (keyID: KeyID, wrapped: [UInt8]) {
        var cipher = try cipher(currentKeyID)
        let nonce = random.bytes(SM4GCM.nonceByteCount)
        var plain = dataKey.withUnsafeBytes { Array($0) }
        defer { wipe(&plain) }
        return (currentKeyID, nonce + (try cipher.seal(plain, nonce: nonce, additionalData: additionalData)))
    }

    public func unwrap(_ wrapped: [UInt8], keyID: KeyID, additionalData: [UInt8]) throws -> SymmetricKey? {
        var cipher = try cipher(keyID)
        let nonce = Array(wrapped.prefix(SM4GCM.nonceByteCount))
        let sealed = Array(wrapped.dropFirst(SM4GCM.nonceByteCount))
        guard var plain = try cipher.open(sealed, nonce: nonce, additionalData: additionalData) else { return nil }
        defer { wipe(&plain) }
        return SymmetricKey(bytes: plain)
    }

    private func cipher(_ id: KeyID) throws -> SM4GCM {
        guard let key = keys[id] else { throw SealError.unknownKey(id, known: keys.keys.sorted { "\($0)" < "\($1)" }) }
        return try SM4GCM(key: key)
    }
}
