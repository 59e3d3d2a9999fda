import Accounts
import HTTPServer
import Intake
import SurveillanceKit
import Synchronization

/// Takes files in, from a form or as the body itself.
struct Uploads: Sendable {
    let services: any UploadServices
    let settings: PortalSettings

    /// Who sends, and what is said of the upload as a whole.
    struct Sender: Sendable {
        var visitor: Visitor
        var institution: String
        var idempotencyKey: String?
        var address: String
    }

    /// Begins to receive one file.
    func begin(_ fileName: String, expectedBytes: Int?, from sender: Sender) throws -> UploadSink {
        let name = try name(fileName)
        guard Uploads.isArchive(name) || Uploads.isTable(name) else { throw Problem.wrongType(name) }
        let announcement = announcement(name, expectedBytes: expectedBytes, from: sender)
        do { return UploadSink(try services.beginUpload(announcement)) } catch { throw Problem.readable(error) }
    }

    /// The name a file may be received under.
    private func name(_ fileName: String) throws -> String {
        guard let name = Uploads.clean(fileName) else { throw Problem.fileNameMissing }
        return name
    }

    static func isTable(_ name: String) -> Bool { TableFormat.isTable(named: name) }
    static func isArchive(_ name: String) -> Bool { name.lowercased().hasSuffix(".zip") }

    private func announcement(_ name: String, expectedBytes: Int?, from sender: Sender) -> UploadAnnouncement {
        UploadAnnouncement(
            account: sender.visitor.account.name, institution: sender.institution, fileName: name,
            expectedBytes: expectedBytes, idempotencyKey: sender.idempotencyKey, address: sender.address)
    }

    /// The last part of a path, without control characters, at most 255 of them; nil where nothing is left.
    static func clean(_ fileName: String) -> String? {
        var cleaned = String.UnicodeScalarView()
        for scalar in fileName.unicodeScalars where scalar.properties.generalCategory != .control {
            if scalar == "/" || scalar == "\\" { cleaned.removeAll() } else { cleaned.append(scalar) }
        }
        let name = String(String(cleaned).drop { $0 == " " }.suffix(255))
        return name.isEmpty ? nil : name
    }

    /// Receives a form with files, each as it comes: its tables as one package, each zip by itself.
    ///
    /// What is neither goes into the package of tables and has a finding there, as in a zip: a `说明.docx` does not keep its neighbours
    /// out. A form of such files alone is refused at its end.
    ///
    /// - Parameter accepts: told the fields before the first file; false refuses the form.
    func form(
        _ head: RequestHead, from sender: Sender, accepts: @escaping @Sendable (FormFields) -> Bool
    ) throws(Problem) -> UploadForm {
        try UploadForm(contentType: head.headers["Content-Type"]) { [self] part, fields, packages in
            guard accepts(fields) else { throw Problem.foreignForm }
            guard packages.fileCount < settings.maximumFilesPerUpload else {
                throw Problem.tooManyFiles(settings.maximumFilesPerUpload)
            }
            let name = try name(part.fileName ?? "")
            packages.fileCount += 1
            if !Uploads.isArchive(name), !Uploads.isTable(name) { packages.others.append(name) }
            guard !Uploads.isArchive(name) else {
                let sink = try begin(name, expectedBytes: nil, from: sender)
                packages.archives.append(sink)
                return sink
            }
            do {
                let tables: (package: any PendingPackage, sink: UploadSink)
                if let begun = packages.tables {
                    tables = begun
                } else {
                    let announcement = announcement(name, expectedBytes: head.contentLength, from: sender)
                    let package = try services.beginPackage(announcement, maximumBytes: maximumFormBytes)
                    tables = (package, UploadSink(package))
                    packages.tables = tables
                }
                try tables.package.begin(file: name)
                return tables.sink
            } catch { throw Problem.readable(error) }
        }
    }

    /// What a form of files may have in all, with room for what stands between them.
    var maximumFormBytes: Int { settings.maximumUploadBytes * settings.maximumFilesPerUpload + (1 << 20) }
}

/// One package on its way in.
final class UploadSink: BodySink {
    private let upload: any PendingUpload

    init(_ upload: any PendingUpload) { self.upload = upload }

    func receive(_ bytes: UnsafeRawBufferPointer) throws {
        do { try upload.write(bytes) } catch { throw Problem.readable(error) }
    }

    func abandon() { upload.abandon() }

    /// - Parameter number: its place among the packages of the request, from 0.
    func finish(_ number: Int = 0) async throws -> Recorded {
        do { return try await upload.finish(number) } catch { throw Problem.readable(error) }
    }

    /// Checks the package and keeps nothing of it.
    func check() async throws -> DryRun {
        do { return try await upload.check() } catch { throw Problem.readable(error) }
    }
}

/// A form with files on its way in: its tables are one package, with what is no zip beside them, and each zip is one.
final class UploadForm: BodySink {
    struct Packages: Sendable {
        var tables: (package: any PendingPackage, sink: UploadSink)?
        var archives: [UploadSink] = []
        var fileCount = 0
        /// Names of files that are neither table nor zip.
        var others: [String] = []

        /// In the order in which they are recorded.
        var all: [UploadSink] { [tables?.sink].compactMap(\.self) + archives }
    }

    /// Makes room for a part's file among the packages, and says where its bytes go.
    typealias Opener =
        @Sendable (_ part: MultipartPart, _ fields: FormFields, _ packages: inout Packages) throws -> UploadSink

    private let reader: MultipartReader
    private let files: Files

    private final class Files: Sendable {
        let packages = Mutex(Packages())
    }

    init(contentType: String?, open: @escaping Opener) throws(Problem) {
        let files = Files()
        self.files = files
        reader = try MultipartReader(contentType: contentType) { part, fields in
            try files.packages.withLock { try open(part, fields, &$0) }
        }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws { try reader.receive(bytes) }

    func abandon() {
        reader.abandon()
        for sink in files.packages.withLock(\.all) { sink.abandon() }
    }

    /// Makes every package durable, one after the other. Where one fails, it and those after it are not kept.
    func finish() async throws -> [Recorded] { try await end { try await $0.finish($1) } }

    /// Checks every package and keeps none.
    func check() async throws -> [DryRun] { try await end { sink, _ in try await sink.check() } }

    private func end<T>(_ end: (UploadSink, Int) async throws -> T) async throws -> [T] {
        let sinks = files.packages.withLock(\.all)
        do { _ = try reader.finish() } catch {
            for sink in sinks { sink.abandon() }
            throw error
        }
        guard !sinks.isEmpty else { throw Problem.noFile }
        let (count, others) = files.packages.withLock { ($0.fileCount, $0.others) }
        if others.count == count {
            for sink in sinks { sink.abandon() }
            throw Problem.wrongType(others[0])
        }
        var recorded: [T] = []
        for (number, sink) in sinks.enumerated() {
            do {
                recorded.append(try await end(sink, number))
            } catch {
                for rest in sinks[(number + 1)...] { rest.abandon() }
                throw error
            }
        }
        return recorded
    }
}
