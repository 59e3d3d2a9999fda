import Foundation

/// An upload that stops half-way and keeps its connection open.
final class HalfUpload {
    private let socket: Int32

    /// Returns when the server has taken the first bytes, and waits for more.
    init(_ server: ServerProcess, _ body: Data, announcing length: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(server.address.port ?? 0).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw ServerProcess.Failure("no connection") }
        let credentials = Data("hospital-a:\(ServerProcess.password)".utf8).base64EncodedString()
        let head = """
            POST /api/v1/submissions?filename=fever_1.csv HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r
            Authorization: Basic \(credentials)\r\nContent-Length: \(length)\r\n\r\n
            """
        try send(Data(head.utf8))
        var answer = [UInt8](repeating: 0, count: 64)
        let count = recv(socket, &answer, answer.count, 0)
        guard count > 0, String(decoding: answer[..<count], as: UTF8.self).contains(" 100 ") else {
            throw ServerProcess.Failure("not asked for the body: \(String(decoding: answer, as: UTF8.self))")
        }
        try send(body)
    }

    deinit { end() }

    private func send(_ bytes: Data) throws {
        let count = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count == bytes.count else { throw ServerProcess.Failure("only \(count) bytes sent") }
    }

    func end() { shutdown(socket, Int32(SHUT_RDWR)) }
}
