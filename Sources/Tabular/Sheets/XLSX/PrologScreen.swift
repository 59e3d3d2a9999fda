/// The bytes of an XML part, of which the part before its first element has been looked at: a document type or another charset than UTF-8
/// is refused before any parser sees it.
struct PrologScreen: ByteSource {
    private var source: any ByteSource
    private var head: [UInt8] = []
    private var given = 0

    /// No part has more before its first element than a declaration and a comment.
    private static let maximumBytes = 16 << 10

    init(_ source: any ByteSource, part: String) throws(TableError) {
        self.source = source
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            if let fault = PrologScreen.fault(head, part) { throw .workbook(fault) }
            if PrologScreen.hasElement(head) { return }
            guard head.count <= PrologScreen.maximumBytes else { throw .workbook(.damaged(part: part)) }
            let count: Int
            do {
                var inner = self.source
                count = try chunk.withUnsafeMutableBytes { buffer in
                    Result { () throws(SourceError) in try inner.read(into: buffer) }
                }.get()
                self.source = inner
            } catch { throw PartFault.error(of: error) }
            guard count > 0 else { throw .workbook(.damaged(part: part)) }
            head += chunk[..<count]
        }
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        guard given < head.count else { return try source.read(into: buffer) }
        let count = min(buffer.count, head.count - given)
        buffer.copyBytes(from: head[given..<given + count])
        given += count
        return count
    }

    private static func hasElement(_ head: [UInt8]) -> Bool { elementStart(head) != nil }

    /// Where the first element begins; nil while it has not come.
    private static func elementStart(_ head: [UInt8]) -> Int? {
        var at = 0
        while let open = head[at...].firstIndex(of: UInt8(ascii: "<")) {
            guard open + 1 < head.count else { return nil }
            let end: [UInt8]
            switch head[open + 1] {
            case UInt8(ascii: "?"): end = Array("?>".utf8)
            case UInt8(ascii: "!"): end = Array("-->".utf8)
            default: return open
            }
            guard let next = PrologScreen.index(after: end, in: head, from: open + 2) else { return nil }
            at = next
        }
        return nil
    }

    private static func fault(_ head: [UInt8], _ part: String) -> WorkbookFault? {
        guard head.count > 1 else { return nil }
        // UTF-16 and UTF-32 begin with a mark or have zero bytes; so has nothing that is UTF-8.
        if head[0] == 0xFE || head[0] == 0xFF || head.contains(0) { return .damaged(part: part) }
        let prolog = head[..<(elementStart(head) ?? head.count)]
        let text = String(decoding: prolog, as: UTF8.self).lowercased()
        var rest = text[...]
        while let mark = rest.firstRange(of: "<!") {
            let behind = rest[mark.upperBound...]
            // What follows decides; it may not have come yet.
            if !behind.hasPrefix("--"), behind.count >= 2 { return .documentType(part: part) }
            rest = behind
        }
        if let range = text.firstRange(of: "encoding") {
            let value = text[range.upperBound...].drop { " \t\r\n=".contains($0) }.dropFirst().prefix {
                !"\"'".contains($0)
            }
            let isWhole = text[range.upperBound...].contains(">")
            if isWhole, !["utf-8", "utf8", "us-ascii"].contains(String(value)) { return .damaged(part: part) }
        }
        return nil
    }

    private static func index(after mark: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard start <= bytes.count else { return nil }
        var at = start
        while at + mark.count <= bytes.count {
            if bytes[at..<at + mark.count].elementsEqual(mark) { return at + mark.count }
            at += 1
        }
        return nil
    }
}
