/// What an archive's directory says of one entry.
///
/// Source: PKWARE APPNOTE 6.3.10, 4.3.12.
struct DirectoryHeader {
    let rawName: [UInt8]
    let flags: Int
    let method: Int
    let checksum: UInt32
    let compressedSize: Int
    let size: Int
    /// Where the entry's own head begins.
    let offset: Int
    let name: EntryName
    /// The first thing wrong with the entry by what the directory says alone.
    let fault: ArchiveError?

    private static let length = 46

    /// Reads all headers of a directory, which must fill it to the byte.
    static func all(
        in bytes: [UInt8], count: Int, archiveSize: Int, limits: ArchiveLimits
    ) throws(ArchiveError) -> [DirectoryHeader] {
        var headers: [DirectoryHeader] = []
        var position = 0
        while position < bytes.count {
            let (header, next) = try DirectoryHeader.read(
                bytes, at: position, archiveSize: archiveSize, limits: limits)
            headers.append(header)
            guard headers.count <= count else { throw .damagedDirectory(.count) }
            position = next
        }
        guard headers.count == count else { throw .damagedDirectory(.count) }
        return headers
    }

    private static func read(
        _ bytes: [UInt8], at start: Int, archiveSize: Int, limits: ArchiveLimits
    ) throws(ArchiveError) -> (DirectoryHeader, next: Int) {
        let nameStart = start + length
        guard bytes.count >= nameStart else { throw .damagedDirectory(.header) }
        switch bytes.uint32(at: start) {
        case Signature.directoryHeader: break
        case Signature.archiveExtraData: throw .encryptedDirectory
        default: throw .damagedDirectory(.header)
        }
        let extraStart = nameStart + bytes.uint16(at: start + 28)
        let commentStart = extraStart + bytes.uint16(at: start + 30)
        let next = commentStart + bytes.uint16(at: start + 32)
        guard next <= bytes.count else { throw .damagedDirectory(.header) }

        let extras = ExtraFields(bytes[extraStart..<commentStart])
        var large = Zip64Values(extras?.zip64)
        let size = large.resolve(bytes.uint32(at: start + 24))
        let compressedSize = large.resolve(bytes.uint32(at: start + 20))
        let offset = large.resolve(bytes.uint32(at: start + 42))
        let disk = large.resolveDisk(bytes.uint16(at: start + 34))
        guard let size, let compressedSize, let offset, let disk else { throw .damagedDirectory(.zip64) }
        guard disk == 0 else { throw .split }
        guard offset < archiveSize, compressedSize < archiveSize else { throw .damagedDirectory(.header) }
        guard large.agrees(size: size, compressedSize: compressedSize, offset: offset) else {
            throw .damagedDirectory(.zip64)
        }

        let flags = bytes.uint16(at: start + 8)
        guard flags & Flags.maskedHeaders == 0 else { throw .encryptedDirectory }
        let rawName = [UInt8](bytes[nameStart..<extraStart])
        let name = EntryName(
            rawName, isUTF8: flags & Flags.utf8 != 0, unicodePath: extras?.unicodePath, limits: limits)
        let draft = DirectoryHeader(
            rawName: rawName, flags: flags, method: bytes.uint16(at: start + 10),
            checksum: UInt32(bytes.uint32(at: start + 16)), compressedSize: compressedSize, size: size,
            offset: offset, name: name, fault: nil)
        let fault =
            name.fault ?? (extras == nil ? .damagedExtraField : nil)
            ?? draft.kindFault(mode: bytes.uint32(at: start + 38) >> 16, host: bytes.uint16(at: start + 4) >> 8)
            ?? draft.contentFault(limits: limits)
        return (draft.with(fault: fault), next)
    }

    var isFolder: Bool { name.isFolder }
    var hasDescriptor: Bool { flags & Flags.descriptor != 0 }

    /// The flags in which the entry's own head must agree. The charset of a name in ASCII is none of them: some libraries name it in
    /// one place only, and the name is the same in all.
    var sharedFlags: Int { rawName.allSatisfy { $0 < 0x80 } ? Flags.shared & ~Flags.utf8 : Flags.shared }

    /// Whether the entry is a by-product of the sender's computer and no report: folders, and `SideFile`s.
    var isSkipped: Bool { isFolder || SideFile.matches(name.text) }

    /// Faults of what the entry is: a link, a device, a folder with content.
    private func kindFault(mode: Int, host: Int) -> ArchiveError? {
        let kind = mode & 0xF000
        if kind == 0xA000 { return .link }
        // Other hosts leave what they like in these bits; Unix (3) and macOS (19) mean a file's mode. A pipe (0x1000)
        // is what Info-ZIP and 7-Zip call content that they read from standard input.
        if host == 3 || host == 19 {
            let plain = isFolder ? [0, 0x4000] : [0, 0x8000, 0x1000]
            guard plain.contains(kind) else { return .specialFile }
        }
        return isFolder && size > 0 ? .folderWithContent : nil
    }

    private func contentFault(limits: ArchiveLimits) -> ArchiveError? {
        if flags & (Flags.encrypted | Flags.stronglyEncrypted) != 0 || method == Method.aes { return .encrypted }
        guard method == Method.stored || method == Method.deflated else { return .unsupportedMethod(method) }
        if isSkipped { return nil }
        if ArchiveFormat(name: name.text) != nil { return .nestedArchive }
        if size > limits.maximumEntrySize { return .entryTooLarge(size, limit: limits.maximumEntrySize) }
        if method == Method.stored, size != compressedSize { return .wrongSize(declared: size) }
        let ratio = size / max(1, compressedSize)
        if size > limits.ratioAppliesAboveSize, ratio > limits.maximumRatio {
            return .ratioTooHigh(ratio, limit: limits.maximumRatio)
        }
        return nil
    }

    private func with(fault: ArchiveError?) -> DirectoryHeader {
        DirectoryHeader(
            rawName: rawName, flags: flags, method: method, checksum: checksum, compressedSize: compressedSize,
            size: size, offset: offset, name: name, fault: fault)
    }
}

/// Bits of an entry's general purpose flag. Source: PKWARE APPNOTE 6.3.10, 4.4.4.
enum Flags {
    static let encrypted = 1 << 0
    static let descriptor = 1 << 3
    static let stronglyEncrypted = 1 << 6
    static let utf8 = 1 << 11
    static let maskedHeaders = 1 << 13
    /// Those that head and directory must agree on.
    static let shared = encrypted | descriptor | stronglyEncrypted | utf8 | maskedHeaders
}

/// Compression methods. Source: PKWARE APPNOTE 6.3.10, 4.4.5.
enum Method {
    static let stored = 0
    static let deflated = 8
    /// WinZip's AES encryption; the true method stands in an extra field.
    static let aes = 99
}
