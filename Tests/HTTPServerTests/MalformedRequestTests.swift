import Testing

@testable import HTTPServer

/// Requests that two servers could read in two ways, each with a second request behind it that must never be answered.
@Suite("Malformed requests")
struct MalformedRequestTests {
    private static let routes: [Route] = [
        .get("/") { _ in .text("front") }, .post("/echo") { request in .bytes(request.body, type: "text/plain") },
        .get("/smuggled") { _ in .text("SMUGGLED") },
    ]
    private static let second = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"

    /// Heads, each followed by `second`: as its body, behind its chunks, or as it stands.
    static let heads: [String] = [
        // Zero bytes and other control characters.
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\0 9\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: \0" + "3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\0\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length\0: 3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\0x\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \0chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n",
        "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\0\r\nHost: x\r\n\r\n",
        "GET\0 / HTTP/1.1\r\nHost: x\r\n\r\n",
        "\0GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX: a\u{1}b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX: a\u{7F}b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX: a\u{B}b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX: a\u{1B}[2J\r\n\r\n",
        // Line ends.
        "GET / HTTP/1.1\nHost: x\n\n",
        "GET / HTTP/1.1\r\nHost: x\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\n",
        "POST /echo HTTP/1.1\r\nHost: x\nContent-Length: 3\r\n\r\nabc",
        "GET / HTTP/1.1\r\nHost: x\r\nX: y\rContent-Length: 40\r\n\r\n",
        "GET / HTTP/1.1\rHost: x\r\r",
        "GET / HTTP/1.1\r\nHost: x\r\r\n\r\n",
        "\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX: y\n\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        // Folded lines and blanks where none may be.
        "POST /echo HTTP/1.1\r\nHost: x\r\nX: y\r\n Content-Length: 3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n 3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\n Host: x\r\nContent-Length: 0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\n \r\nContent-Length: 3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length : 3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length\t: 3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost : x\r\nContent-Length: 0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nX Y: z\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\n: z\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\n(X): z\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nÄ: z\r\n\r\n",
        // Lengths and encodings.
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\ncontent-length: 0\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3 3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3;\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: ３\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551619\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        // Request lines.
        "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /  HTTP/1.1\r\nHost: x\r\n\r\n",
        " GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: x\r\n\r\n",
        "GET\t/\tHTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / a HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: x\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
        "GET / HTTP/01.1\r\nHost: x\r\n\r\n",
        "GET / http/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1;\r\nHost: x\r\n\r\n",
        "G(T / HTTP/1.1\r\nHost: x\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}",
        // Hosts.
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        // Chunks.
        chunked("5\nhello\r\n0\r\n\r\n"), chunked("5\r\nhello\n0\r\n\r\n"), chunked("5\r\nhelloX0\r\n\r\n"),
        chunked("5\r\nhello0\r\n\r\n"), chunked("5\r\nhello\r\n0\n\n"), chunked("\r\n0\r\n\r\n"),
        chunked("0x5\r\nhello\r\n0\r\n\r\n"),
        chunked("+5\r\nhello\r\n0\r\n\r\n"), chunked("-5\r\nhello\r\n0\r\n\r\n"), chunked(" 5\r\nhello\r\n0\r\n\r\n"),
        chunked("5 \r\nhello\r\n0\r\n\r\n"), chunked("5 6\r\nhello\r\n0\r\n\r\n"), chunked("g\r\nhello\r\n0\r\n\r\n"),
        chunked("FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"), chunked("10000000000000005\r\nhello\r\n0\r\n\r\n"),
        chunked("5\0\r\nhello\r\n0\r\n\r\n"), chunked("5;a\0b\r\nhello\r\n0\r\n\r\n"),
        chunked("5;a\nb\r\nhello\r\n0\r\n\r\n"),
        chunked("5\rhello\r\n0\r\n\r\n"), chunked("0\r\nContent-Length: 3\r\n\r\n"), chunked("0\r\nX : y\r\n\r\n"),
        chunked("0\r\nX: y\n\r\n"), chunked("0\r\n X: y\r\n\r\n"),
        chunked("0\r\n" + String(repeating: "X: y\r\n", count: 2000) + "\r\n"),
        chunked("5;" + String(repeating: "a", count: 1 << 20) + "\r\nhello\r\n0\r\n\r\n"),
        chunked(String(repeating: "0", count: 1 << 20) + "5\r\nhello\r\n0\r\n\r\n"),
    ]

    private static func chunked(_ body: String) -> String {
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    }

    @Test("are many") func count() { #expect(Self.heads.count >= 60) }

    @Test(
        "get one answer in the server's own form; nothing behind them is served and the connection is closed",
        arguments: [true, false])
    func smuggling(inPieces: Bool) async throws {
        let answers = try await withServer(Self.routes) { port in
            try Self.heads.map { head in
                let client = try RawClient(port: port)
                if inPieces {
                    // As it may come over the network: byte by byte at first, so that every state is left in between.
                    for byte in head.utf8.prefix(400) { try? client.send([byte]) }
                    try? client.send(Array(head.utf8.dropFirst(400)))
                    try? client.send(Self.second)
                } else {
                    try? client.send(head + Self.second)
                }
                return String(decoding: client.readToEnd(), as: UTF8.self)
            }
        }
        for (head, text) in zip(Self.heads, answers) {
            let shown = head.prefix(120).debugDescription
            #expect(!text.contains("SMUGGLED"), "\(shown)")
            #expect(text.hasPrefix("HTTP/1.1 400 ") || text.hasPrefix("HTTP/1.1 431 "), "\(shown): \(text.prefix(200))")
            #expect(text.contains("application/problem+json") && text.contains("urn:vedette:problem:"), "\(shown)")
            #expect(text.matches("HTTP/1.1 ").count { Int($0) != nil } == 1, "\(shown): \(text)")
        }
    }

    @Test("are answered after those before them, which get their own answers")
    func pipelined() async throws {
        let text = try await withServer(Self.routes) { port in
            let client = try RawClient(port: port)
            try client.send(
                "GET / HTTP/1.1\r\nHost: x\r\n\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody"
                    + Self.heads[0] + Self.second)
            return String(decoding: client.readToEnd(), as: UTF8.self)
        }
        let statuses = text.matches("HTTP/1.1 ")
        #expect(statuses == ["200", "200", "400"] && text.contains("front") && text.contains("body"))
    }

    @Test("are told from near misses, which are served as before")
    func nearMisses() async throws {
        let requests = [
            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3 \t\r\n\r\nabc",
            "POST /echo HTTP/1.1\r\nHost:x\r\ncontent-length:003\r\n\r\nabc",
            "\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nX-Empty:\r\nX-名: z\r\n\r\nabc".replacingName(),
            "POST /echo HTTP/1.1\r\nHost: [::1]:8080\r\nX: 值\r\nContent-Length: 3\r\n\r\nabc",
            chunkedText("3\r\nabc\r\n0\r\n\r\n"), chunkedText("3;a=b\r\nabc\r\n0\r\n\r\n"),
            chunkedText("3 ;a=\"b;c\"\r\nabc\r\n0\r\n\r\n"),
            chunkedText("1\r\na\r\n2\r\nbc\r\n0;last\r\nX-Sum: 7\r\n\r\n"), chunkedText("0003\r\nabc\r\n000\r\n\r\n"),
            "POST /echo HTTP/1.1\r\nHost: x\r\nTRANSFER-ENCODING: Chunked\r\n\r\nB\r\nabc\0\r\n\r\nxyz\r\n0\r\n\r\n",
        ]
        let texts = try await withServer(Self.routes) { port in
            // One connection for all, so that each leaves the next where it begins.
            let client = try RawClient(port: port)
            return try requests.map { request in
                try client.send(request)
                return try client.response().text
            }
        }
        #expect(texts.dropLast().allSatisfy { $0 == "abc" } && texts.last == "abc\0\r\n\r\nxyz", "\(texts)")
    }

    private func chunkedText(_ body: String) -> String { Self.chunked(body) }

    @Test(
        "a body that is no multiple of anything comes whole, however it is cut",
        arguments: [1, 2, 3, 7, 4096, 16_384, 100_000])
    func pieces(size: Int) async throws {
        let body = (0..<60_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var chunked: [UInt8] = Array(Self.chunked("").utf8)
        for start in stride(from: 0, to: body.count, by: 997) {
            let piece = body[start..<min(body.count, start + 997)]
            chunked += Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [13, 10]
        }
        chunked += Array("0\r\n\r\n".utf8)
        let plain = Array("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body
        let bytes = (size < 100 ? chunked + plain : plain + chunked + plain)
        let count = size < 100 ? 2 : 3
        let answers = try await withServer(Self.routes) { port in
            let client = try RawClient(port: port)
            var rest = bytes[...]
            // Small pieces for the heads and what follows at once, so that the test ends.
            while !rest.isEmpty {
                let piece = rest.prefix(bytes.count - rest.count < 3000 ? size : max(size, 5000))
                try client.send(Array(piece))
                rest = rest.dropFirst(piece.count)
            }
            return try (0..<count).map { _ in try client.response().body }
        }
        #expect(answers.allSatisfy { $0 == body })
    }
}

extension String {
    /// The three characters behind each occurrence.
    fileprivate func matches(_ mark: String) -> [String] {
        var found: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: mark) {
            found.append(String(rest[range.upperBound...].prefix(3)))
            rest = rest[range.upperBound...]
        }
        return found
    }

    /// A field's name has letters of ASCII alone; what stands in the value may be anything.
    fileprivate func replacingName() -> String { replacing("X-名", with: "X-Name") }
}
