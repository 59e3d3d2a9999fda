import Glibc
import SurveillanceKit
import Synchronization
import Testing

@testable import HTTPServer

@Suite("Streamed bodies")
struct UploadTests {
    private static func upload(
        _ sink: RecordingSink, limit: Int = 64 << 20, asked: @escaping @Sendable (RequestHead) throws -> Void = { _ in }
    ) -> [Route] {
        [
            .upload("/upload") { head in
                try asked(head)
                return .accept(sink, maximumBytes: limit) { _ in .text("\(sink.bytes)", status: .created) }
            }
        ]
    }

    private static func pattern(_ count: Int) -> (bytes: [UInt8], sum: UInt64) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        return (bytes, bytes.reduce(0) { $0 &* 31 &+ UInt64($1) })
    }

    @Test("gives a body much larger than its buffers to the sink piece by piece, every byte once")
    func large() async throws {
        let sink = RecordingSink()
        let (bytes, sum) = Self.pattern(3_000_000)
        let response = try await withServer(Self.upload(sink)) { port in
            let client = try RawClient(port: port)
            try client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: \(bytes.count)\r\n\r\n")
            try client.send(bytes)
            return try client.response()
        }
        #expect(response.status == 201)
        #expect(response.text == "3000000")
        #expect(sink.sum == sum)
        #expect(sink.largestPiece <= 131_072)
        #expect(sink.abandoned == 0)
    }

    @Test("takes a chunked body, however the chunks are cut")
    func chunked() async throws {
        let sink = RecordingSink()
        let (bytes, sum) = Self.pattern(200_000)
        let response = try await withServer(Self.upload(sink)) { port in
            let client = try RawClient(port: port)
            try client.send("POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            var start = 0
            var size = 1
            while start < bytes.count {
                let end = min(bytes.count, start + size)
                try client.send(String(end - start, radix: 16) + ";note=1\r\n")
                try client.send(Array(bytes[start..<end]))
                try client.send("\r\n")
                start = end
                size = size * 3 % 70_001
            }
            try client.send("0\r\nTrailer: x\r\n\r\n")
            return try client.response()
        }
        #expect(response.status == 201)
        #expect(sink.sum == sum)
    }

    @Test("refuses before the body: the answer comes while the client still waits to be told to go on")
    func refusedBeforeBody() async throws {
        let sink = RecordingSink()
        let unauthorized = Problem(
            "sign-in", status: .unauthorized, title: BilingualText(zh: "请先登录", en: "Sign in first"),
            headers: ["WWW-Authenticate": "Basic"])
        let routes = Self.upload(sink) { head in
            guard head.headers["Authorization"] != nil else { throw unauthorized }
        }
        try await withServer(routes) { port in
            let client = try RawClient(port: port)
            try client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\nExpect: 100-continue\r\n\r\n")
            let response = try client.response()
            #expect(response.status == 401)
            #expect(response["WWW-Authenticate"] == "Basic")
            #expect(client.isClosedByServer())

            let welcome = try RawClient(port: port)
            try welcome.send(
                """
                POST /upload HTTP/1.1\r\nHost: x\r\nAuthorization: y\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n
                """)
            #expect(try welcome.response().status == 100)
            try welcome.send("abc")
            #expect(try welcome.response().status == 201)
        }
        #expect(sink.text == "abc")
    }

    @Test("lets a client that sends everything at once read why it was refused")
    func refusalIsReadable() async throws {
        let sink = RecordingSink()
        let response = try await withServer(Self.upload(sink, limit: 1000)) { port in
            let client = try RawClient(port: port)
            try client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n")
            // The server stops reading early; what it does not take must not destroy its answer.
            try? client.send([UInt8](repeating: 7, count: 8_000_000))
            return try client.response()
        }
        #expect(response.status == 413)
        #expect(response.text.contains(#""maximumBytes":1000"#))
        #expect(sink.bytes == 0)
        #expect(sink.abandoned == 1)
    }

    @Test("says 413 to a chunked body that grows over the limit, and abandons the sink at that moment")
    func chunkedOverLimit() async throws {
        let sink = RecordingSink()
        let response = try await withServer(Self.upload(sink, limit: 100_000)) { port in
            let client = try RawClient(port: port)
            try client.send("POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<20 { try client.send("4000\r\n" + String(repeating: "x", count: 0x4000) + "\r\n") }
            try client.send("0\r\n\r\n")
            return try client.response()
        }
        #expect(response.status == 413)
        #expect(sink.bytes <= 100_000)
        #expect(sink.abandoned == 1)
    }

    @Test("closes on a chunked body that never ends")
    func endless() async throws {
        let sink = RecordingSink()
        let configuration = ServerConfiguration(maximumDiscardedBytes: 1 << 20)
        try await withServer(Self.upload(sink, limit: 1000), configuration: configuration) { port in
            let client = try RawClient(port: port)
            try client.send("POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "10000\r\n" + String(repeating: "x", count: 0x10000) + "\r\n"
            #expect(throws: RawClient.ClientError.self) {
                for _ in 0..<4000 { try client.send(chunk) }
            }
        }
        #expect(sink.abandoned == 1)
    }

    @Test("abandons the sink when the client goes away in the middle")
    func clientGone() async throws {
        let abandoned = Arrival<Bool>()
        let sink = RecordingSink(onAbandon: { abandoned.send(true) })
        let server = Server(
            configuration: ServerConfiguration(), router: Router(Self.upload(sink)), now: { .now })
        try server.start()
        let port = server.port ?? 0
        try await offPool {
            let client = try RawClient(port: port)
            try client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
        }
        #expect(await abandoned.next() == true)
        await server.stop(within: .seconds(5))
        #expect(sink.abandoned == 1)
    }

    @Test("sends what a sink throws as the answer, and takes no further byte")
    func sinkFails() async throws {
        let full = Problem(
            "disk-full", status: .insufficientStorage, title: BilingualText(zh: "磁盘已满", en: "The disk is full"))
        let sink = RecordingSink(failure: full)
        let response = try await withServer(Self.upload(sink)) { port in
            let client = try RawClient(port: port)
            try client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n")
            try client.send([UInt8](repeating: 7, count: 300_000))
            return try client.response()
        }
        #expect(response.status == 507)
        #expect(sink.abandoned == 1)
    }

    @Test("pulls a large response piece by piece and ends it whole")
    func streamedResponse() async throws {
        let pieces = 200
        let routes: [Route] = [
            .get("/large") { _ in
                let counter = Counter()
                return .stream(type: "text/csv") {
                    let count = counter.next()
                    guard count <= pieces else { return nil }
                    return count == 5 ? [] : [UInt8](repeating: UInt8(truncatingIfNeeded: count), count: 50_000)
                }
            },
            .get("/breaks") { _ in
                let counter = Counter()
                return .stream(type: "text/csv") {
                    guard counter.next() < 3 else { throw Problem.internalError }
                    return [1, 2, 3]
                }
            },
        ]
        try await withServer(routes) { port in
            let client = try RawClient(port: port)
            try client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            let response = try client.response()
            #expect(response.body.count == (pieces - 1) * 50_000)
            #expect(response.body.last == UInt8(truncatingIfNeeded: pieces))
            try client.send("HEAD /large HTTP/1.1\r\nHost: x\r\n\r\n")
            let head = try client.response(toHead: true)
            #expect(head.status == 200)
            #expect(head["Connection"] == "close")
            let other = try RawClient(port: port)
            try other.send("GET /breaks HTTP/1.1\r\nHost: x\r\n\r\n")
            // Broken off without the last chunk, so no client takes it for the whole.
            #expect(throws: RawClient.ClientError.self) { try other.response() }
        }
    }
}

final class Counter: Sendable {
    private let state = Mutex(0)
    func next() -> Int {
        state.withLock {
            $0 += 1
            return $0
        }
    }
}
