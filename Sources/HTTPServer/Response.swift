public import JSON
public import SurveillanceKit

/// What is sent back.
public struct Response: Sendable {
    public var status: Status
    public var headers: Headers
    public var cookies: [Cookie]
    public var body: Body
    /// Whether the connection ends with this response.
    public var closesConnection: Bool

    public enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// Pulled piece by piece as the client takes it, until nil. The next piece is asked for when the last has
        /// been sent, so no more than one lies in memory. An error breaks the connection off, so that no client takes
        /// a part for the whole.
        case stream(@Sendable () async throws -> [UInt8]?)
    }

    public init(
        status: Status = .ok, headers: Headers = Headers(), cookies: [Cookie] = [], body: Body = .none,
        closesConnection: Bool = false
    ) {
        self.status = status
        self.headers = headers
        self.cookies = cookies
        self.body = body
        self.closesConnection = closesConnection
    }

    public static func bytes(_ bytes: [UInt8], type: String, status: Status = .ok) -> Response {
        Response(status: status, headers: ["Content-Type": type], body: .bytes(bytes))
    }

    public static func text(_ text: String, status: Status = .ok) -> Response {
        bytes(Array(text.utf8), type: "text/plain; charset=utf-8", status: status)
    }

    public static func html(_ html: String, status: Status = .ok) -> Response {
        var response = bytes(Array(html.utf8), type: "text/html; charset=utf-8", status: status)
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    public static func json(_ bytes: [UInt8], status: Status = .ok) -> Response {
        var response = Response.bytes(bytes, type: "application/json", status: status)
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    public static func json(_ value: JSONValue, status: Status = .ok) -> Response {
        json(value.encoded(), status: status)
    }

    public static func stream(
        type: String, status: Status = .ok, next: @escaping @Sendable () async throws -> [UInt8]?
    ) -> Response {
        Response(status: status, headers: ["Content-Type": type], body: .stream(next))
    }

    /// Sends the browser to another page with GET. `location` is a path of this server.
    public static func redirect(to location: String, cookies: [Cookie] = []) -> Response {
        Response(status: .seeOther, headers: ["Location": location, "Cache-Control": "no-store"], cookies: cookies)
    }

    public static func problem(_ problem: Problem, in language: Language = .zh) -> Response {
        var response = bytes(
            problem.json(in: language).encoded(), type: "application/problem+json", status: problem.status)
        for field in problem.headers.fields { response.headers.append(field.name, field.value) }
        response.headers["Content-Language"] = language.rawValue
        response.headers["Vary"] = "Accept, Accept-Language"
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    /// The problem as a small page where the client would rather have a page, as JSON otherwise.
    public static func problem(_ problem: Problem, for head: RequestHead) -> Response {
        let language = head.acceptedLanguage
        var response = self.problem(problem, in: language)
        guard head.prefersHTML else { return response }
        let title = escaped(problem.title[language])
        let detail = problem.detail.map { "<p>\(escaped($0[language]))</p>" } ?? ""
        let page = """
            <!DOCTYPE html><html lang="\(language.rawValue)"><meta charset="utf-8">\
            <meta name="viewport" content="width=device-width"><title>\(title)</title><h1>\(title)</h1>\(detail)</html>
            """
        response.body = .bytes(Array(page.utf8))
        response.headers["Content-Type"] = "text/html; charset=utf-8"
        return response
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
