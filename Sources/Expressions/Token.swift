/// One word of the rule language.
struct Token {
    enum Kind: Equatable {
        case name(String)
        /// A name between backquotes, which may follow a dot alone.
        case quotedName(String)
        /// The digits' value; a sign is the parser's. 2⁶³ is in range for `-9223372036854775808` alone.
        case int(UInt64)
        case double(Double)
        case string(String)
        /// An operator or a bracket.
        case sign(Sign)
        case end
    }

    enum Sign: String {
        case or = "||"
        case and = "&&"
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case over = "/"
        case percent = "%"
        case not = "!"
        case question = "?"
        case colon = ":"
        case dot = "."
        case comma = ","
        case openParenthesis = "("
        case closeParenthesis = ")"
        case openBracket = "["
        case closeBracket = "]"
        case openBrace = "{"
        case closeBrace = "}"
    }

    var kind: Kind
    /// Where it starts, in bytes of the source.
    var offset: Int

    /// The token as a message quotes it.
    var quoted: String {
        switch kind {
        case .name(let name): "'\(name)'"
        case .quotedName(let name): "'`\(name)`'"
        case .int(let value): "'\(value)'"
        case .double(let value): "'\(value)'"
        case .string: "a text"
        case .sign(let sign): "'\(sign.rawValue)'"
        case .end: "the end"
        }
    }
}
