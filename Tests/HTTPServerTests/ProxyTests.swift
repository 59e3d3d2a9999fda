import Testing

@testable import HTTPServer

@Suite("Requests through proxies")
struct ProxyTests {
    private static let trusted = ["127.0.0.1", "10.0.0.0/8", "fd00::/8", "::1"].compactMap { NetworkRange($0) }

    @Test(
        "come from the rightmost address that is no trusted proxy's; what stands left of it is the client's own word",
        arguments: [
            ("127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", ["203.0.113.7, 10.1.2.3"], "203.0.113.7"),
            ("127.0.0.1", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
            ("10.9.9.9", ["127.0.0.1, 198.51.100.1 ,\t203.0.113.7 "], "203.0.113.7"),
            ("127.0.0.1", ["203.0.113.7:4711"], "203.0.113.7"),
            ("127.0.0.1", ["2001:db8::7"], "2001:db8::7"), ("127.0.0.1", ["[2001:db8::7]:4711"], "2001:db8::7"),
            ("127.0.0.1", ["[2001:DB8:0::7]"], "2001:db8::7"), ("::1", ["::ffff:203.0.113.7"], "203.0.113.7"),
            ("::ffff:127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
            // Proxies all the way: the first of them.
            ("127.0.0.1", ["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
            // Not from a proxy: the field is nobody's word.
            ("192.0.2.1", ["203.0.113.7"], "192.0.2.1"), ("192.0.2.1", ["127.0.0.1"], "192.0.2.1"),
            ("127.0.0.1", [], "127.0.0.1"),
            // Malformed: the last proxy that was trusted.
            ("127.0.0.1", [""], "127.0.0.1"), ("127.0.0.1", ["unknown"], "127.0.0.1"),
            ("127.0.0.1", ["203.0.113.7, "], "127.0.0.1"),
            ("127.0.0.1", ["203.0.113.7, _hidden, 10.1.2.3"], "10.1.2.3"),
            ("127.0.0.1", ["203.0.113.7'; DROP"], "127.0.0.1"), ("127.0.0.1", ["203.0.113"], "127.0.0.1"),
            ("127.0.0.1", ["[2001:db8::7"], "127.0.0.1"), ("127.0.0.1", ["203.0.113.7:x"], "127.0.0.1"),
            ("127.0.0.1", ["203.0.113.7:"], "127.0.0.1"), ("127.0.0.1", ["1.2.3.4.5"], "127.0.0.1"),
            ("127.0.0.1", [String(repeating: "a,", count: 5000) + "203.0.113.7"], "203.0.113.7"),
        ])
    func client(connection: String, fields: [String], expected: String) {
        var headers = Headers()
        for field in fields { headers.append("x-forwarded-for", field) }
        #expect(ClientAddress(trustedProxies: Self.trusted).of(headers, connection: connection) == expected)
        #expect(ClientAddress(trustedProxies: []).of(headers, connection: connection) == connection)
    }

    @Test(
        "are trusted by address or range",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
            ("192.0.2.0/25", "192.0.2.127", true),
            ("192.0.2.0/25", "192.0.2.128", false), ("0.0.0.0/0", "203.0.113.7", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe80::1", false), ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false), ("::/0", "2001:db8::1", true),
        ])
    func ranges(range: String, address: String, isInside: Bool) throws {
        #expect(try #require(NetworkRange(range)).contains(try #require(NetworkAddress(address))) == isInside)
    }

    @Test(
        "what is no address or range is refused",
        arguments: [
            "", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.1/8", "10.0.0", "::/129", "1.2.3.4/8/8",
            " 127.0.0.1", "unix:",
        ])
    func noRanges(text: String) { #expect(NetworkRange(text) == nil) }

    @Test("handlers and measures are told of the client, not the proxy")
    func served() async throws {
        var configuration = ServerConfiguration()
        configuration.trustedProxies = Self.trusted
        let routes: [Route] = [.get("/") { .text($0.remoteAddress) }]
        let text = try await withServer(routes, configuration: configuration) { port in
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.1, 203.0.113.7\r\n\r\n")
            return try client.response().text
        }
        #expect(text == "203.0.113.7")
    }
}
