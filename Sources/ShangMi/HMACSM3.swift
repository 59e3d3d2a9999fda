import CGcrypt

/// HMAC-SM3 under one key, for message after message. Keep one per thread of work; opening it costs more than a short
/// message.
///
/// Source: GB/T 15852.2; RFC 2104 with SM3.
public struct HMACSM3: ~Copyable, @unchecked Sendable {
    private let handle: gcry_md_hd_t

    public init(key: SymmetricKey) throws(ShangMiError) {
        let opened = try openDigest(flags: GCRY_MD_FLAG_HMAC.rawValue)
        let code = key.withUnsafeBytes { gcry_md_setkey(opened, $0.baseAddress, $0.count) }
        if code != 0 { gcry_md_close(opened) }
        try Gcrypt.check(code, "set a key for HMAC-SM3")
        handle = opened
    }

    deinit { gcry_md_close(handle) }

    /// Adds to the message whose code `finish` gives.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        gcry_md_write(handle, bytes.baseAddress, bytes.count)
    }

    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    public mutating func update(_ bytes: Span<UInt8>) { bytes.withUnsafeBytes { update($0) } }

    /// The code of everything since the last one; the key stays.
    public mutating func finish() -> SM3Digest { readDigestAndReset(handle) }

    /// The code of one whole message.
    public mutating func code(_ message: UnsafeRawBufferPointer) -> SM3Digest {
        update(message)
        return finish()
    }

    public mutating func code(_ message: [UInt8]) -> SM3Digest { message.withUnsafeBytes { code($0) } }

    public mutating func code(_ message: Span<UInt8>) -> SM3Digest { message.withUnsafeBytes { code($0) } }

    /// The code of one message under a key that is used once.
    public static func code(_ message: [UInt8], key: SymmetricKey) throws(ShangMiError) -> SM3Digest {
        var hmac = try HMACSM3(key: key)
        return hmac.code(message)
    }
}
