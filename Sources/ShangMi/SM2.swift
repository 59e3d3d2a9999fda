import CGcrypt
import FoundationEssentials

/// A public key of SM2: a point of the curve that GB/T 32918.5 recommends.
public struct SM2PublicKey: Hashable, Sendable {
    /// The two coordinates, 32 bytes each, big-endian.
    public let coordinates: [UInt8]

    /// - Parameter coordinates: 64 bytes, or 65 with a leading 04. Nil where they are no point of the curve.
    public init?(coordinates: [UInt8]) {
        let point = coordinates.count == 65 && coordinates[0] == 4 ? Array(coordinates.dropFirst()) : coordinates
        guard point.count == 64, SM2.isOnCurve(point) else { return nil }
        self.coordinates = point
    }

    public init?(hex: String) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(coordinates: bytes)
    }

    /// 130 hexadecimal digits, beginning with 04.
    public var hex: String { "04" + Hex.encode(coordinates) }

    /// Reads what `pem` writes, and the same with other line ends; nil for anything else.
    public init?(pem: String) {
        let lines = pem.split(whereSeparator: \.isNewline).map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
        guard lines.first == "-----BEGINPUBLICKEY-----", lines.last == "-----ENDPUBLICKEY-----", lines.count > 2,
            let data = Data(base64Encoded: lines[1..<(lines.count - 1)].joined()), data.starts(with: Self.infoHead)
        else { return nil }
        self.init(coordinates: Array(data.dropFirst(Self.infoHead.count)))
    }

    /// What stands before the coordinates in SubjectPublicKeyInfo.
    ///
    /// Source: GM/T 0015 (id-ecPublicKey with the curve 1.2.156.10197.1.301).
    private static let infoHead: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81, 0x1c,
        0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00, 0x04,
    ]

    /// As OpenSSL reads it: SubjectPublicKeyInfo in PEM.
    public var pem: String {
        let lines = Data(Self.infoHead + coordinates).base64EncodedString(options: [
            .lineLength64Characters, .endLineWithLineFeed,
        ])
        return "-----BEGIN PUBLIC KEY-----\n\(lines)\n-----END PUBLIC KEY-----\n"
    }

    /// Whether `signature` was made of this message and user id by the private key that belongs to this public one.
    public func isValid(
        _ signature: SM2Signature, of message: [UInt8], userID: String = SM2.defaultUserID
    ) throws(ShangMiError) -> Bool {
        let digest = try SM2.digest(of: message, userID: userID, publicKey: self)
        let key = try SExpression("(public-key(ecc(curve sm2p256v1)(q #\(hex)#)))")
        let data = try SExpression(SM2.data(digest))
        let value = try SExpression("(sig-val(sm2(r #\(Hex.encode(signature.r))#)(s #\(Hex.encode(signature.s))#)))")
        // Every refusal, out-of-range numbers included, means that it is not a signature of this message.
        return gcry_pk_verify(value.handle, data.handle, key.handle) == 0
    }
}

/// Signs, with a key that may never be seen.
///
/// This is where a certified module takes its place for receipts.
public protocol Signing: Sendable {
    var publicKey: SM2PublicKey { get }

    /// Signs for the default user id of GM/T 0009.
    func sign(_ message: [UInt8]) throws -> SM2Signature
}

/// A private key of SM2. It never prints itself.
public struct SM2PrivateKey: Signing {
    public let publicKey: SM2PublicKey
    private let secret: SymmetricKey

    /// A new key.
    public init(from random: RandomSource) throws(ShangMiError) {
        // One try in four thousand million is out of range; a source that is stuck there must not hang.
        for _ in 0..<16 {
            if let key = try SM2PrivateKey(bytes: random.bytes(32)) {
                self = key
                return
            }
        }
        throw .refused(operation: "make an SM2 key", reason: "the random source repeats itself")
    }

    /// - Parameter bytes: The number d, 32 bytes, big-endian; nil where it is not within 1…n−2.
    public init?(bytes: [UInt8]) throws(ShangMiError) {
        guard bytes.count == 32, SM2.isPrivate(bytes) else { return nil }
        secret = SymmetricKey(bytes: bytes)
        guard let publicKey = SM2PublicKey(coordinates: try SM2.publicPoint(secret)) else { return nil }
        self.publicKey = publicKey
    }

    /// - Parameter hex: 64 hexadecimal digits, as a key file holds them.
    public init?(hex: String) throws(ShangMiError) {
        guard var bytes = Hex.decode(hex) else { return nil }
        defer { wipe(&bytes) }
        try self.init(bytes: bytes)
    }

    /// The key in clear, for the key file alone.
    public var exposedHex: String { secret.exposedHex }

    public func sign(_ message: [UInt8]) throws -> SM2Signature { try sign(message, userID: SM2.defaultUserID) }

    public func sign(_ message: [UInt8], userID: String) throws(ShangMiError) -> SM2Signature {
        let digest = try SM2.digest(of: message, userID: userID, publicKey: publicKey)
        let key = try SM2.privateKey(secret, publicKey: publicKey)
        let data = try SExpression(SM2.data(digest))
        var result: gcry_sexp_t?
        try Gcrypt.check(gcry_pk_sign(&result, data.handle, key.handle), "sign with SM2")
        let signature = SExpression(taking: result)
        return SM2Signature(r: try signature.number("r"), s: try signature.number("s"))
    }
}
