import CISAL

/// Zip's checksum: CRC-32 of IEEE 802.3, as gzip computes it.
enum Checksum {
    /// Goes on from `crc`, 0 at first.
    static func crc32(_ crc: UInt32 = 0, of bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard let base = bytes.baseAddress else { return crc }
        return crc32_gzip_refl(crc, base.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    static func crc32(of bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { crc32(of: $0) } }
}
