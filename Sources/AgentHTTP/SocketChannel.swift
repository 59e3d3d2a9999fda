import COpenSSL
import Glibc

/// A TCP connection, closed with the value's end.
final class SocketChannel: ByteChannel {
    let descriptor: Int32
    /// The literal address that answered.
    let address: String
    let patience: Patience

    private init(descriptor: Int32, address: String, patience: Patience) {
        self.descriptor = descriptor
        self.address = address
        self.patience = patience
    }

    deinit { close(descriptor) }

    /// Connects to the first of a host's addresses that answers.
    static func connect(_ host: String, _ port: Int, _ patience: Patience) throws(ConnectionFault) -> SocketChannel {
        let addresses = try HostAddresses(host, port)
        defer { addresses.free() }
        var reason = ConnectionFault(
            .connection, zh: "\(host):\(port) 没有可用的地址", en: "\(host):\(port) has no address to connect to")
        for entry in addresses.entries {
            let literal = HostAddresses.literal(entry)
            let descriptor = socket(
                entry.ai_family,
                Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue),
                0)
            guard descriptor >= 0 else { continue }
            let channel = SocketChannel(descriptor: descriptor, address: literal, patience: patience)
            if Glibc.connect(descriptor, entry.ai_addr, entry.ai_addrlen) != 0 {
                guard errno == EINPROGRESS else {
                    reason = refused(literal, port, errno)
                    continue
                }
                guard try patience.wait(descriptor, for: POLLOUT, seconds: patience.connectSeconds) else {
                    reason = ConnectionFault(
                        .connection, zh: "\(literal):\(port) 在 \(patience.connectSeconds) 秒内没有应答",
                        en: "\(literal):\(port) did not answer within \(patience.connectSeconds) seconds")
                    continue
                }
                var code: Int32 = 0
                var size = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
                guard code == 0 else {
                    reason = refused(literal, port, code)
                    continue
                }
            }
            return channel
        }
        throw reason
    }

    private static func refused(_ address: String, _ port: Int, _ code: Int32) -> ConnectionFault {
        let words = String(cString: strerror(code))
        return ConnectionFault(
            .connection, zh: "无法连接 \(address):\(port)（\(words)）", en: "cannot connect to \(address):\(port) (\(words))")
    }

    func waitForInput(seconds: Int) throws(ConnectionFault) -> Bool {
        try patience.wait(descriptor, for: POLLIN, seconds: seconds)
    }

    func read(into buffer: inout [UInt8]) throws(ConnectionFault) -> Bool {
        guard try waitForInput(seconds: patience.idleSeconds) else { throw SocketChannel.silence(patience) }
        return try receive(&buffer) ?? true
    }

    func readAvailable(into buffer: inout [UInt8]) throws(ConnectionFault) {
        while let isOpen = try receive(&buffer), isOpen {}
    }

    /// - Returns: nil where nothing is there; false at the end.
    private func receive(_ buffer: inout [UInt8]) throws(ConnectionFault) -> Bool? {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, Int32(MSG_DONTWAIT))
        if count > 0 {
            buffer += chunk[..<count]
            return true
        }
        if count == 0 { return false }
        guard errno == EAGAIN || errno == EINTR else { throw SocketChannel.broken(errno) }
        return nil
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ConnectionFault) -> Int {
        while true {
            let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return count }
            if errno == EINTR { continue }
            guard errno == EAGAIN else { throw SocketChannel.broken(errno) }
            guard try patience.wait(descriptor, for: POLLOUT, seconds: patience.idleSeconds) else {
                throw SocketChannel.silence(patience)
            }
        }
    }

    static func silence(_ patience: Patience) -> ConnectionFault {
        ConnectionFault(
            .connection, zh: "服务器 \(patience.idleSeconds) 秒没有应答",
            en: "the server has been silent for \(patience.idleSeconds) seconds")
    }

    static func broken(_ code: Int32) -> ConnectionFault {
        let words = String(cString: strerror(code))
        return ConnectionFault(.connection, zh: "连接中断（\(words)）", en: "the connection broke (\(words))")
    }
}

/// The addresses of a host, as the system resolves its name.
struct HostAddresses {
    private let list: UnsafeMutablePointer<addrinfo>?

    /// Names come from `/etc/hosts` and DNS, whatever else the system's `nsswitch.conf` says: those modules are shared objects of the
    /// system's own glibc, and a static program must not load them.
    private static let start: Void = { _ = __nss_configure_lookup("hosts", "files dns") }()

    init(_ host: String, _ port: Int) throws(ConnectionFault) {
        Self.start
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var found: UnsafeMutablePointer<addrinfo>?
        var code = getaddrinfo(host, String(port), &hints, &found)
        if code != 0 {
            // A machine whose only addresses are loopback has none of the kinds that the flag asks for.
            hints.ai_flags = 0
            code = getaddrinfo(host, String(port), &hints, &found)
        }
        guard code == 0 else {
            let words = String(cString: gai_strerror(code))
            throw ConnectionFault(
                .name, zh: "无法解析主机名 \(host)（\(words)）；请检查地址和 DNS（/etc/resolv.conf、/etc/hosts）",
                en:
                    "the name \(host) cannot be resolved (\(words)); check the address and DNS (/etc/resolv.conf, /etc/hosts)"
            )
        }
        list = found
    }

    func free() { if let list { freeaddrinfo(list) } }

    var entries: [addrinfo] {
        var entries: [addrinfo] = []
        var next = list
        while let entry = next {
            entries.append(entry.pointee)
            next = entry.pointee.ai_next
        }
        return entries
    }

    static func literal(_ entry: addrinfo) -> String {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = getnameinfo(entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        guard code == 0 else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
