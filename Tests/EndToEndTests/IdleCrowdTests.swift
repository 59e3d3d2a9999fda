import Foundation
import Glibc
import HTTPClient
import TestKit
import Testing

@Suite("A crowd at the door", .serialized)
struct IdleCrowdTests {
    private static let canCrowd = fileLimit() >= 6_000

    @Test(
        "a good upload takes less than a second beside 5,000 connections that are idle, slow with their head, or slow with their bytes",
        .enabled(if: canCrowd, "needs 6,000 open files"))
    func crowd() async throws {
        let server = try ServerProcess()
        try server.start()
        try server.useToken()
        let table = try SampleTable("FeverClinic", "fever")
        _ = try await server.send(table.peopled(by: 0..<5).csv, named: "fever_0.csv")

        var sockets: [Socket] = []
        for number in 0..<5_000 {
            let socket = try Socket(to: server.address, from: "127.0.0.\(2 + number % 8)")
            switch number % 10 {
            case 0: socket.send("POST /api/v1/submissions?filename=a.csv HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            case 1: socket.send("POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nname=")
            default: break
            }
            sockets.append(socket)
        }
        let metrics = try await server.request(.get, "/metrics", as: nil).text
        let connections = try #require(metrics.firstMatch(of: /vedette_http_connections (\d+)/)?.1)
        #expect(try #require(Int(connections)) > 4_000)

        for round in 1...5 {
            // One more byte from everyone who is slow, as an attacker would send it to stay.
            for (number, socket) in sockets.enumerated() where number % 10 < 2 { socket.send("x") }
            let upload = table.peopled(by: round * 5..<round * 5 + 5).csv
            let start = ContinuousClock.now
            _ = try await server.send(upload, named: "fever_\(round).csv")
            #expect(ContinuousClock.now - start < .seconds(1), "upload \(round)")
        }
        withExtendedLifetime(sockets) {}
        #expect(server.stop() == 0)
    }

    private static func fileLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        limit.rlim_cur = min(limit.rlim_max, 12_000)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(limit.rlim_cur)
    }
}

/// A connection that sends what it is told and reads nothing.
private final class Socket {
    private let descriptor: Int32

    init(to server: URL, from source: String) throws {
        guard let descriptor = connectedSocket(toPort: server.port ?? 0, from: source) else {
            throw ServerProcess.Failure("no connection from \(source): \(String(cString: strerror(errno)))")
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// What a server that has closed does not take is no error here.
    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
}
