import JSON

/// What went wrong with a request and what would mend it, in both languages; sent as `application/problem+json`.
///
/// Handlers, admissions and sinks throw it; anything else they throw becomes a plain 500.
/// Source: RFC 9457.
public struct Problem: Error, Sendable {
    /// What names this kind of problem, `upload-too-large`; `type` is `urn:vedette:problem:` and this.
    public var kind: String
    public var status: Status
    public var title: Wording
    public var detail: Wording?
    public var instance: String?
    /// The request's id, where the log says more under it.
    public var requestID: String?
    /// Further members of the JSON object.
    public var members: [(String, JSONValue)]
    /// Fields the response must carry: Allow, Retry-After, WWW-Authenticate.
    public var headers: Headers

    /// One text in Chinese and in English.
    public struct Wording: Hashable, Sendable {
        public var zh: String
        public var en: String

        public init(zh: String, en: String) {
            self.zh = zh
            self.en = en
        }

        public subscript(language: Tongue) -> String { language == .zh ? zh : en }
    }

    public init(
        _ kind: String, status: Status, title: Wording, detail: Wording? = nil, instance: String? = nil,
        members: [(String, JSONValue)] = [], headers: Headers = Headers()
    ) {
        self.kind = kind
        self.status = status
        self.title = title
        self.detail = detail
        self.instance = instance
        self.members = members
        self.headers = headers
    }

    /// The JSON object: title and detail in `language`, and both languages beside them.
    public func json(in language: Tongue) -> JSONValue {
        var object: [(String, JSONValue)] = [
            ("type", .string("urn:vedette:problem:\(kind)")), ("title", .string(title[language])),
            ("status", .integer(status.code)),
        ]
        if let detail { object.append(("detail", .string(detail[language]))) }
        if let requestID { object.append(("requestId", .string(requestID))) }
        if let instance = instance ?? requestID.map({ "urn:vedette:request:\($0)" }) {
            object.append(("instance", .string(instance)))
        }
        for tongue in Tongue.allCases {
            var both: [(String, JSONValue)] = [("title", .string(title[tongue]))]
            if let detail { both.append(("detail", .string(detail[tongue]))) }
            object.append((tongue.rawValue, .object(both)))
        }
        return .object(object + members)
    }
}

/// The languages an answer can be given in.
public enum Tongue: String, CaseIterable, Sendable {
    case zh
    case en

    /// The language a client asks for: the one it weighs most, Chinese where it asks for neither.
    ///
    /// Source: RFC 9110, section 12.5.4.
    public init(acceptLanguage: String?) {
        var best: (tongue: Tongue, weight: Double) = (.zh, 0)
        for item in (acceptLanguage ?? "").split(separator: ",") {
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            guard let range = parts.first else { continue }
            let language = range.prefix { $0 != "-" }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if let tongue = Tongue(rawValue: String(language)), weight > best.weight { best = (tongue, weight) }
        }
        self = best.tongue
    }
}
