import SurveillanceKit
import Testing

@Suite("What a spreadsheet would run")
struct FormulaGuardTests {
    @Test(
        "begins like a formula, also behind blanks and apostrophes",
        arguments: [
            "=1", "=cmd|' /C calc'!A0", "+cmd", "@SUM(A1)", "-2+3", "\t=1", "\r=1", " =1", "'=1", "''+x", "＝1", "＠x",
            "－1",
            "+86-10-1234", "--5", "-1.2.3", "-1e5",
        ])
    func concerns(text: String) { #expect(FormulaGuard.concerns(text.utf8)) }

    @Test(
        "and is neither a number, nor a sign alone, nor anything else",
        arguments: [
            "", "-", "+", " - ", "-5", "+3.50", "-.5", "-5 ", "'-5", "5", "J11.1", "a=b", "'", "'x", "\"=1\"", "\t03",
            "示例",
        ])
    func passes(text: String) { #expect(!FormulaGuard.concerns(text.utf8)) }
}
