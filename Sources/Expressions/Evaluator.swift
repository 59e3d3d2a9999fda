import RegularExpressions
import SurveillanceKit

/// Computes a checked expression as CEL's definition reads, term by term.
///
/// It knows the whole language and makes values as it goes. The `RowProgram` gives the same answers for the part of the
/// language that rules use on every row, without making any; tests compare the two.
struct Evaluator {
    let terms: [Term]
    let checks: [NamedCheck]
    var cells = UnsafeBufferPointer<Cell>(start: nil, count: 0)
    var locals: [Value]
    /// Steps left: macros within macros could otherwise take for ever.
    var budget: Int

    static let stepsPerRow = 100_000

    init(terms: [Term], checks: [NamedCheck], slotCount: Int, budget: Int = Evaluator.stepsPerRow) {
        self.terms = terms
        self.checks = checks
        self.budget = budget
        locals = Array(repeating: .null, count: slotCount)
    }

    mutating func spend(_ steps: Int) throws(EvaluationError) {
        budget -= steps
        guard budget > 0 else { throw .tooCostly }
    }

    mutating func value(_ index: Int) throws(EvaluationError) -> Value {
        try spend(1)
        let term = terms[index]
        switch term.operation {
        case .constant(let value): return value
        case .field(let field): return try cell(field, as: term.type.base)
        case .local(let slot): return locals[slot]
        case .and: return .bool(try logic(term.arguments, decidedBy: false))
        case .or: return .bool(try logic(term.arguments, decidedBy: true))
        case .not: return .bool(!(try bool(term.arguments[0])))
        case .conditional: return try value(term.arguments[try bool(term.arguments[0]) ? 1 : 2])
        case .compare(let comparison): return .bool(try compare(comparison, term.arguments))
        case .arithmetic(let operation):
            return try arithmetic(operation, try value(term.arguments[0]), try value(term.arguments[1]))
        case .negate: return try negate(try value(term.arguments[0]))
        case .membership: return .bool(try membership(try value(term.arguments[0]), try value(term.arguments[1])))
        case .index: return try element(of: try value(term.arguments[0]), at: try value(term.arguments[1]))
        case .select(let key):
            guard case .map(let map) = try value(term.arguments[0]) else { throw .noSuchOverload }
            guard let found = map[.string(key)] else { throw .noSuchKey }
            return found
        case .has(let key):
            guard case .map(let map) = try value(term.arguments[0]) else { throw .noSuchOverload }
            return .bool(map[.string(key)] != nil)
        case .list:
            var elements: [Value] = []
            for argument in term.arguments { elements.append(try value(argument)) }
            return .list(elements)
        case .map: return try map(term.arguments)
        case .macro(let macro, let slot): return try self.macro(macro, slot, term.arguments)
        case .call(let function):
            var values: [Value] = []
            for argument in term.arguments { values.append(try value(argument)) }
            return try call(function, values)
        case .zonedPart(let function, let zone):
            return .int(try part(function, of: try timestamp(try value(term.arguments[0])), in: zone))
        case .matches(let expression):
            guard case .string(let text) = try value(term.arguments[0]) else { throw .noSuchOverload }
            return .bool(expression.matches(text))
        case .check(let check): return .bool(try passes(check, term.arguments[0]))
        case .filled(let field): return .bool(try state(field) != .blank)
        case .given(let field): return .bool(try state(field) == .value)
        }
    }

    // MARK: Cells

    private func state(_ field: Int) throws(EvaluationError) -> Cell.State {
        guard cells.indices.contains(field), cells[field].state != .invalid else { throw .invalidCell }
        return cells[field].state
    }

    private func cell(_ field: Int, as type: ValueType) throws(EvaluationError) -> Value {
        let state = try state(field)
        let cell = cells[field]
        if type == .string { return state == .blank ? .null : .string(String(decoding: cell.text, as: UTF8.self)) }
        guard state == .value else { return .null }
        switch type {
        case .int: return .int(cell.integer)
        case .double: return .double(cell.number)
        case .bool: return .bool(cell.boolean)
        default: return .timestamp(.seconds(cell.integer))
        }
    }

    /// A check sees neither an empty text nor a placeholder: about those it cannot be asked.
    private mutating func passes(_ check: Int, _ argument: Int) throws(EvaluationError) -> Bool {
        if case .field(let field) = terms[argument].operation, try state(field) == .placeholder {
            throw .noSuchOverload
        }
        guard case .string(let text) = try value(argument), !text.isEmpty, checks.indices.contains(check) else {
            throw .noSuchOverload
        }
        let bytes = Array(text.utf8)
        return checks[check].passes(bytes.span)
    }

    // MARK: Truth

    mutating func bool(_ index: Int) throws(EvaluationError) -> Bool {
        guard case .bool(let value) = try value(index) else { throw .noSuchOverload }
        return value
    }

    /// `&&` is decided by false and `||` by true, whatever errors stand beside.
    private mutating func logic(_ arguments: [Int], decidedBy decisive: Bool) throws(EvaluationError) -> Bool {
        var failure: EvaluationError?
        for argument in arguments {
            do throws(EvaluationError) {
                if try bool(argument) == decisive { return decisive }
            } catch {
                if error == .tooCostly { throw error }
                failure = error
            }
        }
        if let failure { throw failure }
        return !decisive
    }

    private mutating func compare(_ comparison: Comparison, _ arguments: [Int]) throws(EvaluationError) -> Bool {
        let left = try value(arguments[0])
        let right = try value(arguments[1])
        switch comparison {
        case .equal: return try equal(left, right)
        case .notEqual: return !(try equal(left, right))
        default:
            guard let ordering = left.ordered(right) else { throw .noSuchOverload }
            return comparison.holds(for: ordering)
        }
    }
}
