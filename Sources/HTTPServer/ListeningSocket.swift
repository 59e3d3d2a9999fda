import CMicrohttpd
import Glibc

/// A TCP socket that listens, and the port it got.
struct ListeningSocket {
    var descriptor: Int32
    var port: Int

    init(host: String, port: Int) throws(ServerError) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0, let address = list?.pointee else {
            throw .unknownHost(host, reason: String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(list) }
        func failure() -> ServerError {
            .cannotListen(host: host, port: port, reason: String(cString: strerror(errno)))
        }
        let flags = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = socket(address.ai_family, flags, 0)
        guard descriptor >= 0 else { throw failure() }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, listen(descriptor, 4096) == 0 else {
            let error = failure()
            close(descriptor)
            throw error
        }
        self.port = ListeningSocket.port(of: descriptor) ?? port
    }

    /// Makes a listening descriptor mean a socket without a name, at which nothing ever arrives. Where there is no room for one more
    /// descriptor, the socket refuses everybody instead.
    static func deafen(_ descriptor: Int32) {
        let flags = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let deaf = socket(AF_UNIX, flags, 0)
        defer { if deaf >= 0 { close(deaf) } }
        var address = sockaddr()
        address.sa_family = sa_family_t(AF_UNIX)
        // So short an address lets the system choose a name that no file has. Source: unix(7), "Autobind feature".
        let length = socklen_t(MemoryLayout<sa_family_t>.size)
        guard deaf >= 0, bind(deaf, &address, length) == 0, listen(deaf, 1) == 0,
            dup2(deaf, descriptor) >= 0
        else {
            shutdown(descriptor, Int32(SHUT_RDWR))
            return
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    private static func port(of descriptor: Int32) -> Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard getsockname(descriptor, address, &length) == 0 else { return nil }
                // The port lies at the same place in both families' addresses, in network order.
                return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    Int(UInt16(bigEndian: $0.pointee.sin_port))
                }
            }
        }
    }
}

/// The numeric form of a socket's address, without the port.
func numericAddress(_ address: UnsafePointer<sockaddr>?) -> String {
    guard let address else { return "" }
    let length =
        address.pointee.sa_family == sa_family_t(AF_INET6)
        ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
    var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    guard getnameinfo(address, socklen_t(length), &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST) == 0 else {
        return ""
    }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Raises this process's limit of open files towards `wanted`, and says how many it may have.
func raiseFileLimit(to wanted: Int) -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
    if limit.rlim_cur < rlim_t(wanted) {
        var raised = limit
        raised.rlim_cur = min(rlim_t(wanted), limit.rlim_max)
        if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
    }
    return Int(clamping: limit.rlim_cur)
}
