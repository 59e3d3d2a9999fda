import Glibc

/// A numeric address of either family; an IPv4 address mapped into IPv6 is the IPv4 address.
struct NetworkAddress: Hashable, Sendable {
    /// 16 bytes; an IPv4 address is its mapped form.
    fileprivate let bytes: [UInt8]

    /// - Returns: nil for anything but a numeric address: no name, no port, no blanks.
    init?(_ text: some StringProtocol) {
        let text = String(text)
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }

    var isIPv4: Bool { bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF }

    var text: String {
        if isIPv4 { return bytes.suffix(4).map { String($0) }.joined(separator: ".") }
        var shown = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        _ = bytes.withUnsafeBytes { inet_ntop(AF_INET6, $0.baseAddress, &shown, socklen_t(shown.count)) }
        return String(decoding: shown.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// An address or a range of them: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`.
public struct NetworkRange: Hashable, Sendable {
    private let address: NetworkAddress
    /// How many bits of the 128 count.
    private let bits: Int

    /// - Returns: nil for anything else, such as a name, and for a range whose address has bits behind its prefix.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = NetworkAddress(parts[0]) else { return nil }
        var bits = 128
        if parts.count == 2 {
            let longest = address.isIPv4 && !parts[0].contains(":") ? 32 : 128
            guard !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let length = Int(parts[1]), length <= longest
            else { return nil }
            bits = 128 - longest + length
        }
        self.address = address
        self.bits = bits
        for bit in bits..<128 where address.bytes[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0 { return nil }
    }

    func contains(_ other: NetworkAddress) -> Bool {
        let whole = bits / 8
        guard address.bytes.prefix(whole) == other.bytes.prefix(whole) else { return false }
        guard bits % 8 != 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> (bits % 8))
        return address.bytes[whole] & mask == other.bytes[whole] & mask
    }
}

/// Who a request comes from, where proxies stand in front.
struct ClientAddress {
    var trustedProxies: [NetworkRange]
    /// Longer fields are no list that a proxy has written.
    private static let maximumHops = 32

    func isTrusted(_ address: NetworkAddress) -> Bool { trustedProxies.contains { $0.contains(address) } }

    /// The rightmost address of `X-Forwarded-For` that is no trusted proxy's, if the connection itself comes from one.
    ///
    /// Whatever stands further left is the client's own word. At an entry that is no address the last proxy that was trusted counts.
    func of(_ headers: Headers, connection: String) -> String {
        guard !trustedProxies.isEmpty, let peer = NetworkAddress(connection.prefix { $0 != "%" }), isTrusted(peer)
        else {
            return connection
        }
        let hops = headers.all("X-Forwarded-For").joined(separator: ",")
            .split(separator: ",", omittingEmptySubsequences: false)
        var client = peer
        for hop in hops.suffix(Self.maximumHops).reversed() {
            guard let address = Self.address(hop) else { break }
            client = address
            if !isTrusted(address) { break }
        }
        return client == peer ? connection : client.text
    }

    /// `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::7`, `[2001:db8::7]` or `[2001:db8::7]:4711`.
    private static func address(_ text: some StringProtocol) -> NetworkAddress? {
        var rest = Substring(text).drop { $0 == " " || $0 == "\t" }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        if let address = NetworkAddress(rest) { return address }
        let end: Substring.Index?
        if rest.first == "[" {
            end = rest.firstIndex(of: "]")
            guard let end else { return nil }
            guard isPort(rest[rest.index(after: end)...]) else { return nil }
            let inner = rest[rest.index(after: rest.startIndex)..<end]
            return inner.contains(":") ? NetworkAddress(inner) : nil
        }
        end = rest.firstIndex(of: ":")
        guard let end, isPort(rest[end...]) else { return nil }
        let host = rest[..<end]
        return NetworkAddress(host)
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard !text.isEmpty else { return true }
        let digits = text.dropFirst()
        return text.first == ":" && (1...5).contains(digits.count) && digits.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
