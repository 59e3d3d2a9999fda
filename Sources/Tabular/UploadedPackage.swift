public import SurveillanceKit

/// What was sent: one table, or a zip of several.
public struct UploadedPackage: Sendable {
    /// One file of a package. A fault stops this file alone.
    public struct File: Sendable {
        public let name: String
        fileprivate let content: Content
        /// Why it cannot be read, as far as that shows without reading it.
        public var fault: (code: FindingCode, message: BilingualText)? {
            switch content {
            case .whole: return nil
            case .entry(let entry): return entry.fault.map { (.archiveError, $0.message) }
            case .document: return (.unknownFile, UploadedPackage.saveAsCSV)
            }
        }

        /// The file's bytes in order. Each call reads anew.
        public func open() throws(SourceError) -> any ByteSource {
            switch content {
            case .whole(let source), .document(let source): return SequentialSource(source)
            case .entry(let entry): return try entry.open()
            }
        }
    }

    fileprivate enum Content: Sendable {
        case whole(any RandomAccessSource)
        case entry(ArchiveEntry)
        /// A workbook or the like: a zip by its bytes, of whose parts the sender knows nothing.
        case document(any RandomAccessSource)
    }

    private static let saveAsCSV = BilingualText(
        zh: "这是 Excel 等办公软件的文件，请另存为 CSV 后上报",
        en: "this is a file of Excel or another office program; save it as CSV and send that")

    public let files: [File]

    /// Opens an upload. A zip is known by its first bytes; by its name too, so that a broken one is told as such.
    ///
    /// - Throws: `SourceError.archive` where an archive cannot be trusted or is of another kind than zip.
    public init(name: String, source: any RandomAccessSource, limits: ArchiveLimits = ArchiveLimits())
        throws(SourceError)
    {
        let magic = try source.bytes(at: 0, count: ArchiveFormat.magicLength)
        if ArchiveFormat(magic: magic) != nil || ArchiveFormat(name: name) != nil {
            let archive = try Archive(source, limits: limits)
            files =
                ArchiveFormat.isDocument(parts: archive.entries.map(\.name))
                ? [File(name: name, content: .document(source))]
                : archive.entries.map { File(name: $0.name, content: .entry($0)) }
        } else {
            files = [File(name: name, content: .whole(source))]
        }
    }

    /// Several files that belong together although nobody packed them.
    public init(joining packages: [UploadedPackage]) { files = packages.flatMap(\.files) }
}

/// Reads a random-access source from its start to its end.
private struct SequentialSource: ByteSource {
    private let source: any RandomAccessSource
    private var position = 0

    init(_ source: any RandomAccessSource) { self.source = source }

    var expectedBytes: Int? { source.size }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let count = try source.read(at: position, into: buffer)
        position += count
        return count
    }
}
