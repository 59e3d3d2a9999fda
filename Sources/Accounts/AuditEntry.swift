import ShangMi

/// Who does something, and where from.
public struct Author: Hashable, Sendable {
    /// An account's name, or what acts by itself: `vedette`.
    public var name: String
    /// A network address, or `local` for the command line.
    public var origin: String

    public init(name: String, origin: String) {
        self.name = name
        self.origin = origin
    }

    /// The platform itself.
    public static let platform = Author(name: "vedette", origin: "local")
}

/// One thing that was done. Neither `subject` nor `detail` may hold a patient's data or a secret: audit trails are kept
/// for years.
public struct AuditEntry: Hashable, Sendable {
    public var author: Author
    /// `sign-in`, `account.create`, `submission.retry`: the thing and what was done to it.
    public var action: String
    /// What it was done to: an account's name, a submission's id.
    public var subject: String
    /// Seconds since 1970, UTC.
    public var at: Int64
    public var detail: [String: String]

    public init(author: Author, action: String, subject: String, at: Int64, detail: [String: String] = [:]) {
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
        let fields = [
            "\"action\":\(CanonicalJSON.string(action))", "\"at\":\(at)", "\"detail\":\(CanonicalJSON.object(detail))",
            "\"from\":\(CanonicalJSON.string(author.origin))", "\"sequence\":\(sequence)",
            "\"subject\":\(CanonicalJSON.string(subject))", "\"who\":\(CanonicalJSON.string(author.name))",
        ]
        return "{" + fields.joined(separator: ",") + "}"
    }

    /// SM3 of the hash before and the canonical JSON.
    func hash(sequence: Int64, after previous: SM3Digest) -> SM3Digest {
        SM3.digest(previous.bytes + Array(canonical(sequence: sequence).utf8))
    }
}

/// The little of canonical JSON that the audit trail needs.
enum CanonicalJSON {
    static func object(_ members: [String: String]) -> String {
        let sorted = members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
        return "{" + sorted.map { "\(string($0.key)):\(string($0.value))" }.joined(separator: ",") + "}"
    }

    static func string(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\u{8}": json += "\\b"
            case "\t": json += "\\t"
            case "\n": json += "\\n"
            case "\u{C}": json += "\\f"
            case "\r": json += "\\r"
            case "\u{0}"..."\u{1F}": json += "\\u" + Hex.encode([0, UInt8(scalar.value)])
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
