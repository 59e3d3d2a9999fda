import JSON
import ShangMi
public import SurveillanceKit

/// One thing that was done. Neither `subject` nor `detail` may hold a patient's data or a secret: audit trails are kept
/// for years.
public struct AuditEntry: Hashable, Sendable {
    public var author: Author
    /// `sign-in`, `account.create`, `submission.retry`: the thing and what was done to it.
    public var action: String
    /// What it was done to: an account's name, a submission's id.
    public var subject: String
    /// The trail keeps whole seconds.
    public var at: Instant
    public var detail: [String: String]

    public init(author: Author, action: String, subject: String, at: Instant, detail: [String: String] = [:]) {
        self.author = author
        self.action = action
        self.subject = subject
        self.at = at
        self.detail = detail
    }

    /// The entry as the chain hashes it: JSON without blanks, keys in order.
    ///
    /// Source: RFC 8785, "JSON Canonicalization Scheme".
    func canonical(sequence: Int64) -> String {
        let fields: [String: CanonicalJSON] = [
            "action": .text(action), "at": .integer(at.seconds), "detail": AuditEntry.json(detail),
            "from": .text(author.origin), "sequence": .integer(sequence), "subject": .text(subject),
            "who": .text(author.name),
        ]
        return String(decoding: CanonicalJSON.object(fields).bytes, as: UTF8.self)
    }

    /// The detail as it is stored and hashed.
    static func json(_ detail: [String: String]) -> CanonicalJSON { .object(detail.mapValues(CanonicalJSON.text)) }

    /// SM3 of the hash before and the canonical JSON.
    func hash(sequence: Int64, after previous: SM3Digest) -> SM3Digest {
        SM3.digest(previous.bytes + Array(canonical(sequence: sequence).utf8))
    }
}
