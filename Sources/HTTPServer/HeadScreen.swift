import SurveillanceKit

/// The strict reading of a parsed head.
///
/// The library below takes heads that other servers read differently: two lengths, a length beside an encoding,
/// blanks in names. Where two servers disagree on where a request ends, the second request can be smuggled past the
/// first server; so a head that can be read in two ways is refused and its connection closed.
/// Source: RFC 9112, sections 3.2, 5.1 and 6.3.
struct HeadScreen {
    var maximumBytes: Int
    static let maximumFields = 100
    /// Fields of which a second one makes the head ambiguous.
    static let singleFields = [
        "host", "content-length", "transfer-encoding", "content-type", "authorization", "expect",
    ]

    enum BodyLength: Equatable {
        case known(Int)
        case chunked
    }

    func examine(_ headers: Headers, version: String, headBytes: Int) throws(Problem) -> BodyLength {
        guard headBytes <= maximumBytes, headers.fields.count <= HeadScreen.maximumFields else {
            throw .headTooLarge(maximumBytes: maximumBytes)
        }
        for field in headers.fields {
            guard !field.name.isEmpty, field.name.utf8.allSatisfy(isTokenByte) else {
                throw refusal("请求头的名称含有不允许的字符。", "A header field's name has characters it may not have.")
            }
            guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw refusal("请求头 \(field.name) 含有控制字符。", "The header field \(field.name) has control characters.")
            }
        }
        for name in HeadScreen.singleFields where headers.all(name).count > 1 {
            throw refusal("请求头 \(name) 重复。", "The header field \(name) is repeated.")
        }
        let isVersion11 = version == "HTTP/1.1"
        guard isVersion11 || version == "HTTP/1.0" else {
            throw refusal("只支持 HTTP/1.1 和 HTTP/1.0。", "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
        }
        if let host = headers["Host"] {
            guard !host.isEmpty, host.utf8.allSatisfy(isHostByte) else {
                throw refusal("请求头 Host 无效。", "The header field Host is not valid.")
            }
        } else if isVersion11 {
            throw refusal("缺少请求头 Host。", "The header field Host is missing.")
        }
        if let expectation = headers["Expect"], !equalsIgnoringCase(expectation, "100-continue") {
            throw .expectationFailed
        }
        return try bodyLength(headers, isVersion11: isVersion11)
    }

    private func bodyLength(_ headers: Headers, isVersion11: Bool) throws(Problem) -> BodyLength {
        let length = headers["Content-Length"]
        if let encoding = headers["Transfer-Encoding"] {
            guard length == nil, isVersion11 else {
                throw refusal(
                    "Transfer-Encoding 不能与 Content-Length 同时出现，也不能用于 HTTP/1.0。",
                    "Transfer-Encoding cannot stand beside Content-Length or in HTTP/1.0.")
            }
            guard equalsIgnoringCase(encoding, "chunked") else {
                throw refusal("Transfer-Encoding 只支持 chunked。", "The only Transfer-Encoding taken is chunked.")
            }
            return .chunked
        }
        guard let length else { return .known(0) }
        guard !length.isEmpty, length.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bytes = Int(length) else {
            throw refusal("Content-Length 无效。", "The Content-Length is not a number.")
        }
        return .known(bytes)
    }

    private func refusal(_ zh: String, _ en: String) -> Problem { .badRequest(BilingualText(zh: zh, en: en)) }
}

/// Whether a byte may stand in a field name or a method. Source: RFC 9110, section 5.6.2.
func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "^")...UInt8(ascii: "z"), UInt8(ascii: "|"), UInt8(ascii: "~"), UInt8(ascii: "!"),
        UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        true
    default: false
    }
}

private func isHostByte(_ byte: UInt8) -> Bool {
    Percent.isUnreserved(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
}
