import Foundation
import Testing

@testable import HTTPServer

/// A browser without scripts: it keeps cookies, follows forms, and knows the token that a page has.
final class Browser {
    let router: Router
    var cookies: [String: String] = [:]
    private(set) var page = ""

    init(_ router: Router) { self.router = router }

    @discardableResult
    func ask(
        _ method: HTTPServer.Method, _ target: String, type: String = "application/x-www-form-urlencoded",
        _ body: [UInt8] = []
    ) async throws -> Response {
        var headers = Headers()
        headers.append("Accept", "text/html")
        headers.append("Cookie", cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))
        headers.append("Content-Type", type)
        var head = RequestHead(
            method: method, headers: headers, remoteAddress: "192.0.2.7", contentLength: body.count)
        let parsed = try #require(RequestTarget(Array(target.utf8)))
        (head.path, head.query) = (parsed.path, parsed.query)
        guard case .route(let route, let parameters) = router.match(method, parsed.segments) else {
            return Response(status: .notFound)
        }
        head.parameters = parameters
        let response: Response
        do {
            switch route.body {
            case .none(let handler): response = try await handler(Request(head: head))
            case .buffered(_, let handler): response = try await handler(Request(head: head, body: body))
            case .streamed(let admit):
                switch try await admit(head) {
                case .refuse(let refusal): response = refusal
                case .accept(let sink, _, let handler):
                    try body.withUnsafeBytes { try sink.receive($0) }
                    response = try await handler(Request(head: head))
                }
            }
        } catch let problem as Problem { response = router.show(problem, head) }
        for cookie in response.cookies {
            cookies[cookie.name] = cookie.maximumAgeSeconds == 0 ? nil : cookie.value
        }
        if case .bytes(let bytes) = response.body, response.headers["Content-Type"]?.hasPrefix("text/html") == true {
            page = String(decoding: bytes, as: UTF8.self)
        }
        return response
    }

    var formToken: String {
        page.firstMatch(of: /name="formToken" value="([^"]*)"/).map { String($0.1) } ?? ""
    }

    func post(_ target: String, _ fields: [String: String]) async throws -> Response {
        let all = fields.merging(["formToken": formToken]) { $1 }
        let body = all.map { "\(Percent.encode($0.key))=\(Percent.encode($0.value))" }.joined(separator: "&")
        return try await ask(.post, target, Array(body.utf8))
    }

    func upload(
        _ kind: String = "", to target: String = "/apply/files", _ bytes: [UInt8], named name: String
    ) async throws -> Response {
        var body: [UInt8] = []
        for (field, value) in [("formToken", formToken), ("kind", kind)] {
            body += Array("--B\r\nContent-Disposition: form-data; name=\"\(field)\"\r\n\r\n\(value)\r\n".utf8)
        }
        body += Array("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n".utf8)
        body += bytes + Array("\r\n--B--\r\n".utf8)
        return try await ask(.post, target, type: "multipart/form-data; boundary=B", body)
    }
}
