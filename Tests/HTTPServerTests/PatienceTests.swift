import Synchronization
import Testing

@testable import HTTPServer

@Suite("Slow, many and last connections")
struct PatienceTests {
    private static let hasty = ServerConfiguration(
        headSeconds: 0.3, idleSeconds: 0.4, minimumBytesPerSecond: 1000, graceSeconds: 0.3)

    @Test("closes a connection whose head does not come to its end")
    func slowHead() async throws {
        try await withServer([.get("/") { _ in .text("front") }], configuration: Self.hasty) { port in
            let silent = try RawClient(port: port)
            let partial = try RawClient(port: port)
            try partial.send("GET / HTTP/1.1\r\nHost")
            #expect(silent.isClosedByServer())
            #expect(try partial.response().status == 408)
            #expect(partial.isClosedByServer())
        }
    }

    @Test("closes a connection whose head trickles: movement alone does not keep it")
    func trickle() async throws {
        try await withServer([.get("/") { _ in .text("front") }], configuration: Self.hasty) { port in
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\n")
            #expect(throws: RawClient.ClientError.self) {
                // Each receive waits for the server at most a moment, so every turn sends a byte again.
                while true {
                    try client.send("X")
                    if client.waitsInVain(milliseconds: 20) { continue }
                    throw RawClient.ClientError.closed
                }
            }
        }
    }

    @Test("closes a body that comes more slowly than the floor, abandons its sink and says why")
    func slowBody() async throws {
        let sink = RecordingSink()
        let routes: [Route] = [.upload("/upload") { _ in .accept(sink, maximumBytes: 10_000) { _ in .text("") } }]
        try await withServer(routes, configuration: Self.hasty) { port in
            let client = try RawClient(port: port)
            try client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nabc")
            #expect(try client.response().status == 408)
        }
        #expect(sink.abandoned == 1)
    }

    @Test("keeps an idle connection for its time and no longer")
    func idle() async throws {
        try await withServer([.get("/") { _ in .text("front") }], configuration: Self.hasty) { port in
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response().status == 200)
            #expect(client.isClosedByServer())
        }
    }

    @Test("makes room for a newcomer by closing what has waited longest, per address and in all")
    func crowd() async throws {
        let configuration = ServerConfiguration(maximumConnections: 20, maximumConnectionsPerAddress: 10)
        try await withServer([.get("/") { _ in .text("front") }], configuration: configuration) { port in
            let idle = try (0..<40).map { try RawClient(port: port, source: "127.0.0.\(1 + $0 % 4)") }
            let good = try RawClient(port: port)
            try good.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try good.response().text == "front")
            #expect(idle[0].isClosedByServer())
        }
    }

    @Test(
        "serves a good upload beside five thousand idle connections",
        .enabled(if: raiseFileLimit(to: 12_000) >= 12_000, "needs 12,000 open files, clients' and server's"))
    func idleCrowd() async throws {
        let sink = RecordingSink()
        let routes: [Route] = [
            .upload("/upload") { _ in .accept(sink, maximumBytes: 1 << 24) { _ in .text("\(sink.bytes)") } }
        ]
        let configuration = ServerConfiguration(maximumConnections: 2000)
        let seconds = try await withServer(routes, configuration: configuration) { port in
            let idle = try (0..<5000).map { try RawClient(port: port, source: "127.0.0.\(1 + $0 % 8)") }
            for client in idle.suffix(500) { try? client.send("POST /upload HTTP/1.1\r\nHost: x\r\n") }
            // When the last comer has been answered, the whole crowd has come in.
            let last = try RawClient(port: port)
            try last.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try last.response()
            let start = ContinuousClock.now
            let good = try RawClient(port: port)
            try good.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
            try good.send([UInt8](repeating: 1, count: 1_000_000))
            #expect(try good.response().text == "1000000")
            return (ContinuousClock.now - start) / .seconds(1)
        }
        #expect(seconds < 1)
    }

    @Test("lets an upload in flight finish when it stops, and takes no new connection")
    func gracefulStop() async throws {
        let begun = Arrival<Bool>()
        let sink = RecordingSink(onFirstByte: { begun.send(true) })
        let routes: [Route] = [
            .upload("/upload") { _ in .accept(sink, maximumBytes: 1 << 20) { _ in .text("\(sink.bytes)") } }
        ]
        let server = Server(configuration: ServerConfiguration(), router: Router(routes), now: { .now })
        try server.start()
        let port = server.port ?? 0
        let client = try RawClient(port: port)
        let idle = try RawClient(port: port)
        try client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc")
        #expect(await begun.next() == true)
        async let stopped: Void = server.stop(within: .seconds(20))
        // The idle connection is closed as the first act of stopping, so what follows happens while the server stops.
        nonisolated(unsafe) let (sendable, waiting) = (client, idle)
        let response = try await offPool {
            #expect(waiting.isClosedByServer())
            #expect(throws: RawClient.ClientError.self) { try RawClient(port: port) }
            try sendable.send("def")
            return try sendable.response()
        }
        await stopped
        #expect(response.text == "6")
        #expect(response["Connection"] == "close")
        #expect(sink.abandoned == 0)
    }

    @Test("stops in order while clients come in, whatever its threads are at: 300 times")
    func stopsUnderArrivals() async throws {
        for round in 0..<300 {
            let configuration = ServerConfiguration(threads: 1 + round % 3)
            let server = Server(
                configuration: configuration, router: Router([.get("/") { _ in .text("x") }]), now: { .now })
            try server.start()
            let port = server.port ?? 0
            let arrivals = Task.detached {
                for _ in 0..<20 {
                    guard let client = try? RawClient(port: port) else { return }
                    try? client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                }
            }
            if round % 2 == 0 { await Task.yield() }
            await server.stop(within: .seconds(5))
            await arrivals.value
            #expect(throws: RawClient.ClientError.self) { try RawClient(port: port) }
        }
    }

    @Test("ends handlers, admissions and responses that do not end themselves when its time to stop is over")
    func forcedStop() async throws {
        let entered = Arrival<Bool>()
        let sink = RecordingSink()
        @Sendable func forever() async throws {
            entered.send(true)
            // Ends by cancellation alone.
            try await Task.sleep(for: .seconds(3600))
        }
        let routes: [Route] = [
            .get("/hangs") { _ in
                try await forever()
                return .text("late")
            },
            .upload("/asks") { _ in
                try? await forever()
                return .accept(sink, maximumBytes: 10) { _ in .text("") }
            },
            .get("/streams") { _ in
                .stream(type: "text/plain") {
                    try await forever()
                    return [1]
                }
            },
        ]
        let server = Server(configuration: ServerConfiguration(), router: Router(routes), now: { .now })
        try server.start()
        let clients = try (0..<3).map { _ in try RawClient(port: server.port ?? 0) }
        try clients[0].send("GET /hangs HTTP/1.1\r\nHost: x\r\n\r\n")
        try clients[1].send("POST /asks HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
        try clients[2].send("GET /streams HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in 0..<3 { #expect(await entered.next() == true) }
        await server.stop(within: .milliseconds(50))
        #expect(server.openConnections == 0)
        #expect(sink.bytes == 0)
    }

    @Test("says which port is taken, and by what it can be mended")
    func portTaken() async throws {
        let first = Server(configuration: ServerConfiguration(), router: Router([]), now: { .now })
        try first.start()
        let port = first.port ?? 0
        let second = Server(configuration: ServerConfiguration(port: port), router: Router([]), now: { .now })
        let error = #expect(throws: ServerError.self) { try second.start() }
        #expect(error?.description.contains("127.0.0.1:\(port)") == true)
        await first.stop(within: .seconds(5))
        #expect(first.port == nil)
    }
}
