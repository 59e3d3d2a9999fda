import Testing

@testable import HTTPServer

@Suite("The screen over heads")
struct HeadScreenTests {
    private static let routes: [Route] = [
        .get("/") { _ in .text("front") }, .post("/echo") { request in .bytes(request.body, type: "text/plain") },
        .get("/smuggled") { _ in .text("SMUGGLED") },
    ]

    @Test(
        "refuses a head that two servers could read in two ways, closes the connection and serves nothing that follows",
        arguments: [
            "Content-Length: 4\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 4",
            "Content-Length: 4\r\nContent-Length: 4",
            "Content-Length: 4\r\nContent-Length: 0",
            "Content-Length : 4",
            " Content-Length: 4",
            "Content-Length: 4, 4",
            "Content-Length: +4",
            "Content-Length: 0x4",
            "Content-Length: -4",
            "Content-Length: ",
            "Content-Length: 99999999999999999999",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding:\u{b}chunked",
            "Host: y",
            "X\u{1}: y",
            "X: a\u{1}b",
            "(X): y",
        ])
    func smuggling(fields: String) async throws {
        let bytes = try await withServer(Self.routes) { port in
            let client = try RawClient(port: port)
            try client.send(
                "POST /echo HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
            return client.readToEnd()
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains("SMUGGLED"))
        #expect(text.hasPrefix("HTTP/1.1 4"), "\(text)")
    }

    @Test(
        "refuses what is no address",
        arguments: ["/a%00b", "/%zz", "/%", "/../etc", "/a/%2e%2e/b", "/%ff", "*", "/?q=%00", "/a b", "//%"])
    func targets(target: String) async throws {
        let response = try await withServer(Self.routes) { port in
            let client = try RawClient(port: port)
            try client.send("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
            return try client.response()
        }
        #expect(response.status == 400)
        #expect(response["Content-Type"] == "application/problem+json")
    }

    @Test("wants a Host in HTTP/1.1 and does without in HTTP/1.0")
    func host() async throws {
        try await withServer(Self.routes) { port in
            let without = try RawClient(port: port)
            try without.send("GET / HTTP/1.1\r\n\r\n")
            #expect(try without.response().status == 400)
            #expect(without.isClosedByServer())
            let old = try RawClient(port: port)
            try old.send("GET / HTTP/1.0\r\n\r\n")
            #expect(try old.response().text == "front")
            #expect(old.isClosedByServer())
        }
    }

    @Test("takes an address in absolute form")
    func absoluteForm() async throws {
        let response = try await withServer(Self.routes) { port in
            let client = try RawClient(port: port)
            try client.send("GET http://vedette.example/smuggled?x HTTP/1.1\r\nHost: vedette.example\r\n\r\n")
            return try client.response()
        }
        #expect(response.text == "SMUGGLED")
    }

    @Test("says 431 to a head that is too large, 414 to an address that is")
    func sizes() async throws {
        try await withServer(Self.routes) { port in
            let wide = try RawClient(port: port)
            try wide.send("GET / HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "a", count: 17_000))\r\n\r\n")
            #expect(try wide.response().status == 431)
            let many = try RawClient(port: port)
            let fields = (0..<101).map { "X\($0): y\r\n" }.joined()
            try many.send("GET / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n")
            #expect(try many.response().status == 431)
            let long = try RawClient(port: port)
            try long.send("GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try long.response().status == 414)
        }
    }

    @Test("refuses an expectation it does not know")
    func expectation() async throws {
        let response = try await withServer(Self.routes) { port in
            let client = try RawClient(port: port)
            try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: cake\r\n\r\n")
            return try client.response()
        }
        #expect(response.status == 417)
    }
}
