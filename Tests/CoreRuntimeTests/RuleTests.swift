import Accounts
import Database
import Portal
import StoreKit
import SurveillanceKit
import Testing
import Timeliness
import TimelinessStore

@testable import CoreRuntime

@Suite("Rules that administrators set, on every store", .everyStore)
struct RuleTests {
    private static let nation = Account(name: "n", displayName: "n", role: .national)
    /// The hospital lies in Beijing.
    private static let own = Account(name: "b", displayName: "b", role: .provincial, region: Region("11"))
    private static let other = Account(name: "h", displayName: "h", role: .provincial, region: Region("43"))
    private let day = CivilDate(daysSince1970: 20_785)  // 2026-11-28
    private let code = TestPlatform.institution.code

    private func exemption(_ code: String, from: String = "2026-11-28", until: String? = "2026-11-29") -> RuleDraft {
        let end = until.map { "\"until\": \"\($0)\"," } ?? ""
        return RuleDraft(
            text: """
                {
                  "program": "influenza", "reason": { "zh": "换系统", "en": "new system" },
                  "scope": { "exemptions": [ {
                    "institution": "\(code)",
                    "from": "\(from)", \(end)
                    "reason": { "zh": "换系统", "en": "new system" } } ] }
                }
                """)
    }

    private func state(_ test: TestPlatform) async throws -> [String] {
        try await test.platform.portalServices.obligations(
            ObligationQuery(dueOn: day...day, program: "influenza"), in: .nation
        ).items.map(\.obligation.state.rawValue)
    }

    @Test("an exemption is tried, set, in the audit trail, kept over a restart, and ended")
    func wholeLife() async throws {
        let clock = try SetClock("2026-11-28T18:00:00+08:00")
        let test = try TestPlatform(now: clock.now)
        #expect(try await state(test) == ["missing"])
        guard case .answer(let preview) = try await test.platform.rules.preview(exemption(code), in: .nation) else {
            Issue.record("no preview")
            return
        }
        #expect(preview.institutions == 1)
        let changed = preview.differences.map {
            "\($0.after?.to.description ?? "-") \($0.before?.state.rawValue ?? "-") \($0.after?.state.rawValue ?? "-")"
        }
        #expect(changed == ["2026-11-28 missing exempt", "2026-11-29 upcoming exempt"])
        // Nothing has been kept of it.
        #expect(try await state(test) == ["missing"])
        guard
            case .answer(let change) = try await test.platform.rules.apply(
                exemption(code), by: RuleTests.own, from: "::1")
        else {
            Issue.record("not set")
            return
        }
        #expect(try await state(test) == ["exempt"])
        try await test.restart(now: clock.now)
        #expect(try await state(test) == ["exempt"])
        #expect(try await test.platform.rules.revoke(change.id, by: RuleTests.other, from: "::1") == nil)
        #expect(try await test.platform.rules.revoke(change.id, by: RuleTests.nation, from: "::1")?.revokedBy == "n")
        #expect(try await test.platform.rules.revoke(change.id, by: RuleTests.nation, from: "::1") == nil)
        #expect(try await state(test) == ["missing"])
        let listed = try await test.platform.rules.changes(in: .nation)
        #expect(listed.map(\.id) == [change.id] && listed[0].revokedAt != nil)
        let trail: [String] = try await test.platform.data.database.read { connection in
            try connection.rows("SELECT action, who FROM audit WHERE action LIKE 'deadline.%' ORDER BY sequence")
                .map { "\(try $0[0] as String) \(try $0[1] as String)" }
        }
        #expect(trail == ["deadline.set b", "deadline.revoke n"])
    }

    @Test("a province sets what is named in it, and nothing else")
    func province() async throws {
        let clock = try SetClock("2026-11-28T10:00:00+08:00")
        let test = try TestPlatform(now: clock.now)
        let rules = test.platform.rules
        func answer(_ draft: RuleDraft, _ account: Account) async throws -> String {
            switch try await rules.apply(draft, by: account, from: "::1") {
            case .answer: "set"
            case .notAllowed: "not allowed"
            case .refused(let mistakes): mistakes.map { "\($0.line ?? 0): \($0.message.en)" }.joined(separator: "; ")
            }
        }
        let program = RuleDraft(
            text: """
                { "program": "influenza", "reason": { "zh": "甲", "en": "a" },
                "deadlines": [ { "kind": "daily", "from": "2026-12-01", "covers": { "days": 7 },
                "due": [ { "by": "16:00" } ] } ] }
                """)
        #expect(try await answer(exemption(code), RuleTests.other) == "not allowed")
        #expect(try await answer(program, RuleTests.own) == "not allowed")
        #expect(try await answer(exemption("999"), RuleTests.own) == "not allowed")
        #expect(
            try await answer(
                exemption(code), Account(name: "x", displayName: "x", role: .institution, institution: code))
                == "not allowed")
        #expect(try await answer(program, RuleTests.nation) == "set")
        // Both would be in force.
        #expect(try await answer(program, RuleTests.nation).contains("overlaps"))
        #expect(try await rules.changes(in: .region(try #require(Region("43")))).count == 1)
    }

    @Test("what is wrong is told with its line, and nothing is set")
    func refused() async throws {
        let clock = try SetClock("2026-11-28T10:00:00+08:00")
        let test = try TestPlatform(now: clock.now)
        func lines(_ draft: RuleDraft) async throws -> [Int] {
            guard case .refused(let mistakes) = try await test.platform.rules.preview(draft, in: .nation) else {
                return []
            }
            return mistakes.map { $0.line ?? 0 }
        }
        #expect(try await lines(exemption("999")) == [4])
        #expect(try await lines(exemption(code, until: nil)) == [3])
        // Before it is set, and without saying so.
        #expect(try await lines(exemption(code, from: "2026-11-01")) == [5])
        #expect(
            try await lines(
                RuleDraft(text: "{ \"program\": \"influenza\", \"reason\": { \"zh\": \"甲\", \"en\": \"a\" } }")) == [1])
        #expect(try await lines(RuleDraft(text: "no JSON")) == [1])
        #expect(try await test.platform.rules.changes(in: .nation) == [])
    }

    @Test("a rule that needs working days which no calendar says is refused, and says which year is missing")
    func unknownCalendar() async throws {
        let clock = try SetClock("2026-11-28T10:00:00+08:00")
        let test = try TestPlatform(now: clock.now)
        let draft = RuleDraft(
            text: """
                { "program": "influenza", "reason": { "zh": "甲", "en": "a" },
                "deadlines": [ { "kind": "working-days", "from": "2026-12-01", "covers": { "days": 7 },
                "due": [ { "by": "16:00" } ] } ] }
                """)
        guard case .refused(let mistakes) = try await test.platform.rules.preview(draft, in: .nation) else {
            Issue.record("not refused")
            return
        }
        #expect(mistakes.count == 1 && mistakes[0].message.en.contains("add the holidays and make-up workdays of 2026"))
    }

    @Test("what was set and cannot be in force any more keeps no server from starting, and can be ended")
    func outlived() async throws {
        let clock = try SetClock("2026-11-28T18:00:00+08:00")
        let test = try TestPlatform(now: clock.now)
        // More different conditions than a program may have.
        let rules = (0..<70).map { number in
            let from = CivilDate(daysSince1970: 20_800 + number)
            return "{ \"from\": \"\(from)\", \"institutions\": \"region != '\(110_000 + number)'\" }"
        }
        let text = """
            { "program": "influenza", "setOn": "2026-11-28", "reason": { "zh": "甲", "en": "a" },
            "scope": { "rules": [ \(rules.joined(separator: ",")) ] } }
            """
        try await test.platform.data.database.write { transaction in
            try RuleChangeLog.add(
                RuleChangeLog.Entry(
                    id: "long", program: "influenza", body: text, author: "n", setAt: clock.now()), in: transaction)
        }
        try await test.restart(now: clock.now)
        #expect(try await state(test) == ["missing"])
        #expect(try await test.platform.rules.revoke("long", by: RuleTests.nation, from: "::1") != nil)
    }
}
