import HTTPServer
import Intake
import Synchronization

/// Takes files in, from a form or as the body itself.
struct Uploads: Sendable {
    let services: PortalServices
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
        guard let name = Uploads.clean(fileName) else { throw Problem.fileNameMissing }
        guard name.lowercased().hasSuffix(".zip") || name.lowercased().hasSuffix(".csv") else {
            throw Problem.wrongType(name)
        }
        let announcement = UploadAnnouncement(
            account: sender.visitor.account, institution: sender.institution, fileName: name,
            expectedBytes: expectedBytes, idempotencyKey: sender.idempotencyKey, address: sender.address)
        do { return UploadSink(try services.beginUpload(announcement)) } catch { throw Problem.readable(error) }
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

    /// Receives a form with files, each as it comes.
    ///
    /// - Parameter accepts: told the fields before the first file; false refuses the form.
    func form(
        _ head: RequestHead, from sender: Sender, accepts: @escaping @Sendable (FormFields) -> Bool
    ) throws(Problem) -> UploadForm {
        try UploadForm(contentType: head.headers["Content-Type"]) { [self] part, fields, count in
            guard accepts(fields) else { throw Problem.foreignForm }
            guard count < settings.maximumFilesPerUpload else {
                throw Problem.tooManyFiles(settings.maximumFilesPerUpload)
            }
            return try begin(part.fileName ?? "", expectedBytes: nil, from: sender)
        }
    }

    /// What a form of files may have in all, with room for what stands between them.
    var maximumFormBytes: Int { settings.maximumUploadBytes * settings.maximumFilesPerUpload + (1 << 20) }
}

/// One file on its way in.
final class UploadSink: BodySink {
    private let upload: any PendingUpload

    init(_ upload: any PendingUpload) { self.upload = upload }

    func receive(_ bytes: UnsafeRawBufferPointer) throws {
        do { try upload.write(bytes) } catch { throw Problem.readable(error) }
    }

    func abandon() { upload.abandon() }

    func finish() async throws -> Recorded {
        do { return try await upload.finish() } catch { throw Problem.readable(error) }
    }
}

/// A form with files on its way in.
final class UploadForm: BodySink {
    typealias Opener = @Sendable (_ part: MultipartPart, _ fields: FormFields, _ count: Int) throws -> UploadSink

    private let reader: MultipartReader
    private let files: Files

    private final class Files: Sendable {
        let sinks = Mutex<[UploadSink]>([])
    }

    init(contentType: String?, open: @escaping Opener) throws(Problem) {
        let files = Files()
        self.files = files
        reader = try MultipartReader(contentType: contentType) { part, fields in
            let sink = try open(part, fields, files.sinks.withLock { $0.count })
            files.sinks.withLock { $0.append(sink) }
            return sink
        }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws { try reader.receive(bytes) }

    func abandon() { reader.abandon() }

    /// Makes every file durable, one after the other. Where one fails, it and those after it are not kept.
    func finish() async throws -> [Recorded] {
        _ = try reader.finish()
        let sinks = files.sinks.withLock { $0 }
        guard !sinks.isEmpty else { throw Problem.noFile }
        var recorded: [Recorded] = []
        for (index, sink) in sinks.enumerated() {
            do {
                recorded.append(try await sink.finish())
            } catch {
                for rest in sinks[(index + 1)...] { rest.abandon() }
                throw error
            }
        }
        return recorded
    }
}
