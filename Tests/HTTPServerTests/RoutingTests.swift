import JSON
import SurveillanceKit
import Testing

@testable import HTTPServer

@Suite("Routes and responses")
struct RoutingTests {
    private let routes: [Route] = [
        .get("/") { _ in .text("front") },
        .get("/api/v1/submissions/{id}") { request in
            .json(["id": .string(request.parameters["id"] ?? ""), "q": .optional(request.query["q"])])
        },
        .get("/api/v1/submissions/latest") { _ in .text("latest") },
        .post("/echo", maximumBytes: 10) { request in .bytes(request.body, type: "application/octet-stream") },
        .post("/form") { request in .text(try request.form()["name"] ?? "none") },
        .get("/cookie") { request in
            var response = Response.text(request.cookies["session"] ?? "")
            response.cookies = [Cookie("session", "a b", maximumAgeSeconds: 60)]
            return response
        },
        .get("/fails") { _ in throw SomethingSecret() },
        .get("/problem") { _ in
            throw Problem(
                "upload-closed", status: .conflict, title: BilingualText(zh: "不能上传", en: "Uploads are closed"),
                detail: BilingualText(zh: "请明天再来。", en: "Come back tomorrow."), members: [("until", "2026-01-01")])
        },
    ]

    private struct SomethingSecret: Error { let password = "hunter2" }

    private func exchange(_ request: String, toHead: Bool = false) async throws -> RawResponse {
        try await withServer(routes) { port in
            let client = try RawClient(port: port)
            try client.send(request)
            return try client.response(toHead: toHead)
        }
    }

    @Test("finds a route by its pattern and decodes what stands in its places")
    func parameters() async throws {
        let response = try await exchange("GET /api/v1/submissions/%E6%B5%81%2F7?q=a+b%26 HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(response.status == 200)
        #expect(response.text == #"{"id":"流/7","q":"a b&"}"#)
        #expect(response["Content-Type"] == "application/json")
    }

    @Test("prefers a literal segment to a placeholder")
    func literal() async throws {
        #expect(try await exchange("GET /api/v1/submissions/latest HTTP/1.1\r\nHost: x\r\n\r\n").text == "latest")
    }

    @Test("answers an unknown address with a problem in the client's language")
    func notFound() async throws {
        let response = try await exchange(
            "GET /nothing HTTP/1.1\r\nHost: x\r\nAccept-Language: en-US,en;q=0.9,zh;q=0.5\r\n\r\n")
        #expect(response.status == 404)
        #expect(response["Content-Type"] == "application/problem+json")
        #expect(response.text.contains(#""title":"There is nothing at this address""#))
        #expect(response.text.contains(#""zh":{"title":"没有这个地址""#))
    }

    @Test("shows a page instead where the client is a browser")
    func notFoundPage() async throws {
        let response = try await exchange("GET /%3Cscript%3E HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n")
        #expect(response.status == 404)
        #expect(response["Content-Type"] == "text/html; charset=utf-8")
        #expect(!response.text.contains("<script>"))
    }

    @Test("says which methods an address takes")
    func methods() async throws {
        let response = try await exchange("DELETE /echo HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(response.status == 405)
        #expect(response["Allow"] == "POST, OPTIONS")
        let unknown = try await exchange("BREW / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(unknown.status == 405)
        #expect(unknown["Allow"] == "GET, HEAD, OPTIONS")
        let options = try await exchange("OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(options.status == 204)
        #expect(options["Allow"] == "GET, HEAD, OPTIONS")
    }

    @Test("answers HEAD as GET without the body, and keeps the connection usable")
    func head() async throws {
        try await withServer(routes) { port in
            let client = try RawClient(port: port)
            try client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
            let head = try client.response(toHead: true)
            #expect(head.status == 200)
            #expect(head["Content-Length"] == "5")
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response().text == "front")
        }
    }

    @Test("answers pipelined requests in their order")
    func pipelining() async throws {
        try await withServer(routes) { port in
            let client = try RawClient(port: port)
            let one = "GET /api/v1/submissions/1 HTTP/1.1\r\nHost: x\r\n\r\n"
            try client.send(one + "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc" + one)
            #expect(try client.response().text == #"{"id":"1","q":null}"#)
            #expect(try client.response().text == "abc")
            #expect(try client.response().text == #"{"id":"1","q":null}"#)
        }
    }

    @Test("takes a buffered body up to its limit and says 413 beyond it, by length or by chunks")
    func buffered() async throws {
        let fits = try await exchange("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123456789")
        #expect(fits.text == "0123456789")
        let tooLong = try await exchange("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n")
        #expect(tooLong.status == 413)
        #expect(tooLong["Connection"] == "close")
        let chunked = try await exchange(
            "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n6\r\n012345\r\n0\r\n\r\n"
        )
        #expect(chunked.status == 413)
        #expect(chunked.text.contains(#""maximumBytes":10"#))
    }

    @Test("reads a form, and refuses another type of content")
    func form() async throws {
        let type = "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
        let good = try await exchange(
            "POST /form HTTP/1.1\r\nHost: x\r\n\(type)Content-Length: 24\r\n\r\nname=%E5%BC%A0+%E4%B8%89")
        #expect(good.text == "张 三")
        let broken = try await exchange("POST /form HTTP/1.1\r\nHost: x\r\n\(type)Content-Length: 8\r\n\r\nname=%zz")
        #expect(broken.status == 400)
        let other = try await exchange("POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
        #expect(other.status == 415)
    }

    @Test("never shows what a handler threw")
    func failure() async throws {
        let arrival = Arrival<RequestRecord>()
        let response = try await withServer(routes, observe: { arrival.send($0) }) { port in
            let client = try RawClient(port: port)
            try client.send("GET /fails HTTP/1.1\r\nHost: x\r\n\r\n")
            return try client.response()
        }
        #expect(response.status == 500)
        #expect(!response.text.contains("hunter2"))
        #expect(!response.text.contains("SomethingSecret"))
        let record = await arrival.next()
        #expect(record?.failure?.contains("SomethingSecret") == true)
        #expect(record?.pattern == "/fails")
    }

    @Test("sends a thrown problem as RFC 9457 has it")
    func problem() async throws {
        let response = try await exchange("GET /problem HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(response.status == 409)
        #expect(
            response.text == """
                {"type":"urn:vedette:problem:upload-closed","title":"不能上传","status":409,"detail":"请明天再来。",\
                "zh":{"title":"不能上传","detail":"请明天再来。"},"en":{"title":"Uploads are closed","detail":"Come back tomorrow."},\
                "until":"2026-01-01"}
                """)
    }

    @Test("protects every page and cookie by default")
    func protection() async throws {
        let response = try await exchange("GET /cookie HTTP/1.1\r\nHost: x\r\nCookie: a=1; session=x%20y\r\n\r\n")
        #expect(response.text == "x y")
        #expect(response["X-Content-Type-Options"] == "nosniff")
        #expect(response["Content-Security-Policy"]?.contains("frame-ancestors 'none'") == true)
        #expect(response["Content-Security-Policy"]?.contains("unsafe-inline") == false)
        #expect(response["Set-Cookie"] == "session=a%20b; Path=/; SameSite=Strict; Max-Age=60; HttpOnly")
        #expect(response["Strict-Transport-Security"] == nil)
    }
}
