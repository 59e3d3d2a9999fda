import RegularExpressions
import SurveillanceKit

extension Checker {
    mutating func call(target: Int?, name: String, arguments: [Int], at offset: Int) throws(Refusal) -> Int {
        if let target, let macro = macro(named: name, argumentCount: arguments.count) {
            return try self.macro(macro, over: target, arguments, at: offset)
        }
        if target == nil {
            switch name {
            case "has": return try has(arguments, at: offset)
            case "filled", "given": return try presence(name, arguments, at: offset)
            default: break
            }
        }
        guard let function = Function(rawValue: name) else {
            if target == nil, let check = environment.checkIndex(name) {
                return try self.check(check, name, arguments, at: offset)
            }
            throw unknownFunction(name, isMethod: target != nil, at: offset)
        }
        var terms: [Int] = []
        for argument in (target.map { [$0] } ?? []) + arguments { terms.append(try check(argument)) }
        return try call(function, terms, asMethod: target != nil, at: offset)
    }

    private mutating func call(
        _ function: Function, _ arguments: [Int], asMethod: Bool, at offset: Int
    ) throws(Refusal) -> Int {
        let types = arguments.map { terms[$0].type }
        let fitting = function.signatures.filter { $0.takes(types, asMethod: asMethod) }
        guard let first = fitting.first else { throw wrongArguments(function, types, asMethod: asMethod, at: offset) }
        let type = fitting.allSatisfy { $0.result == first.result } ? first.result : .dyn
        if function == .matches, case .string(let pattern)? = constant(arguments[1]) {
            do throws(RegularExpression.PatternError) {
                let expression = try RegularExpression(pattern)
                return add(
                    Term(operation: .matches(expression), arguments: [arguments[0]], type: .bool, offset: offset))
            } catch {
                throw Refusal(
                    offset: terms[arguments[1]].offset, zh: "正则表达式有误：\(error.message.zh)",
                    en: "the regular expression is wrong: \(error.message.en)")
            }
        }
        if function.isPartOfTime, arguments.count == 2, case .string(let name)? = constant(arguments[1]) {
            guard let zone = Zone(name) else {
                throw Refusal(
                    offset: offset, zh: "不认识时区 '\(name)'：写 UTC、+08:00 或 Asia/Shanghai",
                    en: "unknown zone '\(name)': write UTC, +08:00 or Asia/Shanghai")
            }
            if case .named = zone {
                return add(
                    Term(
                        operation: .zonedPart(function, zone), arguments: [arguments[0]], type: type, offset: offset))
            }
        }
        let index = add(Term(operation: .call(function), arguments: arguments, type: type, offset: offset))
        try refuseBadText(function, index, arguments, at: offset)
        return index
    }

    /// Refuses a constant text that does not hold the value it should be turned into: no row could mend it.
    private func refuseBadText(_ function: Function, _ term: Int, _ arguments: [Int], at offset: Int) throws(Refusal) {
        guard constant(term) == nil, let last = arguments.last, case .string(let text)? = constant(last) else { return }
        switch function {
        case .timestamp:
            throw Refusal(
                offset: offset, zh: "'\(text)' 不是时间：写成 2026-01-01T00:00:00Z",
                en: "'\(text)' is not a moment: write it as 2026-01-01T00:00:00Z")
        case .duration:
            throw Refusal(
                offset: offset, zh: "'\(text)' 不是时长：写成 24h、90m 或 30s",
                en: "'\(text)' is not a duration: write 24h, 90m or 30s")
        case .int, .double, .bool:
            throw Refusal(
                offset: offset, zh: "'\(text)' 不是 \(function.rawValue)",
                en: "'\(text)' is not a value of \(function.rawValue)")
        default: return
        }
    }

    // MARK: Functions about fields

    private mutating func presence(_ name: String, _ arguments: [Int], at offset: Int) throws(Refusal) -> Int {
        guard arguments.count == 1, let argument = arguments.first else {
            throw Refusal(offset: offset, zh: "\(name) 只接一个字段", en: "\(name) takes one field")
        }
        if case .name(let text, let isRooted) = syntax.nodes[argument].kind,
            isRooted || !locals.contains(where: { $0.name == text })
        {
            guard let field = environment.fieldIndex(text) else {
                throw unknownField(text, at: syntax.nodes[argument].offset)
            }
            fields.insert(field)
            return add(Term(operation: name == "filled" ? .filled(field) : .given(field), type: .bool, offset: offset))
        }
        throw Refusal(
            offset: syntax.nodes[argument].offset, zh: "\(name) 的参数应是字段名", en: "\(name) takes the name of a field")
    }

    private mutating func check(_ check: Int, _ name: String, _ arguments: [Int], at offset: Int) throws(Refusal) -> Int
    {
        guard arguments.count == 1, let argument = arguments.first else {
            throw Refusal(offset: offset, zh: "\(name) 只接一个文本", en: "\(name) takes one text")
        }
        let term = try self.check(argument)
        guard terms[term].type.fits(.string) else {
            throw Refusal(
                offset: syntax.nodes[argument].offset, zh: "\(name) 要的是文本，不是 \(terms[term].type)",
                en: "\(name) takes a string, not a \(terms[term].type)")
        }
        return add(Term(operation: .check(check), arguments: [term], type: .bool, offset: offset))
    }

    // MARK: Refusals

    private func unknownFunction(_ name: String, isMethod: Bool, at offset: Int) -> Refusal {
        if let macro = Macro(rawValue: name) {
            return Refusal(
                offset: offset, zh: "写法是 列表.\(macro.rawValue)(变量, 条件)",
                en: "it is written list.\(macro.rawValue)(variable, condition)")
        }
        let names = environment.functionNames + (isMethod ? ["all", "exists", "exists_one", "map", "filter"] : [])
        guard let near = nearest(to: name, among: names) else {
            return Refusal(offset: offset, zh: "没有函数 \(name)", en: "there is no function '\(name)'")
        }
        return Refusal(
            offset: offset, zh: "没有函数 \(name)，是不是 \(near)？",
            en: "there is no function '\(name)'; did you mean '\(near)'?")
    }

    private func wrongArguments(
        _ function: Function, _ types: [ValueType], asMethod: Bool, at offset: Int
    ) -> Refusal {
        let ways = function.signatures.map { signature in
            let names = signature.parameters.map(\.description)
            return signature.style == .function || (signature.style == .either && !asMethod)
                ? "\(function.rawValue)(\(names.joined(separator: ", ")))"
                : "\(names[0]).\(function.rawValue)(\(names.dropFirst().joined(separator: ", ")))"
        }
        let given = types.map(\.description).joined(separator: ", ")
        return Refusal(
            offset: offset,
            zh: "\(function.rawValue) 不接 (\(given))，可以是 \(ways.joined(separator: "、"))",
            en: "\(function.rawValue) does not take (\(given)); it is \(ways.joined(separator: " or "))")
    }
}
