import Foundation
import Glibc
import TestKit

@testable import HTTPServer

/// A client that sends exactly the bytes it is given, so that tests can say what no proper client would.
final class RawClient {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// - Parameter source: the address this client calls from.
    init(port: Int, source: String = "127.0.0.1") throws {
        guard let descriptor = connectedSocket(toPort: port, from: source) else { throw ClientError.cannotConnect }
        self.descriptor = descriptor
        // A guard against a test that would hang; nothing waits this long when all is well.
        var timeout = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    enum ClientError: Error {
        case cannotConnect
        case closed
        case noResponse
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw ClientError.closed }
            sent += count
        }
    }

    /// Reads one response, by its Content-Length, its chunks, or the end of the connection. A HEAD response has no
    /// body.
    func response(toHead: Bool = false) throws -> RawResponse {
        while true {
            if let end = received.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
                received.removeSubrange(..<end.upperBound)
                var response = RawResponse(head: head)
                if toHead || response.status < 200 || response.status == 204 || response.status == 304 {
                    return response
                }
                if let length = response["Content-Length"].flatMap({ Int($0) }) {
                    while received.count < length { try more() }
                    response.body = Array(received[..<length])
                    received.removeSubrange(..<length)
                } else if response["Transfer-Encoding"] == "chunked" {
                    response.body = try chunks()
                } else {
                    response.body = readToEnd()
                }
                return response
            }
            try more()
        }
    }

    /// Everything until the server closes.
    func readToEnd() -> [UInt8] {
        while (try? more()) != nil {}
        defer { received = [] }
        return received
    }

    /// Whether the server closes the connection without another byte.
    func isClosedByServer() -> Bool { readToEnd().isEmpty }

    /// Whether nothing at all comes within that time.
    func waitsInVain(milliseconds: Int32) -> Bool {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wait, 1, milliseconds) == 0
    }

    private func more() throws {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { throw ClientError.closed }
        received += buffer[..<count]
    }

    private func chunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            while received.firstRange(of: [13, 10]) == nil { try more() }
            guard let end = received.firstRange(of: [13, 10]),
                let size = Int(String(decoding: received[..<end.lowerBound], as: UTF8.self), radix: 16)
            else { throw ClientError.noResponse }
            received.removeSubrange(..<end.upperBound)
            while received.count < size + 2 { try more() }
            body += received[..<size]
            received.removeSubrange(..<(size + 2))
            if size == 0 { return body }
        }
    }
}

struct RawResponse {
    var status: Int
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []

    init(head: String) {
        let lines = head.split(separator: "\r\n")
        status = lines.first.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } ?? 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            fields.append((String(parts[0]), String(parts.count > 1 ? parts[1].drop { $0 == " " } : "")))
        }
    }

    subscript(name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// Runs blocking client code outside Swift's own pool, which the handlers need.
func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}

/// Starts a server on a free port, lets a client talk to it, and stops it.
func withServer<Value: Sendable>(
    _ routes: [Route], configuration: ServerConfiguration = ServerConfiguration(),
    observe: @escaping @Sendable (RequestRecord) -> Void = { _ in },
    client: @escaping @Sendable (_ port: Int) throws -> Value
) async throws -> Value {
    let server = Server(configuration: configuration, router: Router(routes), now: { .now }, observe: observe)
    try server.start()
    let port = server.port ?? 0
    do {
        let value = try await offPool { try client(port) }
        await server.stop(within: .seconds(5))
        return value
    } catch {
        await server.stop(within: .seconds(5))
        throw error
    }
}
