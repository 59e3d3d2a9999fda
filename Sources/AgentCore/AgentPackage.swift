import JSON
public import SurveillanceKit

/// A package on its way: what `package.json` in its folder says.
public struct AgentPackage: Hashable, Sendable {
    public enum Kind: String, Sendable {
        /// Tables that go together in one form.
        case tables
        case zip
        /// Bytes that were sent before: nothing is sent.
        case repetition
    }

    public struct File: Hashable, Sendable {
        public var name: String
        public var size: Int64
        public var sm3: String

        /// The types of tables that the bytes stand for, by names; none where they are not known.
        var types: Set<String> = []

        /// Whether the other file's bytes may take the place of this one's at the server.
        func mayBeReplaced(by other: File) -> Bool {
            types.isEmpty || other.types.isEmpty || !types.isDisjoint(with: other.types)
        }

        /// The same bytes, for the same tables. A file's name counts only as far as it says what the table is.
        func isRepetition(of other: File) -> Bool { sm3 == other.sm3 && types == other.types }
    }

    /// `00000017-20261130T083000`: packages go in this order.
    public var id: String
    public var kind: Kind
    /// The name by which the server knows a repetition.
    public var key: String
    public var createdAt: Instant
    public var files: [File]
    /// Files `*.ready` that go with the tables.
    public var ready: [String] = []
    /// Whether the server has checked it without storing it and found no error.
    public var isChecked = false
    /// The submission that it became; nil until the server has answered.
    public var submission: String?
    public var receivedAt: String?
    /// What became of it; nil until the server has checked it.
    public var verdict: Verdict?

    /// What the server made of a package.
    public struct Verdict: Hashable, Sendable {
        /// `accepted`, `partly-accepted`, `rejected`, `failed`.
        public var state: String
        public var rows = 0
        public var accepted = 0
        public var rejected = 0
        public var errors = 0
        public var warnings = 0

        public var isFine: Bool { state == "accepted" && errors == 0 }
    }

    /// Its number, which orders packages.
    public var number: Int { AgentPackage.number(of: id) }

    static func number(of id: String) -> Int { Int(id.prefix { $0.isASCII && $0.isNumber }) ?? 0 }

    static func id(number: Int, at instant: Instant) -> String {
        let digits = String(number)
        let time = instant.civil(secondsEastOfUTC: AgentClock.secondsEastOfUTC)
            .filter { $0 != "-" && $0 != ":" }.map { $0 == " " ? "T" : String($0) }.joined()
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits + "-" + time
    }

    /// The lines of `package.json`.
    var encoded: [UInt8] {
        var members: [(String, JSONValue)] = [
            ("version", 1), ("id", .string(id)), ("kind", .string(kind.rawValue)), ("key", .string(key)),
            ("createdAt", .string(createdAt.utc)),
            (
                "files",
                .array(
                    files.map {
                        [
                            "name": .string($0.name), "size": .integer(Int($0.size)), "sm3": .string($0.sm3),
                            "types": .array($0.types.sorted().map { .string($0) }),
                        ]
                    })
            ),
            ("ready", .array(ready.map { .string($0) })), ("checked", .bool(isChecked)),
            ("submission", .optional(submission)), ("receivedAt", .optional(receivedAt)),
        ]
        if let verdict {
            members.append(
                (
                    "verdict",
                    [
                        "state": .string(verdict.state), "rows": .integer(verdict.rows),
                        "accepted": .integer(verdict.accepted), "rejected": .integer(verdict.rejected),
                        "errors": .integer(verdict.errors), "warnings": .integer(verdict.warnings),
                    ]
                ))
        }
        return JSONValue.object(members).encoded() + [0x0A]
    }
}

extension AgentPackage {
    /// - Returns: nil for a text that is no such file.
    init?(_ bytes: [UInt8]) {
        guard let root = try? JSONDocument(bytes).root, let id = root["id"]?.text,
            let kind = root["kind"]?.text.flatMap(Kind.init), let key = root["key"]?.text,
            let createdAt = root["createdAt"]?.text.flatMap(Instant.init(utc:)), let files = root["files"]?.elements
        else { return nil }
        self.id = id
        self.kind = kind
        self.key = key
        self.createdAt = createdAt
        self.files = files.compactMap { file in
            guard let name = file["name"]?.text, let size = file["size"]?.whole, let sm3 = file["sm3"]?.text else {
                return nil
            }
            let types = (file["types"]?.elements ?? []).compactMap(\.text)
            return File(name: name, size: Int64(size), sm3: sm3, types: Set(types))
        }
        guard self.files.count == files.count else { return nil }
        ready = (root["ready"]?.elements ?? []).compactMap(\.text)
        isChecked = root["checked"]?.flag ?? false
        submission = root["submission"]?.text
        receivedAt = root["receivedAt"]?.text
        verdict = root["verdict"].flatMap(Verdict.init)
    }
}

extension AgentPackage.Verdict {
    /// From what the API says of a submission, or from `package.json`.
    init?(_ node: JSONNode) {
        guard let state = node["state"]?.text else { return nil }
        self.init(
            state: state, rows: node["rows"]?.whole ?? 0, accepted: node["accepted"]?.whole ?? 0,
            rejected: node["rejected"]?.whole ?? 0, errors: node["errors"]?.whole ?? 0,
            warnings: node["warnings"]?.whole ?? 0)
    }

    /// In a reader's words.
    public func text(_ language: Language) -> String {
        let zh = [
            "accepted": "已接收", "partly-accepted": "部分接收", "rejected": "退回", "failed": "平台处理失败",
        ]
        let en = [
            "accepted": "accepted", "partly-accepted": "partly accepted", "rejected": "rejected",
            "failed": "the platform could not process it",
        ]
        return language == .zh
            ? "\(zh[state] ?? state)：\(rows) 行，接收 \(accepted)，退回 \(rejected)，错误 \(errors)，警告 \(warnings)"
            : "\(en[state] ?? state): rows \(rows), accepted \(accepted), rejected \(rejected), errors \(errors), warnings \(warnings)"
    }
}

extension JSONNode {
    var text: String? { if case .string(let text) = content { text } else { nil } }
    var flag: Bool? { if case .bool(let flag) = content { flag } else { nil } }
    var whole: Int? { if case .number(let number) = content { Int(exactly: number) } else { nil } }
    var elements: [JSONNode]? { if case .array(let elements) = content { elements } else { nil } }
}
