import CheckKit
import Foundation
import ProgramFiles
import SurveillanceKit
import Testing
import Validation

@Suite("Deadlines and scopes that do not hold together are refused with the place and what would be right")
struct RefusedDeadlineTests {
    private static let scope = #""scope": { "rules": [{ "from": "2026-06-01", "institutions": "true" }] }"#
    private static let daily =
        #""deadlines": [{ "kind": "daily", "from": "2026-06-01", "covers": { "days": 7 }, "due": [{ "by": "17:00" }] }]"#

    /// A program with these members, in which marks show where mistakes belong.
    private func refused(_ members: String, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        let program = try MarkedProgram(
            ("program.json", #""timeZone": "Asia/Shanghai""#, #""timeZone": "Asia/Shanghai", \#(members)"#))
        let mistakes = try program.mistakes()
        try program.expect(words.first ?? "", sourceLocation: sourceLocation)
        for word in words {
            #expect(
                mistakes.contains { $0.message.en.contains(word) }, "\(mistakes.map(\.message.en))",
                sourceLocation: sourceLocation)
        }
    }

    private func deadline(_ rule: String) -> String { "\"deadlines\": [\(rule)], \(RefusedDeadlineTests.scope)" }

    @Test("near misses are taken: each kind, with and without a class, up to the last millisecond of the day")
    func taken() throws {
        for due in [#""17:00""#, #""00:00""#, #""23:59:59.999""#, #""24:00""#, #""08:30:15""#] {
            try refused(
                deadline(
                    #"{ "kind": "daily", "from": "2026-06-01", "covers": { "days": 7 }, "due": [{ "by": \#(due) }] }"#))
        }
        try refused(
            deadline(
                #"""
                { "kind": "first-report", "from": "2026-06-01", "covers": { "since": "2026-06-01" },
                  "due": [{ "when": "level == '三级' && region.startsWith('43')", "by": "2026-06-01" }, { "by": "2026-07-01 12:00" }] },
                { "kind": "daily", "from": "2026-06-01", "until": "2026-06-30", "covers": { "days": 1 }, "due": [{ "by": "17:00" }] },
                { "kind": "daily", "from": "2026-07-01", "covers": { "days": 7 }, "due": [{ "by": "12:00" }], "graceMinutes": 5 },
                { "kind": "once", "id": "one", "from": "2026-06-01", "covers": { "since": "2026-06-01" }, "due": [{ "by": "2026-06-01" }] },
                { "kind": "once", "id": "two", "from": "2026-06-01", "covers": { "since": "2026-06-01" }, "due": [{ "by": "2026-06-01" }] },
                { "kind": "weekly", "from": "2026-06-01", "due": [{ "weekday": "monday", "by": "12:00" }] },
                { "kind": "monthly", "from": "2026-06-01", "due": [{ "workingDay": 3 }] },
                { "kind": "working-days", "from": "2026-06-01", "covers": { "days": 1 }, "due": [{ "by": "17:00" }] },
                { "kind": "after-event", "id": "documents", "from": "2026-06-01", "due": [{ "days": 7 }] }
                """#))
    }

    @Test(
        "a time of day that there is not",
        arguments: ["25:00", "24:01", "17:60", "5 pm", "17", "-1:00", "17：00", "1700"])
    func time(text: String) throws {
        try refused(
            deadline(
                #"{ "kind": "daily", "from": "2026-06-01", "covers": { "days": 7 }, "due": [{ "by": ❶"\#(text)" }] }"#),
            "'by' is '\(text)', which is no time of day; write it as 17:00")
        try refused(
            deadline(
                #"{ "kind": "once", "id": "a", "from": "2026-06-01", "covers": { "since": "2026-06-01" }, "due": [{ "by": ❶"2026-07-01 \#(text)" }] }"#
            ), "no time of day")
    }

    @Test(
        "a zone that there is not, or that is two",
        arguments: ["Asia/Beijing", "CST", "GMT+8", "+08:00", "asia/shanghai"])
    func zone(name: String) throws {
        try MarkedProgram(("program.json", #""timeZone": "Asia/Shanghai""#, #""timeZone": ❶"\#(name)""#))
            .expect("'timeZone' is '\(name)', which is no zone; write it as Asia/Shanghai")
    }

    @Test("days: before the program's, turned round, or none of the calendar")
    func days() throws {
        try refused(
            deadline(
                #"{ "kind": "daily", "from": ❶"2026-05-31", "covers": { "days": 7 }, "due": [{ "by": "17:00" }] }"#),
            "'from' is 2026-05-31, before the program's first day 2026-06-01")
        try refused(
            deadline(
                #"{ "kind": "daily", "from": "2026-07-01", "until": ❶"2026-06-30", "covers": { "days": 7 }, "due": [{ "by": "17:00" }] }"#
            ), "'until' 2026-06-30 is before 'from' 2026-07-01")
        try refused(
            deadline(
                #"{ "kind": "daily", "from": ❶"2026-06-31", "covers": { "days": 7 }, "due": [{ "by": "17:00" }] }"#),
            "which is no day")
        try refused(
            deadline(
                #"{ "kind": "first-report", "from": "2026-06-10", "covers": { "since": "2026-06-10" }, "due": [{ "by": ❶"2026-06-09" }] }"#
            ), "the deadline 2026-06-09 is before the rule's 'from' 2026-06-10")
        try refused(
            #""deadlines": [{ "kind": "daily", "from": "2026-06-01", "covers": { "days": 7 }, "due": [{ "by": "17:00" }] }], "scope": ❶{ "rules": [{ "from": "2026-06-02", "institutions": "true" }] }"#,
            "between them nobody would owe a report")
    }

    @Test("rules that are in force at once")
    func overlaps() throws {
        let first = #"{ "kind": "daily", "from": "2026-06-01", "covers": { "days": 7 }, "due": [{ "by": "17:00" }] }"#
        try refused(
            deadline(
                first
                    + #", { "kind": "daily", "from": ❶"2026-06-01", "covers": { "days": 7 }, "due": [{ "by": "18:00" }] }"#
            ),
            "overlaps the daily rule at Surveillance/Mpox/program.json:4",
            "change 'from', or end the other with 'until'")
        try refused(
            deadline(
                #"{ "kind": "daily", "from": "2026-06-01", "until": "2026-07-01", "covers": { "days": 7 }, "due": [{ "by": "17:00" }] }, { "kind": "daily", "from": ❶"2026-07-01", "covers": { "days": 7 }, "due": [{ "by": "18:00" }] }"#
            ), "from 2026-07-01 on both would be in force")
        try refused(
            RefusedDeadlineTests.daily
                + #", "scope": { "rules": [{ "from": "2026-06-01", "institutions": "true" }, { "from": ❶"2026-06-01", "institutions": "hasFeverClinic" }] }"#,
            "overlaps the scope rule")
    }

    @Test("a condition over what an institution has not, or that is no condition")
    func conditions() throws {
        func scope(_ condition: String) -> String {
            RefusedDeadlineTests.daily
                + #", "scope": { "rules": [{ "from": "2026-06-01", "institutions": \#(condition) }] }"#
        }
        try refused(
            scope(#""❶levle == '三级'""#), "there is no field 'levle'; did you mean 'level'?",
            "of an institution there are code, level")
        try refused(scope(#""level == '三级' && ❶beds > 500""#), "there is no field 'beds'")
        try refused(scope(#""❶level""#), "a bool is wanted here")
        try refused(scope(#""hasFeverClinic &&❶& true""#), "is written &&")
        try refused(scope(#"❶true"#), "must be a text")
        try refused(
            deadline(
                #"{ "kind": "daily", "from": "2026-06-01", "covers": { "days": 7 }, "due": [{ "when": "❶grad == '甲等'", "by": "17:00" }, { "by": "18:00" }] }"#
            ), "there is no field 'grad'; did you mean 'grade'?")
    }

    @Test("classes of which one is never reached, or not all")
    func classes() throws {
        try refused(
            deadline(
                #"{ "kind": "daily", "from": "2026-06-01", "covers": { "days": 7 }, "due": [{ "when": ❶"level == '三级'", "by": "17:00" }] }"#
            ), "the last entry must have no 'when'")
        try refused(
            deadline(
                #"{ "kind": "daily", "from": "2026-06-01", "covers": { "days": 7 }, "due": [❶{ "by": "17:00" }, { "by": "18:00" }] }"#
            ), "only the last entry may be without")
    }

    @Test("an exemption without end or reason, deadlines that nobody owes, properties of another kind")
    func others() throws {
        try refused(
            RefusedDeadlineTests.daily
                + #", "scope": { "rules": [{ "from": "2026-06-01", "institutions": "true" }], "exemptions": [❶{ "institution": "H", "from": "2026-06-01", "reason": { "zh": "停诊", "en": "closed" } }] }"#,
            "'until' is missing: an exemption or addition needs its last day")
        try refused(
            RefusedDeadlineTests.daily
                + #", "scope": { "rules": [{ "from": "2026-06-01", "institutions": "true" }], "exemptions": [❶{ "institution": "H", "from": "2026-06-01", "until": "2026-06-30" }] }"#,
            "'reason' is missing")
        try refused(
            #""deadlines": ❶[{ "kind": "daily", "from": "2026-06-01", "covers": { "days": 7 }, "due": [{ "by": "17:00" }] }]"#,
            "there are 'deadlines' and no 'scope'")
        try refused(
            deadline(
                #"{ "kind": "daily", "from": "2026-06-01", "covers": { "days": ❶0 }, "due": [{ "by": "17:00" }] }"#),
            "1 or more")
        try refused(
            deadline(#"❶{ "kind": "daily", "from": "2026-06-01", "due": [{ "by": "17:00" }] }"#), "'covers' is missing")
        try refused(
            deadline(#"{ "kind": ❶"dayly", "from": "2026-06-01", "due": [{ "by": "17:00" }] }"#),
            "it must be one of first-report, daily")
        try refused(
            deadline(#"{ "kind": "weekly", "from": "2026-06-01", "due": [{ "weekday": ❶"montag" }] }"#),
            "it must be one of monday")
        try refused(
            deadline(#"{ "kind": "monthly", "from": "2026-06-01", "due": [{ "day": ❶31 }] }"#),
            "from 1 to 28, which every month has")
        try refused(
            deadline(
                #"{ "kind": "daily", "id": ❶"a", "from": "2026-06-01", "covers": { "days": 7 }, "due": [{ "by": "17:00" }] }"#
            ),
            "'id' is for the kinds once and after-event alone")
        try refused(
            deadline(#"❶{ "kind": "after-event", "from": "2026-06-01", "due": [{ "days": 7 }] }"#), "'id' is missing")
        try refused(
            deadline(
                #"{ "kind": "daily", "from": "2026-06-01", "covers": { "days": 7 }, "due": [{ "by": "17:00", ❶"weekday": "monday" }] }"#
            ),
            "unknown property 'weekday'")
    }
}
