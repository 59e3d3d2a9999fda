import Foundation
import HTTPClient
import HTTPServer
import Synchronization
import Testing

/// The client against the server of the house, on loopback.
@Suite("The HTTP client")
struct HTTPClientTests {
    private let seen = Seen()

    /// What the server was sent.
    private final class Seen: Sendable {
        let requests = Mutex<[String]>([])
        func note(_ line: String) { requests.withLock { $0.append(line) } }
        var lines: [String] { requests.withLock { $0 } }
    }

    /// Counts what comes.
    private final class Counter: BodySink {
        let bytes = Mutex<[UInt8]>([])
        func receive(_ piece: UnsafeRawBufferPointer) { bytes.withLock { $0 += piece } }
        func abandon() {}
    }

    private func serving(_ body: (String) async throws -> Void) async throws {
        let seen = seen
        let routes: [Route] = [
            .get("/moved") { request in
                seen.note("moved \(request.headers["Authorization"] ?? "-")")
                return .redirect(to: "/there")
            },
            .get("/there") { request in
                seen.note("there \(request.headers["Authorization"] ?? "-")")
                return .bytes(Array("here".utf8), type: "text/plain")
            },
            .post("/text", maximumBytes: 100) { request in
                seen.note("text \(String(decoding: request.body, as: UTF8.self))")
                return .bytes(Array("taken".utf8), type: "text/plain")
            },
            .upload("/file") { head in
                let sink = Counter()
                return .accept(sink, maximumBytes: 1 << 20) { _ in
                    seen.note("\(head.contentType ?? "-") \(sink.bytes.withLock { $0.count })")
                    return .bytes(sink.bytes.withLock { $0 }, type: "application/octet-stream")
                }
            },
        ]
        var configuration = ServerConfiguration()
        configuration.host = "127.0.0.1"
        configuration.port = 0
        let server = Server(configuration: configuration, router: Router(routes), now: { .now })
        try server.start()
        do {
            try await body("http://127.0.0.1:\(try #require(server.port))")
        } catch {
            await server.stop(within: .seconds(1))
            throw error
        }
        await server.stop(within: .seconds(1))
    }

    private func file(_ bytes: [UInt8]) throws -> URL {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("client-\(UUID().uuidString).csv")
        try Data(bytes).write(to: url)
        return url
    }

    @Test("takes its name and password nowhere but to the server that was named: a redirect is the answer")
    func redirect() async throws {
        try await serving { address in
            let answer = try await HTTPClient().send(.init(.get, address + "/moved", credentials: ("a", "b")))
            #expect((300...399).contains(answer.status))
            #expect(seen.lines == ["moved Basic YTpi"])
        }
    }

    @Test("sends a file as it is, a short text, and files as one form, each under the name it is given")
    func bodies() async throws {
        let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let path = try file(bytes).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await serving { address in
            let sent = try await HTTPClient().send(
                .init(.post, address + "/file", headers: [("Content-Type", "application/octet-stream")], bodyFile: path)
            )
            #expect(sent.status == 200 && sent.body == bytes)
            let text = try await HTTPClient().send(
                .init(.post, address + "/text", headers: [("Content-Type", "application/json")], text: "{\"原因\":1}"))
            #expect(text.status == 200 && seen.lines.last == "text {\"原因\":1}")
            let form = try await HTTPClient().send(
                .init(.post, address + "/file", formFiles: [(path, "flu_门诊.csv"), (path, "lis_1.csv")]))
            let parts = String(decoding: form.body, as: UTF8.self)
            #expect(seen.lines.last?.hasPrefix("multipart/form-data ") == true)
            #expect(
                parts.contains("name=\"file\"; filename=\"flu_门诊.csv\"") && parts.contains("filename=\"lis_1.csv\""))
        }
    }

    @Test("gives the server's refusal of a body that it did not take to its end")
    func refusal() async throws {
        let path = try file([UInt8](repeating: 0x41, count: 4 << 20)).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await serving { address in
            let answer = try await HTTPClient().send(.init(.post, address + "/file", bodyFile: path))
            #expect(answer.status == 413)
        }
    }

    @Test("says why no answer came")
    func noAnswer() async throws {
        let away = await #expect(throws: HTTPClientError.self) {
            try await HTTPClient(timeoutSeconds: 5).send(.init(.get, "http://127.0.0.1:1/"))
        }
        #expect(away?.reason.contains("connect") == true, "\(String(describing: away))")
        for request in [
            HTTPClient.Request(.post, "http://127.0.0.1:1/", bodyFile: "/no/such/file"),
            .init(.post, "http://127.0.0.1:1/", formFiles: [("/no/such/file", "flu_1.csv")]),
        ] {
            let missing = await #expect(throws: HTTPClientError.self) { try await HTTPClient().send(request) }
            #expect(missing?.reason.hasPrefix("/no/such/file: ") == true)
        }
    }
}
