import Synchronization
import Testing

@testable import HTTPServer

@Suite("What the server itself fails at")
struct FailureTests {
    private enum Fault: Error {
        case damaged(cell: String)
    }

    private final class FailingSink: BodySink {
        func receive(_ bytes: UnsafeRawBufferPointer) throws { throw Fault.damaged(cell: "欧阳娜娜") }
        func abandon() {}
    }

    private static let routes: [Route] = [
        .get("/a/{id}") { _ in throw Fault.damaged(cell: "欧阳娜娜") },
        .post("/b") { _ in throw Fault.damaged(cell: "欧阳娜娜") },
        .upload("/admit") { _ in throw Fault.damaged(cell: "欧阳娜娜") },
        .upload("/sink") { _ in .accept(FailingSink(), maximumBytes: 100) { _ in .text("done") } },
        .get("/stream") { _ in .stream(type: "text/plain") { throw Fault.damaged(cell: "欧阳娜娜") } },
        .get("/header") { _ in
            var response = Response.text("x")
            response.headers["X"] = "a\nb"
            return response
        },
        .get("/fine") { _ in .text("fine") },
    ]

    @Test(
        "is noted with the request's id, its route and the error's kind, and with nothing of what it says",
        arguments: [
            ("GET /a/7 HTTP/1.1\r\nHost: x\r\n\r\n", "/a/{id}", 500),
            ("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx", "/b", 500),
            ("POST /admit HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx", "/admit", 500),
            ("POST /sink HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx", "/sink", 500),
            ("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n", "/stream", 200),
        ])
    func noted(request: String, pattern: String, status: Int) async throws {
        let records = Mutex<[RequestRecord]>([])
        let text = try await withServer(Self.routes, observe: { record in records.withLock { $0.append(record) } }) {
            port in
            let client = try RawClient(port: port)
            try client.send(request.replacing("Host: x", with: "Host: x\r\nConnection: close"))
            return String(decoding: client.readToEnd(), as: UTF8.self)
        }
        let record = try #require(records.withLock { $0.first })
        #expect(record.pattern == pattern && record.status == status)
        #expect(record.failure?.hasSuffix("Fault.damaged") == true && record.failure?.contains("欧阳") == false)
        #expect(text.contains("X-Request-Id: \(record.id)\r\n"))
        guard status == 500 else {
            // A body that breaks off ends the connection before its last chunk.
            #expect(!record.isComplete && !text.hasSuffix("0\r\n\r\n"))
            return
        }
        #expect(text.contains(#""instance":"urn:vedette:request:\#(record.id)""#))
        #expect(text.contains(#""requestId":"\#(record.id)""#))
    }

    @Test("an answer that cannot be sent is noted, too")
    func unsendable() async throws {
        let records = Mutex<[RequestRecord]>([])
        _ = try await withServer(Self.routes, observe: { record in records.withLock { $0.append(record) } }) { port in
            let client = try RawClient(port: port)
            try client.send("GET /header HTTP/1.1\r\nHost: x\r\n\r\n")
            return client.readToEnd()
        }
        #expect(records.withLock { $0.first?.failure } == "an answer that cannot be sent")
    }

    @Test("what goes well has an id of its own each time, and no failure")
    func fine() async throws {
        let records = Mutex<[RequestRecord]>([])
        try await withServer(Self.routes, observe: { record in records.withLock { $0.append(record) } }) { port in
            let client = try RawClient(port: port)
            for _ in 0..<3 {
                try client.send("GET /fine HTTP/1.1\r\nHost: x\r\nX-Request-Id: forged\r\n\r\n")
                let response = try client.response()
                #expect(response["X-Request-Id"] != "forged" && response["X-Request-Id"]?.isEmpty == false)
            }
        }
        let seen = records.withLock { $0 }
        #expect(Set(seen.map(\.id)).count == 3 && seen.allSatisfy { $0.failure == nil })
    }

    @Test("an error's kind is its type and case")
    func kinds() {
        struct Plain: Error, CustomStringConvertible { var description: String { "欧阳娜娜" } }
        #expect(RequestRecord.kind(of: Fault.damaged(cell: "x")).hasSuffix("Fault.damaged"))
        #expect(RequestRecord.kind(of: Plain()).contains("Plain") && !RequestRecord.kind(of: Plain()).contains("欧阳"))
    }
}
