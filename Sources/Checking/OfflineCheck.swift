public import Foundation
import Glibc
public import ProgramFiles
public import SurveillanceKit
import Tabular
public import Validation

/// Checks files on disk, as `vedette check` does: zips each by itself, loose files together as one package.
public struct OfflineCheck {
    private let examination: Examination
    private let corrections: OfflineCorrections?

    /// - Parameters:
    ///   - now: the moment by which rules know what is in the future.
    ///   - corrections: takes the rejected rows, where they are wanted.
    public init(
        registry: ProgramRegistry, institution: String?, now: Instant, threads: Int,
        corrections: OfflineCorrections? = nil
    ) {
        self.corrections = corrections
        var random = SystemRandomNumberGenerator()
        let seed = KeySeed((random.next(), random.next()))
        examination = Examination(
            registry: registry,
            context: ValidationContext(
                institution: institution, receivedAt: now, seed: seed, threads: threads))
    }

    public func run(_ paths: [URL], sink: inout some ValidationSink) throws -> [FileReport] {
        let files = try paths.flatMap(expand)
        var archives = files.filter(isArchive)
        let loose = files.filter { !isArchive($0) }
        var reports: [FileReport] = []
        var opened: [OpenFile] = []
        if !loose.isEmpty {
            var packages: [UploadedPackage] = []
            for url in loose {
                let file = try OpenFile(url)
                guard let package = try table(url, file) else {
                    archives.append(url)
                    continue
                }
                packages.append(package)
                opened.append(file)
            }
            if !packages.isEmpty {
                let package = UploadedPackage(joining: packages)
                reports += try noting(package, origin: nil, sink: &sink) { sink in
                    try examination.run(package, named: loose[0].lastPathComponent, sink: &sink)
                }
            }
        }
        for url in archives {
            let file = try OpenFile(url)
            let name = url.lastPathComponent
            // A broken archive has no rows; that is found by the examination.
            let package = corrections == nil ? nil : try? UploadedPackage(name: name, source: file.source)
            reports += try noting(package, origin: url.deletingPathExtension().lastPathComponent, sink: &sink) { sink in
                try examination.run(name, file.source, sink: &sink)
            }
        }
        return reports
    }

    /// Examines a package and, where rejected rows are wanted, writes them from its findings.
    private func noting<Sink: ValidationSink>(
        _ package: UploadedPackage?, origin: String?, sink: inout Sink,
        _ examine: (inout SinkPair<Sink, FindingsNote>) throws -> [FileReport]
    ) throws -> [FileReport] {
        var both = SinkPair(sink, try corrections.map { try $0.note() } ?? FindingsNote())
        defer { sink = both.first }
        let reports = try examine(&both)
        if let corrections, let package { try corrections.write(package, reports, both.second, origin: origin) }
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

    private func expand(_ url: URL) throws -> [URL] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw OfflineCheckError.notThere(url.path)
        }
        guard isFolder.boolValue else { return [url] }
        let files = try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
            .filter { ["csv", "zip", "txt"].contains($0.pathExtension.lowercased()) }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        guard !files.isEmpty else { throw OfflineCheckError.nothingIn(url.path) }
        return files
    }

    private func isArchive(_ url: URL) -> Bool {
        guard let file = try? OpenFile(url), let first = try? file.source.firstBytes(2) else { return false }
        return first == [0x50, 0x4B] || !["csv", "txt"].contains(url.pathExtension.lowercased())
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

    public var description: String {
        switch self {
        case .notThere(let path): "\(path): no such file or folder"
        case .nothingIn(let path): "\(path): no .csv or .zip file in this folder"
        case .unreadable(let path, let reason): "\(path): cannot be read (\(reason))"
        case .unwritable(let path, let reason): "\(path): cannot be written (\(reason))"
        }
    }
}
