import JSON
import ShangMi
public import SurveillanceKit

/// What the platform confirms of a submission: what arrived, and what it became.
///
/// A submission has one receipt for its arrival and one for every result. Each holds the digest of the one issued before it, so
/// none can be changed, left out or put in later without breaking every one after it.
public struct Receipt: Hashable, Sendable {
    /// Its place among all receipts of the deployment, from 1.
    public var number: Int
    /// The digest of receipt `number` − 1, 64 hexadecimal digits; zeros for the first.
    public var previous: String
    public var issuedAt: Instant
    public var submission: SubmissionID
    public var institution: String
    public var fileName: String
    /// Plain bytes.
    public var size: Int
    /// The digest of the plain bytes, 64 hexadecimal digits.
    public var sm3: String
    /// When the last byte was durable.
    public var receivedAt: Instant
    public var state: SubmissionState
    public var files: [FileReport]
    /// Of a package that came as several files, the files with their own sizes and digests; else empty, and not in the JSON.
    public var contents: [SentFile]
    /// What judged it; empty while it waits.
    public var programs: [AppliedProgram]
    /// When it was withdrawn; nil, and not in the JSON, where it was not.
    public var withdrawnAt: Instant?

    /// A program as it was when it judged a submission.
    public struct AppliedProgram: Hashable, Sendable {
        public var id: String
        public var version: String
        /// The digest of the program's files, 64 hexadecimal digits: it tells two states of one version apart.
        public var schema: String?

        public init(id: String, version: String, schema: String? = nil) {
            self.id = id
            self.version = version
            self.schema = schema
        }
    }

    static let format = "vedette-receipt-1"
    static let noPrevious = String(repeating: "0", count: 64)

    /// Its signed form, without the signature.
    ///
    /// - Parameter key: The id of the public key that verifies it.
    func json(key: String) -> CanonicalJSON {
        var members: [String: CanonicalJSON] = [
            "format": .text(Self.format), "number": .integer(Int64(number)), "previous": .text(previous),
            "issuedAt": .text(issuedAt.utc), "submission": .text(submission.description),
            "institution": .text(institution), "fileName": .text(fileName), "size": .integer(Int64(size)),
            "sm3": .text(sm3), "receivedAt": .text(receivedAt.utc), "state": .text(state.rawValue),
            "files": .array(files.map(\.json)), "programs": .array(programs.map(\.json)), "key": .text(key),
        ]
        if !contents.isEmpty { members["contents"] = .array(contents.map(\.json)) }
        if let withdrawnAt { members["withdrawnAt"] = .text(withdrawnAt.utc) }
        return .object(members)
    }

    /// - Throws: `ReceiptError.malformed`.
    init(json: CanonicalJSON) throws {
        guard json["format"]?.text == Self.format, let number = json["number"]?.integer,
            let previous = json["previous"]?.text, let issuedAt = json["issuedAt"]?.text.flatMap(Instant.init(utc:)),
            let submission = json["submission"]?.text.flatMap({ SubmissionID($0) }),
            let institution = json["institution"]?.text, let fileName = json["fileName"]?.text,
            let size = json["size"]?.integer, let sm3 = json["sm3"]?.text,
            let receivedAt = json["receivedAt"]?.text.flatMap(Instant.init(utc:)),
            let state = json["state"]?.text.flatMap({ SubmissionState(rawValue: $0) }),
            let files = json["files"]?.array, let programs = json["programs"]?.array
        else { throw ReceiptError.malformed }
        self.number = number
        self.previous = previous
        self.issuedAt = issuedAt
        self.submission = submission
        self.institution = institution
        self.fileName = fileName
        self.size = size
        self.sm3 = sm3
        self.receivedAt = receivedAt
        self.state = state
        self.files = try files.map { try FileReport(json: $0) }
        contents = try (json["contents"]?.array ?? []).map { try SentFile(json: $0) }
        self.programs = try programs.map { try AppliedProgram(json: $0) }
        withdrawnAt = json["withdrawnAt"]?.text.flatMap(Instant.init(utc:))
    }

    init(
        _ submission: Submission, number: Int, previous: String, issuedAt: Instant, programs: [AppliedProgram]
    ) {
        self.number = number
        self.previous = previous
        self.issuedAt = issuedAt
        self.submission = submission.id
        institution = submission.institution
        fileName = submission.fileName
        size = submission.size
        sm3 = submission.sm3
        receivedAt = submission.receivedAt
        state = submission.state
        files = submission.files
        contents = submission.contents
        self.programs = programs
        withdrawnAt = submission.withdrawal?.at
    }
}

extension Receipt.AppliedProgram {
    fileprivate var json: CanonicalJSON {
        .object(["id": .text(id), "version": .text(version), "schema": schema.map(CanonicalJSON.text) ?? .null])
    }

    fileprivate init(json: CanonicalJSON) throws {
        guard let id = json["id"]?.text, let version = json["version"]?.text else { throw ReceiptError.malformed }
        self.init(id: id, version: version, schema: json["schema"]?.text)
    }
}

extension FileReport {
    fileprivate var json: CanonicalJSON {
        .object([
            "name": .text(name), "program": program.map(CanonicalJSON.text) ?? .null,
            "fileType": fileType.map(CanonicalJSON.text) ?? .null, "rows": .integer(Int64(rows)),
            "accepted": .integer(Int64(accepted)), "rejected": .integer(Int64(rejected)),
            "errors": .integer(Int64(errors)), "warnings": .integer(Int64(warnings)),
        ])
    }

    fileprivate init(json: CanonicalJSON) throws {
        guard let name = json["name"]?.text, let rows = json["rows"]?.integer, let accepted = json["accepted"]?.integer,
            let rejected = json["rejected"]?.integer, let errors = json["errors"]?.integer,
            let warnings = json["warnings"]?.integer
        else { throw ReceiptError.malformed }
        self.init(
            name: name, program: json["program"]?.text, fileType: json["fileType"]?.text, rows: rows,
            accepted: accepted, rejected: rejected, errors: errors, warnings: warnings)
    }
}
