import Testing

@testable import HTTPServer

@Suite("Measures")
struct RequestMeterTests {
    @Test("count requests by route, method and status, and put unknown methods under one name")
    func counts() {
        let meter = RequestMeter()
        func note(_ method: String, _ pattern: String?, _ status: Int, bytes: Int = 0) {
            meter.note(
                RequestRecord(
                    id: "r", method: method, pattern: pattern, status: status, bytesReceived: bytes,
                    duration: .milliseconds(500),
                    remoteAddress: "192.0.2.1", isComplete: true))
        }
        note("GET", "/a/{id}", 200)
        note("GET", "/a/{id}", 200)
        note("POST", "/b", 201, bytes: 7)
        note("BREW1", nil, 404)
        note("BREW2", nil, 404)
        let text = meter.prometheus()
        for line in [
            #"vedette_http_requests_total{route="/a/{id}",method="GET",status="200"} 2"#,
            #"vedette_http_request_seconds_total{route="/a/{id}",method="GET",status="200"} 1.0"#,
            #"vedette_http_received_bytes_total{route="/b",method="POST",status="201"} 7"#,
            #"vedette_http_requests_total{route="none",method="other",status="404"} 2"#,
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
    }

    @Test("are taken of every request that is answered, by the pattern of its route")
    func observed() async throws {
        let meter = RequestMeter()
        _ = try await withServer([.get("/a/{id}") { _ in .text("x") }], observe: { meter.note($0) }) { port in
            let client = try RawClient(port: port)
            try client.send("GET /a/7 HTTP/1.1\r\nHost: x\r\n\r\n")
            return try client.response().status
        }
        // The server has stopped, so every request has been told.
        #expect(meter.prometheus().contains(#"{route="/a/{id}",method="GET",status="200"} 1"#))
    }
}
