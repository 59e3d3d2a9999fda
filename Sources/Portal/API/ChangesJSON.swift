import HTTPServer
import Intake
import JSON
import SurveillanceKit

extension FileChanges {
    var members: [(String, JSONValue)] {
        [
            ("new", .integer(new)), ("changed", .integer(changed)), ("unchanged", .integer(unchanged)),
            ("withdrawn", .integer(withdrawn)), ("vanished", .integer(vanished)),
        ]
    }
}

extension ChangedRecord {
    /// - Parameter files: of the submission, as the reader may see them.
    func json(_ files: [FileReport]) -> JSONValue {
        let key = key.map { .object($0.map { ($0.name, .optional($0.value)) }) } ?? JSONValue.null
        return [
            "file": .string(files.indices.contains(file) ? files[file].name : ""), "key": key,
            "change": .string(change.rawValue), "fields": fields.map { .array($0.map { .string($0) }) } ?? .null,
        ]
    }
}

extension SubmissionChanges {
    func of(_ file: Int) -> FileChanges { files.first { $0.file == file } ?? FileChanges(file: file) }

    /// The answer to `GET submissions/{id}/changes`.
    func json(of submission: Submission, offset: Int) -> JSONValue {
        let next = offset + records.count
        return [
            "id": .string(submission.id.description),
            "files": .array(
                submission.files.enumerated().map { place, file in
                    .object(
                        [
                            ("file", .string(file.name)), ("program", .optional(file.program)),
                            ("fileType", .optional(file.fileType)),
                        ] + of(place).members)
                }),
            "total": .integer(listed),
            "changes": .array(records.map { $0.json(submission.files) }),
            "next": next < listed && !records.isEmpty ? .integer(next) : .null,
        ]
    }
}

extension DryRun {
    /// The answer to an upload of which nothing is kept.
    var json: [UInt8] {
        let head: JSONValue = [
            "state": .string(state.rawValue), "fileName": .string(fileName),
            "files": .array(
                files.enumerated().map { place, file in .object(file.members + changes.of(place).members) }),
            "changesTotal": .integer(changes.listed), "changes": .array(changes.records.map { $0.json(files) }),
            "findingsTotal": .integer(findingsCount),
        ]
        // Findings are JSON already.
        return head.encoded().dropLast() + Array(",\"findings\":[".utf8)
            + findings.joined(separator: [UInt8(ascii: ",")])
            + Array("]}".utf8)
    }
}
