import SurveillanceKit

/// Gives every part of an expression its type, and refuses what could only fail: unknown names, unlike types, wrong
/// arguments.
///
/// Parts whose arguments are all constant are computed here once. Source: google/cel-spec, doc/langdef.md,
/// "Gradual Type Checking"; fields are CEL's wrapper types, a value or null.
struct Checker {
    let syntax: Syntax
    let environment: ExpressionEnvironment
    var terms: [Term] = []
    var fields: Set<Int> = []
    /// Macro variables in scope, innermost last, with their slots and types.
    var locals: [(name: String, slot: Int, type: ValueType)] = []
    var slotCount = 0
    private var foldingSteps = 200_000

    init(_ syntax: Syntax, in environment: ExpressionEnvironment) {
        self.syntax = syntax
        self.environment = environment
    }

    /// The checked form of a node.
    mutating func check(_ node: Int) throws(Refusal) -> Int {
        let offset = syntax.nodes[node].offset
        switch syntax.nodes[node].kind {
        case .literal(let value): return add(Term(operation: .constant(value), type: type(of: value), offset: offset))
        case .name(let name, let isRooted): return try self.name(name, isRooted: isRooted, at: offset)
        case .select(let operand, let key): return try select(operand, key, at: offset)
        case .index(let operand, let index): return try self.index(operand, index, at: offset)
        case .call(let target, let name, let arguments):
            return try call(target: target, name: name, arguments: arguments, at: offset)
        case .list(let elements): return try list(elements, at: offset)
        case .map(let keys, let values): return try map(keys, values, at: offset)
        case .unary(let sign, let operand): return try unary(sign, operand, at: offset)
        case .binary(let sign, let left, let right): return try binary(sign, left, right, at: offset)
        case .membership(let left, let right): return try membership(left, right, at: offset)
        case .logic(let isAnd, let parts):
            var arguments: [Int] = []
            for part in parts { arguments.append(try bool(part, for: isAnd ? "&&" : "||")) }
            return add(Term(operation: isAnd ? .and : .or, arguments: arguments, type: .bool, offset: offset))
        case .conditional(let condition, let yes, let no):
            return try conditional(condition, yes, no, at: offset)
        }
    }

    /// Checks a node whose value must be true or false.
    mutating func bool(_ node: Int, for use: String) throws(Refusal) -> Int {
        let term = try check(node)
        let type = terms[term].type
        guard type.fits(.bool) else {
            throw Refusal(
                offset: syntax.nodes[node].offset, zh: "\(use) 要的是真假，这里却是 \(type)：写成比较，例如 == 或 !=",
                en: "\(use) wants true or false, and this is \(type): make it a comparison, with == or !=")
        }
        return term
    }

    // MARK: Terms

    /// Adds a term, or the constant it comes to.
    mutating func add(_ term: Term) -> Int {
        terms.append(term)
        let index = terms.count - 1
        guard isFoldable(term) else { return index }
        if let value = folded(index) {
            terms[index] = Term(operation: .constant(value), type: term.type, offset: term.offset)
        }
        return index
    }

    private mutating func folded(_ index: Int) -> Value? {
        var evaluator = Evaluator(terms: terms, checks: [], slotCount: 0, budget: foldingSteps)
        let value = try? evaluator.value(index)
        foldingSteps = evaluator.budget
        return value
    }

    private func isFoldable(_ term: Term) -> Bool {
        switch term.operation {
        case .constant, .field, .local, .macro, .check, .filled, .given: return false
        default: break
        }
        guard foldingSteps > 0 else { return false }
        return term.arguments.allSatisfy { constant($0) != nil }
    }

    /// The value of a term that is the same on every row.
    func constant(_ term: Int) -> Value? {
        if case .constant(let value) = terms[term].operation { value } else { nil }
    }

    private func type(of value: Value) -> ValueType {
        switch value {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .double: .double
        case .string: .string
        case .timestamp: .timestamp
        case .duration: .duration
        case .list: .list(.dyn)
        case .map: .map(.dyn, .dyn)
        case .type: .type
        }
    }

    // MARK: Names

    private static let typeNames: Set<String> = ["bool", "int", "double", "string", "list", "map", "null_type", "type"]

    private mutating func name(_ name: String, isRooted: Bool, at offset: Int) throws(Refusal) -> Int {
        if !isRooted, let local = locals.last(where: { $0.name == name }) {
            return add(Term(operation: .local(local.slot), type: local.type, offset: offset))
        }
        if let field = environment.fieldIndex(name) {
            fields.insert(field)
            let type = ValueType(environment.fields[field].type)
            return add(Term(operation: .field(field), type: type, offset: offset))
        }
        if Checker.typeNames.contains(name) {
            return add(Term(operation: .constant(.type(name)), type: .type, offset: offset))
        }
        throw unknownField(name, at: offset)
    }

    func unknownField(_ name: String, at offset: Int) -> Refusal {
        if environment.functionNames.contains(name) {
            return Refusal(
                offset: offset, zh: "\(name) 是函数，后面要有括号", en: "'\(name)' is a function: brackets should follow it")
        }
        let known = environment.fields.map(\.name) + locals.map(\.name)
        guard let near = nearest(to: name, among: known) else {
            return Refusal(
                offset: offset, zh: "没有字段 \(name)；文字要放在引号里", en: "there is no field '\(name)'; a text goes into quotes")
        }
        return Refusal(
            offset: offset, zh: "没有字段 \(name)，是不是 \(near)？", en: "there is no field '\(name)'; did you mean '\(near)'?")
    }

    /// The field a node names, where it does nothing else.
    func field(named node: Int) -> Int? {
        guard case .name(let name, let isRooted) = syntax.nodes[node].kind else { return nil }
        if !isRooted, locals.contains(where: { $0.name == name }) { return nil }
        return environment.fieldIndex(name)
    }
}
