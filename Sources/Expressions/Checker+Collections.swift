extension Checker {
    mutating func list(_ elements: [Int], at offset: Int) throws(Refusal) -> Int {
        var arguments: [Int] = []
        for element in elements { arguments.append(try check(element)) }
        let type = common(arguments)
        return add(Term(operation: .list, arguments: arguments, type: .list(type), offset: offset))
    }

    mutating func map(_ keys: [Int], _ values: [Int], at offset: Int) throws(Refusal) -> Int {
        var arguments: [Int] = []
        for (key, value) in zip(keys, values) {
            let term = try check(key)
            switch terms[term].type.base {
            case .dyn, .bool, .int, .string: break
            case let type:
                throw Refusal(
                    offset: terms[term].offset, zh: "映射的键只能是 bool、int 或 string，不能是 \(type)",
                    en: "a map's key is a bool, an int or a string, not a \(type)")
            }
            arguments.append(term)
            arguments.append(try check(value))
        }
        let keyType = common(stride(from: 0, to: arguments.count, by: 2).map { arguments[$0] })
        let valueType = common(stride(from: 1, to: arguments.count, by: 2).map { arguments[$0] })
        return add(Term(operation: .map, arguments: arguments, type: .map(keyType, valueType), offset: offset))
    }

    /// The one type of several terms, `dyn` where they have none in common.
    private func common(_ terms: [Int]) -> ValueType {
        guard let first = terms.first else { return .open }
        var type = self.terms[first].type
        for term in terms.dropFirst() {
            guard let joined = type.joined(with: self.terms[term].type) else { return .dyn }
            type = joined
        }
        return type
    }

    mutating func index(_ operand: Int, _ index: Int, at offset: Int) throws(Refusal) -> Int {
        let a = try check(operand)
        let b = try check(index)
        let type: ValueType
        switch terms[a].type {
        case .list(let element):
            guard terms[b].type.fits(.int) else {
                throw Refusal(
                    offset: terms[b].offset, zh: "列表的下标是 int，不是 \(terms[b].type)",
                    en: "a list is indexed by an int, not a \(terms[b].type)")
            }
            type = element.taken
        case .map(let key, let value):
            guard terms[b].type.joined(with: key) != nil else {
                throw Refusal(
                    offset: terms[b].offset, zh: "这个映射的键是 \(key)，不是 \(terms[b].type)",
                    en: "this map's keys are \(key), not \(terms[b].type)")
            }
            type = value.taken
        case .dyn: type = .dyn
        case let other:
            throw Refusal(
                offset: offset, zh: "\(other) 不能取下标，只有列表和映射可以", en: "a \(other) has no elements: only lists and maps do"
            )
        }
        return add(Term(operation: .index, arguments: [a, b], type: type, offset: offset))
    }

    mutating func select(_ operand: Int, _ key: String, at offset: Int) throws(Refusal) -> Int {
        if case .select(let outer, "protobuf") = syntax.nodes[operand].kind,
            case .name("google", _) = syntax.nodes[outer].kind, key == "Timestamp" || key == "Duration"
        {
            return add(Term(operation: .constant(.type("google.protobuf.\(key)")), type: .type, offset: offset))
        }
        let (term, type) = try selected(operand, at: offset)
        return add(Term(operation: .select(key), arguments: [term], type: type, offset: offset))
    }

    mutating func has(_ arguments: [Int], at offset: Int) throws(Refusal) -> Int {
        guard arguments.count == 1, let argument = arguments.first,
            case .select(let operand, let key) = syntax.nodes[argument].kind
        else {
            throw Refusal(
                offset: offset, zh: "has 的写法是 has(映射.键)；字段是否填了用 filled(字段) 或 given(字段)",
                en: "it is written has(map.key); whether a field is there, filled(field) or given(field) tells")
        }
        let (term, _) = try selected(operand, at: offset)
        return add(Term(operation: .has(key), arguments: [term], type: .bool, offset: offset))
    }

    /// What a selection is made from, and the type of what is selected.
    private mutating func selected(_ operand: Int, at offset: Int) throws(Refusal) -> (term: Int, type: ValueType) {
        let term = try check(operand)
        switch terms[term].type {
        case .map(let key, let value) where key.joined(with: .string) != nil: return (term, value.taken)
        case .dyn: return (term, .dyn)
        case let type:
            throw Refusal(
                offset: offset, zh: "\(type) 里没有可选的键", en: "a \(type) has nothing to select by name")
        }
    }

    // MARK: Macros

    func macro(named name: String, argumentCount: Int) -> Macro? {
        switch (Macro(rawValue: name), argumentCount) {
        case (.map?, 3): .mapWhere
        case (.mapWhere?, _): nil
        case (let macro?, 2): macro
        default: nil
        }
    }

    mutating func macro(_ macro: Macro, over range: Int, _ arguments: [Int], at offset: Int) throws(Refusal) -> Int {
        guard case .name(let variable, isRooted: false) = syntax.nodes[arguments[0]].kind else {
            throw Refusal(
                offset: syntax.nodes[arguments[0]].offset, zh: "第一个参数应是一个变量名",
                en: "the first argument should be a variable's name")
        }
        let rangeTerm = try check(range)
        let element: ValueType
        switch terms[rangeTerm].type {
        case .list(let type), .map(let type, _): element = type.taken
        case .dyn: element = .dyn
        case let type:
            throw Refusal(
                offset: offset, zh: "\(macro.rawValue) 要的是列表，不是 \(type)",
                en: "\(macro.rawValue) goes over a list, not a \(type)")
        }
        let slot = slotCount
        slotCount += 1
        locals.append((variable, slot, element))
        defer { locals.removeLast() }
        var parts = [rangeTerm]
        if macro != .map { parts.append(try bool(arguments[1], for: macro == .mapWhere ? "map" : macro.rawValue)) }
        if macro == .map || macro == .mapWhere { parts.append(try check(arguments[macro == .map ? 1 : 2])) }
        let type: ValueType =
            switch macro {
            case .all, .exists, .existsOne: .bool
            case .filter: .list(element)
            case .map, .mapWhere: .list(terms[parts[parts.count - 1]].type)
            }
        return add(Term(operation: .macro(macro, slot: slot), arguments: parts, type: type, offset: offset))
    }
}
