public import Foundation
import Glibc
import ProgramFiles
public import SurveillanceKit
import Tabular
import Validation

/// Writes the rejected rows of files that are checked without a server into a folder, each file's as a form of its own.
public final class OfflineCorrections {
    private let folder: URL
    private let language: Language
    private let export: (ExportTable, Language) throws -> ExportedFile
    /// The forms written, in order.
    public private(set) var written: [URL] = []

    /// Makes the folder where it is not there yet.
    ///
    /// - Parameter export: writes a form as CSV.
    public init(
        folder: URL, language: Language, export: @escaping (ExportTable, Language) throws -> ExportedFile
    ) throws {
        self.folder = folder
        self.language = language
        self.export = export
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func note() throws -> FindingsNote { try FindingsNote(besides: folder) }

    /// - Parameters:
    ///   - origin: the package's name without its ending; nil for loose files, which have names of their own.
    ///   - registry: knows the columns of file types.
    func write(
        _ package: UploadedPackage, _ reports: [FileReport], _ note: FindingsNote, origin: String?,
        registry: ProgramRegistry
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
            let form = try CorrectionForm.table(
                try file.table(labels: registry.labels(ofFileType: id)), file: file.name,
                fields: registry.fields(ofFileType: id), takesAll: takesAll, language: language,
                findings: note.lines())
            try write(form, to: free(id, origin ?? stem(file.name)))
        }
    }

    private func write(_ form: ExportTable, to url: URL) throws {
        let file = try export(form, language)
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
