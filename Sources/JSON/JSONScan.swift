/// Reads JSON into values that know their places, and tells where a text stops being JSON.
struct JSONScan {
    struct Fault: Error {
        var offset: Int
        var zh: String
        var en: String
        var isRepeatedName = false
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let isUTF8: Bool
    private var at = 0

    static func value(of bytes: [UInt8]) throws(Fault) -> JSONNode {
        // Judged once as a whole: text for text takes five times as long, and is only needed to find the place.
        let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSONNode, Fault> in
            var scan = JSONScan(bytes: buffer, isUTF8: isUTF8)
            do throws(Fault) { return .success(try scan.document()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, isUTF8: Bool) {
        self.bytes = bytes
        self.isUTF8 = isUTF8
    }

    private mutating func document() throws(Fault) -> JSONNode {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw Fault(
                offset: 0, zh: "以字节顺序标记（BOM）开头；请另存为不带 BOM 的 UTF-8",
                en: "begins with a byte order mark (BOM); save it as UTF-8 without one")
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw Fault(offset: 0, zh: "是 UTF-16 文本；请另存为 UTF-8", en: "is UTF-16 text; save it as UTF-8")
        }
        skipBlanks()
        guard at < bytes.count else {
            throw Fault(offset: 0, zh: "文件为空；需要 JSON 内容", en: "is empty; JSON is needed")
        }
        let value = try value(depth: 0)
        skipBlanks()
        guard at == bytes.count else {
            throw Fault(
                offset: at, zh: "内容结束后还有其他字符；请删除", en: "goes on after its end; take away what follows")
        }
        return value
    }

    @inline(__always)
    private mutating func skipBlanks() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x0A, 0x0D, 0x09: at += 1
            default: return
            }
        }
    }

    private mutating func value(depth: Int) throws(Fault) -> JSONNode {
        guard depth <= JSONDocument.maximumDepth else {
            throw Fault(
                offset: at, zh: "嵌套超过 \(JSONDocument.maximumDepth) 层",
                en: "is nested deeper than \(JSONDocument.maximumDepth) levels")
        }
        let start = at
        guard at < bytes.count else { throw endsEarly() }
        switch bytes[at] {
        case UInt8(ascii: "{"): return JSONNode(.object(try members(depth: depth)), offset: start)
        case UInt8(ascii: "["): return JSONNode(.array(try elements(depth: depth)), offset: start)
        case UInt8(ascii: "\""): return JSONNode(.string(try string()), offset: start)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return JSONNode(.number(try number()), offset: start)
        default:
            if take("true") { return JSONNode(.bool(true), offset: start) }
            if take("false") { return JSONNode(.bool(false), offset: start) }
            if take("null") { return JSONNode(.null, offset: start) }
            throw unexpected("需要一个值", "a value is needed")
        }
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let end = at + word.utf8CodeUnitCount
        guard end <= bytes.count,
            bytes[at..<end].elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)),
            end == bytes.count || !isWord(bytes[end])
        else { return false }
        at = end
        return true
    }

    private func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private mutating func members(depth: Int) throws(Fault) -> [JSONMember] {
        var members: [JSONMember] = []
        at += 1
        skipBlanks()
        if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
            at += 1
            return members
        }
        while true {
            let start = at
            guard at < bytes.count else { throw endsEarly() }
            guard bytes[at] == UInt8(ascii: "\"") else {
                throw unexpected("需要用双引号括起的名称", "a name in double quotes is needed")
            }
            let name = try string()
            if members.contains(where: { $0.name.utf8.count == name.utf8.count && $0.name == name }) {
                throw Fault(
                    offset: start, zh: "同一对象中 '\(name)' 出现两次；只保留一个",
                    en: "'\(name)' stands twice in one object; keep one", isRepeatedName: true)
            }
            skipBlanks()
            guard at < bytes.count else { throw endsEarly() }
            guard bytes[at] == UInt8(ascii: ":") else {
                throw unexpected("'\(name)' 之后需要冒号", "a colon is needed after '\(name)'")
            }
            at += 1
            skipBlanks()
            members.append(JSONMember(name: name, nameOffset: start, value: try value(depth: depth + 1)))
            if try ends(with: UInt8(ascii: "}")) { return members }
        }
    }

    private mutating func elements(depth: Int) throws(Fault) -> [JSONNode] {
        var elements: [JSONNode] = []
        at += 1
        skipBlanks()
        if at < bytes.count, bytes[at] == UInt8(ascii: "]") {
            at += 1
            return elements
        }
        while true {
            elements.append(try value(depth: depth + 1))
            if try ends(with: UInt8(ascii: "]")) { return elements }
        }
    }

    /// Takes the comma before the next entry, or the end of the list.
    private mutating func ends(with end: UInt8) throws(Fault) -> Bool {
        skipBlanks()
        guard at < bytes.count else { throw endsEarly() }
        if bytes[at] == end {
            at += 1
            return true
        }
        guard bytes[at] == UInt8(ascii: ",") else {
            let sign = String(UnicodeScalar(end))
            throw unexpected("这里需要逗号或 \(sign)", "a comma or \(sign) is needed here")
        }
        let comma = at
        at += 1
        skipBlanks()
        if at < bytes.count, bytes[at] == end {
            throw Fault(offset: comma, zh: "最后一项之后不能有逗号", en: "no comma may stand after the last entry")
        }
        return false
    }

    private mutating func number() throws(Fault) -> Double {
        let start = at
        func digit(_ index: Int) -> Bool {
            index < bytes.count && UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[index]
        }
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        var isNumber = digit(at) && !(bytes[at] == UInt8(ascii: "0") && digit(at + 1))
        while digit(at) { at += 1 }
        var isWhole = true
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            isWhole = false
            at += 1
            isNumber = isNumber && digit(at)
            while digit(at) { at += 1 }
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            isNumber = isNumber && digit(at)
            while digit(at) { at += 1 }
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard isNumber, at == bytes.count || !isWord(bytes[at]), let value = Double(text), value.isFinite else {
            throw Fault(
                offset: start, zh: "不是有效的数字：\(text)；请写成 12、-0.5 或 1e3",
                en: "is no number: \(text); write 12, -0.5 or 1e3")
        }
        // As jansson does: a whole number is one that 64 bits hold.
        guard !isWhole || Int64(text) != nil else {
            throw Fault(
                offset: start, zh: "整数过大：\(text)；最大为 9223372036854775807",
                en: "is too large a whole number: \(text); the largest is 9223372036854775807")
        }
        return value
    }

    /// A string in quotes; `at` stands on the first of them.
    private mutating func string() throws(Fault) -> String {
        let open = at
        at += 1
        let start = at
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                let text = try utf8(start..<at)
                at += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escaped(from: start, open: open) }
            if byte < 0x20 { throw control(open) }
            at += 1
        }
        throw unclosed(open)
    }

    /// The rest of a string that has an escape at `at`.
    private mutating func escaped(from start: Int, open: Int) throws(Fault) -> String {
        var text = try utf8(start..<at)
        var piece = at
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                text += try utf8(piece..<at)
                at += 1
                return text
            case UInt8(ascii: "\\"):
                text += try utf8(piece..<at)
                text.unicodeScalars.append(try escape())
                piece = at
            case 0..<0x20: throw control(open)
            default: at += 1
            }
        }
        throw unclosed(open)
    }

    private mutating func escape() throws(Fault) -> Unicode.Scalar {
        let start = at
        at += 2
        switch start + 1 < bytes.count ? bytes[start + 1] : 0 {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            if let high = unit(), high != 0 {
                if let scalar = Unicode.Scalar(high) { return scalar }
                if UTF16.isLeadSurrogate(UInt16(high)), at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
                    bytes[at + 1] == UInt8(ascii: "u")
                {
                    at += 2
                    if let low = unit(), UTF16.isTrailSurrogate(UInt16(low)),
                        let scalar = Unicode.Scalar(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))
                    {
                        return scalar
                    }
                }
            }
        default: break
        }
        throw Fault(
            offset: start, zh: "反斜杠之后的写法无效；可写 \\\" \\\\ \\n \\t \\uXXXX",
            en: "is no escape; write \\\" \\\\ \\n \\t or \\uXXXX")
    }

    /// Four hexadecimal digits.
    private mutating func unit() -> UInt32? {
        guard at + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[at..<at + 4] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        at += 4
        return value
    }

    private func utf8(_ range: Range<Int>) throws(Fault) -> String {
        let part = UnsafeBufferPointer(rebasing: bytes[range])
        if isUTF8 { return String(decoding: part, as: UTF8.self) }
        if let text = String(validating: part, as: UTF8.self) { return text }
        throw Fault(
            offset: range.lowerBound, zh: "这段文字不是 UTF-8；请把文件另存为 UTF-8",
            en: "this text is not UTF-8; save the file as UTF-8")
    }

    private func endsEarly() -> Fault {
        Fault(
            offset: bytes.count, zh: "内容不完整：缺少结尾的引号或括号",
            en: "ends too early: a closing bracket or quote is missing")
    }

    private func unclosed(_ open: Int) -> Fault {
        Fault(offset: open, zh: "文字缺少结尾的双引号", en: "the text that begins here has no closing double quote")
    }

    private func control(_ open: Int) -> Fault {
        let isLineEnd = bytes[at] == 0x0A || bytes[at] == 0x0D
        return isLineEnd
            ? unclosed(open)
            : Fault(
                offset: at, zh: "文字中有控制字符；请写成 \\t 或 \\uXXXX", en: "a control character in a text; write \\t or \\uXXXX")
    }

    private func unexpected(_ zh: String, _ en: String) -> Fault {
        if bytes[at] == UInt8(ascii: "/") || bytes[at] == UInt8(ascii: "#") {
            return Fault(offset: at, zh: "\(zh)；JSON 不能有注释", en: "\(en); JSON has no comments")
        }
        if bytes[at] == UInt8(ascii: "'") {
            return Fault(offset: at, zh: "\(zh)；请用双引号", en: "\(en); use double quotes")
        }
        return Fault(offset: at, zh: zh, en: en)
    }
}
