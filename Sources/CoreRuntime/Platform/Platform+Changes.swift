import Database
import Foundation
import Intake
import Portal
import ProgramFiles
import Records
import SurveillanceKit
import Validation

extension Platform {
    /// What a submission changed, a page of it.
    func changes(_ request: ChangesRequest) async throws -> SubmissionChanges {
        let lineList = data.lineList
        let asOf = request.asOf
        let id = request.submission.description
        let (files, records) = try await data.records.read { connection in
            (
                try lineList.differences(of: id, asOf: asOf, in: connection),
                try lineList.changes(
                    of: id, offset: request.offset, limit: request.limit, asOf: asOf, in: connection)
            )
        }
        return shown(files, records)
    }

    private func shown(_ files: [FileDifference], _ records: [RecordDifference]) -> SubmissionChanges {
        SubmissionChanges(
            files: files.map {
                FileChanges(
                    file: $0.file, new: $0.added, changed: $0.changed, unchanged: $0.unchanged, withdrawn: $0.withdrawn,
                    vanished: $0.vanished)
            }, records: records.map(shown))
    }

    private func shown(_ record: RecordDifference) -> ChangedRecord {
        let type = registry.program(record.program)?.fileType(record.fileType)?.fileType
        let key = record.key?.map { name, value in
            ChangedRecord.KeyField(
                name: name,
                value: value.map { value in
                    guard let index = type?.fieldIndex(name), let field = type?.fields[index] else { return "***" }
                    return field.masked(value)
                })
        }
        let kind: ChangedRecord.Kind =
            switch record.kind {
            case .new: .new
            case .changed: .changed
            case .withdrawn: .withdrawn
            case .vanished: .vanished
            }
        return ChangedRecord(file: record.file, key: key, change: kind, fields: record.fields)
    }

    /// Checks an upload as if it were stored, and keeps nothing. On a thread of the system: it takes as long as storing would.
    func check(_ content: SealedContent, named name: String, _ announced: UploadAnnouncement) async throws -> DryRun {
        let submission = Submission(
            id: SubmissionID(at: now(), random: random), institution: announced.institution,
            account: announced.account, fileName: name, size: content.size, sm3: "", receivedAt: now(),
            state: .processing, attempt: 1)
        let rehearsal = try await StorageFault.readable {
            try await OwnThread.run { [pipeline] in
                try pipeline.rehearse(submission, SpooledUpload(content), mostFindings: Platform.mostFindings)
            }.get()
        }
        return DryRun(
            state: rehearsal.outcome.state, fileName: name, files: rehearsal.outcome.files,
            changes: shown(rehearsal.differences, rehearsal.changes), findings: rehearsal.findings,
            findingsCount: rehearsal.findingsCount)
    }

    /// As many findings are answered with a check of which nothing is kept.
    private static let mostFindings = 1000
}

extension Field {
    /// A stored value as it may be shown: of what identifies a patient the last characters of the pseudonym alone, by which records are
    /// told apart.
    fileprivate func masked(_ value: StoredValue) -> String {
        let text =
            switch value {
            case .text(let bytes): String(decoding: bytes, as: UTF8.self)
            case .integer(let number): String(number)
            case .number(let number): String(number)
            }
        return sensitivity == .direct || deidentify == .pseudonym ? "***" + text.suffix(4) : text
    }
}
