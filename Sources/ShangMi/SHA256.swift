import CGcrypt

/// SHA-256 and HMAC-SHA256, with which requests to gateways outside are signed. Nothing of the platform's own is kept by them.
///
/// Source: FIPS 180-4; RFC 2104.
public enum SHA256 {
    public static let byteCount = 32

    public static func digest(_ bytes: [UInt8]) throws(ShangMiError) -> [UInt8] {
        try digest(bytes, flags: 0) { _ in 0 }
    }

    /// The digest of a text's UTF-8 in hexadecimal digits of lower case.
    public static func hex(_ text: String) throws(ShangMiError) -> String { Hex.encode(try digest(Array(text.utf8))) }

    /// The authentication code of a message under a key of any length.
    public static func code(_ message: [UInt8], key: [UInt8]) throws(ShangMiError) -> [UInt8] {
        try digest(message, flags: GCRY_MD_FLAG_HMAC.rawValue) { gcry_md_setkey($0, key, key.count) }
    }

    private static func digest(
        _ bytes: [UInt8], flags: UInt32, _ prepare: (gcry_md_hd_t) -> gcry_error_t
    ) throws(ShangMiError) -> [UInt8] {
        try Gcrypt.start()
        let algorithm = Int32(GCRY_MD_SHA256.rawValue)
        var opened: gcry_md_hd_t?
        try Gcrypt.check(gcry_md_open(&opened, algorithm, flags), "open SHA-256")
        guard let handle = opened else { throw .refused(operation: "open SHA-256", reason: "no handle") }
        defer { gcry_md_close(handle) }
        try Gcrypt.check(prepare(handle), "set a key for HMAC-SHA256")
        gcry_md_write(handle, bytes, bytes.count)
        guard let read = gcry_md_read(handle, algorithm) else {
            throw .refused(operation: "read SHA-256", reason: "no digest")
        }
        return Array(UnsafeBufferPointer(start: read, count: byteCount))
    }
}
