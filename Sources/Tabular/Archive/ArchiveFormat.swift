/// Packed formats that are refused inside an archive, and named where one comes instead of a zip.
enum ArchiveFormat: CaseIterable {
    case zip, rar, sevenZip, gzip, bzip2, xz, zstandard, cabinet, other

    /// The most first bytes that `init(magic:)` looks at.
    static let magicLength = 6

    /// The format that a file's first bytes show.
    init?(magic bytes: some Sequence<UInt8>) {
        let magics: [(ArchiveFormat, [UInt8])] = [
            (.zip, [0x50, 0x4B, 0x03, 0x04]), (.zip, [0x50, 0x4B, 0x05, 0x06]), (.zip, [0x50, 0x4B, 0x07, 0x08]),
            (.rar, [0x52, 0x61, 0x72, 0x21, 0x1A, 0x07]), (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
            (.gzip, [0x1F, 0x8B]), (.bzip2, [0x42, 0x5A, 0x68]), (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
            (.zstandard, [0x28, 0xB5, 0x2F, 0xFD]), (.cabinet, [0x4D, 0x53, 0x43, 0x46, 0x00, 0x00]),
        ]
        guard let match = magics.first(where: { bytes.starts(with: $0.1) }) else { return nil }
        self = match.0
    }

    /// The format that a file's name claims.
    init?(name: String) {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        switch name[name.index(after: dot)...].lowercased() {
        case "zip", "zipx", "jar", "war", "z01": self = .zip
        case "rar": self = .rar
        case "7z": self = .sevenZip
        case "gz", "tgz": self = .gzip
        case "bz2", "tbz2": self = .bzip2
        case "xz", "txz", "lzma": self = .xz
        case "zst": self = .zstandard
        case "cab": self = .cabinet
        case "tar", "arj", "lzh", "lz4", "z", "iso", "ace": self = .other
        default: return nil
        }
    }

    /// Whether files of this name are zips by design (workbooks), and no archive to the sender.
    static func isWorkbook(name: String) -> Bool {
        let lowered = name.lowercased()
        return [".xlsx", ".xlsm", ".xltx", ".ods", ".docx"].contains { lowered.hasSuffix($0) }
    }

    /// Whether an archive's files are the parts of one office document, whatever it is called.
    ///
    /// Source: ECMA-376 part 2 (every package has `[Content_Types].xml`); OpenDocument 1.3 part 2 (`mimetype` comes first).
    static func isDocument(parts: [String]) -> Bool {
        guard !parts.contains(where: { $0.lowercased().hasSuffix(".csv") }) else { return false }
        return parts.contains { $0.lowercased() == "[content_types].xml" }
            || (parts.first == "mimetype" && parts.contains("content.xml"))
    }

    var title: String? {
        switch self {
        case .zip: "zip"
        case .rar: "RAR"
        case .sevenZip: "7z"
        case .gzip: "gzip"
        case .bzip2: "bzip2"
        case .xz: "xz"
        case .zstandard: "Zstandard"
        case .cabinet: "CAB"
        case .other: nil
        }
    }
}
