/// Reads tokens into a tree. Nesting is counted, so no input makes it run out of stack.
///
/// Source: google/cel-spec, doc/langdef.md, "Syntax". Left out: message literals `M{…}`.
struct Parser {
    private let tokens: [Token]
    private var position = 0
    private var nesting = 0
    private var collections = 0
    private var syntax = Syntax()

    private init(_ tokens: [Token]) { self.tokens = tokens }

    static func parse(_ source: [UInt8]) throws(Refusal) -> Syntax {
        guard source.count <= Syntax.maximumBytes else {
            throw Refusal(
                offset: 0, zh: "表达式过长（上限 32768 字节）：拆成几条规则",
                en: "longer than 32,768 bytes: make several rules of it")
        }
        var parser = Parser(try Lexer.tokens(of: source))
        let root = try parser.expression()
        guard parser.token.kind == .end else {
            throw Refusal(
                offset: parser.token.offset, zh: "表达式到这里已经完整，多出了 \(parser.token.quoted)",
                en: "the expression is complete before \(parser.token.quoted)")
        }
        parser.syntax.root = root
        return parser.syntax
    }

    private var token: Token { tokens[Swift.min(position, tokens.count - 1)] }

    private mutating func add(_ kind: Syntax.Kind, at offset: Int, over parts: [Int]) throws(Refusal) -> Int {
        var depth = 1
        for part in parts { depth = Swift.max(depth, syntax.nodes[part].depth + 1) }
        switch kind {
        case .list, .map: collections += 1
        default: break
        }
        guard depth <= Syntax.maximumDepth, collections <= Syntax.maximumCollections else { throw tooDeep(offset) }
        syntax.nodes.append(Syntax.Node(kind: kind, offset: offset, depth: depth))
        return syntax.nodes.count - 1
    }

    private func tooDeep(_ offset: Int) -> Refusal {
        Refusal(offset: offset, zh: "嵌套过深：拆成几条规则", en: "nested too deeply: make several rules of it")
    }

    private mutating func take(_ sign: Token.Sign) -> Bool {
        guard token.kind == .sign(sign) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ sign: Token.Sign, opened: Int) throws(Refusal) {
        guard !take(sign) else { return }
        if token.kind == .end {
            throw Refusal(
                offset: opened, zh: "这个括号没有合上，缺 \(sign.rawValue)",
                en: "this bracket is not closed: '\(sign.rawValue)' is missing")
        }
        throw Refusal(
            offset: token.offset, zh: "这里应是 \(sign.rawValue)，却是 \(token.quoted)",
            en: "'\(sign.rawValue)' should stand before \(token.quoted)")
    }

    // MARK: Operators, loosest first

    private mutating func expression() throws(Refusal) -> Int {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Syntax.maximumNesting else { throw tooDeep(token.offset) }
        let condition = try logic(isAnd: false)
        let offset = token.offset
        guard take(.question) else { return condition }
        let yes = try logic(isAnd: false)
        try expect(.colon, opened: offset)
        let no = try expression()
        return try add(.conditional(condition, yes, no), at: offset, over: [condition, yes, no])
    }

    private mutating func logic(isAnd: Bool) throws(Refusal) -> Int {
        let first = isAnd ? try relation() : try logic(isAnd: true)
        let offset = token.offset
        guard token.kind == .sign(isAnd ? .and : .or) else { return first }
        var parts = [first]
        while take(isAnd ? .and : .or) { parts.append(isAnd ? try relation() : try logic(isAnd: true)) }
        return try add(.logic(isAnd: isAnd, parts), at: offset, over: parts)
    }

    private mutating func relation() throws(Refusal) -> Int {
        var left = try arithmetic(level: 0)
        while true {
            let offset = token.offset
            switch token.kind {
            case .sign(let sign) where Parser.relations.contains(sign):
                position += 1
                let right = try arithmetic(level: 0)
                left = try add(.binary(sign, left, right), at: offset, over: [left, right])
            case .name("in"):
                position += 1
                let right = try arithmetic(level: 0)
                left = try add(.membership(left, right), at: offset, over: [left, right])
            default: return left
            }
        }
    }

    private static let relations: Set<Token.Sign> = [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual]
    private static let arithmeticLevels: [Set<Token.Sign>] = [[.plus, .minus], [.times, .over, .percent]]

    private mutating func arithmetic(level: Int) throws(Refusal) -> Int {
        guard level < Parser.arithmeticLevels.count else { return try unary() }
        var left = try arithmetic(level: level + 1)
        while case .sign(let sign) = token.kind, Parser.arithmeticLevels[level].contains(sign) {
            let offset = token.offset
            position += 1
            let right = try arithmetic(level: level + 1)
            left = try add(.binary(sign, left, right), at: offset, over: [left, right])
        }
        return left
    }

    private mutating func unary() throws(Refusal) -> Int {
        guard case .sign(let sign) = token.kind, sign == .not || sign == .minus else { return try member() }
        let first = position
        while take(sign) {}
        var last = position
        if sign == .minus, case .int = token.kind {
            last -= 1
        } else if sign == .minus, case .double = token.kind {
            last -= 1
        }
        // The last minus before a number belongs to the number: only so does -9223372036854775808 exist.
        var operand = try member(isNegative: last < position)
        for index in (first..<last).reversed() {
            operand = try add(.unary(sign, operand), at: tokens[index].offset, over: [operand])
        }
        return operand
    }

    // MARK: Members and primaries

    private mutating func member(isNegative: Bool = false) throws(Refusal) -> Int {
        var operand = try primary(isNegative: isNegative)
        while true {
            let offset = token.offset
            if take(.dot) {
                let nameOffset = token.offset
                if case .quotedName(let name) = token.kind {
                    position += 1
                    operand = try add(.select(operand, name), at: nameOffset, over: [operand])
                    continue
                }
                let name = try name()
                if token.kind == .sign(.openParenthesis) {
                    let arguments = try arguments()
                    operand = try add(
                        .call(target: operand, name: name, arguments: arguments), at: nameOffset,
                        over: [operand] + arguments)
                } else {
                    operand = try add(.select(operand, name), at: nameOffset, over: [operand])
                }
            } else if take(.openBracket) {
                let index = try expression()
                try expect(.closeBracket, opened: offset)
                operand = try add(.index(operand, index), at: offset, over: [operand, index])
            } else if token.kind == .sign(.openBrace) {
                throw Refusal(
                    offset: offset, zh: "规则语言没有消息（对象）字面量", en: "there are no message literals in rules")
            } else {
                return operand
            }
        }
    }

    private mutating func name() throws(Refusal) -> String {
        guard case .name(let name) = token.kind else {
            throw Refusal(
                offset: token.offset, zh: "点后面应是名称，却是 \(token.quoted)",
                en: "a name should follow the dot, not \(token.quoted)")
        }
        position += 1
        return name
    }

    private mutating func arguments() throws(Refusal) -> [Int] {
        let opened = token.offset
        try expect(.openParenthesis, opened: opened)
        var arguments: [Int] = []
        if take(.closeParenthesis) { return arguments }
        repeat { arguments.append(try expression()) } while take(.comma)
        try expect(.closeParenthesis, opened: opened)
        return arguments
    }

    private mutating func primary(isNegative: Bool) throws(Refusal) -> Int {
        let start = token
        position += 1
        switch start.kind {
        case .int(let magnitude):
            if isNegative {
                return try add(.literal(.int(0 &- Int64(truncatingIfNeeded: magnitude))), at: start.offset, over: [])
            }
            guard let value = Int64(exactly: magnitude) else {
                throw Refusal(
                    offset: start.offset, zh: "整数超出 64 位范围",
                    en: "a whole number beyond 64 bits: write it with a decimal point")
            }
            return try add(.literal(.int(value)), at: start.offset, over: [])
        case .double(let value):
            return try add(.literal(.double(isNegative ? -value : value)), at: start.offset, over: [])
        case .string(let text): return try add(.literal(.string(text)), at: start.offset, over: [])
        case .name(let name): return try named(name, at: start.offset, isRooted: false)
        case .sign(.dot): return try named(try self.name(), at: start.offset, isRooted: true)
        case .sign(.openParenthesis):
            let inner = try expression()
            try expect(.closeParenthesis, opened: start.offset)
            return inner
        case .sign(.openBracket):
            var elements: [Int] = []
            while token.kind != .sign(.closeBracket) {
                elements.append(try expression())
                guard take(.comma) else { break }
            }
            try expect(.closeBracket, opened: start.offset)
            return try add(.list(elements), at: start.offset, over: elements)
        case .sign(.openBrace): return try map(opened: start.offset)
        case .end:
            throw Refusal(
                offset: start.offset, zh: "表达式不完整：后面缺一个值",
                en: "the expression breaks off: a value is missing at the end")
        default:
            throw Refusal(
                offset: start.offset, zh: "这里缺一个值，却是 \(start.quoted)", en: "a value is missing before \(start.quoted)")
        }
    }

    private mutating func map(opened: Int) throws(Refusal) -> Int {
        var keys: [Int] = []
        var values: [Int] = []
        while token.kind != .sign(.closeBrace) {
            keys.append(try expression())
            try expect(.colon, opened: opened)
            values.append(try expression())
            guard take(.comma) else { break }
        }
        try expect(.closeBrace, opened: opened)
        return try add(.map(keys: keys, values: values), at: opened, over: keys + values)
    }

    private mutating func named(_ name: String, at offset: Int, isRooted: Bool) throws(Refusal) -> Int {
        switch name {
        case "true": return try add(.literal(.bool(true)), at: offset, over: [])
        case "false": return try add(.literal(.bool(false)), at: offset, over: [])
        case "null": return try add(.literal(.null), at: offset, over: [])
        case _ where Parser.reserved.contains(name):
            throw Refusal(
                offset: offset, zh: "\(name) 是保留字，不能作名称", en: "'\(name)' is a reserved word and cannot be a name here")
        default: break
        }
        if token.kind == .sign(.openParenthesis) {
            let arguments = try arguments()
            return try add(.call(target: nil, name: name, arguments: arguments), at: offset, over: arguments)
        }
        return try add(.name(name, isRooted: isRooted), at: offset, over: [])
    }

    private static let reserved: Set<String> = [
        "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ]
}
