import Expressions
import SurveillanceKit

/// A generator that gives the same numbers for the same seed. Source: SplitMix64 (S. Vigna).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Expressions and rows made by dice: well-typed ones, over the fields of `Row`.
struct RandomExpression {
    var dice: SplitMix64
    /// Variables of macros in scope, all of them texts.
    private var variables: [String] = []

    init(seed: UInt64) { dice = SplitMix64(state: seed) }

    private mutating func pick(_ choices: [String]) -> String {
        choices[Int.random(in: 0..<choices.count, using: &dice)]
    }

    mutating func truth(_ depth: Int) -> String {
        guard depth > 0 else {
            return pick([
                "alive", "filled(code)", "given(a)", "name == null", "born != null", "true", "fee != null",
                "code == '1'",
            ])
        }
        switch Int.random(in: 0..<17, using: &dice) {
        case 0, 1: return "(\(truth(depth - 1)) && \(truth(depth - 1)))"
        case 2, 3: return "(\(truth(depth - 1)) || \(truth(depth - 1)) || \(truth(depth - 1)))"
        case 4: return "!(\(truth(depth - 1)))"
        case 5: return "(\(truth(depth - 1)) ? \(truth(depth - 1)) : \(truth(depth - 1)))"
        case 6: return "(\(text(depth - 1)) \(relation()) \(text(depth - 1)))"
        case 7: return "(\(whole(depth - 1)) \(relation()) \(whole(depth - 1)))"
        case 8: return "(\(number(depth - 1)) \(relation()) \(number(depth - 1)))"
        case 9: return "(\(moment(depth - 1)) \(relation()) \(moment(depth - 1)))"
        case 10: return "(\(whole(depth - 1)) \(pick(["<", "<=", ">", ">="])) \(number(depth - 1)))"
        case 11: return "(\(pick(fields)) \(pick(["==", "!="])) null)"
        case 12:
            return
                "\(pick(["", "!"]))(\(text(depth - 1)) in \(pick(lists)))"
        case 13: return "(\(whole(depth - 1)) in [1, 2, 35])"
        case 14: return "\(text(depth - 1)).\(pick(["startsWith", "endsWith", "contains"]))(\(text(depth - 1)))"
        case 15:
            return pick(["\(text(depth - 1)).matches('^[0-9]+$|张')", "evenLength(\(pick(["a", "name", "code"])))"])
        default: return macro(depth)
        }
    }

    private let fields = Row.fields.map(\.name)
    private let lists = ["['1', '2']", "['张三', null, '-']", "{'1': 2}", "['abcdefghi', 'abcdefghj']"]
    private let parts = [
        "getFullYear()", "getMonth()", "getHours('+08:00')", "getDayOfWeek()", "getDayOfYear()", "getSeconds()",
        "getHours('Australia/Sydney')", "getDate('America/St_Johns')",
    ]

    private mutating func relation() -> String { pick(["==", "!=", "<", "<=", ">", ">="]) }

    private mutating func macro(_ depth: Int) -> String {
        let list = pick(["[name, code, a]", "['1', '2', '张三']", "[a, b, c, d, e, code]", "['x', null]"])
        let variable = "v\(variables.count)"
        variables.append(variable)
        defer { variables.removeLast() }
        return "\(list).\(pick(["all", "exists", "exists_one"]))(\(variable), \(truth(depth - 1)))"
    }

    private mutating func text(_ depth: Int) -> String {
        if depth > 0, Int.random(in: 0..<8, using: &dice) == 0 {
            return pick([
                "(\(truth(depth - 1)) ? \(text(depth - 1)) : \(text(depth - 1)))", "(\(text(0)) + \(text(0)))",
            ])
        }
        return pick(["name", "code", "other", "a", "b", "'1'", "'张三'", "''", "'abcdefghi'"] + variables + variables)
    }

    private mutating func whole(_ depth: Int) -> String {
        guard depth > 0 else { return pick(["age", "count", "0", "1", "35", "9223372036854775807"]) }
        switch Int.random(in: 0..<11, using: &dice) {
        case 9: return "(\(whole(depth - 1)) + \(whole(depth - 1)) + \(whole(depth - 1)))"
        case 8:
            let field = pick(["age", "count"])
            return "(\(field) != null ? \(pick([field, field, "age"])) : \(pick(["0", "7", "count"])))"
        case 0, 1: return "(\(whole(depth - 1)) \(pick(["+", "-", "*", "/", "%"])) \(whole(depth - 1)))"
        case 2: return "size(\(text(depth - 1)))"
        case 3: return "years(\(moment(depth - 1)), \(moment(depth - 1)))"
        case 4: return "days(\(moment(depth - 1)), \(moment(depth - 1)))"
        case 5:
            return
                "\(moment(depth - 1)).\(pick(parts))"
        case 6: return "int(\(number(depth - 1)))"
        case 7: return "(\(truth(depth - 1)) ? \(whole(depth - 1)) : \(whole(depth - 1)))"
        default: return "-\(whole(0))".replacingMinusMinus
        }
    }

    private mutating func number(_ depth: Int) -> String {
        guard depth > 0 else { return pick(["fee", "total", "0.0", "12.5", "1e300"]) }
        switch Int.random(in: 0..<6, using: &dice) {
        case 4: return "(\(number(depth - 1)) + \(number(depth - 1)) + \(number(depth - 1)) + fee)"
        case 3:
            let field = pick(["fee", "total"])
            return "(\(field) != null ? \(pick([field, field, "fee"])) : \(pick(["0.0", "2.5", "total"])))"
        case 0, 1: return "(\(number(depth - 1)) \(pick(["+", "-", "*", "/"])) \(number(depth - 1)))"
        case 2: return "double(\(whole(depth - 1)))"
        default: return number(0)
        }
    }

    private mutating func moment(_ depth: Int) -> String {
        guard depth > 0 else { return pick(["born", "came", "left", "timestamp('2026-01-31T08:30:00Z')"]) }
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: return "date(\(moment(depth - 1)))"
        case 1: return "(\(moment(depth - 1)) \(pick(["+", "-"])) duration('36h'))"
        default: return moment(0)
        }
    }

    /// A row whose cells are blank, placeholders or values, all of which parse.
    mutating func row() -> Row {
        var row = Row()
        for (name, type) in Row.fields {
            switch Int.random(in: 0..<10, using: &dice) {
            case 0..<3: continue
            case 3: row.set(name, text: "-", state: .placeholder)
            default:
                switch type {
                case .string: row.set(name, text: pick(["1", "2", "张三", "abcdefghi", "abcdefghj", "12345678", "x"]))
                case .integer: row.set(name, integer: [0, 1, 35, -3, .max, .min][Int.random(in: 0..<6, using: &dice)])
                case .number:
                    row.set(name, number: [0, -0.0, 12.5, 1e300, .infinity, 35][Int.random(in: 0..<6, using: &dice)])
                case .boolean: row.set(name, boolean: Bool.random(using: &dice))
                case .date, .datetime:
                    let seconds =
                        Int64.random(in: 0..<4, using: &dice) == 0
                        ? -62_135_596_800 : Int64.random(in: -3_000_000_000...3_000_000_000, using: &dice)
                    row.set(name, integer: seconds)
                }
            }
        }
        return row
    }
}

extension String {
    /// `--1` is CEL too, but `-` before a call of the generator's own minus would be a different number.
    fileprivate var replacingMinusMinus: String { hasPrefix("--") ? String(dropFirst(2)) : self }
}
