/// Why an archive, or one file in it, is not read.
///
/// The first group stops the whole archive; the second stops one entry, and the others are read.
public enum ArchiveError: Error, Hashable, Sendable {
    // The whole archive.

    /// Not a zip, by its first bytes; `format` where they are known, "RAR".
    case notZip(format: String?)
    /// Begins as a zip and has no end.
    case cutOff
    /// Bytes follow the end record that its comment does not account for.
    case bytesAfterEnd(Int)
    /// More than one end record fits, so two readers could see two archives.
    case ambiguousEnd
    /// One volume of several.
    case split
    case encryptedDirectory
    case damagedDirectory(DirectoryPart)
    /// Two entries share bytes, or an entry and the directory (`other` nil).
    case overlap(name: String, other: String?)
    /// Bytes that belong to no entry.
    case strayBytes(offset: Int, count: Int)
    case tooManyEntries(Int, limit: Int)
    case directoryTooLarge(Int, limit: Int)
    case totalTooLarge(Int, limit: Int)

    // One entry.

    case encrypted
    /// Compressed by other means than deflate; the number is the zip format's.
    case unsupportedMethod(Int)
    /// An archive within the archive, by name or by its first bytes.
    case nestedArchive
    case unsafeName(NameFault)
    /// The name is not text in the charset it claims.
    case undecodableName
    case nameTooLong(Int, limit: Int)
    case duplicateName
    case link
    /// A device, a socket, or a folder under a file's name.
    case specialFile
    /// A name that ends in `/` with content behind it.
    case folderWithContent
    case damagedExtraField
    case entryTooLarge(Int, limit: Int)
    case ratioTooHigh(Int, limit: Int)
    /// The entry's own head says something else than the directory.
    case headMismatch(HeadPart)
    case wrongSize(declared: Int)
    case wrongChecksum
    case damagedData

    public enum DirectoryPart: String, Hashable, Sendable {
        case endRecord, zip64, header, count
    }

    public enum NameFault: String, Hashable, Sendable {
        case empty, absolute, parentFolder, driveLetter, controlCharacter
    }

    public enum HeadPart: String, Hashable, Sendable {
        case signature, flags, method, name, sizes, checksum, descriptor
    }
}
