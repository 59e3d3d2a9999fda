import CGcrypt

/// Six digits that follow from a secret and the time, as authenticator apps show them (TOTP).
///
/// They are made with HMAC-SHA-1: many apps know no other algorithm, and take one that is named to them for this one.
/// Source: RFC 6238; RFC 4226.
public enum TimeCode {
    /// Each code holds for one step.
    public static let stepSeconds: Int64 = 30
    public static let digits = 6
    /// Source: RFC 4226, section 4, R6: 160 bits.
    public static let secretByteCount = 20

    /// The step in which a moment lies, in seconds since 1970-01-01 UTC.
    public static func step(at seconds: Int64) -> Int64 { seconds / stepSeconds }

    /// The code of a step.
    public static func code(
        secret: [UInt8], step: Int64, digits: Int = TimeCode.digits
    ) throws(ShangMiError) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * Int64($0))) }
        let hash = try hmacSHA1(counter, key: secret)
        let offset = Int(hash[hash.count - 1] & 0x0F)
        let number = hash[offset..<(offset + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let modulus = (0..<digits).reduce(UInt32(1)) { product, _ in product * 10 }
        let text = String(number % modulus)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    private static func hmacSHA1(_ message: [UInt8], key: [UInt8]) throws(ShangMiError) -> [UInt8] {
        try Gcrypt.start()
        let (algorithm, byteCount) = (Int32(GCRY_MD_SHA1.rawValue), 20)
        var opened: gcry_md_hd_t?
        try Gcrypt.check(gcry_md_open(&opened, algorithm, GCRY_MD_FLAG_HMAC.rawValue), "open HMAC-SHA-1")
        guard let handle = opened else { throw .refused(operation: "open HMAC-SHA-1", reason: "no handle") }
        defer { gcry_md_close(handle) }
        try Gcrypt.check(gcry_md_setkey(handle, key, key.count), "set a key for HMAC-SHA-1")
        gcry_md_write(handle, message, message.count)
        guard let read = gcry_md_read(handle, algorithm) else {
            throw .refused(operation: "read HMAC-SHA-1", reason: "no digest")
        }
        return Array(UnsafeBufferPointer(start: read, count: byteCount))
    }
}
