import Accounts
import Audit
import Checking
import Intake
import PluginKit
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

    /// The rejected rows of all files as one zip or one workbook, and a note of who has taken them. Files that could not be read at all are
    /// left out.
    func correctionBundle(
        of submission: Submission, as format: CorrectionBundleFormat, in language: Language, by account: Account,
        from address: String
    ) async throws -> CorrectionsAnswer {
        let (forms, unreadable) = try forms(of: submission)
        guard !forms.isEmpty else { return unreadable.map(CorrectionsAnswer.unreadable) ?? .none }
        if format == .xlsx, let reason = refusal(of: forms) { return .unfit(reason) }
        let origin = submission.id.description
        let file: ExportedFile
        switch format {
        case .zip: file = zip(forms, of: submission, in: language)
        case .xlsx:
            // Written on a thread of its own, before the answer begins: what does not fit can still be told.
            let written = await OwnThread.run { [self] in
                try workbook(forms, of: submission, in: language)?.begun()
            }
            do {
                guard let begun = try written.get() else { return .none }
                file = begun
            } catch let unfit as UnfitTable { return .unfit(unfit.reason) }
        }
        try await noteTaken(submission, by: account, from: address, [("fileType", "*")])
        let name =
            format == .zip ? CorrectionFileName.bundle(origin: origin) : CorrectionFileName.workbook(origin: origin)
        return .rows(fileName: name, file)
    }

    /// A file with rejected rows, on its way to its form.
    private struct Form: Sendable {
        var file: FileReport
        var type: String
        /// From 2 where a submission has several files of the type.
        var number: Int
        var source: UploadedPackage.File
        var takesAll: Bool
    }

    /// The files of a submission that have rejected rows, and why the first of those that could not be read was not.
    private func forms(of submission: Submission) throws -> (forms: [Form], unreadable: BilingualText?) {
        var forms: [Form] = []
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
            let number = numbers[type, default: 1]
            forms.append(Form(file: file, type: type, number: number, source: source, takesAll: takesAll))
        }
        return (forms, unreadable)
    }

    private func zip(_ forms: [Form], of submission: Submission, in language: Language) -> ExportedFile {
        CorrectionBundle.file(
            forms.map { form in
                let name = CorrectionFileName.name(
                    fileType: form.type, origin: submission.id.description, number: form.number)
                return CorrectionBundle.Entry(name: name) { [self] in
                    try self.form(form.file, of: submission, form.source, takesAll: form.takesAll, in: language)
                        ?? ExportedFile(fileExtension: "csv", mediaType: "text/csv") { nil }
                }
            })
    }

    private func workbook(_ forms: [Form], of submission: Submission, in language: Language) throws -> ExportedFile? {
        let sheets = forms.map { form in
            ExportSheet(name: CorrectionFileName.sheet(fileType: form.type, number: form.number)) { [self] in
                let name = CorrectionFileName.name(
                    fileType: form.type, origin: submission.id.description, number: form.number, format: .xlsx)
                return try table(
                    form.file, of: submission, form.source, sheet: name, takesAll: form.takesAll, in: language)
            }
        }
        return try configuration.plugins.workbook(of: sheets, in: language)
    }

    /// Why rejected rows are not given as a workbook: one would not be taken back.
    private func refusal(of forms: [Form]) -> BilingualText? {
        guard let form = forms.first(where: { !registry.formats(ofFileType: $0.type).contains(.xlsx) }) else {
            return nil
        }
        return BilingualText(
            zh: "\(form.type) 所属的监测项目不接收 Excel 工作簿，请下载 CSV。",
            en: "The program of \(form.type) takes no Excel workbooks; download the CSV forms.")
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
        let table = try table(file, of: submission, source, sheet: nil, takesAll: takesAll, in: language)
        return try configuration.plugins.file(of: table, format: "csv", in: language)
    }

    private func table(
        _ file: FileReport, of submission: Submission, _ source: UploadedPackage.File, sheet: String?,
        takesAll: Bool, in language: Language
    ) throws -> ExportTable {
        let reader = try data.findings.read(submission)
        let type = file.fileType ?? ""
        return try CorrectionForm.table(
            try source.table(labels: registry.labels(ofFileType: type)), file: file.name,
            fields: registry.fields(ofFileType: type), sheet: sheet, takesAll: takesAll, language: language,
            findings: { try reader.nextLine() })
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
