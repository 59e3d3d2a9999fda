import Foundation

/// One HTTP connection, as bare as can be: what is measured is the server.
final class UploadSocket {
    private let descriptor: Int32

    struct Answer {
        var status: Int
        var body: String
        var retryAfter: Int?
    }

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw BenchError("socket: \(String(cString: strerror(errno)))") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw BenchError("connect: \(reason)")
        }
    }

    deinit { close(descriptor) }

    func get(_ path: String, token: String? = nil) throws -> Answer {
        let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        try send(Array("GET \(path) HTTP/1.1\r\nHost: bench\r\n\(authorization)Connection: close\r\n\r\n".utf8))
        return try answer()
    }

    /// Sends an upload and waits for its answer; `body` is asked for piece after piece until it has none.
    func upload(
        _ name: String, to path: String = "/api/v1/submissions", size: Int, token: String,
        body: (_ offset: Int) -> [UInt8]
    ) throws -> Answer {
        let head = """
            POST \(path)?filename=\(name) HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer \(token)\r\n\
            Content-Length: \(size)\r\nConnection: close\r\n\r\n
            """
        try send(Array(head.utf8))
        var offset = 0
        while offset < size {
            let piece = body(offset)
            // Whoever refuses an upload may close before all of it was sent: the answer counts.
            do { try send(piece) } catch { break }
            offset += piece.count
        }
        return try answer()
    }

    private func send(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
                let count = Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                guard count > 0 else { throw BenchError("send: \(String(cString: strerror(errno)))") }
                sent += count
            }
        }
    }

    private func answer() throws -> Answer {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 { break }
            guard count > 0 else { throw BenchError("receive: \(String(cString: strerror(errno)))") }
            bytes += buffer[..<count]
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n"), let status = Int(text.split(separator: " ").dropFirst().first ?? "")
        else { throw BenchError("no answer: the connection was closed after \(bytes.count) bytes") }
        let retry = text[..<end.lowerBound].split(separator: "\r\n").first { $0.lowercased().hasPrefix("retry-after:") }
        return Answer(
            status: status, body: String(text[end.upperBound...]),
            retryAfter: retry.flatMap { Int($0.filter(\.isNumber)) })
    }
}
