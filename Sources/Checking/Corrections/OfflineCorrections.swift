public import Foundation
import Glibc
import ProgramFiles
public import SurveillanceKit
import Tabular
import Validation

/// Writes the rejected rows of files that are checked without a server, each file's as a form of its own: CSV files in a folder, or the
/// sheets of one workbook.
public final class OfflineCorrections {
    private let target: URL
    private let language: Language
    private let export: Export
    /// The files written, in order.
    public private(set) var written: [URL] = []
    private var sheets: [Sheet] = []
    private var sheetCounts: [String: Int] = [:]
    /// Files that sheets are read from once more when the workbook is written.
    private var sources: [AnyObject] = []

    /// How forms are written.
    public enum Export {
        /// Each as CSV, into a folder.
        case csv((ExportTable, Language) throws -> ExportedFile)
        /// All into one workbook.
        case workbook(([Sheet], Language) throws -> ExportedFile)
    }

    /// A form as a sheet of a workbook.
    public struct Sheet: Sendable {
        public var name: String
        public var open: @Sendable () throws -> ExportTable
    }

    /// Makes the folder where it is not there yet.
    ///
    /// - Parameter target: the folder of CSV files, or the workbook itself.
    public init(to target: URL, language: Language, export: Export) throws {
        self.target = target
        self.language = language
        self.export = export
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Whether a path names a workbook by its ending.
    public static func isWorkbook(_ path: String) -> Bool { path.lowercased().hasSuffix(".xlsx") }

    private var folder: URL {
        if case .csv = export { target } else { target.deletingLastPathComponent() }
    }

    func note() throws -> FindingsNote { try FindingsNote(besides: folder) }

    /// - Parameters:
    ///   - owners: hold the package's files open.
    ///   - origin: the package's name without its ending; nil for loose files, which have names of their own.
    ///   - registry: knows the columns of file types.
    func write(
        _ package: UploadedPackage, _ reports: [FileReport], _ note: FindingsNote, origin: String?,
        registry: ProgramRegistry, keeping owners: [AnyObject]
    ) throws {
        for (file, report) in zip(package.files, reports) {
            guard let id = report.fileType, file.name == report.name else { continue }
            let rejected = try RejectedRows(
                rows: report.rows, accepted: report.accepted, rejected: report.rejected, file: file.name,
                findings: note.lines())
            let takesAll: Bool
            switch rejected {
            case .none, .unreadable: continue
            case .withErrors: takesAll = false
            case .all: takesAll = true
            }
            let (labels, fields) = (registry.labels(ofFileType: id), registry.fields(ofFileType: id))
            func form(_ sheet: String?) throws -> ExportTable {
                try CorrectionForm.table(
                    try file.table(labels: labels), file: file.name, fields: fields, sheet: sheet, takesAll: takesAll,
                    language: language, findings: note.lines())
            }
            let source = origin ?? stem(file.name)
            switch export {
            case .csv(let export): try write(export(form(nil), language), to: free(id, source))
            case .workbook:
                guard registry.formats(ofFileType: id).contains(.xlsx) else {
                    throw OfflineCheckError.noWorkbooks(fileType: id)
                }
                add(id, source, form)
                sources += owners
            }
        }
    }

    private func add(_ type: String, _ origin: String, _ form: @escaping (String?) throws -> ExportTable) {
        sheetCounts[type, default: 0] += 1
        let number = sheetCounts[type, default: 1]
        let name = CorrectionFileName.name(fileType: type, origin: origin, number: number, format: .xlsx)
        // The workbook is written on the thread that calls `finish`.
        nonisolated(unsafe) let open = form
        sheets.append(Sheet(name: CorrectionFileName.sheet(fileType: type, number: number)) { try open(name) })
    }

    /// Writes the workbook, where there is one and some row was rejected.
    public func finish() throws {
        guard case .workbook(let export) = export, !sheets.isEmpty else { return }
        // Whole before its file is begun: what does not fit leaves nothing behind.
        try write(export(sheets, language).begun(), to: target)
    }

    private func write(_ file: ExportedFile, to url: URL) throws {
        let descriptor = open(url.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OfflineCheckError.unwritable(url.path, String(cString: strerror(errno))) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        while let piece = try file.next() { try handle.write(contentsOf: piece) }
        written.append(url)
    }

    /// A name that no other form of this run has.
    private func free(_ type: String, _ origin: String) -> URL {
        var count = 1
        while true {
            let name = CorrectionFileName.name(fileType: type, origin: origin, number: count)
            let url = folder.appendingPathComponent(name)
            if !written.contains(url) { return url }
            count += 1
        }
    }

    private func stem(_ name: String) -> String {
        let last = name.split(separator: "/").last ?? ""
        return String(last.prefix { $0 != "." })
    }
}

/// The findings of one package on their way to its forms, in a file without a name that goes with its last owner.
struct FindingsNote: ValidationSink {
    private let handle: FileHandle?

    /// Notes nothing.
    init() { handle = nil }

    /// - Parameter folder: where there is room for the forms is room for their findings.
    init(besides folder: URL) throws {
        var template = Array(folder.appendingPathComponent(".findings-XXXXXX").path.utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw OfflineCheckError.unwritable(folder.path, String(cString: strerror(errno))) }
        unlink(&template)
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    func begin(file: Int) {}
    func refuse(file: Int) {}
    func checked(_ batch: CheckedBatch) {}

    func found(_ findings: FindingBatch) throws {
        guard let handle else { return }
        var lines: [UInt8] = []
        findings.appendJSONLines(to: &lines)
        try handle.write(contentsOf: lines)
    }

    func found(_ finding: Finding) throws {
        guard let handle else { return }
        var line: [UInt8] = []
        finding.appendJSONLine(to: &line)
        try handle.write(contentsOf: line)
    }

    /// Reads what was noted, from the start.
    func lines() -> () throws -> ArraySlice<UInt8>? {
        var offset: UInt64 = 0
        var buffer: ArraySlice<UInt8> = []
        return { [handle] in
            while true {
                if let end = buffer.firstIndex(of: 0x0A) {
                    defer { buffer = buffer[(end + 1)...] }
                    return buffer[..<end]
                }
                guard let handle else { return nil }
                try handle.seek(toOffset: offset)
                guard let more = try handle.read(upToCount: 65_536), !more.isEmpty else { return nil }
                offset += UInt64(more.count)
                buffer = ArraySlice(Array(buffer) + more)
            }
        }
    }
}

/// Hands on to two what comes out of one check.
struct SinkPair<First: ValidationSink, Second: ValidationSink>: ValidationSink {
    var first: First
    var second: Second

    init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }

    mutating func begin(file: Int) {
        first.begin(file: file)
        second.begin(file: file)
    }

    mutating func refuse(file: Int) {
        first.refuse(file: file)
        second.refuse(file: file)
    }

    mutating func found(_ findings: FindingBatch) throws {
        try first.found(findings)
        try second.found(findings)
    }

    mutating func found(_ finding: Finding) throws {
        try first.found(finding)
        try second.found(finding)
    }

    mutating func checked(_ batch: CheckedBatch) throws {
        try first.checked(batch)
        try second.checked(batch)
    }
}
