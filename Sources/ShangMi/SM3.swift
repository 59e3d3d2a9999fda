import CGcrypt

/// The SM3 digest of bytes that come piece by piece.
///
/// Source: GB/T 32905-2016.
public struct SM3: ~Copyable, @unchecked Sendable {
    private let handle: gcry_md_hd_t

    public init() throws(ShangMiError) {
        handle = try openDigest(flags: 0)
    }

    deinit { gcry_md_close(handle) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        gcry_md_write(handle, bytes.baseAddress, bytes.count)
    }

    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    public mutating func update(_ bytes: Span<UInt8>) { bytes.withUnsafeBytes { update($0) } }

    /// The digest of everything so far; what comes afterwards starts anew.
    public mutating func finish() -> SM3Digest { readDigestAndReset(handle) }

    /// The digest of bytes that lie at hand.
    public static func digest(_ bytes: UnsafeRawBufferPointer) -> SM3Digest {
        SM3Digest { gcry_md_hash_buffer(sm3, $0.baseAddress, bytes.baseAddress, bytes.count) }
    }

    public static func digest(_ bytes: [UInt8]) -> SM3Digest { bytes.withUnsafeBytes { digest($0) } }

    public static func digest(_ bytes: Span<UInt8>) -> SM3Digest { bytes.withUnsafeBytes { digest($0) } }

    /// The digest of a text's UTF-8.
    public static func digest(_ text: String) -> SM3Digest { digest(Array(text.utf8)) }
}

let sm3 = Int32(GCRY_MD_SM3.rawValue)

func openDigest(flags: UInt32) throws(ShangMiError) -> gcry_md_hd_t {
    try Gcrypt.start()
    var handle: gcry_md_hd_t?
    try Gcrypt.check(gcry_md_open(&handle, sm3, flags), "open SM3")
    guard let handle else { throw .refused(operation: "open SM3", reason: "no handle") }
    return handle
}

func readDigestAndReset(_ handle: gcry_md_hd_t) -> SM3Digest {
    defer { gcry_md_reset(handle) }
    return SM3Digest { digest in
        // Null only for an algorithm the handle was not opened with.
        guard let read = gcry_md_read(handle, sm3) else { return }
        digest.copyMemory(from: UnsafeRawBufferPointer(start: read, count: SM3Digest.byteCount))
    }
}
