import CGcrypt

/// What signing and verifying with SM2 share.
public enum SM2 {
    /// The user id where none was agreed on. Source: GM/T 0009, 10.
    public static let defaultUserID = "1234567812345678"

    /// What is signed: SM3 of ZA and the message, where ZA binds the user id, the curve and the public key.
    ///
    /// Source: GB/T 32918.2, 5.5 and 6.1.
    static func digest(of message: [UInt8], userID: String, publicKey: SM2PublicKey) throws(ShangMiError) -> SM3Digest {
        let id = Array(userID.utf8)
        guard id.count <= 8191 else { throw .wrongLength(of: "a user id", is: id.count, expected: 8191) }
        var sm3 = try SM3()
        sm3.update([UInt8(id.count * 8 >> 8), UInt8(id.count * 8 & 255)])
        sm3.update(id)
        sm3.update(curve)
        sm3.update(publicKey.coordinates)
        let za = sm3.finish()
        za.withUnsafeBytes { sm3.update($0) }
        sm3.update(message)
        return sm3.finish()
    }

    static func data(_ digest: SM3Digest) -> String { "(data(flags sm2)(hash-algo sm3)(value #\(digest.hex)#))" }

    /// Whether a number may be a private key: within 1…n−2.
    static func isPrivate(_ number: [UInt8]) -> Bool {
        number.contains { $0 != 0 } && number.lexicographicallyPrecedes(orderMinusOne)
    }

    static func privateKey(_ secret: SymmetricKey, publicKey: SM2PublicKey?) throws(ShangMiError) -> SExpression {
        var text = Array("(private-key(ecc(curve sm2p256v1)".utf8)
        if let publicKey { text += Array("(q #\(publicKey.hex)#)".utf8) }
        // Room at once, so that no half of the secret stays behind where the array grew.
        text.reserveCapacity(text.count + 80)
        text += Array("(d #".utf8)
        secret.withUnsafeBytes { for byte in $0 { text += [Hex.digit(byte >> 4), Hex.digit(byte & 15)] } }
        text += Array("#)))".utf8)
        defer { wipe(&text) }
        return try SExpression(text)
    }

    /// The point dG, 64 bytes.
    static func publicPoint(_ secret: SymmetricKey) throws(ShangMiError) -> [UInt8] {
        let key = try privateKey(secret, publicKey: nil)
        var context: gcry_ctx_t?
        try Gcrypt.check(gcry_mpi_ec_new(&context, key.handle, nil), "read an SM2 key")
        defer { gcry_ctx_release(context) }
        let point = gcry_mpi_ec_get_mpi("q", context, 1)
        defer { gcry_mpi_release(point) }
        var bytes = [UInt8](repeating: 0, count: 65)
        var count = 0
        try Gcrypt.check(gcry_mpi_print(GCRYMPI_FMT_USG, &bytes, 65, &count, point), "compute an SM2 public key")
        guard count == 65, bytes[0] == 4 else {
            throw .refused(operation: "compute an SM2 public key", reason: "not a point")
        }
        return Array(bytes.dropFirst())
    }

    static func isOnCurve(_ point: [UInt8]) -> Bool {
        guard (try? Gcrypt.start()) != nil else { return false }
        var context: gcry_ctx_t?
        guard gcry_mpi_ec_new(&context, nil, "sm2p256v1") == 0 else { return false }
        defer { gcry_ctx_release(context) }
        // A point at a coordinate of p or above would have two names.
        guard point[..<32].lexicographicallyPrecedes(prime), point[32...].lexicographicallyPrecedes(prime) else {
            return false
        }
        var number: gcry_mpi_t?
        guard gcry_mpi_scan(&number, GCRYMPI_FMT_USG, [4] + point, 65, nil) == 0 else { return false }
        defer { gcry_mpi_release(number) }
        let decoded = gcry_mpi_point_new(0)
        defer { gcry_mpi_point_release(decoded) }
        return gcry_mpi_ec_decode_point(decoded, number, context) == 0 && gcry_mpi_ec_curve_point(decoded, context) != 0
    }

    private static func constant(_ hex: String) -> [UInt8] { Hex.decode(hex) ?? [] }

    // Source: GB/T 32918.5, 2: the recommended curve.
    private static let prime = constant("fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff")
    private static let orderMinusOne = constant("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122")
    /// a, b and the base point.
    private static let curve = constant(
        "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc"
            + "28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93"
            + "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7"
            + "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0")
}

/// A value of libgcrypt's own notation, freed with its last user.
final class SExpression {
    let handle: gcry_sexp_t?

    init(taking handle: gcry_sexp_t?) { self.handle = handle }

    convenience init(_ text: String) throws(ShangMiError) { try self.init(Array(text.utf8)) }

    init(_ text: [UInt8]) throws(ShangMiError) {
        try Gcrypt.start()
        var parsed: gcry_sexp_t?
        try Gcrypt.check(gcry_sexp_new(&parsed, text, text.count, 1), "read a key or signature")
        handle = parsed
    }

    deinit { gcry_sexp_release(handle) }

    /// The number under a name, as 32 bytes.
    func number(_ name: String) throws(ShangMiError) -> [UInt8] {
        let entry = gcry_sexp_find_token(handle, name, 0)
        defer { gcry_sexp_release(entry) }
        let number = gcry_sexp_nth_mpi(entry, 1, Int32(GCRYMPI_FMT_USG.rawValue))
        defer { gcry_mpi_release(number) }
        var bytes = [UInt8](repeating: 0, count: 32)
        var count = 0
        try Gcrypt.check(gcry_mpi_print(GCRYMPI_FMT_USG, &bytes, 32, &count, number), "read a number")
        return [UInt8](repeating: 0, count: 32 - count) + bytes.prefix(count)
    }
}
