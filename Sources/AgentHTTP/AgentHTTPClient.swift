import Glibc

/// Sends one request a connection and reads its answer. No redirects, no cookies, no keeping of connections.
public struct AgentHTTPClient: Sendable {
    public var address: ServerAddress
    public var proxy: ServerAddress?
    public var authorities: String?
    public var patience: Patience
    /// The longest body of an answer that is taken.
    public var maximumAnswerBytes = 256 << 20

    /// Where systems keep the authorities they trust, in the order of asking.
    ///
    /// Debian and UOS, Kylin and openEuler, older Red Hat, SUSE, Alpine.
    public static let systemAuthorities = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ]

    /// - Parameter authorities: a PEM file; nil for the system's own.
    public init(to address: ServerAddress, proxy: ServerAddress? = nil, authorities: String? = nil, patience: Patience)
    {
        self.address = address
        self.proxy = proxy
        self.authorities = authorities ?? Self.systemAuthorities.first { access($0, R_OK) == 0 }
        self.patience = patience
    }

    public func connect() throws(ConnectionFault) -> AgentConnection {
        try AgentConnection(to: address, proxy: proxy, authorities: authorities, patience: patience)
    }

    public func send(_ request: HTTPRequest) throws(ConnectionFault) -> HTTPAnswer {
        try send(request, over: try connect())
    }

    /// Sends a request over a fresh connection, which is of no use afterwards.
    ///
    /// A server that refuses a request by its headers alone (a wrong token, too large a file) is heard before the body is sent.
    public func send(_ request: HTTPRequest, over connection: AgentConnection) throws(ConnectionFault) -> HTTPAnswer {
        let channel = connection.channel
        var reader = AnswerReader(maximumBytes: maximumAnswerBytes)
        var head = "\(request.method.rawValue) \(address.path)\(request.target) HTTP/1.1\r\n"
        head += "Host: \(address.authority)\r\nConnection: close\r\n"
        for (name, value) in request.headers {
            // A line break in a value would begin another header.
            head += "\(name): \(String(value.map { $0.isNewline || $0 == "\0" ? " " : $0 }))\r\n"
        }
        let size = request.bodySize
        if request.method == .post { head += "Content-Length: \(size)\r\n" }
        if size > 0 { head += "Expect: 100-continue\r\n" }
        try channel.writeAll(head + "\r\n")

        var early = size > 0 ? try awaitContinue(channel, &reader) : nil
        if early == nil, size > 0 {
            do throws(ConnectionFault) {
                early = try sendBody(request.body, channel, &reader)
            } catch {
                guard error.stage == .connection else { throw error }
                // A server that closes the connection while the body still comes may have said why before.
                guard let answer = try? finish(nil, channel, &reader) else { throw error }
                return answer
            }
        }
        return try finish(early, channel, &reader)
    }

    private func finish(_ early: AnswerReader.Head?, _ channel: any ByteChannel, _ reader: inout AnswerReader)
        throws(ConnectionFault) -> HTTPAnswer
    {
        let head: AnswerReader.Head
        if let early { head = early } else { head = try reader.finalHead(from: channel) }
        return HTTPAnswer(
            status: head.status, headers: head.headers, body: try reader.body(of: head, from: channel))
    }

    /// - Returns: a final answer where the server gave one; nil where the body is to be sent.
    private func awaitContinue(_ channel: any ByteChannel, _ reader: inout AnswerReader) throws(ConnectionFault)
        -> AnswerReader.Head?
    {
        guard try channel.waitForInput(seconds: patience.continueSeconds) else { return nil }
        try channel.readAvailable(into: &reader.buffer)
        while let head = try reader.takeHead() {
            if head.status >= 200 { return head }
        }
        return nil
    }

    /// Sends all pieces, and stops where the server answers meanwhile.
    private func sendBody(_ pieces: [HTTPRequest.Piece], _ channel: any ByteChannel, _ reader: inout AnswerReader)
        throws(ConnectionFault) -> AnswerReader.Head?
    {
        for piece in pieces {
            switch piece {
            case .bytes(let bytes):
                if let head = try sendChunk(bytes, channel, &reader) { return head }
            case .file(let path, let size):
                let file = try SentFile(path)
                var left = size
                while left > 0 {
                    let chunk = try file.read(Int(min(left, 262_144)))
                    left -= Int64(chunk.count)
                    if let head = try sendChunk(chunk, channel, &reader) { return head }
                }
            }
        }
        return nil
    }

    private func sendChunk(_ chunk: [UInt8], _ channel: any ByteChannel, _ reader: inout AnswerReader)
        throws(ConnectionFault) -> AnswerReader.Head?
    {
        let result = chunk.withUnsafeBytes { bytes -> Result<Void, ConnectionFault> in
            do throws(ConnectionFault) { return .success(try channel.writeAll(bytes)) } catch { return .failure(error) }
        }
        try result.get()
        try channel.readAvailable(into: &reader.buffer)
        while let head = try reader.takeHead() {
            if head.status >= 200 { return head }
        }
        return nil
    }
}

/// A file that is read while it is sent.
private final class SentFile {
    private let descriptor: Int32
    private let path: String

    init(_ path: String) throws(ConnectionFault) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw SentFile.fault(path, String(cString: strerror(errno))) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func read(_ count: Int) throws(ConnectionFault) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: count)
        while true {
            let length = Glibc.read(descriptor, &chunk, count)
            if length > 0 { return Array(chunk[..<length]) }
            if length < 0, errno == EINTR { continue }
            throw SentFile.fault(path, length == 0 ? "shorter than before" : String(cString: strerror(errno)))
        }
    }

    private static func fault(_ path: String, _ words: String) -> ConnectionFault {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return ConnectionFault(.file, zh: "无法读取文件 \(name)（\(words)）", en: "the file \(name) cannot be read (\(words))")
    }
}
