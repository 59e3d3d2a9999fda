import HTTPServer
import Intake
import SurveillanceKit

extension Submission {
    /// The submission as the API writes it.
    var json: JSONValue {
        [
            "id": .string(id.description),
            "state": .string(state.rawValue),
            "receivedAt": .string(Moment(milliseconds: receivedAt).utc),
            "finishedAt": finishedAt.map { .string(Moment(milliseconds: $0).utc) } ?? .null,
            "institution": .string(institution),
            "fileName": .string(fileName),
            "size": .integer(size),
            "sm3": .string(sm3),
            "rows": .integer(rows),
            "accepted": .integer(accepted),
            "rejected": .integer(rejected),
            "errors": .integer(errors),
            "warnings": .integer(warnings),
            "files": .array(files.map(\.json)),
            "reason": reason.map { ["zh": .string($0.zh), "en": .string($0.en)] } ?? .null,
        ]
    }
}

extension SubmittedFile {
    /// Beside `file`, as `vedette check` calls it, the same as `name`, as receipts do.
    fileprivate var json: JSONValue {
        [
            "file": .string(name),
            "name": .string(name),
            "program": .optional(program),
            "fileType": .optional(fileType),
            "rows": .integer(rows),
            "accepted": .integer(accepted),
            "rejected": .integer(rejected),
            "errors": .integer(errors),
            "warnings": .integer(warnings),
        ]
    }
}

extension Recorded {
    /// The answer to an upload.
    var json: JSONValue {
        guard case .object(let members) = submission.json else { return submission.json }
        let isKnown = if case .known = self { true } else { false }
        return .object(members + [("alreadyReceived", .bool(isKnown))])
    }
}
