import Expressions
import SurveillanceKit
import Testing

/// What an expression without fields should come to, written as a literal.
enum Expected: Sendable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    case value(Expressions.Value)
    /// No value: an error when it is evaluated, or already when it is read.
    case error
    /// Refused when it is read.
    case refused

    typealias Key = Expected
    typealias Value = Expected

    static let null = Expected.value(.null)
    static func type(_ name: String) -> Expected { .value(.type(name)) }

    init(integerLiteral value: Int64) { self = .value(.int(value)) }
    init(floatLiteral value: Double) { self = .value(.double(value)) }
    init(stringLiteral value: String) { self = .value(.string(value)) }
    init(booleanLiteral value: Bool) { self = .value(.bool(value)) }
    init(arrayLiteral elements: Expected...) { self = .value(.list(elements.compactMap(\.plain))) }

    init(dictionaryLiteral elements: (Expected, Expected)...) {
        var map = ValueMap()
        for (key, value) in elements {
            if let key = key.plain, let value = value.plain { map.insert(value, under: key) }
        }
        self = .value(.map(map))
    }

    private var plain: Expressions.Value? {
        if case .value(let value) = self { value } else { nil }
    }
}

/// The same kind of value, and equal: 1 is not 1.0 here, and a NaN is a NaN.
func isSame(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.int, .double), (.double, .int): false
    case (.double(let x), .double(let y)): x == y && x.sign == y.sign || (x.isNaN && y.isNaN)
    case (.list(let x), .list(let y)): x.count == y.count && zip(x, y).allSatisfy { isSame($0, $1) }
    default: a.equals(b)
    }
}

/// Cases after the conformance tests of the CEL specification (google/cel-spec, tests/simple/testdata), in its
/// sections.
///
/// What the specification reaches with the checker off stands here behind `dyn(…)`.
struct ConformanceTests {
    private func check(_ expression: String, _ expected: Expected) {
        let environment = ExpressionEnvironment(fields: [])
        let cells = UnsafeBufferPointer<Cell>(start: nil, count: 0)
        let compiled: CompiledExpression
        do {
            compiled = try CompiledExpression(expression, in: environment, expecting: .dyn)
        } catch {
            if case .value = expected { Issue.record("refused: \(error)") }
            return
        }
        let value = try? compiled.value(cells)
        switch expected {
        case .value(let wanted): #expect(value.map { isSame($0, wanted) } ?? false, "\(String(describing: value))")
        case .error: #expect(value == nil, "\(String(describing: value))")
        case .refused: Issue.record("taken, and comes to \(String(describing: value))")
        }
        guard compiled.type == .bool || compiled.type == .dyn else { return }
        // The program of nodes says what the evaluator says.
        let outcome = compiled.evaluate(cells)
        if case .bool(let holds)? = value {
            #expect(outcome == (holds ? .true : .false))
        } else {
            #expect(outcome == .undecided)
        }
    }

    @Test(
        "types of lists and maps that hold nothing become those of what they are put beside",
        arguments: [
            ("[]", "list(dyn)"), ("{}", "map(dyn, dyn)"), ("[[], ['a']]", "list(list(string))"),
            ("[[1], [], [2]]", "list(list(int))"), ("[[], [[]], [[[]]]]", "list(list(list(list(dyn))))"),
            ("[] + [1.5]", "list(double)"), ("true ? {} : {'a': 1}", "map(string, int)"), ("[][0]", "dyn"),
            ("[].map(x, x)", "list(dyn)"), ("[].map(x, x)[0].a", "dyn"), ("{}.a", "dyn"),
            ("[1, dyn('a')]", "list(dyn)"),
            ("[[], dyn(1), ['a']]", "list(dyn)"), ("[null, []]", "list(list(dyn))"), ("[1, 'a']", "list(dyn)"),
        ])
    func deducedTypes(expression: String, type: String) throws {
        let environment = ExpressionEnvironment(fields: [])
        #expect(try CompiledExpression(expression, in: environment, expecting: .dyn).type.description == type)
    }

    @Test("basic", arguments: ConformanceCases.basic)
    func basic(expression: String, expected: Expected) { check(expression, expected) }

    @Test("parse", arguments: ConformanceCases.parse)
    func parse(expression: String, expected: Expected) { check(expression, expected) }

    @Test("comparisons", arguments: ConformanceCases.comparisons)
    func comparisons(expression: String, expected: Expected) { check(expression, expected) }

    @Test("integer and floating-point math", arguments: ConformanceCases.math)
    func math(expression: String, expected: Expected) { check(expression, expected) }

    @Test("logic", arguments: ConformanceCases.logic)
    func logic(expression: String, expected: Expected) { check(expression, expected) }

    @Test("lists, maps and fields of maps", arguments: ConformanceCases.collections)
    func collections(expression: String, expected: Expected) { check(expression, expected) }

    @Test("macros", arguments: ConformanceCases.macros)
    func macros(expression: String, expected: Expected) { check(expression, expected) }

    @Test("strings", arguments: ConformanceCases.strings)
    func strings(expression: String, expected: Expected) { check(expression, expected) }

    @Test("timestamps and durations", arguments: ConformanceCases.time)
    func time(expression: String, expected: Expected) { check(expression, expected) }

    @Test("conversions", arguments: ConformanceCases.conversions)
    func conversions(expression: String, expected: Expected) { check(expression, expected) }
}
