import CGcrypt
import Glibc

/// SM4 in Galois/Counter Mode under one key, for message after message.
///
/// A nonce must never come twice under one key: it would give away both messages and the key that authenticates them.
/// Source: GB/T 32907-2016; RFC 8998.
public struct SM4GCM: ~Copyable, @unchecked Sendable {
    public static let keyByteCount = 16
    public static let nonceByteCount = 12
    public static let tagByteCount = 16

    private let handle: gcry_cipher_hd_t

    /// - Parameter key: 16 bytes.
    public init(key: SymmetricKey) throws(ShangMiError) {
        guard key.byteCount == Self.keyByteCount else {
            throw .wrongLength(of: "an SM4 key", is: key.byteCount, expected: Self.keyByteCount)
        }
        try Gcrypt.start()
        var opened: gcry_cipher_hd_t?
        let mode = Int32(GCRY_CIPHER_MODE_GCM.rawValue)
        try Gcrypt.check(gcry_cipher_open(&opened, Int32(GCRY_CIPHER_SM4.rawValue), mode, 0), "open SM4-GCM")
        guard let opened else { throw .refused(operation: "open SM4-GCM", reason: "no handle") }
        let code = key.withUnsafeBytes { gcry_cipher_setkey(opened, $0.baseAddress, $0.count) }
        if code != 0 { gcry_cipher_close(opened) }
        try Gcrypt.check(code, "set an SM4 key")
        handle = opened
    }

    deinit { gcry_cipher_close(handle) }

    /// Writes the sealed bytes and then the tag into `output`, which holds exactly 16 bytes more than `plain` and may
    /// start where it does.
    public mutating func seal(
        _ plain: UnsafeRawBufferPointer, nonce: [UInt8], additionalData: [UInt8],
        into output: UnsafeMutableRawBufferPointer
    ) throws(ShangMiError) {
        try Self.check("room for sealed bytes", output.count, is: plain.count + Self.tagByteCount)
        try begin(nonce: nonce, additionalData: additionalData)
        let start = output.baseAddress
        try Gcrypt.check(gcry_cipher_encrypt(handle, start, plain.count, plain.baseAddress, plain.count), "seal")
        try Gcrypt.check(gcry_cipher_gettag(handle, start.map { $0 + plain.count }, Self.tagByteCount), "seal")
    }

    /// Writes the plain bytes into `output`, which holds exactly 16 bytes less than `sealed` and may start where it
    /// does.
    ///
    /// - Returns: False where the bytes, the nonce, the additional data or the key are not those of the sealing;
    ///   `output` is then zeroed.
    public mutating func open(
        _ sealed: UnsafeRawBufferPointer, nonce: [UInt8], additionalData: [UInt8],
        into output: UnsafeMutableRawBufferPointer
    ) throws(ShangMiError) -> Bool {
        let count = sealed.count - Self.tagByteCount
        guard count >= 0 else { return false }
        try Self.check("room for plain bytes", output.count, is: count)
        try begin(nonce: nonce, additionalData: additionalData)
        let start = output.baseAddress
        try Gcrypt.check(gcry_cipher_decrypt(handle, start, count, sealed.baseAddress, count), "open")
        let code = gcry_cipher_checktag(handle, sealed.baseAddress.map { $0 + count }, Self.tagByteCount)
        guard code != 0 else { return true }
        if let start { explicit_bzero(start, count) }
        if gcry_err_code(code) != GPG_ERR_CHECKSUM { try Gcrypt.check(code, "open") }
        return false
    }

    /// The sealed bytes with their tag at the end.
    public mutating func seal(
        _ plain: [UInt8], nonce: [UInt8], additionalData: [UInt8] = []
    ) throws(ShangMiError) -> [UInt8] {
        var sealed = [UInt8](repeating: 0, count: plain.count + Self.tagByteCount)
        var output = sealed.mutableSpan
        try plain.span.withUnsafeBytes { plain throws(ShangMiError) in
            try output.withUnsafeMutableBytes { output throws(ShangMiError) in
                try seal(plain, nonce: nonce, additionalData: additionalData, into: output)
            }
        }
        return sealed
    }

    /// The plain bytes, or nil where they are not what was sealed.
    public mutating func open(
        _ sealed: [UInt8], nonce: [UInt8], additionalData: [UInt8] = []
    ) throws(ShangMiError) -> [UInt8]? {
        var plain = [UInt8](repeating: 0, count: max(0, sealed.count - Self.tagByteCount))
        var output = plain.mutableSpan
        let isWhole = try sealed.span.withUnsafeBytes { sealed throws(ShangMiError) in
            try output.withUnsafeMutableBytes { output throws(ShangMiError) in
                try open(sealed, nonce: nonce, additionalData: additionalData, into: output)
            }
        }
        return isWhole ? plain : nil
    }

    private mutating func begin(nonce: [UInt8], additionalData: [UInt8]) throws(ShangMiError) {
        try Self.check("a nonce", nonce.count, is: Self.nonceByteCount)
        // Setting the nonce also forgets the message before.
        try Gcrypt.check(gcry_cipher_setiv(handle, nonce, nonce.count), "set a nonce")
        try Gcrypt.check(gcry_cipher_authenticate(handle, additionalData, additionalData.count), "authenticate")
    }

    private static func check(_ what: String, _ count: Int, is expected: Int) throws(ShangMiError) {
        if count != expected { throw .wrongLength(of: what, is: count, expected: expected) }
    }
}
