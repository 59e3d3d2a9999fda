import RegularExpressions

/// Turns checked terms into the nodes of a `RowProgram`.
///
/// What a node cannot do becomes a node that asks the `Evaluator`; what stands under it is not looked at.
struct RowProgramBuilder {
    let terms: [Term]
    var nodes: [Node] = []
    var parts: [Int32] = []
    var numbers: [UInt64] = []
    var texts: [UInt8] = []
    var words: [WordSet] = []
    var expressions: [RegularExpression] = []
    /// What stands in macro variables while the macros over written lists are unrolled.
    var locals: [Int: Element] = [:]
    /// How many more elements may be unrolled. Macros within macros over written lists could make a short expression
    /// huge, and trying in vain counts too.
    private var unrollings = 2000
    static let maximumNodes = 4096

    /// An element of a list over which a macro goes.
    enum Element {
        case term(Int)
        case constant(Value)
    }

    init(_ terms: [Term]) { self.terms = terms }

    mutating func add(_ node: Node) -> Int32 {
        nodes.append(node)
        return Int32(nodes.count - 1)
    }

    /// The node of a term that is true or false; nil where it needs a macro's variable that has no node.
    mutating func truth(_ term: Int) -> Int32? {
        guard nodes.count < RowProgramBuilder.maximumNodes else { return nil }
        return directTruth(term) ?? asked(term, .truthOfTerm)
    }

    /// A node that leaves the term to the `Evaluator`, which knows nothing of unrolled variables.
    mutating func asked(_ term: Int, _ operation: Node.Operation) -> Int32? {
        guard !readsLocals(term) else { return nil }
        return add(Node(operation: operation, a: Int32(term)))
    }

    private func readsLocals(_ term: Int) -> Bool {
        guard !locals.isEmpty else { return false }
        if case .local(let slot) = terms[term].operation { return locals[slot] != nil }
        return terms[term].arguments.contains { readsLocals($0) }
    }

    private mutating func directTruth(_ index: Int) -> Int32? {
        let term = terms[index]
        let arguments = term.arguments
        switch term.operation {
        case .constant(.bool(let value)): return add(Node(operation: value ? .always : .never))
        case .field(let field) where term.type.base == .bool: return add(Node(operation: .truthField, a: Int32(field)))
        case .local(let slot):
            switch locals[slot] {
            case .term(let element)?: return directTruth(element)
            case .constant(.bool(let value))?: return add(Node(operation: value ? .always : .never))
            default: return nil
            }
        case .and: return junction(.and, arguments)
        case .or: return junction(.or, arguments)
        case .not: return truth(arguments[0]).map { negated($0) }
        case .conditional:
            guard term.type.base == .bool, let a = truth(arguments[0]), let b = truth(arguments[1]),
                let c = truth(arguments[2])
            else { return nil }
            return add(Node(operation: .truthIf, a: a, b: b, c: c))
        case .compare(let comparison): return compare(comparison, arguments[0], arguments[1])
        case .membership: return membership(arguments[0], arguments[1])
        case .macro(let macro, let slot): return unrolled(macro, slot, arguments)
        case .call(let function): return textCall(function, arguments)
        case .matches(let expression):
            guard let a = text(arguments[0]) else { return nil }
            expressions.append(expression)
            return add(
                Node(
                    operation: expression.matcher == nil ? .matchesSlowly : .matches, a: a,
                    b: Int32(expressions.count - 1)))
        case .check(let check):
            return text(arguments[0]).map { add(Node(operation: .check, a: $0, b: Int32(check))) }
        case .filled(let field):
            return add(Node(operation: .cellState, states: states(.placeholder, .value), a: Int32(field)))
        case .given(let field):
            return add(Node(operation: .cellState, states: states(.value), a: Int32(field)))
        default: return nil
        }
    }

    private mutating func negated(_ truth: Int32) -> Int32 {
        guard nodes[Int(truth)].operation == .inWords else { return add(Node(operation: .not, a: truth)) }
        nodes[Int(truth)].operation = .notInWords
        return truth
    }

    func states(_ states: Cell.State...) -> UInt8 { states.reduce(0) { $0 | 1 << $1.rawValue } }

    private mutating func junction(_ operation: Node.Operation, _ arguments: [Int]) -> Int32? {
        var children: [Int32] = []
        for argument in arguments {
            guard let child = truth(argument) else { return nil }
            children.append(child)
        }
        let junction = add(operation, over: children)
        let first = nodes[Int(children[0])]
        if operation == .and, first.operation == .cellState {
            nodes[Int(junction)].operation = .andWhere
            nodes[Int(junction)].c = first.a
            nodes[Int(junction)].states = first.states
        }
        return junction
    }

    mutating func add(_ operation: Node.Operation, over children: [Int32]) -> Int32 {
        let start = parts.count
        parts += children
        return add(Node(operation: operation, a: Int32(start), b: Int32(children.count)))
    }

    private mutating func textCall(_ function: Function, _ arguments: [Int]) -> Int32? {
        let operation: Node.Operation
        switch function {
        case .startsWith: operation = .startsWith
        case .endsWith: operation = .endsWith
        case .contains: operation = .contains
        case .bool where terms[arguments[0]].type.base == .bool: return truth(arguments[0])
        default: return nil
        }
        guard let a = text(arguments[0]), let b = text(arguments[1]) else { return nil }
        return add(Node(operation: operation, a: a, b: b))
    }

    /// `all` over a written list is `&&` of its elements, `exists` is `||`: so the rules of CEL for errors hold by
    /// themselves.
    private mutating func unrolled(_ macro: Macro, _ slot: Int, _ arguments: [Int]) -> Int32? {
        let operation: Node.Operation
        switch macro {
        case .all: operation = .and
        case .exists: operation = .or
        case .existsOne: operation = .exactlyOne
        case .filter, .map, .mapWhere: return nil
        }
        let elements: [Element]
        switch terms[arguments[0]].operation {
        // Cells and constants alone: making a list of them cannot fail, so it need not be made. (A cell that did not
        // parse fails where the predicate reads it.)
        case .list where terms[arguments[0]].arguments.allSatisfy { isSimple($0) }:
            elements = terms[arguments[0]].arguments.map { .term($0) }
        case .constant(.list(let values)): elements = values.map { .constant($0) }
        default: return nil
        }
        let before = self
        var children: [Int32] = []
        for element in elements {
            locals[slot] = element
            unrollings -= 1
            guard unrollings > 0, let child = truth(arguments[1]) else {
                let left = unrollings
                self = before
                unrollings = left
                return nil
            }
            children.append(child)
        }
        locals[slot] = nil
        return add(operation, over: children)
    }

    private func isSimple(_ term: Int) -> Bool {
        switch terms[term].operation {
        case .field, .constant: true
        default: false
        }
    }
}
