/// An entry's own head, and where its data lie, checked against the directory.
///
/// Source: PKWARE APPNOTE 6.3.10, 4.3.7 and 4.3.9.
struct LocalHead {
    /// The packed bytes, or nil where the head is so damaged that nobody knows.
    let data: Range<Int>?
    let fault: ArchiveError?

    private static let length = 30

    /// - Parameters:
    ///   - limit: where the next entry or the directory begins; what belongs to this entry must end there.
    ///   - next: the next entry's name, nil before the directory.
    init(
        of header: DirectoryHeader, in source: some RandomAccessSource, limit: Int, next: String?,
        limits: ArchiveLimits
    ) throws(SourceError) {
        let head = try source.bytes(
            at: header.offset, count: min(LocalHead.length + header.rawName.count, limit - header.offset))
        guard head.count >= LocalHead.length, head.uint32(at: 0) == Signature.localHead else {
            self.init(data: nil, fault: .headMismatch(.signature))
            return
        }
        let nameLength = head.uint16(at: 26)
        let extraLength = head.uint16(at: 28)
        let extraStart = header.offset + LocalHead.length + nameLength
        let dataStart = extraStart + extraLength
        guard nameLength == header.rawName.count, head.dropFirst(LocalHead.length).elementsEqual(header.rawName) else {
            self.init(data: nil, fault: .headMismatch(.name))
            return
        }
        let extra = try source.bytes(at: extraStart, count: min(extraLength, max(0, limit - extraStart)))
        let data = dataStart..<dataStart + header.compressedSize
        guard extra.count == extraLength, data.upperBound <= limit else {
            throw .archive(.overlap(name: header.name.text, other: next))
        }
        let fault = LocalHead.fault(of: head, extra: extra, header: header, limits: limits)
        let rest = data.upperBound..<limit
        if header.hasDescriptor, DataDescriptor.lengths.contains(rest.count) || rest.isEmpty {
            let descriptor = try source.bytes(at: rest.lowerBound, count: rest.count)
            let agrees = DataDescriptor.agrees(descriptor, with: header)
            self.init(data: data, fault: fault ?? (agrees ? nil : .headMismatch(.descriptor)))
        } else if rest.isEmpty {
            self.init(data: data, fault: fault)
        } else {
            throw .archive(.strayBytes(offset: rest.lowerBound, count: rest.count))
        }
    }

    private init(data: Range<Int>?, fault: ArchiveError?) {
        self.data = data
        self.fault = fault
    }

    private static func fault(
        of head: [UInt8], extra: [UInt8], header: DirectoryHeader, limits: ArchiveLimits
    ) -> ArchiveError? {
        guard (head.uint16(at: 6) ^ header.flags) & header.sharedFlags == 0 else { return .headMismatch(.flags) }
        guard head.uint16(at: 8) == header.method else { return .headMismatch(.method) }
        guard let extras = ExtraFields(extra[...]) else { return .damagedExtraField }
        // Two readers, one by the directory and one by the heads, must see the same name.
        let name = EntryName(
            header.rawName, isUTF8: header.flags & Flags.utf8 != 0, unicodePath: extras.unicodePath, limits: limits)
        guard name.text == header.name.text else { return .headMismatch(.name) }
        var large = Zip64Values(extras.zip64)
        guard let size = large.resolve(head.uint32(at: 22)),
            let compressedSize = large.resolve(head.uint32(at: 18)),
            large.agrees(size: header.size, compressedSize: header.compressedSize, offset: nil)
        else { return .headMismatch(.sizes) }
        let checksum = head.uint32(at: 14)
        // A writer that streams knows neither when it writes the head: they follow in the data descriptor.
        let mayBeZero = header.hasDescriptor
        guard size == header.size || mayBeZero && size == 0,
            compressedSize == header.compressedSize || mayBeZero && compressedSize == 0
        else { return .headMismatch(.sizes) }
        guard checksum == Int(header.checksum) || mayBeZero && checksum == 0 else { return .headMismatch(.checksum) }
        return nil
    }
}

/// The record that follows an entry's data where its writer did not know size and checksum beforehand.
///
/// Its signature is optional and its sizes have 4 or 8 bytes, so its length is what lies before the next entry.
enum DataDescriptor {
    static let lengths = [12, 16, 20, 24]

    /// Whether the bytes say what the directory says.
    static func agrees(_ bytes: [UInt8], with header: DirectoryHeader) -> Bool {
        guard lengths.contains(bytes.count) else { return false }
        var position = 0
        if bytes.count == 16 || bytes.count == 24 {
            guard bytes.uint32(at: 0) == Signature.dataDescriptor else { return false }
            position = 4
        }
        guard bytes.uint32(at: position) == Int(header.checksum) else { return false }
        if bytes.count - position == 12 {
            return bytes.uint32(at: position + 4) == header.compressedSize
                && bytes.uint32(at: position + 8) == header.size
        }
        return bytes.uint64(at: position + 4) == UInt64(header.compressedSize)
            && bytes.uint64(at: position + 12) == UInt64(header.size)
    }
}
