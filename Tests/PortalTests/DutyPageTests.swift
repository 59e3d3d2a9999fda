import HTTPServer
import SurveillanceKit
import Testing
import Timeliness

@testable import Portal

@Suite("Pages of duties")
struct DutyPageTests {
    private let day = CivilDate(daysSince1970: 20_785)  // 2026-11-28

    private func page(at moment: String, _ receipts: [(at: String, outcome: DutyReceipt.Outcome)] = []) throws -> String
    {
        let program = Program(
            id: "influenza", title: BilingualText(zh: "流感<监测>", en: "Influenza"), version: "1.0.0",
            effectiveFrom: "2026-01-01", timeZone: "Asia/Shanghai",
            deadlines: [
                DeadlineRule(
                    kind: .daily, from: try #require(CivilDate("2026-01-01")), covers: .days(7),
                    due: [DeadlineRule.Due(point: .sameDay, time: try #require(TimeOfDay("17:00")))])
            ],
            scope: DutyScope(
                rules: [DutyScope.Rule(from: try #require(CivilDate("2026-01-01")), institutions: "true")]),
            fileTypes: [])
        let now = try #require(Instant(withZone: moment))
        let sent = try receipts.map {
            DutyReceipt(receivedAt: try #require(Instant(withZone: $0.at)), outcome: $0.outcome)
        }
        var duties: [Obligation] = []
        try DutyBook([program], calendar: .none, institutions: [FakePlatform.hospital]).forEach(
            dueOn: day...day, at: now, receipts: { _, _ in DutyReceipts(sent) }
        ) { duty, _ in duties.append(duty) }
        let zone = try #require(CivilZone("Asia/Shanghai"))
        let reader = Reader(language: .zh)
        return DutiesPage(
            now: now, today: duties.map { DutiesPage.Item(obligation: $0, program: program, zone: zone) }, open: [],
            coming: [],
            calendar: DutyCalendar(
                duties, CalendarWeeks(count: 5, today: day), titles: ["influenza": program.title]), unjudged: []
        ).page(reader).rendered(for: reader)
    }

    @Test("what is due says how much time is left, and has the buttons to do it; what is done has none")
    func due() throws {
        let due = try page(at: "2026-11-28T14:47:00+08:00")
        #expect(due.contains("还剩 2 小时 13 分") && due.contains("零报告：2026-11-28 无病例"))
        #expect(due.contains("2026-11-28 17:00:00（Asia/Shanghai）"))
        #expect(due.contains("流感&lt;监测&gt;") && !due.contains("流感<监测>"))
        let done = try page(at: "2026-11-28T14:47:00+08:00", [("2026-11-28T09:12:00+08:00", .accepted)])
        #expect(done.contains("已按时完成，2026-11-28 09:12:00 收到") && !done.contains("零报告："))
        let missing = try page(at: "2026-11-28T18:00:00+08:00")
        #expect(missing.contains("请尽快补报") && missing.contains("零报告："))
        #expect(
            try page(at: "2026-11-28T18:00:00+08:00", [("2026-11-28T16:59:00+08:00", .pending)]).contains("正在核查"))
        #expect(
            try page(at: "2026-11-28T18:00:00+08:00", [("2026-11-28T17:30:00+08:00", .accepted)])
                .contains("晚于截止时间：2026-11-28 17:30:00"))
    }

    @Test("a zero report is sent by its form alone, and comes back to the duties")
    func zero() async throws {
        let visit = Visit()
        let form = "formToken=form-token-of-s1&program=influenza&day=2026-11-28"
        let sent = await visit.post("/duties/zero-reports", form: form, Visit.browser)
        #expect(sent.status == .seeOther && sent.headers["Location"] == "/duties?zero=2026-11-28")
        let foreign = await visit.post("/duties/zero-reports", form: "program=influenza&day=2026-11-28", Visit.browser)
        #expect(foreign.status == .forbidden)
        let odd = await visit.post(
            "/duties/zero-reports", form: "formToken=form-token-of-s1&program=influenza&day=yesterday", Visit.browser)
        #expect(odd.status == .badRequest)
        let nobody = await visit.post("/duties/zero-reports", form: form, ["Accept": "text/html"])
        #expect(nobody.headers["Location"] == "/sign-in?next=%2Fduties")
    }

    @Test("a statement is for days in order, and not for too many; a board is no hospital's")
    func limits() async throws {
        let visit = Visit()
        #expect(await visit.get("/duties/statement?from=2026-11-01&to=2026-11-28", Visit.browser).status == .ok)
        for query in ["from=2026-11-29&to=2026-11-28", "from=2020-01-01&to=2026-11-28", "from=2026-02-30"] {
            #expect(await visit.get("/duties/statement?\(query)", Visit.browser).status == .badRequest, "\(query)")
        }
        #expect(await visit.get("/board", Visit.browser).status == .forbidden)
        #expect(await visit.get("/rules", Visit.browser).status == .forbidden)
    }
}
