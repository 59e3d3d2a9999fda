import Expressions
import SurveillanceKit
import Testing

@Suite("today()")
struct TodayTests {
    /// 2026-11-06 at 00:00.
    private static let day: Int64 = 1_793_923_200

    private func outcome(_ source: String, came: String?, on day: Int64? = TodayTests.day) throws -> Outcome {
        var row = Row()
        if let came { row.set("came", moment: came) }
        row.set("born", moment: "1980-11-07")
        let expression = try CompiledExpression(source, in: Row.environment)
        let fixed = day.map { expression.on(day: $0) } ?? expression
        return row.withCells { cells in
            // By nodes and by the evaluator alike.
            let value = try? fixed.value(cells)
            let outcome = fixed.evaluate(cells)
            let slow: Outcome = if case .bool(let holds)? = value { holds ? .true : .false } else { .undecided }
            #expect(outcome == slow)
            return outcome
        }
    }

    @Test(
        "is the day of the check at 00:00",
        arguments: [
            ("came <= today()", "2026-11-06T00:00:00", .true), ("came <= today()", "2026-11-06T08:00:00", .false),
            ("date(came) <= today()", "2026-11-06T23:59:59", .true),
            ("date(came) <= today()", "2026-11-07T00:00:00", .false), ("days(came, today()) == 7", "2026-10-30", .true),
            ("years(born, today()) == 45", nil, .true), ("came <= today()", nil, .undecided),
            ("came > today() - duration('24h')", "2026-11-05T00:00:01", .true),
            ("[came, born].all(t, t <= today())", "2026-11-07T00:00:00", .false),
            ("today() == date(today())", nil, .true),
            ("today().getFullYear() == 2026", nil, .true), ("came == null || came <= today()", nil, .true),
        ] as [(String, String?, Outcome)])
    func outcomes(source: String, came: String?, expected: Outcome) throws {
        #expect(try outcome(source, came: came) == expected)
    }

    @Test("cannot be decided where nobody has said which day it is")
    func unknown() throws {
        #expect(try outcome("came <= today()", came: "2026-11-06", on: nil) == .undecided)
        #expect(try outcome("today() == born", came: nil, on: nil) == .undecided)
        #expect(try outcome("today() == born || born != null", came: nil, on: nil) == .true)
    }

    @Test("another day is another verdict, and the expression itself keeps none")
    func otherDay() throws {
        let expression = try CompiledExpression("came <= today()", in: Row.environment)
        #expect(expression.readsToday)
        var row = Row()
        row.set("came", moment: "2026-11-07")
        #expect(row.withCells { expression.on(day: TodayTests.day).evaluate($0) } == .false)
        #expect(row.withCells { expression.on(day: TodayTests.day + 86_400).evaluate($0) } == .true)
        #expect(row.withCells { expression.evaluate($0) } == .undecided)
        #expect(try CompiledExpression("came <= left", in: Row.environment).readsToday == false)
    }

    @Test("a blank beside it excuses the row without its being asked")
    func blanks() throws {
        let expression = try CompiledExpression("came <= today()", in: Row.environment)
        #expect(expression.excusingFields == expression.fields)
        #expect(expression.on(day: TodayTests.day).excusingFields == expression.fields)
    }

    @Test("takes nothing", arguments: ["came <= today(born)", "born.today() == came", "came <= today"])
    func refused(source: String) {
        #expect(throws: ExpressionError.self) { try CompiledExpression(source, in: Row.environment) }
    }
}
