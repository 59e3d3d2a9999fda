public import JSON
public import SurveillanceKit

/// What went wrong with a request and what would mend it, in both languages; sent as `application/problem+json`.
///
/// Handlers, admissions and sinks throw it; anything else they throw becomes a plain 500.
/// Source: RFC 9457.
public struct Problem: Error, Sendable {
    /// What names this kind of problem, `upload-too-large`; `type` is `urn:vedette:problem:` and this.
    public var kind: String
    public var status: Status
    public var title: BilingualText
    public var detail: BilingualText?
    public var instance: String?
    /// The request's id, where the log says more under it.
    public var requestID: String?
    /// Further members of the JSON object.
    public var members: [(String, JSONValue)]
    /// Fields the response must carry: Allow, Retry-After, WWW-Authenticate.
    public var headers: Headers

    public init(
        _ kind: String, status: Status, title: BilingualText, detail: BilingualText? = nil, instance: String? = nil,
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
    public func json(in language: Language) -> JSONValue {
        var object: [(String, JSONValue)] = [
            ("type", .string("urn:vedette:problem:\(kind)")), ("title", .string(title[language])),
            ("status", .integer(status.code)),
        ]
        if let detail { object.append(("detail", .string(detail[language]))) }
        if let requestID { object.append(("requestId", .string(requestID))) }
        if let instance = instance ?? requestID.map({ "urn:vedette:request:\($0)" }) {
            object.append(("instance", .string(instance)))
        }
        for language in Language.allCases {
            var both: [(String, JSONValue)] = [("title", .string(title[language]))]
            if let detail { both.append(("detail", .string(detail[language]))) }
            object.append((language.rawValue, .object(both)))
        }
        return .object(object + members)
    }
}
