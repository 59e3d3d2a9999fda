import SurveillanceKit

/// A head that can be read in one way only.
struct ScreenedHead: Sendable {
    var method: String
    /// The request target as it was sent.
    var target: [UInt8]
    var version: String
    var headers: Headers
    var length: HeadScreen.BodyLength

    /// What the library needs to know of it: how the body and the connection end. The rest is read from here.
    var forLibrary: [UInt8] {
        var text = "\(method) / \(version)\r\nHost: screened\r\n"
        switch length {
        case .known(let bytes): if headers["Content-Length"] != nil { text += "Content-Length: \(bytes)\r\n" }
        case .chunked: text += "Transfer-Encoding: chunked\r\n"
        }
        if headers["Expect"] != nil { text += "Expect: 100-continue\r\n" }
        let connection = headers.all("Connection").joined(separator: ",").lowercased()
        for option in ["close", "keep-alive"]
        where connection.split(separator: ",").contains(where: { $0.filter { $0 != " " } == option }) {
            text += "Connection: \(option)\r\n"
            break
        }
        return Array((text + "\r\n").utf8)
    }
}

extension HeadScreen {
    /// What may not stand behind a body, because it says where the body ends or whom it is for.
    static let framingFields: Set = [
        "content-length", "transfer-encoding", "host", "content-encoding", "content-type", "content-range",
        "authorization", "cookie", "expect", "connection",
    ]

    /// Reads a whole head, its last empty line included, in which line ends and characters have been found sound.
    func read(_ bytes: [UInt8]) throws(Problem) -> ScreenedHead {
        var lines = bytes.dropLast(4).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }[...]
        let parts = (lines.popFirst() ?? []).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(isTokenByte), !parts[1].isEmpty,
            parts[1].allSatisfy({ $0 > 0x20 })
        else { throw Problem.malformedRequestLine }
        var headers = Headers()
        for line in lines {
            guard let field = HeadScreen.field(line) else {
                throw Problem.badRequest(
                    BilingualText(
                        zh: "请求头格式有误：每行应为“名称: 值”，冒号前不能有空格，不能折行。",
                        en:
                            "A header line is malformed: each is 'Name: value', without a blank before the colon and without folding."
                    ))
            }
            headers.append(field.name, field.value)
        }
        let version = String(decoding: parts[2], as: UTF8.self)
        if parts[1].count > maximumBytes / 2 { throw Problem.uriTooLong }
        let length = try examine(headers, version: version, headBytes: bytes.count)
        return ScreenedHead(
            method: String(decoding: parts[0], as: UTF8.self), target: Array(parts[1]), version: version,
            headers: headers, length: length)
    }

    /// A field line, its value without the blanks around it; nil where it is malformed.
    static func field(_ line: ArraySlice<UInt8>) -> (name: String, value: String)? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
            line[..<colon].allSatisfy(isTokenByte)
        else { return nil }
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var value = line[(colon + 1)...].drop(while: isBlank)
        while let last = value.last, isBlank(last) { value.removeLast() }
        return (String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
}

extension Problem {
    static var malformedBytes: Problem {
        .badRequest(
            BilingualText(
                zh: "请求行或请求头含有不允许的字符，或换行不是 CRLF。",
                en: "The request's head has characters it may not have, or lines that do not end with CR LF."))
    }

    static var malformedRequestLine: Problem {
        .badRequest(
            BilingualText(
                zh: "请求行无效：应为“方法 地址 HTTP/1.1”，各以一个空格分隔。",
                en: "The request line is not valid: it is 'METHOD target HTTP/1.1' with single blanks between."))
    }

    static var malformedChunks: Problem {
        .badRequest(
            BilingualText(
                zh: "分块传输（chunked）的格式有误，或扩展过长。",
                en: "The chunks of the body are malformed, or an extension is too long."))
    }
}
