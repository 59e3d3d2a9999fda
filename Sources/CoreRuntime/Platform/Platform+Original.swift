import Accounts
import Audit
import Intake
import SurveillanceKit

extension Platform {
    /// The bytes of a submission as they were sent, unsealed as they are read, and a note of who has taken them.
    ///
    /// - Throws: `IntakeError.notKept` where they are no longer kept.
    func original(_ submission: Submission, by author: Author) async throws -> ExportedFile {
        let upload = SpooledUpload(try data.spool.open(submission.id))
        let entry = AuditEntry(
            author: author, action: "original.download", subject: submission.id.description, at: now())
        try await StorageFault.readable { try await AuditTrail(database: self.data.database).append(entry) }
        let kind = Self.kind(ofFileNamed: submission.fileName)
        return ExportedFile(fileExtension: kind.ending, mediaType: kind.media, next: UploadPieces(upload).next)
    }
}

extension Platform {
    /// What a file is sent as, by its name. Source: IANA media types.
    private static func kind(ofFileNamed name: String) -> (ending: String, media: String) {
        switch name.lowercased().split(separator: ".").last {
        case "zip": ("zip", "application/zip")
        case "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        case "xlsm": ("xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12")
        case "xls": ("xls", "application/vnd.ms-excel")
        default: ("csv", "text/csv")
        }
    }
}

/// An upload, a quarter of a megabyte at a time. Unchecked: a download asks for its pieces from one place at once.
private final class UploadPieces: @unchecked Sendable {
    private static let length = 262_144

    private let upload: SpooledUpload
    private var offset = 0

    init(_ upload: SpooledUpload) { self.upload = upload }

    @Sendable func next() throws -> [UInt8]? {
        let count = min(UploadPieces.length, upload.size - offset)
        guard count > 0 else { return nil }
        let piece = try [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            written = try upload.read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
        }
        guard !piece.isEmpty else { return nil }
        offset += piece.count
        return piece
    }
}
