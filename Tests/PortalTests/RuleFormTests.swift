import SurveillanceKit
import Testing

@testable import Portal

@Suite("The form of a rule")
struct RuleFormTests {
    @Test("becomes the text that a file would have, and mistakes stand beside their inputs")
    func text() {
        let form = RuleForm(
            kind: .deadline,
            values: [
                "program": "influenza", "kind": "daily", "from": "2026-12-01", "by": "17:00", "days": "7",
                "when": "level == '三级'", "whenBy": "16:00", "reason": "so \"quoted\"\nbroken", "grace": "x",
            ])
        #expect(
            form.text == """
                {
                "program": "influenza",
                "reason": { "zh": "原因以英文填写", "en": "so \\"quoted\\"\\nbroken" },
                "deadlines": [ {
                "kind": "daily",
                "from": "2026-12-01",
                "covers": { "days": 7 },
                "due": [ { "by": "16:00",
                "when": "level == '三级'" },
                { "by": "17:00" } ],
                "graceMinutes": "x"
                } ] }
                """)
        func mistake(_ line: Int?) -> ProgramMistake {
            ProgramMistake(
                file: "draft", line: line, message: BilingualText(zh: "错 \(line ?? 0)", en: "no \(line ?? 0)"))
        }
        let faults = form.faults([mistake(6), mistake(9), mistake(11), mistake(1), mistake(nil), mistake(99)])
        #expect(faults.mapValues(\.en) == ["from": "no 6", "when": "no 9", "grace": "no 11", "": "no 1; no 0; no 99"])
    }

    @Test("says which inputs are empty")
    func missing() {
        let form = RuleForm(kind: .exemption, values: ["program": "influenza", "from": "  ", "until": "2026-12-01"])
        #expect(Set(form.missing.keys) == ["institution", "from", "reason"])
    }
}
