import SurveillanceKit

/// Reads RE2 syntax.
///
/// Source: google/re2, "Syntax" (github.com/google/re2/wiki/Syntax). Left out: `\p{…}` of scripts other than
/// `\p{Han}`, `\C`. As in RE2 there are no backreferences and no look-around: they would cost linear time.
struct PatternParser {
    struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotTakesNewline = false
    }

    let scalars: [Unicode.Scalar]
    var position = 0
    var flags = Flags()
    private var sets = PatternSets()
    private var nesting = 0

    static let maximumScalars = 4096
    static let maximumNesting = 50
    static let maximumRepeats = 1000

    private init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    static func parse(
        _ pattern: String
    ) throws(RegularExpression.PatternError) -> (pattern: Pattern, sets: PatternSets) {
        var parser = PatternParser(pattern)
        guard parser.scalars.count <= maximumScalars else { throw parser.refusal("表达式过长", "it is too long") }
        let result = try parser.alternatives()
        guard parser.peek == nil else { throw parser.refusal("多出一个 )", "there is a ')' too many") }
        return (result, parser.sets)
    }

    var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    func peek(_ ahead: Int) -> Unicode.Scalar? {
        position + ahead < scalars.count ? scalars[position + ahead] : nil
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        position += 1
        return true
    }

    func refusal(_ zh: String, _ en: String) -> RegularExpression.PatternError {
        RegularExpression.PatternError(
            position: position,
            message: BilingualText(zh: "第 \(position + 1) 个字符处：\(zh)", en: "\(en) (at character \(position + 1))"))
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

    mutating func one(of set: ScalarSet) -> Pattern { .set(sets.number(of: set)) }

    mutating func literal(_ scalar: Unicode.Scalar) -> Pattern {
        let set = ScalarSet(scalar)
        return one(of: flags.ignoresCase ? set.foldingCase : set)
    }

    /// `\Q…\E`: everything between stands for itself.
    private mutating func quoted() -> [Pattern] {
        position += 2
        var parts: [Pattern] = []
        while let scalar = peek {
            if scalar == "\\", peek(1) == "E" {
                position += 2
                break
            }
            parts.append(literal(scalar))
            position += 1
        }
        return parts
    }

    private mutating func atom() throws(RegularExpression.PatternError) -> Pattern {
        guard let scalar = peek else { return .empty }
        switch scalar {
        case "(": return try group()
        case "[":
            let set = try bracket()
            return one(of: set)
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
        case ".": return one(of: flags.dotTakesNewline ? .all : .allButNewline)
        case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        default: return literal(scalar)
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

    /// Reads `i`, `-s:` and so on. True where the group ends at once, so that the flags hold up to the end of the outer
    /// group.
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
}
