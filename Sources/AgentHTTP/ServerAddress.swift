import Glibc

/// Where a server is: `https://vedette.example.org:8443/base`.
public struct ServerAddress: Hashable, Sendable {
    public var isTLS: Bool
    /// A name or a literal address, without brackets.
    public var host: String
    public var port: Int
    /// What stands before every path: empty, or `/base`.
    public var path: String

    /// - Returns: nil for anything but http or https, a host, and perhaps a port and a path. Names and passwords are refused: they are no part of an address.
    public init?(_ text: String) {
        let lower = text.lowercased()
        let rest: Substring
        if lower.hasPrefix("https://") {
            (isTLS, rest) = (true, text.dropFirst(8))
        } else if lower.hasPrefix("http://") {
            (isTLS, rest) = (false, text.dropFirst(7))
        } else {
            return nil
        }
        let plain = rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"@?#\\\"<>^`{|}%".utf8.contains($0) }
        guard plain else { return nil }
        let authority = rest.prefix { $0 != "/" }
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        self.path = path

        var port: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            let behind = authority[authority.index(after: end)...]
            guard behind.isEmpty || behind.hasPrefix(":"), ServerAddress.isLiteral(host, AF_INET6) else { return nil }
            port = behind.isEmpty ? nil : behind.dropFirst()
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2, let first = parts.first else { return nil }
            host = String(first)
            port = parts.count == 2 ? parts[1] : nil
            guard !host.isEmpty, host.utf8.allSatisfy({ ServerAddress.isNameByte($0) }) else { return nil }
        }
        if let port {
            guard let number = Int(port), port.allSatisfy({ $0.isASCII && $0.isNumber }), (1...65_535).contains(number)
            else { return nil }
            self.port = number
        } else {
            self.port = isTLS ? 443 : 80
        }
    }

    /// Whether the address is one of this machine, over which nobody listens.
    public var isLoopback: Bool {
        if host.lowercased() == "localhost" { return true }
        if ServerAddress.isLiteral(host, AF_INET) { return host.hasPrefix("127.") }
        return host == "::1"
    }

    /// Whether the host is a literal IPv4 or IPv6 address.
    public var isLiteral: Bool {
        ServerAddress.isLiteral(host, AF_INET) || ServerAddress.isLiteral(host, AF_INET6)
    }

    /// The host and port for `Host:` and for a proxy.
    public var authority: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? host : "\(host):\(port)"
    }

    /// The host and port, always both.
    public var hostAndPort: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    private static func isLiteral(_ text: String, _ family: Int32) -> Bool {
        var bytes = in6_addr()
        return inet_pton(family, text, &bytes) == 1
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
    }
}
