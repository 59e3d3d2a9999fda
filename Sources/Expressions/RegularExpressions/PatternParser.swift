import SurveillanceKit

/// Reads RE2 syntax.
///
/// Source: google/re2, "Syntax" (github.com/google/re2/wiki/Syntax). Left out: `\p{…}` other than `\p{Han}`, `\C`. As in RE2 there
/// are no backreferences and no look-around: they would cost linear time.
struct PatternParser {
    private struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotTakesNewline = false
    }

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var flags = Flags()
    private var nesting = 0

    static let maximumScalars = 4096
    static let maximumNesting = 50
    static let maximumRepeats = 1000

    private init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    static func parse(_ pattern: String) throws(RegularExpression.PatternError) -> Pattern {
        var parser = PatternParser(pattern)
        guard parser.scalars.count <= maximumScalars else { throw parser.refusal("表达式过长", "it is too long") }
        let result = try parser.alternatives()
        guard parser.peek == nil else { throw parser.refusal("多出一个 )", "there is a ')' too many") }
        return result
    }

    private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private func peek(_ ahead: Int) -> Unicode.Scalar? {
        position + ahead < scalars.count ? scalars[position + ahead] : nil
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        position += 1
        return true
    }

    private func refusal(_ zh: String, _ en: String) -> RegularExpression.PatternError {
        RegularExpression.PatternError(
            position: position, message: BilingualText(zh: "第 \(position + 1) 个字符处：\(zh)", en: "\(en) (at character \(position + 1))"))
    }

    // MARK: Structure

    private mutating func alternatives() throws(RegularExpression.PatternError) -> Pattern {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= PatternParser.maximumNesting else { throw refusal("括号嵌套过深", "brackets are nested too deeply") }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence() throws(RegularExpression.PatternError) -> Pattern {
        var parts: [Pattern] = []
        while let scalar = peek, scalar != "|", scalar != ")" {
            if scalar == "\\", peek(1) == "Q" {
                var quoted = quoted()
                // What follows repeats the last character alone.
                if let last = quoted.popLast() { quoted.append(try repetitions(of: last)) }
                parts += quoted
                continue
            }
            let part = try atom()
            parts.append(try repetitions(of: part))
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func repetitions(of part: Pattern) throws(RegularExpression.PatternError) -> Pattern {
        guard let (minimum, maximum) = try quantifier() else { return part }
        _ = take("?")
        let start = position
        guard try quantifier() == nil else {
            position = start
            throw refusal("两个重复符号连在一起：用括号分开", "two repetitions in a row: part them with brackets")
        }
        return .repeated(part, minimum: minimum, maximum: maximum)
    }

    /// `*`, `+`, `?`, `{2}`, `{2,}`, `{2,5}`. A brace that is none of these stands for itself.
    private mutating func quantifier() throws(RegularExpression.PatternError) -> (Int, Int?)? {
        switch peek {
        case "*":
            position += 1
            return (0, nil)
        case "+":
            position += 1
            return (1, nil)
        case "?":
            position += 1
            return (0, 1)
        case "{":
            let start = position
            position += 1
            guard let minimum = number() else {
                position = start
                return nil
            }
            var maximum: Int? = minimum
            if take(",") { maximum = peek == "}" ? nil : number() ?? -1 }
            guard maximum != -1, take("}") else {
                position = start
                return nil
            }
            guard minimum <= maximum ?? minimum, Swift.max(minimum, maximum ?? 0) <= PatternParser.maximumRepeats else {
                position = start
                throw refusal("重复次数有误：从小到大，且不超过 1000", "a wrong count: from less to more, at most 1,000")
            }
            return (minimum, maximum)
        default: return nil
        }
    }

    private mutating func number() -> Int? {
        var value = 0
        let start = position
        while let scalar = peek, ScalarSet.digits.ranges[0].contains(scalar.value) {
            value = Swift.min(value * 10 + Int(scalar.value - 0x30), 100_000)
            position += 1
        }
        return position > start ? value : nil
    }

    private func literal(_ set: ScalarSet) -> Pattern { .set(flags.ignoresCase ? set.foldingCase : set) }

    /// `\Q…\E`: everything between stands for itself.
    private mutating func quoted() -> [Pattern] {
        position += 2
        var parts: [Pattern] = []
        while let scalar = peek {
            if scalar == "\\", peek(1) == "E" {
                position += 2
                break
            }
            parts.append(literal(ScalarSet(scalar)))
            position += 1
        }
        return parts
    }

    private mutating func atom() throws(RegularExpression.PatternError) -> Pattern {
        guard let scalar = peek else { return .empty }
        switch scalar {
        case "(": return try group()
        case "[": return .set(try bracket())
        case "*", "+", "?", "{":
            let start = position
            if try quantifier() != nil {
                position = start
                throw refusal("重复符号前面没有内容", "nothing stands before the repetition")
            }
        case "\\": return try escape()
        default: break
        }
        position += 1
        switch scalar {
        case ".": return .set(flags.dotTakesNewline ? .all : .allButNewline)
        case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        default: return literal(ScalarSet(scalar))
        }
    }

    private mutating func group() throws(RegularExpression.PatternError) -> Pattern {
        let start = position
        position += 1
        let outer = flags
        if take("?") {
            if peek == "=" || peek == "!" || (peek == "<" && (peek(1) == "=" || peek(1) == "!")) {
                throw refusal("不支持环视 (?= (?! (?<= (?<!", "there is no look-around")
            }
            if peek == "P" || peek == "<" {
                _ = take("P")
                guard take("<") else { throw refusal("分组名写法：(?P<名>…)", "a named group is written (?P<name>…)") }
                while let scalar = peek, scalar != ">" {
                    guard ScalarSet.word.ranges.contains(where: { $0.contains(scalar.value) }) else {
                        throw refusal("分组名只能用字母、数字和 _", "a group's name has letters, digits and _ alone")
                    }
                    position += 1
                }
                guard take(">") else { throw refusal("分组名没有写完", "the group's name is not closed") }
            } else if try changeFlags() {
                return .empty
            }
        }
        let inner = try alternatives()
        guard take(")") else {
            position = start
            throw refusal("括号没有合上", "the bracket is not closed")
        }
        flags = outer
        return inner
    }

    /// Reads `i`, `-s:` and so on. True where the group ends at once, so that the flags hold up to the end of the outer group.
    private mutating func changeFlags() throws(RegularExpression.PatternError) -> Bool {
        var value = true
        while let scalar = peek {
            position += 1
            switch scalar {
            case "i": flags.ignoresCase = value
            case "m": flags.isMultiline = value
            case "s": flags.dotTakesNewline = value
            case "U": break
            case "-" where value: value = false
            case ":": return false
            case ")": return true
            default:
                position -= 1
                throw refusal("(? 后面不认识：可用 i、m、s 和 (?:…)", "unknown after '(?': there are i, m, s and (?:…)")
            }
        }
        throw refusal("括号没有合上", "the bracket is not closed")
    }

    // MARK: Escapes and classes

    private mutating func escape() throws(RegularExpression.PatternError) -> Pattern {
        switch peek(1) {
        case "A": position += 2; return .assertion(.textStart)
        case "z": position += 2; return .assertion(.textEnd)
        case "b": position += 2; return .assertion(.wordBoundary)
        case "B": position += 2; return .assertion(.notWordBoundary)
        default:
            if let set = try classEscape() { return .set(set) }
            return literal(ScalarSet(try scalarEscape()))
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
        case "p", "P":
            let wanted = Array("{Han}".unicodeScalars)
            guard scalars.dropFirst(position + 2).prefix(wanted.count).elementsEqual(wanted) else {
                throw refusal("Unicode 类别只支持 \\p{Han}（汉字）", "of Unicode's classes there is \\p{Han} alone")
            }
            set = peek(1) == "p" ? .han : ScalarSet.han.inverted
            position += wanted.count
        default: return nil
        }
        position += 2
        return set
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
            let isLetterOrDigit = scalar.value < 0x80 && UInt8(scalar.value).isNameStart && scalar != "_"
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
        while digits < (isBraced ? 6 : 2), let scalar = peek, scalar.value < 0x80, let digit = UInt8(scalar.value).hexDigit {
            value = value * 16 + UInt32(digit)
            digits += 1
            position += 1
        }
        guard digits > 0, isBraced ? take("}") : digits == 2, let scalar = Unicode.Scalar(value) else {
            throw refusal("\\x 的写法是 \\x41 或 \\x{4E00}", "it is written \\x41 or \\x{4E00}")
        }
        return scalar
    }

    private mutating func bracket() throws(RegularExpression.PatternError) -> ScalarSet {
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
