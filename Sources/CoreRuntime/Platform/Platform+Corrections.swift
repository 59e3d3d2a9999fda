import Accounts
import Audit
import Checking
import Intake
import Portal
import SurveillanceKit
import Tabular

extension Platform {
    /// The rejected rows of a file, unsealed as they are read, and a note of who has taken them.
    func corrections(_ request: CorrectionsRequest) async throws -> CorrectionsAnswer {
        let (submission, file) = (request.submission, request.file)
        let rejected = try RejectedRows(
            rows: file.rows, accepted: file.accepted, rejected: file.rejected, file: file.name,
            findings: { [reader = try data.findings.read(submission)] in try reader.nextLine() })
        let takesAll: Bool
        switch rejected {
        case .none: return .none
        case .unreadable(let reason): return .unreadable(reason)
        case .withErrors: takesAll = false
        case .all: takesAll = true
        }
        let upload = SpooledUpload(try data.spool.open(submission.id))
        let package = try UploadedPackage(
            name: submission.fileName, source: upload, limits: configuration.archive)
        guard let stored = package.files.first(where: { $0.name == file.name }), let type = file.fileType else {
            return .none
        }
        let reader = try data.findings.read(submission)
        let form = try CorrectionForm.table(
            try stored.open(), file: file.name, takesAll: takesAll, language: request.language,
            findings: { try reader.nextLine() })
        let entry = AuditEntry(
            author: Author(name: request.account.name, origin: request.address), action: "corrections.download",
            subject: submission.id.description, at: now(), detail: ["fileType": type])
        try await StorageFault.readable { try await AuditTrail(database: self.data.database).append(entry) }
        guard let written = try configuration.plugins.file(of: form, format: "csv", in: request.language) else {
            return .none
        }
        return .rows(fileName: CorrectionForm.name(fileType: type, origin: submission.id.description), written)
    }
}
