import Glibc

/// What counts as one address where attempts are counted: an IPv4 address, or the /64 that one customer's IPv6 addresses share.
///
/// Source: RFC 6177; BCP 157.
struct AddressShare: Hashable, Sendable {
    let text: String

    init(_ address: String) {
        let plain = String(address.prefix { $0 != "%" })
        var bytes = in6_addr()
        guard plain.contains(":"), inet_pton(AF_INET6, plain, &bytes) == 1 else {
            text = address
            return
        }
        withUnsafeMutableBytes(of: &bytes) { bytes in for index in 8..<16 { bytes[index] = 0 } }
        var shown = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(AF_INET6, &bytes, &shown, socklen_t(shown.count))
        text = String(decoding: shown.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/64"
    }
}
