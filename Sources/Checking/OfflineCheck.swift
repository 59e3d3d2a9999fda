public import Foundation
import Glibc
public import ProgramFiles
public import SurveillanceKit
import Tabular
public import Validation

/// Checks files on disk, as `vedette check` does: zips each by itself, loose files together as one package.
public struct OfflineCheck {
    private let examination: Examination
    private let registry: ProgramRegistry
    private let corrections: OfflineCorrections?

    /// - Parameters:
    ///   - now: the moment by which rules know what is in the future.
    ///   - corrections: takes the rejected rows, where they are wanted.
    public init(
        registry: ProgramRegistry, institution: String?, now: Instant, threads: Int,
        corrections: OfflineCorrections? = nil
    ) {
        self.corrections = corrections
        self.registry = registry
        var random = SystemRandomNumberGenerator()
        let seed = KeySeed((random.next(), random.next()))
        examination = Examination(
            registry: registry,
            context: ValidationContext(
                institution: institution, receivedAt: now, seed: seed, threads: threads))
    }

    /// Checks one package after the other.
    public func run(_ paths: [URL], sink: inout some ValidationSink) throws -> [FileReport] {
        var reports: [FileReport] = []
        for package in try packages(at: paths) { reports += try run(package, sink: &sink) }
        return reports
    }

    /// What is on disk, package by package: the loose files of `paths` and of their folders together; each zip by itself;
    /// and each folder inside of a folder as one of its own, at any depth.
    public func packages(at paths: [URL]) throws -> [OfflinePackage] {
        var loose: [URL] = []
        var packages: [OfflinePackage] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder) else {
                throw OfflineCheckError.notThere(path.path)
            }
            guard isFolder.boolValue else {
                loose.append(path)
                continue
            }
            let (files, folders) = try OfflineCheck.content(of: path)
            loose += files
            for folder in folders { packages += try OfflineCheck.inner(folder, named: folder.lastPathComponent) }
            if files.isEmpty, packages.isEmpty { throw OfflineCheckError.nothingIn(path.path) }
        }
        return OfflineCheck.split(loose, named: { $0.lastPathComponent }) + packages
    }

    private static func inner(_ folder: URL, named name: String) throws -> [OfflinePackage] {
        let (files, folders) = try content(of: folder)
        let own = split(files, named: { "\(name)/\($0.lastPathComponent)" }, tables: name)
        return try own + folders.flatMap { try inner($0, named: "\(name)/\($0.lastPathComponent)") }
    }

    /// - Parameter tables: how the tables together are called; nil for the name of the first.
    private static func split(
        _ files: [URL], named name: (URL) -> String, tables: String? = nil
    ) -> [OfflinePackage] {
        let loose = files.filter { !isArchive($0) }
        let archives = files.filter(isArchive)
        let together =
            loose.first.map { [OfflinePackage(name: tables ?? name($0), files: loose, origin: tables.map(origin))] }
            ?? []
        return together
            + archives.map {
                let own = $0.deletingPathExtension().lastPathComponent
                return OfflinePackage(
                    name: name($0), files: [$0], origin: tables.map { "\(origin($0))-\(own)" } ?? own)
            }
    }

    /// A folder's path as part of a file's name.
    private static func origin(_ path: String) -> String { path.replacing("/", with: "-") }

    private static func content(of folder: URL) throws -> (files: [URL], folders: [URL]) {
        let all = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: [.isDirectoryKey], options: .skipsHiddenFiles
        ).sorted { $0.lastPathComponent < $1.lastPathComponent }
        let folders = all.filter { (try? $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false }
        let files = all.filter {
            (TableFormat.isTable(named: $0.lastPathComponent)
                || ["zip", "txt"].contains($0.pathExtension.lowercased()))
                && !folders.contains($0)
        }
        return (files, folders)
    }

    public func run(_ package: OfflinePackage, sink: inout some ValidationSink) throws -> [FileReport] {
        if let bytes = package.bytes {
            let source = BytesSource(bytes)
            let sent = corrections == nil ? nil : try? UploadedPackage(name: package.name, source: source)
            return try noting(sent, origin: nil, keeping: [], sink: &sink) {
                try examination.run(package.name, source, sink: &$0)
            }
        }
        var archives: [URL] = []
        var reports: [FileReport] = []
        var opened: [OpenFile] = []
        var packages: [UploadedPackage] = []
        var first: URL?
        for url in package.files {
            guard !OfflineCheck.isArchive(url) else {
                archives.append(url)
                continue
            }
            let file = try OpenFile(url)
            guard let table = try table(url, file) else {
                archives.append(url)
                continue
            }
            first = first ?? url
            packages.append(table)
            opened.append(file)
        }
        if let first {
            let joined = UploadedPackage(joining: packages)
            reports += try noting(joined, origin: package.origin, keeping: opened, sink: &sink) { sink in
                try examination.run(joined, named: first.lastPathComponent, sink: &sink)
            }
        }
        for url in archives {
            let file = try OpenFile(url)
            let name = url.lastPathComponent
            // A broken archive has no rows; that is found by the examination.
            let sent = corrections == nil ? nil : try? UploadedPackage(name: name, source: file.source)
            let origin = package.files.count == 1 ? package.origin : nil
            reports += try noting(
                sent, origin: origin ?? url.deletingPathExtension().lastPathComponent, keeping: [file], sink: &sink
            ) { sink in
                try examination.run(name, file.source, sink: &sink)
            }
        }
        return reports
    }

    /// Examines a package and, where rejected rows are wanted, writes them from its findings.
    private func noting<Sink: ValidationSink>(
        _ package: UploadedPackage?, origin: String?, keeping owners: [AnyObject], sink: inout Sink,
        _ examine: (inout SinkPair<Sink, FindingsNote>) throws -> [FileReport]
    ) throws -> [FileReport] {
        var both = SinkPair(sink, try corrections.map { try $0.note() } ?? FindingsNote())
        defer { sink = both.first }
        let reports = try examine(&both)
        if let corrections, let package {
            try corrections.write(
                package, reports, both.second, origin: origin, registry: registry, keeping: owners)
        }
        return reports
    }

    /// A loose file ready to be read; nil where it is a table by its name alone: the examination tells what it is.
    private func table(_ url: URL, _ file: OpenFile) throws -> UploadedPackage? {
        do {
            return try UploadedPackage(name: url.lastPathComponent, source: file.source)
        } catch {
            guard error.fault != nil else { throw error }
            return nil
        }
    }

    private static func isArchive(_ url: URL) -> Bool {
        if TableFormat.isWorkbook(named: url.lastPathComponent) { return false }
        guard let file = try? OpenFile(url), let first = try? file.source.firstBytes(2) else { return false }
        if first == [0x50, 0x4B] {
            // A workbook under a table's name stays with the tables that it may belong to.
            return (try? UploadedPackage(name: url.lastPathComponent, source: file.source))?.isWorkbook != true
        }
        return !["csv", "txt"].contains(url.pathExtension.lowercased())
    }
}

/// Files on disk that are one package, or bytes that came from elsewhere, such as standard input.
public struct OfflinePackage: Sendable {
    /// How people know it: a zip's name, a folder's path.
    public var name: String
    var files: [URL] = []
    var bytes: [UInt8]?
    /// What the files with its rejected rows are called after, where the name of its files is not enough.
    var origin: String?

    init(name: String, files: [URL], origin: String? = nil) {
        self.name = name
        self.files = files
        self.origin = origin
    }

    /// - Parameter name: a file's name, by whose beginning a table is known.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// An open file, closed with its last owner.
final class OpenFile {
    let source: FileSource
    private let descriptor: CInt

    init(_ url: URL) throws {
        descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw OfflineCheckError.unreadable(url.path, String(cString: strerror(errno))) }
        source = try FileSource(descriptor: descriptor)
    }

    deinit { close(descriptor) }
}

extension FileSource {
    fileprivate func firstBytes(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try bytes.withUnsafeMutableBytes { try self.read(at: 0, into: $0) }
        return Array(bytes.prefix(read))
    }
}

/// Why files named on the command line cannot be checked.
public enum OfflineCheckError: Error, CustomStringConvertible {
    case notThere(String)
    case nothingIn(String)
    case unreadable(String, String)
    case unwritable(String, String)
    case noWorkbooks(fileType: String)

    public var message: BilingualText {
        switch self {
        case .notThere(let path): BilingualText(zh: "\(path)：没有这个文件或文件夹", en: "\(path): no such file or folder")
        case .nothingIn(let path):
            BilingualText(
                zh: "\(path)：文件夹中没有 .csv、.xlsx、.xls 或 .zip 文件",
                en: "\(path): no .csv, .xlsx, .xls or .zip file in this folder")
        case .unreadable(let path, let reason):
            BilingualText(zh: "\(path)：无法读取（\(reason)）", en: "\(path): cannot be read (\(reason))")
        case .unwritable(let path, let reason):
            BilingualText(zh: "\(path)：无法写入（\(reason)）", en: "\(path): cannot be written (\(reason))")
        case .noWorkbooks(let type):
            BilingualText(
                zh: "\(type) 所属的监测项目不接收 Excel 工作簿：--corrections 请给出文件夹，写成 CSV",
                en: "the program of \(type) takes no Excel workbooks: give --corrections a folder for CSV files")
        }
    }

    public var description: String { message.en }
}
