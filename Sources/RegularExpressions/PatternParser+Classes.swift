extension PatternParser {
    mutating func escape() throws(RegularExpression.PatternError) -> Pattern {
        switch peek(1) {
        case "A":
            position += 2
            return .assertion(.textStart)
        case "z":
            position += 2
            return .assertion(.textEnd)
        case "b":
            position += 2
            return .assertion(.wordBoundary)
        case "B":
            position += 2
            return .assertion(.notWordBoundary)
        default:
            if let set = try classEscape() { return one(of: set) }
            let scalar = try scalarEscape()
            return literal(scalar)
        }
    }

    /// `\d` and its like; nil, and nothing read, where another escape stands here.
    private mutating func classEscape() throws(RegularExpression.PatternError) -> ScalarSet? {
        let set: ScalarSet
        switch peek(1) {
        case "d": set = .digits
        case "D": set = ScalarSet.digits.inverted
        case "w": set = .word
        case "W": set = ScalarSet.word.inverted
        case "s": set = .blanks
        case "S": set = ScalarSet.blanks.inverted
        case "p", "P": return try unicodeClass()
        default: return nil
        }
        position += 2
        return set
    }

    /// `\p{Han}`, `\pL`, `\p{Lu}`, `\p{^Lu}`, `\PL`.
    private mutating func unicodeClass() throws(RegularExpression.PatternError) -> ScalarSet {
        let start = position
        var isInverted = peek(1) == "P"
        position += 2
        var name = ""
        if take("{") {
            if take("^") { isInverted.toggle() }
            while let scalar = peek, scalar != "}", name.unicodeScalars.count < 32 {
                name.unicodeScalars.append(scalar)
                position += 1
            }
            if !take("}") { name = "" }
        } else if let scalar = peek {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        let set: ScalarSet? =
            switch name {
            case "Any": .all
            case "Han": .han
            default: ScalarSet.category(name)
            }
        guard let set else {
            position = start
            throw refusal(
                "Unicode 类别只支持 \\p{Han}（汉字）和一般类别，例如 \\p{L}、\\p{Nd}",
                "of Unicode's classes there are \\p{Han} and the general categories, as \\p{L} and \\p{Nd}")
        }
        let folded = flags.ignoresCase ? set.foldingCase : set
        return isInverted ? folded.inverted : folded
    }

    private mutating func scalarEscape() throws(RegularExpression.PatternError) -> Unicode.Scalar {
        guard let scalar = peek(1) else { throw refusal("末尾只有一个反斜杠", "a backslash at the end") }
        position += 2
        switch scalar {
        case "a": return "\u{07}"
        case "f": return "\u{0C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{0B}"
        case "x": return try hexadecimal()
        case "0"..."7":
            var value = scalar.value - 0x30
            var digits = 1
            while digits < 3, let next = peek, (0x30...0x37).contains(next.value) {
                value = value * 8 + next.value - 0x30
                digits += 1
                position += 1
            }
            if scalar != "0", digits == 1 { throw refusal("不支持反向引用", "there are no backreferences") }
            return Unicode.Scalar(value) ?? "\u{FFFD}"
        default:
            let isLetterOrDigit = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            guard !isLetterOrDigit, !("8"..."9").contains(scalar) else {
                position -= 2
                throw refusal("没有转义 \\\(scalar)", "there is no escape \\\(scalar)")
            }
            return scalar
        }
    }

    private mutating func hexadecimal() throws(RegularExpression.PatternError) -> Unicode.Scalar {
        let isBraced = take("{")
        var value: UInt32 = 0
        var digits = 0
        while digits < (isBraced ? 6 : 2), let scalar = peek, scalar.isASCII,
            let digit = Character(scalar).hexDigitValue
        {
            value = value * 16 + UInt32(digit)
            digits += 1
            position += 1
        }
        guard digits > 0, isBraced ? take("}") : digits == 2, let scalar = Unicode.Scalar(value) else {
            throw refusal("\\x 的写法是 \\x41 或 \\x{4E00}", "it is written \\x41 or \\x{4E00}")
        }
        return scalar
    }

    mutating func bracket() throws(RegularExpression.PatternError) -> ScalarSet {
        let start = position
        position += 1
        let isInverted = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        var isFirst = true
        while let scalar = peek, isFirst || scalar != "]" {
            isFirst = false
            if scalar == "[", peek(1) == ":", let set = try named() {
                ranges += set.ranges
                continue
            }
            if scalar == "\\", let set = try classEscape() {
                ranges += set.ranges
                continue
            }
            let low = try bracketScalar()
            var high = low
            if peek == "-", let next = peek(1), next != "]" {
                position += 1
                high = try bracketScalar()
            }
            guard low.value <= high.value else { throw refusal("范围要从小到大", "a range goes from less to more") }
            ranges.append(low.value...high.value)
        }
        guard take("]") else {
            position = start
            throw refusal("方括号没有合上", "the square bracket is not closed")
        }
        let set = ScalarSet(ranges)
        let folded = flags.ignoresCase ? set.foldingCase : set
        return isInverted ? folded.inverted : folded
    }

    private mutating func bracketScalar() throws(RegularExpression.PatternError) -> Unicode.Scalar {
        guard let scalar = peek else { throw refusal("方括号没有合上", "the square bracket is not closed") }
        if scalar == "\\" { return try scalarEscape() }
        position += 1
        return scalar
    }

    /// `[:alpha:]`, `[:^alpha:]`; nil, and nothing read, where the text is not of that form.
    private mutating func named() throws(RegularExpression.PatternError) -> ScalarSet? {
        var end = position + 2
        var name = ""
        while end < scalars.count, scalars[end] != ":", scalars[end] != "]" {
            name.unicodeScalars.append(scalars[end])
            end += 1
        }
        guard end + 1 < scalars.count, scalars[end] == ":", scalars[end + 1] == "]" else { return nil }
        let isInverted = name.hasPrefix("^")
        guard let set = ScalarSet.named[isInverted ? String(name.dropFirst()) : name] else {
            throw refusal("不认识字符类 [:\(name):]", "there is no class [:\(name):]")
        }
        position = end + 2
        return isInverted ? set.inverted : set
    }
}
