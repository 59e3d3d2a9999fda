import Expressions
import SurveillanceKit
import Testing

@Suite("A rule on a row")
struct RuleTests {
    @Test(
        "follows from the cells",
        arguments: [
            // Text and null.
            ("code != '1' || came != null", .true), ("code == '1'", .false), ("code == null", .true),
            ("null == code", .true), ("code != null", .false), ("name == '张三'", .true), ("name != null", .true),
            ("code == other", .true), ("code == name", .false), ("code < '2'", .undecided), ("name < '李四'", .true),
            ("name in ['李四', '张三']", .true), ("code in ['1', '2']", .false), ("code in ['1', null]", .true),
            ("!(name in ['李四'])", .true), ("name.startsWith('张')", .true), ("name.size() == 2", .true),
            ("size(code) > 3", .undecided), ("code.startsWith('J')", .undecided),
            // A text keeps its placeholder, a date has none.
            ("a == '-'", .true), ("a != null", .true), ("filled(a)", .true), ("given(a)", .false),
            ("filled(code)", .false), ("given(code)", .false), ("given(name)", .true), ("filled(left)", .true),
            ("given(left)", .false), ("left == null", .true), ("left > came", .undecided),
            // Numbers.
            ("age >= 18", .true), ("age > 18 && age < 60", .true), ("fee > 0", .true), ("fee == 12.5", .true),
            ("fee <= age", .true), ("total >= fee", .undecided), ("age + 1 == 36", .true), ("age / 0 == 1", .undecided),
            ("count * 2 > 1", .undecided), ("double(age) == 35.0", .true), ("fee * 2.0 == 25.0", .true),
            // Time.
            ("born < came", .true), ("years(born, came) == 35", .true), ("days(born, came) > 12000", .true),
            ("came - born > duration('24h')", .true), ("date(came) == timestamp('2026-01-31T00:00:00Z')", .true),
            ("came.getHours() == 8", .true), ("came.getFullYear() - born.getFullYear() == 36", .true),
            ("born <= left && left <= came", .undecided), ("years(born, left) == 1", .undecided),
            // Truth.
            ("alive", .true), ("!alive", .false), ("alive ? age > 100 : true", .false), ("true", .true),
            ("code == '1' ? came != null : true", .true), ("left > came || name != null", .true),
            ("left > came && name == null", .false), ("name != null || left > came", .true),
            // Named checks.
            ("evenLength(name)", .true), ("evenLength(code)", .undecided), ("evenLength(a)", .undecided),
            // Cells that did not parse.
            ("d == '1'", .undecided), ("d == null", .undecided), ("filled(d)", .undecided), ("given(d)", .undecided),
            ("filled(d) && false", .false), ("filled(d) || true", .true),
            // Lists of fields.
            ("[name, code, other].exists(x, x == '张三')", .true), ("[code, other].all(x, x == null)", .true),
            ("[code, name].exists_one(x, x != null)", .true), ("[name, a].filter(x, x != '-').size() == 1", .true),
            ("[name, code].all(x, x == null || x.matches('^\\\\p{Han}+$'))", .true),
        ] as [(String, Outcome)])
    func outcome(expression: String, expected: Outcome) throws {
        var row = Row()
        row.set("name", text: "张三")
        row.set("a", text: "-", state: .placeholder)
        row.set("left", text: "-", state: .placeholder)
        row.set("age", integer: 35)
        row.set("fee", number: 12.5)
        row.set("alive", boolean: true)
        row.set("born", moment: "1990-02-01")
        row.set("came", moment: "2026-01-31T08:30:00")
        row.set("d", text: "?", state: .invalid)
        #expect(try row.outcome(expression) == expected)
    }
}
