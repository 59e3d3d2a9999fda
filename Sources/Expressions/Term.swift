import RegularExpressions
import SurveillanceKit

/// An expression whose every part has its type.
struct CheckedExpression: Sendable {
    let terms: [Term]
    let root: Int
    let checks: [NamedCheck]
    /// How many variables its macros have.
    let slotCount: Int

    /// The value of one of its terms on a row.
    func value(of term: Int, _ cells: UnsafeBufferPointer<Cell>) throws(EvaluationError) -> Value {
        var evaluator = Evaluator(terms: terms, checks: checks, slotCount: slotCount)
        evaluator.cells = cells
        return try evaluator.value(term)
    }
}

/// A part of a checked expression: every operator knows what it works on. Terms stand in one array, each after its
/// arguments.
struct Term: Sendable {
    var operation: Operation
    var arguments: [Int] = []
    var type: ValueType
    /// Where it stands in the source, in bytes.
    var offset: Int

    var isToday: Bool {
        if case .call(.today) = operation { true } else { false }
    }
}

enum Operation: Sendable {
    case constant(Value)
    /// The field by its place in the environment.
    case field(Int)
    /// A macro's variable, by its slot.
    case local(Int)
    case and
    case or
    case not
    case conditional
    case compare(Comparison)
    case arithmetic(Arithmetic)
    case negate
    /// `element in list`, `key in map`.
    case membership
    case index
    case select(String)
    case has(String)
    case list
    /// Keys and values by turns.
    case map
    /// The range, then what is evaluated for each element, which stands in the slot.
    case macro(Macro, slot: Int)
    case call(Function)
    /// A part of a moment in a zone that has a name.
    case zonedPart(Function, Zone)
    case matches(RegularExpression)
    case check(Int)
    case filled(Int)
    case given(Int)
}

enum Comparison: UInt8 {
    case equal
    case notEqual
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual

    func holds(for ordering: Ordering) -> Bool {
        switch self {
        case .equal: ordering == .equal
        case .notEqual: ordering != .equal
        case .less: ordering == .less
        case .lessOrEqual: ordering == .less || ordering == .equal
        case .greater: ordering == .greater
        case .greaterOrEqual: ordering == .greater || ordering == .equal
        }
    }
}

enum Arithmetic: String {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
}

enum Macro: String {
    case all
    case exists
    case existsOne = "exists_one"
    case filter
    case map
    /// `map` with a predicate before the transformation.
    case mapWhere
}

/// A function that takes all its arguments' values. `today` has none, and becomes a constant before any row is given to it.
enum Function: String, CaseIterable {
    case size, startsWith, endsWith, contains, matches
    case int, double, string, bool, timestamp, duration, dyn, type
    case years, days, date, today
    case getFullYear, getMonth, getDate, getDayOfMonth, getDayOfWeek, getDayOfYear
    case getHours, getMinutes, getSeconds, getMilliseconds

    /// Whether it takes a moment apart, and so may be given a zone.
    var isPartOfTime: Bool {
        switch self {
        case .getFullYear, .getMonth, .getDate, .getDayOfMonth, .getDayOfWeek, .getDayOfYear, .getHours, .getMinutes,
            .getSeconds, .getMilliseconds:
            true
        default: false
        }
    }
}
