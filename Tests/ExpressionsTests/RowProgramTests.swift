import Expressions
import Testing

@Suite("The program of nodes")
struct RowProgramTests {
    @Test("says on every row what the evaluator says", arguments: 0..<20 as Range<UInt64>)
    func agrees(seed: UInt64) throws {
        var random = RandomExpression(seed: seed)
        let rows = (0..<25).map { _ in random.row() }
        for _ in 0..<50 {
            let source = random.truth(4)
            let expression: CompiledExpression
            do {
                expression = try CompiledExpression(source, in: Row.environment)
            } catch {
                Issue.record("\(source): \(error)")
                continue
            }
            for row in rows {
                let (outcome, value) = row.withCells { (expression.evaluate($0), try? expression.value($0)) }
                let wanted: Outcome = if case .bool(let holds)? = value { holds ? .true : .false } else { .undecided }
                #expect(outcome == wanted, "\(source) on \(row.cells)")
            }
        }
    }

    @Test("is never false where blanks excuse it", arguments: 100..<115 as Range<UInt64>)
    func blanks(seed: UInt64) throws {
        var random = RandomExpression(seed: seed)
        let rows = (0..<40).map { _ in random.row() }
        for _ in 0..<40 {
            let source = random.truth(3)
            guard let expression = try? CompiledExpression(source, in: Row.environment) else { continue }
            for row in rows {
                row.withCells { cells in
                    guard expression.evaluate(cells) == .false else { return }
                    let blank = expression.fields.map { cells[$0].state == .blank }
                    for field in expression.excusingFields { #expect(cells[field].state != .blank, "\(source)") }
                    let mask = blank.enumerated().reduce(0) { $1.element ? $0 | 1 << $1.offset : $0 }
                    if blank.count <= CompiledExpression.maximumMaskedFields {
                        #expect(!expression.cannotFail(whenBlank: mask), "\(source)")
                    }
                }
            }
        }
    }

    @Test(
        "knows which blanks excuse a rule",
        arguments: [
            ("code != '1' || came != null", ["code"]), ("born <= came", ["born", "came"]),
            ("age >= 0 && age <= 120", ["age"]), ("code == '1'", []), ("name != null", []),
            ("code == null || code in ['1', '2']", ["code"]), ("name != null || code != null", []),
            ("!(code == '1' && name == null)", ["code"]), ("evenLength(name)", ["name"]),
            ("given(name)", []), ("fee + total <= 10.0", ["fee", "total"]),
            ("[a, b].all(x, x == null || x.startsWith('J'))", []), ("name.matches('^J')", ["name"]),
            ("age < 1 ? fee != null : true", ["age"]),
        ] as [(String, [String])])
    func excusing(source: String, fields: [String]) throws {
        let expression = try CompiledExpression(source, in: Row.environment)
        #expect(expression.excusingFields.map { Row.fields[$0].name }.sorted() == fields)
    }

    @Test(
        "compares a whole number with a double as the nearest double",
        arguments: [
            ("age < 9223372036854775808.0", false), ("age >= 9223372036854775808.0", true),
            ("fee > age", false), ("fee <= age", true), ("count > 9007199254740992.0", false),
            ("count >= 9007199254740992.0", true), ("count < 9007199254740994.0", true), ("dyn(age) == fee", true),
            ("[age, count].exists(x, dyn(x) == 9007199254740992.0)", true),
        ])
    func lossy(source: String, holds: Bool) throws {
        var row = Row()
        row.set("age", integer: .max)
        row.set("count", integer: 9_007_199_254_740_993)
        row.set("fee", number: 0x1p63)
        #expect(try row.outcome(source) == (holds ? .true : .false))
    }

    @Test(
        "takes a moment of the row apart in a zone with a name",
        arguments: [
            ("came.getHours('Asia/Shanghai') == 7", Outcome.true), ("came.getDate('Australia/Sydney') == 14", .true),
            ("came.getHours('America/New_York') >= 0", .true),
            ("came.getHours('Asia/Shanghai') > left.getHours()", .undecided),
            ("left.getDate('Asia/Shanghai') == 1", .undecided),
            ("[came].all(t, t.getMinutes('Asia/Kathmandu') == 16)", .true),
            ("came.getMonth('US/Central') + 1 in [2, 3]", .true),
        ])
    func zones(source: String, outcome: Outcome) throws {
        var row = Row()
        row.set("came", integer: 1_234_567_890)
        #expect(try row.outcome(source) == outcome)
        let expression = try CompiledExpression(source, in: Row.environment)
        let value = row.withCells { try? expression.value($0) }
        if case .bool(let holds)? = value {
            #expect(outcome == (holds ? .true : .false))
        } else {
            #expect(outcome == .undecided)
        }
    }

    @Test("knows of each combination of blanks")
    func masks() throws {
        let expression = try CompiledExpression("code != '1' || came != null || given(left)", in: Row.environment)
        // Fields in the order of the environment: code, came, left.
        #expect(expression.fields.map { Row.fields[$0].name } == ["code", "came", "left"])
        #expect(expression.cannotFail(whenBlank: 0b001))
        #expect(!expression.cannotFail(whenBlank: 0b010))
        #expect(!expression.cannotFail(whenBlank: 0b110))
        #expect(expression.cannotFail(whenBlank: 0b111))
    }
}

@Suite("A list of rules")
struct ExpressionListTests {
    @Test("tells of each by its place what it is on a row")
    func outcomes() throws {
        var row = Row()
        row.set("code", text: "1")
        row.set("age", text: "x", state: .invalid)
        let sources = [
            "code == '2'", "code == '1'", "age > 0 && code == '2'", "age > 0", "came != null", "born > came",
        ]
        let list = ExpressionList(try sources.map { try CompiledExpression($0, in: Row.environment) })
        let found = row.withCells { cells in
            sources.indices.map { list.outcome(of: $0, cells.baseAddress!) }
        }
        #expect(found == [.false, .true, .false, .undecided, .false, .undecided])
    }
}
