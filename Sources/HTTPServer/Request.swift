public import SurveillanceKit

/// What a request says before its body: all that is needed to decide whether the body is wanted.
public struct RequestHead: Sendable {
    public var method: Method
    /// The decoded path, `/api/v1/submissions/7`.
    public var path: String
    /// What stands in the places of the route's `{names}`, decoded.
    public var parameters: [String: String]
    public var query: FormFields
    public var headers: Headers
    public var cookies: [String: String]
    public var remoteAddress: String
    /// The body's length where the client tells it; nil for a chunked body, 0 for none.
    public var contentLength: Int?
    /// Whether the connection is encrypted.
    public var isSecure: Bool

    public init(
        method: Method = .get, path: String = "/", parameters: [String: String] = [:], query: FormFields = FormFields(),
        headers: Headers = Headers(), remoteAddress: String = "", contentLength: Int? = 0, isSecure: Bool = false
    ) {
        self.method = method
        self.path = path
        self.parameters = parameters
        self.query = query
        self.headers = headers
        self.cookies = Cookie.parse(headers.all("Cookie"))
        self.remoteAddress = remoteAddress
        self.contentLength = contentLength
        self.isSecure = isSecure
    }

    /// The language the client would rather read.
    public var acceptedLanguage: Language { Language(acceptLanguage: headers["Accept-Language"]) }

    /// Whether a page is wanted rather than JSON: the Accept field names `text/html`, as browsers do.
    public var prefersHTML: Bool { headers["Accept"]?.contains("text/html") ?? false }

    /// The media type without its parameters, in lower case.
    public var contentType: String? {
        headers["Content-Type"]?.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() }
    }
}

/// A request whose body has arrived. Everything the head says can be asked of the request itself.
@dynamicMemberLookup
public struct Request: Sendable {
    public var head: RequestHead
    /// The body of a route that buffers; empty for the others.
    public var body: [UInt8]

    public init(head: RequestHead, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }

    public subscript<Value>(dynamicMember member: KeyPath<RequestHead, Value>) -> Value { head[keyPath: member] }

    /// The fields of an `application/x-www-form-urlencoded` body.
    public func form() throws(Problem) -> FormFields {
        guard head.contentType == "application/x-www-form-urlencoded" else {
            throw Problem(
                "unsupported-media-type", status: .unsupportedMediaType,
                title: BilingualText(zh: "不支持的内容类型", en: "This type of content is not taken here"),
                detail: BilingualText(
                    zh: "此处只接收表单（application/x-www-form-urlencoded）。",
                    en: "A form is expected: application/x-www-form-urlencoded."))
        }
        guard let fields = FormFields(body) else {
            throw .badRequest(BilingualText(zh: "表单编码有误。", en: "The form's encoding is broken."))
        }
        return fields
    }
}
