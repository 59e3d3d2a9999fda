import HTTPServer
import Intake
import JSON
import SurveillanceKit

extension Submission {
    /// The submission as the API writes it.
    var json: JSONValue {
        [
            "id": .string(id.description),
            "state": .string(state.rawValue),
            "receivedAt": .string(receivedAt.utc),
            "finishedAt": finishedAt.map { .string($0.utc) } ?? .null,
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
            "reason": reason.map(\.json) ?? .null,
            "contents": .array(contents.map(\.json)),
            "records": records.map(\.json) ?? .null,
            "waiting": .array(waiting.map(\.json)),
            "withdrawal": withdrawal.map(\.json) ?? .null,
            "acknowledgement": acknowledgement.map(\.json) ?? .null,
            "repairs": .optional(repairs?.description),
            "repairedBy": .optional(repairedBy?.description),
        ]
    }
}

extension FileReport {
    /// Beside `file`, as `vedette check` calls it, the same as `name`, as receipts do.
    fileprivate var json: JSONValue { .object(members) }

    var members: [(String, JSONValue)] {
        [
            ("file", .string(name)),
            ("name", .string(name)),
            ("program", .optional(program)),
            ("fileType", .optional(fileType)),
            ("rows", .integer(rows)),
            ("accepted", .integer(accepted)),
            ("rejected", .integer(rejected)),
            ("errors", .integer(errors)),
            ("warnings", .integer(warnings)),
            ("notes", .array(notes.map(\.json))),
        ]
    }
}

extension FileNote {
    fileprivate var json: JSONValue {
        [
            "code": .string(code.rawValue), "dictionaries": .array(dictionaries.map { .string($0) }),
            "message": message.json,
        ]
    }
}

extension SentFile {
    fileprivate var json: JSONValue { ["name": .string(name), "size": .integer(size), "sm3": .string(sm3)] }
}

extension Submission.Records {
    fileprivate var json: JSONValue {
        [
            "added": .integer(added), "changed": .integer(changed), "unchanged": .integer(unchanged),
            "withdrawn": .integer(withdrawn),
        ]
    }
}

extension Submission.Withdrawal {
    fileprivate var json: JSONValue {
        [
            "at": .string(at.utc), "reason": .string(reason), "returned": .optional(returned),
            "removed": .optional(removed),
        ]
    }
}

extension Submission.Acknowledgement {
    fileprivate var json: JSONValue {
        ["at": .string(at.utc), "account": .string(account), "reason": .string(reason)]
    }
}

extension WaitingRows {
    fileprivate var json: JSONValue {
        [
            "program": .string(program), "fileType": .string(fileType), "rows": .integer(rows),
            "parents": .array(parents.map { .string($0) }), "until": .string(until.utc),
        ]
    }
}

extension BilingualText {
    fileprivate var json: JSONValue { ["zh": .string(zh), "en": .string(en)] }
}

extension Recorded {
    var isNew: Bool { if case .new = self { true } else { false } }

    /// The answer to an upload, with what happens now.
    var json: JSONValue {
        guard case .object(let members) = submission.json else { return submission.json }
        let isKnown = !isNew || submission.sameBytesAs != nil
        return .object(members + [("alreadyReceived", .bool(isKnown)), ("message", message.json)])
    }

    /// What happens now, in a sentence.
    var message: BilingualText {
        guard isNew else {
            return BilingualText(
                zh: "与此前的请求相同，即上报 \(submission.id)。",
                en: "This repeats an earlier request: it is submission \(submission.id).")
        }
        if submission.state.isFinal {
            return BilingualText(zh: "已登记，无需核验。", en: "Recorded; there is nothing to check.")
        }
        guard submission.sameBytesAs != nil else {
            return BilingualText(zh: "已接收，正在核验。", en: "Received; it is being checked.")
        }
        return BilingualText(
            zh: "此前收到过相同的内容；作为新的上报重新核验，以最后一次上报为准。",
            en:
                "The same bytes were received before; they are checked again as a new submission. What was sent last counts."
        )
    }
}
