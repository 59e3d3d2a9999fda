public import SurveillanceKit

/// What was sent: one table, or a zip of several.
public struct UploadedPackage: Sendable {
    /// One file of a package. A fault stops this file alone.
    public struct File: Sendable {
        public let name: String
        fileprivate let content: Content
        fileprivate let limits: ArchiveLimits
        /// Why it cannot be read, as far as that shows without reading it.
        public var fault: (code: FindingCode, message: BilingualText)? {
            guard case .entry(let entry) = content else { return nil }
            return entry.fault.map { (.archiveError, $0.message) }
        }

        /// The file's bytes in order. Each call reads anew.
        public func open() throws(SourceError) -> any ByteSource {
            switch content {
            case .whole(let source), .workbook(let source, _): return SequentialSource(source)
            case .entry(let entry): return try entry.open()
            }
        }

        /// The file's rows, whether it is text or a workbook: its bytes say which, not its name. Each call reads anew.
        ///
        /// - Parameters:
        ///   - labels: of the columns that the table should have, in lower case: they tell a workbook's sheets apart.
        ///   - takesFirstSheet: of several sheets with such a table the first is read, and the others are told.
        public func table(
            limits tableLimits: TableLimits = TableLimits(), labels: Set<String>, takesFirstSheet: Bool = false
        ) throws(SourceError) -> TableReader {
            let isCalledWorkbook = TableFormat.isWorkbook(named: name)
            guard let workbook = try workbook() else {
                var reader = TableReader(try open(), limits: tableLimits, findsHeader: true)
                if isCalledWorkbook { reader.note(.csvNamedWorkbook) }
                return reader
            }
            var reader = TableReader(
                workbook: workbook.source, format: workbook.format, labels: labels, limits: tableLimits,
                archiveLimits: limits, takesFirstSheet: takesFirstSheet)
            if !isCalledWorkbook { reader.note(.workbookNamedCSV) }
            return reader
        }

        /// The workbook that the file is; one inside an archive is unpacked into memory.
        private func workbook() throws(SourceError) -> (source: any RandomAccessSource, format: TableFormat)? {
            switch content {
            case .whole: return nil
            case .workbook(let source, let format): return (source, format)
            case .entry(let entry):
                guard let format = WorkbookOpener.format(magic: try entry.bytes(first: WorkbookOpener.magicLength))
                else { return nil }
                guard entry.size <= SheetLimits.packedBytes else {
                    throw .archive(.entryTooLarge(entry.size, limit: SheetLimits.packedBytes))
                }
                let source = BytesSource(try entry.bytes(first: entry.size))
                guard format == .xlsx, !TableFormat.isWorkbook(named: name) else { return (source, format) }
                // Called otherwise, it must at least look as a workbook; an archive of tables in an archive is told as one.
                guard let archive = try? Archive(source, limits: limits),
                    ArchiveFormat.isDocument(parts: archive.entries.map(\.name))
                else { return nil }
                return (source, format)
            }
        }
    }

    fileprivate enum Content: Sendable {
        case whole(any RandomAccessSource)
        case entry(ArchiveEntry)
        /// A workbook or the like, by its bytes.
        case workbook(any RandomAccessSource, TableFormat)
    }

    public let files: [File]

    /// It is one workbook, whatever its name says.
    public var isWorkbook: Bool {
        guard files.count == 1, case .workbook = files[0].content else { return false }
        return true
    }

    /// Opens an upload. A zip is known by its first bytes; by its name too, so that a broken one is told as such.
    ///
    /// - Throws: `SourceError.archive` where an archive cannot be trusted or is of another kind than zip.
    public init(name: String, source: any RandomAccessSource, limits: ArchiveLimits = ArchiveLimits())
        throws(SourceError)
    {
        let magic = try source.bytes(at: 0, count: WorkbookOpener.magicLength)
        func file(_ content: Content) -> File { File(name: name, content: content, limits: limits) }
        if WorkbookOpener.format(magic: magic) == .xls {
            files = [file(.workbook(source, .xls))]
        } else if ArchiveFormat(magic: magic) != nil || ArchiveFormat(name: name) != nil {
            let archive: Archive
            do {
                archive = try Archive(source, limits: limits)
            } catch {
                // A workbook that is damaged is told as one, and not as the zip that it is within.
                guard error.fault != nil, TableFormat.isWorkbook(named: name) else { throw error }
                files = [file(.workbook(source, .xlsx))]
                return
            }
            files =
                ArchiveFormat.isDocument(parts: archive.entries.map(\.name))
                ? [file(.workbook(source, .xlsx))]
                : archive.entries.map { File(name: $0.name, content: .entry($0), limits: limits) }
        } else {
            files = [file(.whole(source))]
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
