extension Checker {
    mutating func unary(_ sign: Token.Sign, _ operand: Int, at offset: Int) throws(Refusal) -> Int {
        if sign == .not {
            let term = try bool(operand, for: "!")
            return add(Term(operation: .not, arguments: [term], type: .bool, offset: offset))
        }
        let term = try check(operand)
        let type = terms[term].type
        guard type.isNumber || type == .dyn else {
            throw Refusal(offset: offset, zh: "\(type) 没有负数", en: "there is no minus of a \(type)")
        }
        return add(Term(operation: .negate, arguments: [term], type: type.base, offset: offset))
    }

    mutating func binary(_ sign: Token.Sign, _ left: Int, _ right: Int, at offset: Int) throws(Refusal) -> Int {
        let a = try check(left)
        let b = try check(right)
        switch sign {
        case .equal, .notEqual:
            try checkComparable(a, b, at: offset)
            return add(
                Term(
                    operation: .compare(sign == .equal ? .equal : .notEqual), arguments: [a, b], type: .bool,
                    offset: offset))
        case .less: return try order(.less, a, b, sign, at: offset)
        case .lessOrEqual: return try order(.lessOrEqual, a, b, sign, at: offset)
        case .greater: return try order(.greater, a, b, sign, at: offset)
        case .greaterOrEqual: return try order(.greaterOrEqual, a, b, sign, at: offset)
        default: break
        }
        guard let arithmetic = Arithmetic(rawValue: sign.rawValue),
            let type = result(of: arithmetic, terms[a].type, terms[b].type)
        else { throw unlike(a, b, sign: sign.rawValue, at: offset) }
        return add(Term(operation: .arithmetic(arithmetic), arguments: [a, b], type: type, offset: offset))
    }

    /// `==` and `in` compare like with like, and null with what may be null.
    private func checkComparable(_ a: Int, _ b: Int, at offset: Int) throws(Refusal) {
        let left = terms[a].type
        let right = terms[b].type
        if (left == .null && !right.isNullable) || (right == .null && !left.isNullable) {
            throw Refusal(
                offset: offset, zh: "\(left == .null ? right : left) 不会是 null，不必比较：直接与字段比较",
                en: "this \(left == .null ? right : left) is never null: compare a field itself with null")
        }
        guard left.joined(with: right) != nil else { throw unlike(a, b, sign: "==", at: offset) }
    }

    private mutating func order(
        _ comparison: Comparison, _ a: Int, _ b: Int, _ sign: Token.Sign, at offset: Int
    ) throws(Refusal) -> Int {
        let left = terms[a].type
        let right = terms[b].type
        if left == .null || right == .null {
            throw Refusal(
                offset: offset, zh: "null 没有大小：是否为空用 == null 或 != null 判断",
                en: "null has no order: test for it with == null or != null")
        }
        let isAlike = left.base == right.base || left == .dyn || right == .dyn || (left.isNumber && right.isNumber)
        guard isAlike, left.isOrdered, right.isOrdered else { throw unlike(a, b, sign: sign.rawValue, at: offset) }
        return add(Term(operation: .compare(comparison), arguments: [a, b], type: .bool, offset: offset))
    }

    private func result(of arithmetic: Arithmetic, _ left: ValueType, _ right: ValueType) -> ValueType? {
        switch (arithmetic, left.base, right.base) {
        case (_, .dyn, .dyn): .dyn
        case (_, .int, .int): .int
        case (.add, .double, .double), (.subtract, .double, .double), (.multiply, .double, .double),
            (.divide, .double, .double):
            .double
        case (.add, .string, .string): .string
        case (.add, .list(let a), .list(let b)): .list(a.joined(with: b) ?? .dyn)
        case (.add, .timestamp, .duration), (.add, .duration, .timestamp), (.subtract, .timestamp, .duration):
            .timestamp
        case (.add, .duration, .duration), (.subtract, .duration, .duration), (.subtract, .timestamp, .timestamp):
            .duration
        case (.subtract, .timestamp, .dyn), (.add, .duration, .dyn), (.add, .dyn, .duration): .dyn
        case (.remainder, .dyn, .int), (.remainder, .int, .dyn): .int
        case (.remainder, _, _): nil
        case (.add, .dyn, let type), (.add, let type, .dyn):
            switch type {
            case .int, .double, .string, .list: type
            case .timestamp: .timestamp
            default: nil
            }
        case (.subtract, .dyn, let type), (.subtract, let type, .dyn):
            switch type {
            case .int, .double: type
            case .timestamp, .duration: .dyn
            default: nil
            }
        case (_, .dyn, let type), (_, let type, .dyn): type == .int || type == .double ? type : nil
        default: nil
        }
    }

    mutating func membership(_ left: Int, _ right: Int, at offset: Int) throws(Refusal) -> Int {
        let a = try check(left)
        let b = try check(right)
        let member: ValueType
        switch terms[b].type {
        case .list(let element): member = element
        case .map(let key, _): member = key
        case .dyn: member = .dyn
        case let type:
            throw Refusal(
                offset: offset, zh: "in 后面应是列表，例如 ['1', '2']，却是 \(type)",
                en: "a list should follow 'in', as in ['1', '2'], not a \(type)")
        }
        guard terms[a].type.joined(with: member) != nil else {
            throw Refusal(
                offset: offset, zh: "\(terms[a].type) 不会在一列 \(member) 里：两边的类型要一致\(mend(a, b).zh)",
                en: "a \(terms[a].type) is never in a list of \(member): make both sides one type\(mend(a, b).en)")
        }
        return add(Term(operation: .membership, arguments: [a, b], type: .bool, offset: offset))
    }

    mutating func conditional(_ condition: Int, _ yes: Int, _ no: Int, at offset: Int) throws(Refusal) -> Int {
        let test = try bool(condition, for: "?:")
        let a = try check(yes)
        let b = try check(no)
        guard let type = terms[a].type.joined(with: terms[b].type) else { throw unlike(a, b, sign: "?:", at: offset) }
        return add(Term(operation: .conditional, arguments: [test, a, b], type: type, offset: offset))
    }

    // MARK: Refusals

    private func unlike(_ a: Int, _ b: Int, sign: String, at offset: Int) -> Refusal {
        let left = terms[a].type
        let right = terms[b].type
        let (zh, en) = mend(a, b)
        return Refusal(
            offset: offset, zh: "\(sign) 两边类型不合：\(left) 和 \(right)\(zh)",
            en: "'\(sign)' does not take \(left) and \(right)\(en)")
    }

    /// What would bring two types together, where a literal is all that stands in the way.
    private func mend(_ a: Int, _ b: Int) -> (zh: String, en: String) {
        for (literal, other) in [(a, b), (b, a)] {
            guard let value = constant(literal) else { continue }
            switch (value, terms[other].type.base) {
            case (.int(let number), .string): return ("：写成 '\(number)'", ": write '\(number)'")
            case (.int(let number), .double): return ("：写成 \(number).0", ": write \(number).0")
            case (.string(let text), .int), (.string(let text), .double):
                return ("：数字不加引号，写成 \(text)", ": a number goes without quotes, \(text)")
            case (.string, .timestamp):
                return (
                    "：时间写成 timestamp('2026-01-01T00:00:00Z')", ": a moment is written timestamp('2026-01-01T00:00:00Z')"
                )
            default: continue
            }
        }
        switch (terms[a].type.base, terms[b].type.base) {
        case (.int, .double), (.double, .int): return ("：用 double(…) 转换", ": convert with double(…)")
        case (.string, .int), (.int, .string): return ("：用 int(…) 或 string(…) 转换", ": convert with int(…) or string(…)")
        case (.timestamp, .int), (.int, .timestamp):
            return ("：相差几天用 days(a, b)，时长用 duration('24h')", ": for a difference use days(a, b) or duration('24h')")
        default: return ("", "")
        }
    }
}
