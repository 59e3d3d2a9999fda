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
            switch content {
            case .entry(let entry): return entry.fault.map { (.archiveError, $0.message) }
            case .unreadable(_, let fault): return fault
            case .whole, .workbook, .sheet: return nil
            }
        }

        /// The file's bytes in order. Each call reads anew.
        public func open() throws(SourceError) -> any ByteSource {
            switch content {
            case .whole(let source), .workbook(let source, _), .sheet(let source, _, _), .unreadable(let source, _):
                return SequentialSource(source)
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
            if case .sheet(let source, let format, let place) = content {
                return TableReader(
                    workbook: source, format: format, labels: labels, limits: tableLimits, archiveLimits: limits,
                    sheet: place)
            }
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
            case .whole, .unreadable: return nil
            case .workbook(let source, let format), .sheet(let source, let format, _): return (source, format)
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
        /// One sheet, counted from 0, of a correction form that is a workbook.
        case sheet(any RandomAccessSource, TableFormat, Int)
        /// A workbook that is called a correction form and cannot be read.
        case unreadable(any RandomAccessSource, (code: FindingCode, message: BilingualText))
    }

    public let files: [File]

    /// It is a workbook, whatever its name says: one table, or a correction form of several.
    public let isWorkbook: Bool

    /// Opens an upload. A zip is known by its first bytes; by its name too, so that a broken one is told as such. A correction form that is
    /// a workbook has a file for each of its sheets.
    ///
    /// - Throws: `SourceError.archive` where an archive cannot be trusted or is of another kind than zip.
    public init(name: String, source: any RandomAccessSource, limits: ArchiveLimits = ArchiveLimits())
        throws(SourceError)
    {
        let magic = try source.bytes(at: 0, count: WorkbookOpener.magicLength)
        func workbook(_ format: TableFormat) -> [File] {
            UploadedPackage.files(of: source, format, named: name, limits)
        }
        if WorkbookOpener.format(magic: magic) == .xls {
            self.init(files: workbook(.xls), isWorkbook: true)
        } else if ArchiveFormat(magic: magic) != nil || ArchiveFormat(name: name) != nil {
            let archive: Archive
            do {
                archive = try Archive(source, limits: limits)
            } catch {
                // A workbook that is damaged is told as one, and not as the zip that it is within.
                guard error.fault != nil, TableFormat.isWorkbook(named: name) else { throw error }
                self.init(files: workbook(.xlsx), isWorkbook: true)
                return
            }
            guard !ArchiveFormat.isDocument(parts: archive.entries.map(\.name)) else {
                self.init(files: workbook(.xlsx), isWorkbook: true)
                return
            }
            var files: [File] = []
            for entry in archive.entries { files += try UploadedPackage.files(of: entry, limits) }
            self.init(files: files)
        } else {
            self.init(files: [File(name: name, content: .whole(source), limits: limits)])
        }
    }

    private init(files: [File], isWorkbook: Bool = false) {
        self.files = files
        self.isWorkbook = isWorkbook
    }

    /// A workbook as one table, or a correction form as one for each of its sheets.
    private static func files(
        of source: any RandomAccessSource, _ format: TableFormat, named name: String, _ limits: ArchiveLimits
    ) -> [File] {
        func file(_ content: Content, _ name: String) -> File { File(name: name, content: content, limits: limits) }
        do {
            guard let form = try FormSheets(named: name, source, format, limits: limits) else {
                return [file(.workbook(source, format), name)]
            }
            return form.sheets.map { file(.sheet(source, format, $0.place), $0.name) }
        } catch {
            // A table is told of its faults when it is read; a form would have no file type of which to tell them.
            guard CorrectionFileName.isWorkbook(name), let fault = error.fault else {
                return [file(.workbook(source, format), name)]
            }
            return [file(.unreadable(source, fault), name)]
        }
    }

    /// A file of an archive; of a correction form that is a workbook those of its sheets.
    private static func files(of entry: ArchiveEntry, _ limits: ArchiveLimits) throws(SourceError) -> [File] {
        let whole = [File(name: entry.name, content: .entry(entry), limits: limits)]
        guard CorrectionFileName.isWorkbook(entry.name), entry.fault == nil, entry.size <= SheetLimits.packedBytes
        else { return whole }
        do {
            let bytes = try entry.bytes(first: entry.size)
            guard let format = WorkbookOpener.format(magic: bytes.prefix(WorkbookOpener.magicLength)) else {
                return whole
            }
            return files(of: BytesSource(bytes), format, named: entry.name, limits)
        } catch {
            // What is wrong with the entry is told when it is read.
            guard error.fault != nil else { throw error }
            return whole
        }
    }

    /// Several files that belong together although nobody packed them.
    public init(joining packages: [UploadedPackage]) { self.init(files: packages.flatMap(\.files)) }
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
