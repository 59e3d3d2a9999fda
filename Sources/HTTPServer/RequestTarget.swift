/// The address a request names, read from the bytes of the request line.
///
/// Segments are decoded one by one, so that an escaped slash stays inside its segment.
struct RequestTarget {
    var path: String
    var segments: [String]
    var query: FormFields

    /// Reads origin form and absolute form; nil for a broken escape, a zero byte, a `..` segment or anything that is
    /// no address.
    ///
    /// Source: RFC 9112, section 3.2.
    init?(_ raw: [UInt8]) {
        var rest = raw[...]
        for scheme in ["http://", "https://"] where raw.count > scheme.utf8.count {
            let prefix = raw.prefix(scheme.utf8.count).map(lowercased)
            guard prefix.elementsEqual(scheme.utf8) else { continue }
            rest = raw.dropFirst(prefix.count).drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            if rest.first != UInt8(ascii: "/") { rest = [UInt8(ascii: "/")] + rest }
            break
        }
        guard rest.first == UInt8(ascii: "/"), rest.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") })
        else { return nil }
        let parts = rest.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        segments = []
        for encoded in parts[0].split(separator: UInt8(ascii: "/")) {
            guard let segment = Percent.decode(encoded), segment != ".", segment != ".." else { return nil }
            segments.append(segment)
        }
        path = "/" + segments.joined(separator: "/")
        guard let query = FormFields(parts.count > 1 ? parts[1] : []) else { return nil }
        self.query = query
    }
}
