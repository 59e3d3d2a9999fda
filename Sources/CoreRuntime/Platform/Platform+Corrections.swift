import Accounts
import Audit
import Checking
import Intake
import Portal
import ProgramFiles
import SurveillanceKit
import Tabular

extension Platform {
    /// The rejected rows of a file, unsealed as they are read, and a note of who has taken them.
    func corrections(_ request: CorrectionsRequest) async throws -> CorrectionsAnswer {
        let (submission, file) = (request.submission, request.file)
        let takesAll: Bool
        switch try rejectedRows(of: file, in: submission) {
        case .none: return .none
        case .unreadable(let reason): return .unreadable(reason)
        case .withErrors: takesAll = false
        case .all: takesAll = true
        }
        guard let type = file.fileType, let source = try source(of: submission)[file.name] else { return .none }
        try await noteTaken(submission, by: request.account, from: request.address, [("fileType", type)])
        guard let form = try form(file, of: submission, source, takesAll: takesAll, in: request.language) else {
            return .none
        }
        return .rows(fileName: CorrectionFileName.name(fileType: type, origin: submission.id.description), form)
    }

    /// The rejected rows of all files as one zip, and a note of who has taken them. Files that could not be read at all are left out.
    func correctionBundle(
        of submission: Submission, in language: Language, by account: Account, from address: String
    ) async throws -> CorrectionsAnswer {
        var entries: [CorrectionBundle.Entry] = []
        var unreadable: BilingualText?
        var numbers: [String: Int] = [:]
        // A package that cannot be opened has no file of a known type: it is not opened once more.
        var sources: [String: UploadedPackage.File]?
        for file in submission.files {
            let takesAll: Bool
            switch try rejectedRows(of: file, in: submission) {
            case .none: continue
            case .unreadable(let reason):
                unreadable = unreadable ?? reason
                continue
            case .withErrors: takesAll = false
            case .all: takesAll = true
            }
            guard let type = file.fileType else { continue }
            let opened = try sources ?? source(of: submission)
            sources = opened
            guard let source = opened[file.name] else { continue }
            numbers[type, default: 0] += 1
            let name = CorrectionFileName.name(
                fileType: type, origin: submission.id.description, number: numbers[type, default: 1])
            entries.append(
                CorrectionBundle.Entry(name: name) { [self] in
                    try form(file, of: submission, source, takesAll: takesAll, in: language)
                        ?? ExportedFile(fileExtension: "csv", mediaType: "text/csv") { nil }
                })
        }
        guard !entries.isEmpty else { return unreadable.map(CorrectionsAnswer.unreadable) ?? .none }
        try await noteTaken(submission, by: account, from: address, [("fileType", "*")])
        return .rows(
            fileName: CorrectionFileName.bundle(origin: submission.id.description), CorrectionBundle.file(entries))
    }

    private func rejectedRows(of file: FileReport, in submission: Submission) throws -> RejectedRows {
        try RejectedRows(
            rows: file.rows, accepted: file.accepted, rejected: file.rejected, file: file.name,
            findings: { [reader = try data.findings.read(submission)] in try reader.nextLine() })
    }

    /// The files of a submission as they were sent, by name.
    private func source(of submission: Submission) throws -> [String: UploadedPackage.File] {
        let upload = SpooledUpload(try data.spool.open(submission.id))
        let package = try UploadedPackage(
            name: submission.fileName, source: upload, limits: configuration.archive)
        return Dictionary(package.files.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// nil where no exporter writes CSV.
    private func form(
        _ file: FileReport, of submission: Submission, _ source: UploadedPackage.File, takesAll: Bool,
        in language: Language
    ) throws -> ExportedFile? {
        let reader = try data.findings.read(submission)
        let table = try CorrectionForm.table(
            try source.table(labels: registry.labels(ofFileType: file.fileType ?? "")), file: file.name,
            takesAll: takesAll,
            language: language,
            findings: { try reader.nextLine() })
        return try configuration.plugins.file(of: table, format: "csv", in: language)
    }

    private func noteTaken(
        _ submission: Submission, by account: Account, from address: String, _ detail: [(String, String)]
    ) async throws {
        let entry = AuditEntry(
            author: Author(name: account.name, origin: address), action: "corrections.download",
            subject: submission.id.description, at: now(), detail: Dictionary(uniqueKeysWithValues: detail))
        try await StorageFault.readable { try await AuditTrail(database: self.data.database).append(entry) }
    }
}
