/// Cuts an expression into tokens.
///
/// Source: google/cel-spec, doc/langdef.md, "Syntax". Left out: `1u` and `b'…'`, each refused by name.
struct Lexer {
    private let source: [UInt8]
    private var position = 0

    init(_ source: [UInt8]) { self.source = source }

    static func tokens(of source: [UInt8]) throws(Refusal) -> [Token] {
        var lexer = Lexer(source)
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private func peek(_ ahead: Int = 0) -> UInt8 {
        position + ahead < source.count ? source[position + ahead] : 0
    }

    private mutating func next() throws(Refusal) -> Token {
        skipBlanksAndComments()
        let start = position
        guard start < source.count else { return Token(kind: .end, offset: start) }
        let byte = source[start]
        if byte.isDigit || (byte == UInt8(ascii: ".") && peek(1).isDigit) { return try number() }
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") { return try text(isRaw: false, from: start) }
        if byte == UInt8(ascii: "`") { return try quotedName() }
        if byte.isNameStart {
            let quote = peek(1)
            let isQuoted = quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
            if isQuoted, byte | 0x20 == UInt8(ascii: "r") {
                position += 1
                return try text(isRaw: true, from: start)
            }
            if isQuoted, byte | 0x20 == UInt8(ascii: "b") {
                throw Refusal(
                    offset: start, zh: "规则语言没有字节串：去掉前面的 b", en: "there are no bytes in rules: leave out the b")
            }
            while position < source.count, source[position].isNameStart || source[position].isDigit { position += 1 }
            return Token(kind: .name(String(decoding: source[start..<position], as: UTF8.self)), offset: start)
        }
        for length in [2, 1] where start + length <= source.count {
            let word = String(decoding: source[start..<(start + length)], as: UTF8.self)
            if let sign = Token.Sign(rawValue: word) {
                position += length
                return Token(kind: .sign(sign), offset: start)
            }
        }
        let (zh, en): (String, String) =
            switch byte {
            case UInt8(ascii: "="): ("相等要写 ==", "equality is written ==")
            case UInt8(ascii: "&"): ("“并且”要写 &&", "'and' is written &&")
            case UInt8(ascii: "|"): ("“或者”要写 ||", "'or' is written ||")
            default:
                if byte >= 0x80 {
                    ("文字要放在引号里，符号要用半角", "text goes into quotes, and signs are ASCII ones")
                } else {
                    ("这里不能有这个字符", "this character has no meaning here")
                }
            }
        throw Refusal(offset: start, zh: zh, en: en)
    }

    /// `` `content-type` ``, the name of a map's entry that is no name otherwise.
    private mutating func quotedName() throws(Refusal) -> Token {
        let start = position
        position += 1
        while position < source.count, source[position].isInQuotedName { position += 1 }
        guard peek() == UInt8(ascii: "`"), position > start + 1 else {
            throw Refusal(
                offset: start, zh: "反引号里只能是字母、数字、空格和 _ . - /，并要合上",
                en: "between backquotes stand letters, digits, blanks and _ . - / alone, then a second backquote")
        }
        position += 1
        let name = String(decoding: source[(start + 1)..<(position - 1)], as: UTF8.self)
        return Token(kind: .quotedName(name), offset: start)
    }

    private mutating func skipBlanksAndComments() {
        while position < source.count {
            switch source[position] {
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D: position += 1
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
                // A carriage return alone does not end it.
                while position < source.count, source[position] != 0x0A { position += 1 }
            default: return
            }
        }
    }

    // MARK: Numbers

    private mutating func number() throws(Refusal) -> Token {
        let start = position
        if peek() == UInt8(ascii: "0"), peek(1) | 0x20 == UInt8(ascii: "x"), peek(2).hexDigit != nil {
            position += 2
            while peek().hexDigit != nil { position += 1 }
            return try integer(start, radix: 16, digits: (start + 2)..<position)
        }
        while peek().isDigit { position += 1 }
        var isDouble = false
        if peek() == UInt8(ascii: "."), peek(1).isDigit {
            isDouble = true
            position += 1
            while peek().isDigit { position += 1 }
        }
        if peek() | 0x20 == UInt8(ascii: "e") {
            let signLength = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
            if peek(1 + signLength).isDigit {
                isDouble = true
                position += 1 + signLength
                while peek().isDigit { position += 1 }
            }
        }
        if isDouble {
            let word = String(decoding: source[start..<position], as: UTF8.self)
            guard let value = Double(word) else {
                throw Refusal(offset: start, zh: "这个小数读不出来", en: "this number cannot be read")
            }
            try endOfNumber()
            return Token(kind: .double(value), offset: start)
        }
        return try integer(start, radix: 10, digits: start..<position)
    }

    private mutating func integer(_ start: Int, radix: Int, digits: Range<Int>) throws(Refusal) -> Token {
        try endOfNumber()
        let word = String(decoding: source[digits], as: UTF8.self)
        guard let value = UInt64(word, radix: radix), value <= 1 << 63 else {
            throw Refusal(
                offset: start, zh: "整数超出 64 位范围", en: "a whole number beyond 64 bits: write it with a decimal point")
        }
        return Token(kind: .int(value), offset: start)
    }

    private func endOfNumber() throws(Refusal) {
        guard peek().isNameStart else { return }
        if peek() | 0x20 == UInt8(ascii: "u") {
            throw Refusal(
                offset: position, zh: "规则语言没有无符号整数：去掉 u", en: "there are no unsigned integers in rules: leave out the u"
            )
        }
        throw Refusal(offset: position, zh: "数字后面紧跟着字母", en: "a letter right after a number")
    }

    // MARK: Texts

    private mutating func text(isRaw: Bool, from start: Int) throws(Refusal) -> Token {
        let quote = source[position]
        let isTriple = peek(1) == quote && peek(2) == quote
        position += isTriple ? 3 : 1
        var bytes: [UInt8] = []
        while position < source.count {
            let byte = source[position]
            if byte == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                position += isTriple ? 3 : 1
                return Token(kind: .string(String(decoding: bytes, as: UTF8.self)), offset: start)
            }
            if !isTriple, byte == 0x0A || byte == 0x0D {
                throw Refusal(
                    offset: position, zh: "引号里换行了：写 \\n，或用三个引号",
                    en: "a line break in a text: write \\n, or use three quotes")
            }
            position += 1
            if byte == UInt8(ascii: "\\") {
                if isRaw {
                    // A raw text keeps the backslash, and a quote after it does not end the text.
                    bytes.append(byte)
                    if position < source.count, isTriple || (source[position] != 0x0A && source[position] != 0x0D) {
                        bytes.append(source[position])
                        position += 1
                    }
                } else {
                    bytes += Array(String(try escape()).utf8)
                }
            } else {
                bytes.append(byte)
            }
        }
        throw Refusal(offset: start, zh: "引号没有合上", en: "a text without its closing quote")
    }

    /// Reads what stands after a backslash.
    private mutating func escape() throws(Refusal) -> Unicode.Scalar {
        let start = position - 1
        let byte = peek()
        position += 1
        switch byte {
        case UInt8(ascii: "a"): return "\u{07}"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "v"): return "\u{0B}"
        case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
            return Unicode.Scalar(byte)
        case UInt8(ascii: "x"), UInt8(ascii: "X"): return try scalar(digits: 2, radix: 16, from: start)
        case UInt8(ascii: "u"): return try scalar(digits: 4, radix: 16, from: start)
        case UInt8(ascii: "U"): return try scalar(digits: 8, radix: 16, from: start)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            position -= 1
            return try scalar(digits: 3, radix: 8, from: start)
        default:
            throw Refusal(
                offset: start, zh: "没有这种转义：反斜杠本身写 \\\\，或在引号前加 r",
                en: "no such escape: a backslash itself is written \\\\, or put r before the quote")
        }
    }

    private mutating func scalar(digits: Int, radix: UInt32, from start: Int) throws(Refusal) -> Unicode.Scalar {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = peek().hexDigit, UInt32(digit) < radix else {
                throw Refusal(offset: start, zh: "转义要 \(digits) 位数字", en: "this escape needs \(digits) digits")
            }
            value = value &* radix &+ UInt32(digit)
            position += 1
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw Refusal(offset: start, zh: "Unicode 没有这个字符", en: "Unicode has no such character")
        }
        return scalar
    }
}

extension UInt8 {
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }

    /// `A`…`Z`, `a`…`z`, `_`.
    var isNameStart: Bool { (self | 0x20 >= 0x61 && self | 0x20 <= 0x7A) || self == 0x5F }

    /// What may stand between backquotes.
    var isInQuotedName: Bool {
        isNameStart || isDigit || self == 0x20 || self == 0x2D || self == 0x2E || self == 0x2F
    }

    var hexDigit: UInt8? {
        if isDigit { return self - 0x30 }
        let lower = self | 0x20
        return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : nil
    }
}
