/// Writes a zip without compression as its files come: what this writes, `Archive` reads.
///
/// Sizes and checksums follow each file in a data descriptor, so nothing written is touched again. The same files in the same order
/// give the same bytes: no time is kept. Whoever uses it writes every result of `begin`, `end` and `finish`, and the content in between.
///
/// Source: PKWARE APPNOTE 6.3.10, 4.3.
public struct StoredArchiveWriter: Sendable {
    /// No file may begin at or beyond this offset, and none may be as long: the form without zip64.
    public static let maximumBytes = 0xFFFF_0000

    private struct Entry {
        var name: [UInt8]
        var offset: UInt32
        var checksum: UInt32 = 0
        var size: UInt32 = 0
    }

    private var entries: [Entry] = []
    private var offset = 0

    public init() {}

    /// The head of the next file; its content comes after it.
    public mutating func begin(_ name: String) -> [UInt8] {
        let entry = Entry(name: Array(name.utf8), offset: UInt32(truncatingIfNeeded: offset))
        entries.append(entry)
        var head = Bytes()
        head.append(UInt32(Signature.localHead))
        head.append(common: entry.name.count, checksum: 0, size: 0)
        head.bytes += entry.name
        offset += head.bytes.count
        return head.bytes
    }

    /// Counts the next bytes of the file that was begun last.
    public mutating func count(_ bytes: UnsafeRawBufferPointer) {
        guard let last = entries.indices.last else { return }
        entries[last].checksum = Checksum.crc32(entries[last].checksum, of: bytes)
        entries[last].size &+= UInt32(truncatingIfNeeded: bytes.count)
        offset += bytes.count
    }

    /// What follows the file's last byte.
    public mutating func end() -> [UInt8] {
        guard let entry = entries.last else { return [] }
        var descriptor = Bytes()
        descriptor.append(UInt32(Signature.dataDescriptor))
        descriptor.append(entry.checksum)
        descriptor.append(entry.size)
        descriptor.append(entry.size)
        offset += descriptor.bytes.count
        return descriptor.bytes
    }

    /// The directory, which ends the archive.
    public func finish() -> [UInt8] {
        var directory = Bytes()
        for entry in entries {
            directory.append(UInt32(Signature.directoryHeader))
            directory.append(UInt16(20))
            directory.append(common: entry.name.count, checksum: entry.checksum, size: entry.size)
            for _ in 0..<3 { directory.append(UInt16(0)) }
            directory.append(UInt32(0))
            directory.append(entry.offset)
            directory.bytes += entry.name
        }
        let size = UInt32(directory.bytes.count)
        directory.append(UInt32(Signature.endRecord))
        directory.append(UInt32(0))
        for _ in 0..<2 { directory.append(UInt16(truncatingIfNeeded: entries.count)) }
        directory.append(size)
        directory.append(UInt32(truncatingIfNeeded: offset))
        directory.append(UInt16(0))
        return directory.bytes
    }

    private struct Bytes {
        var bytes: [UInt8] = []

        mutating func append(_ number: some FixedWidthInteger & UnsignedInteger) {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }

        /// From the version that is needed to the length of the extra field: what head and directory have alike.
        mutating func append(common nameLength: Int, checksum: UInt32, size: UInt32) {
            append(UInt16(20))
            append(UInt16(Flags.descriptor | Flags.utf8))
            append(UInt16(0))
            // Midnight of the first day that zip knows: the moment is none of the content.
            append(UInt16(0))
            append(UInt16(0x21))
            append(checksum)
            append(size)
            append(size)
            append(UInt16(truncatingIfNeeded: nameLength))
            append(UInt16(0))
        }
    }
}
