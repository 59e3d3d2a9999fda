/// Reads one answer of HTTP/1.1, strictly: what two readers could understand in two ways is refused.
///
/// Source: RFC 9112.
struct AnswerReader {
    /// A server that sends more than that as headers is none of ours.
    static let maximumHeadBytes = 65_536

    let maximumBytes: Int
    var buffer: [UInt8] = []

    struct Head {
        var status: Int
        var headers: [(name: String, value: String)]
    }

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    /// Takes a head from what has come so far; nil where it is not whole yet.
    mutating func takeHead() throws(ConnectionFault) -> Head? {
        guard let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) else {
            guard buffer.count <= Self.maximumHeadBytes else { throw Self.malformed("headers without an end") }
            return nil
        }
        let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: false)
        buffer.removeSubrange(..<end.upperBound)
        let status = lines[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard status.count >= 2, status[0] == "HTTP/1.1" || status[0] == "HTTP/1.0", status[1].count == 3,
            let number = Int(status[1]), (100...599).contains(number)
        else { throw Self.malformed("no status line of HTTP/1.1") }
        var headers: [(name: String, value: String)] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex,
                !line[..<colon].contains(where: \.isWhitespace)
            else { throw Self.malformed("a header without a name") }
            let value = line[line.index(after: colon)...]
            headers.append((line[..<colon].lowercased(), Self.trimmed(value)))
        }
        return Head(status: number, headers: headers)
    }

    /// Takes the final head, past all interim ones (100, 103).
    mutating func finalHead(from channel: any ByteChannel) throws(ConnectionFault) -> Head {
        while true {
            while let head = try takeHead() {
                if head.status >= 200 { return head }
            }
            guard try channel.read(into: &buffer) else {
                throw ConnectionFault(
                    .answer, zh: "服务器未应答就关闭了连接", en: "the server closed the connection without an answer")
            }
        }
    }

    mutating func body(of head: Head, from channel: any ByteChannel) throws(ConnectionFault) -> [UInt8] {
        if head.status == 204 || head.status == 304 { return [] }
        let lengths = head.headers.filter { $0.name == "content-length" }.map(\.value)
        let encodings = head.headers.filter { $0.name == "transfer-encoding" }.map { $0.value.lowercased() }
        if !encodings.isEmpty {
            guard encodings == ["chunked"], lengths.isEmpty else {
                throw Self.malformed("an unknown transfer encoding")
            }
            return try chunked(from: channel)
        }
        guard lengths.count == 1, lengths[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let length = Int(lengths[0])
        else { throw Self.malformed("no clear length") }
        guard length <= maximumBytes else { throw Self.tooLong(maximumBytes) }
        try fill(length, from: channel)
        return Array(buffer[..<length])
    }

    private mutating func chunked(from channel: any ByteChannel) throws(ConnectionFault) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let line = try line(from: channel)
            let digits = line.prefix { $0 != ";" }
            guard (1...8).contains(digits.count), let size = Int(digits, radix: 16), size >= 0 else {
                throw Self.malformed("a chunk without a size")
            }
            guard body.count + size <= maximumBytes else { throw Self.tooLong(maximumBytes) }
            if size == 0 {
                while try !self.line(from: channel).isEmpty {}
                return body
            }
            try fill(size + 2, from: channel)
            guard buffer[size] == 0x0D, buffer[size + 1] == 0x0A else { throw Self.malformed("a chunk without an end") }
            body += buffer[..<size]
            buffer.removeSubrange(..<(size + 2))
        }
    }

    private mutating func line(from channel: any ByteChannel) throws(ConnectionFault) -> String {
        while true {
            if let end = buffer.firstRange(of: [0x0D, 0x0A]) {
                let line = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
                buffer.removeSubrange(..<end.upperBound)
                return line
            }
            guard buffer.count <= Self.maximumHeadBytes else { throw Self.malformed("a line without an end") }
            guard try channel.read(into: &buffer) else { throw Self.cut }
        }
    }

    private mutating func fill(_ count: Int, from channel: any ByteChannel) throws(ConnectionFault) {
        while buffer.count < count {
            guard try channel.read(into: &buffer) else { throw Self.cut }
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    private static var cut: ConnectionFault {
        ConnectionFault(.answer, zh: "应答在中途断开", en: "the answer was cut off")
    }

    static func malformed(_ what: String) -> ConnectionFault {
        ConnectionFault(
            .answer, zh: "应答不是有效的 HTTP（\(what)）；地址是否正确？",
            en: "the answer is no proper HTTP (\(what)); is the address right?")
    }

    private static func tooLong(_ bytes: Int) -> ConnectionFault {
        ConnectionFault(.answer, zh: "应答超过 \(bytes) 字节", en: "the answer is longer than \(bytes) bytes")
    }
}
