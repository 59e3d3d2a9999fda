import Expressions
import SurveillanceKit
import Testing

@Suite("A wrong rule")
struct RefusalTests {
    private func refusal(_ source: String, expecting: ValueType = .bool) throws -> ExpressionError {
        try #require(throws: ExpressionError.self) {
            try CompiledExpression(source, in: Row.environment, expecting: expecting)
        }
    }

    @Test(
        "is refused where it is wrong, with what would mend it",
        arguments: [
            ("nane == '1'", 1, 1, "there is no field 'nane'; did you mean 'name'?"),
            ("Name == '1'", 1, 1, "did you mean 'name'?"),
            ("name == 张三", 1, 9, "text goes into quotes"),
            ("code == '1' || zzzzzz == null", 1, 16, "there is no field 'zzzzzz'"),
            ("code == 1", 1, 6, "'==' does not take string and int: write '1'"),
            ("code != '1' &&\n  age == '35'", 2, 7, "a number goes without quotes, 35"),
            ("fee == 0", 1, 5, "write 0.0"),
            ("came > '2026-01-01'", 1, 6, "a moment is written timestamp("),
            ("came - born > 3", 1, 13, "'>' does not take duration and int"),
            ("age == fee", 1, 5, "convert with double(…)"),
            ("code == null || size(name) == null", 1, 28, "never null: compare a field itself with null"),
            ("age < null", 1, 5, "null has no order"),
            ("code", 1, 1, "the expression gives a string; a bool is wanted here"),
            ("code && alive", 1, 1, "&& wants true or false, and this is string"),
            ("!age", 1, 2, "! wants true or false"),
            ("code in '1'", 1, 6, "a list should follow 'in'"),
            ("age in ['1', '2']", 1, 5, "a int is never in a list of string"),
            ("code.startWith('1')", 1, 6, "did you mean 'startsWith'?"),
            ("code.startsWith(1)", 1, 6, "it is string.startsWith(string)"),
            ("years(born)", 1, 1, "it is years(timestamp, timestamp)"),
            ("evenLenght(name)", 1, 1, "did you mean 'evenLength'?"),
            ("evenLength(age)", 1, 12, "takes a string, not a int"),
            ("filled('x')", 1, 8, "takes the name of a field"),
            ("given(nmae)", 1, 7, "did you mean 'name'?"),
            ("has(name)", 1, 1, "filled(field) or given(field)"),
            ("filled", 1, 1, "is a function: brackets should follow it"),
            ("name.matches('[')", 1, 14, "the square bracket is not closed"),
            ("came > timestamp('2026-13-01T00:00:00Z')", 1, 8, "is not a moment"),
            ("came - born > duration('1 day')", 1, 15, "is not a duration"),
            ("came.getHours('Asia/Shanghay') > 8", 1, 6, "write UTC, +08:00 or Asia/Shanghai"),
            ("came.getHours('CST') > 8", 1, 6, "unknown zone 'CST'"),
            ("name == {'a': 1}.`b", 1, 18, "a second backquote"),
            ("name == `code`", 1, 9, "a value is missing before '`code`'"),
            ("([1] + [])[0] == 'a'", 1, 15, "does not take int and string"),
            ("['a'] in [[], [1]]", 1, 7, "never in a list of list(int)"),
            ("[name].all(x)", 1, 8, "list.all(variable, condition)"),
            ("name = '1'", 1, 6, "equality is written =="),
            ("name == '1' and alive", 1, 13, "the expression is complete before 'and'"),
            ("name == '1' &&", 1, 15, "a value is missing at the end"),
            ("(name == '1'", 1, 1, "this bracket is not closed"),
            ("name == '1", 1, 9, "a text without its closing quote"),
            ("name == “1”", 1, 9, "signs are ASCII ones"),
            ("age > 99999999999999999999", 1, 7, "beyond 64 bits"),
            ("age > 1u", 1, 8, "leave out the u"),
            ("'\\d' == name", 1, 2, "put r before the quote"),
        ])
    func positions(source: String, line: Int, column: Int, message: String) throws {
        let error = try refusal(source)
        #expect(error.line == line && error.column == column, "\(error)")
        #expect(error.message.en.contains(message), "\(error)")
        #expect(!error.message.zh.isEmpty)
    }

    @Test("counts columns in characters, not in bytes")
    func columns() throws {
        let error = try refusal("name == '张三丰' || nmae == null")
        #expect(error.column == 18)
    }

    @Test("is refused when it nests or grows beyond what a stack holds")
    func depth() throws {
        for (open, close) in [
            ("(", ")"), ("[", "]"), ("!", ""), ("-", ""), ("{1:", "}"), ("f(", ")"), ("true?true:", ""),
        ] {
            for count in [250, 10_000, 40_000] {
                let source = String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
                let error = try refusal(source, expecting: .dyn)
                #expect(error.message.en.contains("several rules"), "\(open) \(count): \(error)")
            }
        }
        for link in [" + 1", ".a", "[0]", " == 1"] {
            _ = try refusal("1" + String(repeating: link, count: 5000), expecting: .dyn)
        }
    }

    @Test("takes what may be long: hundreds of terms joined by && and ||, long lists")
    func length() throws {
        let terms = (0..<900).map { "code != '\($0)'" }
        _ = try CompiledExpression(terms.joined(separator: " && "), in: Row.environment)
        let codes = (0..<2000).map { "'C\($0)'" }.joined(separator: ", ")
        var row = Row()
        row.set("code", text: "C1999")
        #expect(try row.outcome("code in [\(codes)]") == .true)
        row.set("code", text: "C2000")
        #expect(try row.outcome("code in [\(codes)]") == .false)
    }

    @Test("costs a bounded number of steps, whatever it says")
    func cost() throws {
        let nested = "[0,1,2,3,4,5,6,7,8,9]"
        var source = "1 / 0 > 1"
        for level in 0..<12 { source = "\(nested).all(x\(level), \(source))" }
        #expect(try Row().outcome(source) == .undecided)
        let doubling = "['foo', 'bar']" + String(repeating: ".map(x, [x, x]).map(x, x + x)", count: 20)
        #expect(try Row().outcome("\(doubling) == \(doubling)") == .undecided)
        let growing = "['ab']" + String(repeating: ".map(x, x + x)", count: 60)
        #expect(try Row().outcome("size(\(growing)[0]) > 0") == .undecided)
    }

    @Test("never brings the house down, however it is garbled")
    func garbled() {
        var random = RandomExpression(seed: 7)
        let row = random.row()
        let pieces = [
            "&&", "(", ")", "[", "]", "'", "\"", "\\", ".", "in", "null", "x", "{", "}", ":", "?", "-", "0x", "1e9",
            "张", "r'", "'''", "all(x,", "//", "\u{0}",
        ]
        for _ in 0..<1500 {
            var source = Array(random.truth(3).unicodeScalars)
            for _ in 0..<Int.random(in: 1...3, using: &random.dice) {
                let place = Int.random(in: 0...source.count, using: &random.dice)
                if Bool.random(using: &random.dice) {
                    source.insert(
                        contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &random.dice)].unicodeScalars,
                        at: place)
                } else {
                    source.removeSubrange(place..<Swift.min(source.count, place + 2))
                }
            }
            var text = ""
            text.unicodeScalars.append(contentsOf: source)
            do {
                let expression = try CompiledExpression(text, in: Row.environment, expecting: .dyn)
                row.withCells { cells in
                    _ = expression.evaluate(cells)
                    _ = try? expression.value(cells)
                }
            } catch {
                #expect(error.line >= 1 && error.column >= 1)
            }
        }
    }

    @Test("cannot be decided on a row that is too short")
    func shortRow() throws {
        let expression = try CompiledExpression("name == '1'", in: Row.environment)
        let none = UnsafeBufferPointer<Cell>(start: nil, count: 0)
        #expect(expression.evaluate(none) == .undecided)
    }

    @Test("is refused where its pattern would take more than a few megabytes")
    func largePattern() {
        let environment = ExpressionEnvironment(fields: [("P5", .string)])
        #expect(throws: ExpressionError.self) {
            try CompiledExpression("P5.matches(r'(\\p{L}{1,1000}){1,1000}')", in: environment)
        }
    }
}
