import Foundation
import HTTPServer
import Intake
import StoreKit
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("The API of what is owed, on every store", .everyStore)
struct DutyAPITests {
    private struct Page: Decodable {
        struct Item: Decodable {
            struct Period: Decodable { var from: String, to: String }
            struct Rule: Decodable { var kind: String }
            var institution: String, program: String, kind: String, period: Period, dueAt: String, state: String
            var receivedAt: String?
            var rules: [Rule]
        }
        var items: [Item]
        var total: Int?
        var next: String?
    }

    private struct Answer: Decodable {
        var id: String, state: String, receivedAt: String, sm3: String
    }

    private static let obligations = "/api/v1/obligations"
    private static let zeroReports = "/api/v1/zero-reports"

    private func page(
        _ walk: ScopeWalk, _ caller: ScopeWalk.Caller = .sender, _ query: String = ""
    ) async throws -> Page {
        let answer = try await walk.ask(caller, .get, Self.obligations, at: Self.obligations + query)
        try #require(answer.status == 200, "\(answer.text)")
        return try JSONDecoder().decode(Page.self, from: Data(answer.text.utf8))
    }

    private func zero(
        _ walk: ScopeWalk, _ body: String, as caller: ScopeWalk.Caller = .sender
    ) async throws -> (status: Int, text: String) {
        try await walk.ask(caller, .post, Self.zeroReports, at: Self.zeroReports, raw: Array(body.utf8))
    }

    @Test(
        "today's obligations of an institution, each with its period, its deadline in the program's zone and its reasons"
    )
    func today() async throws {
        let clock = try SetClock("2026-11-28T10:00:00+08:00")
        let walk = try await ScopeWalk(now: clock.now)
        let page = try await page(walk)
        #expect(page.next == nil && page.items.map(\.program) == ["fever-clinic", "influenza"])
        let first = try #require(page.items.first)
        #expect(first.institution == ScopeWalk.institutions[0].code && first.kind == "daily" && first.state == "due")
        #expect(first.period.from == "2026-11-22" && first.period.to == "2026-11-28")
        #expect(first.dueAt == "2026-11-28T17:00:00.000+08:00" && first.receivedAt == nil)
        #expect(first.rules.map(\.kind) == ["institution", "scope", "first-report", "deadline", "verdict"])
    }

    @Test("everybody sees his scope: a hospital its own, a commission its region's, and none another's")
    func scopes() async throws {
        let clock = try SetClock("2026-11-28T10:00:00+08:00")
        let walk = try await ScopeWalk(now: clock.now)
        func seen(_ caller: ScopeWalk.Caller) async throws -> Set<String> {
            Set(try await page(walk, caller).items.map(\.institution))
        }
        let codes = ScopeWalk.institutions.map(\.code)
        #expect(try await seen(.sender) == [codes[0]])
        #expect(try await seen(.neighbour) == [codes[1]])
        #expect(try await seen(.province) == [codes[0], codes[1]])
        #expect(try await seen(.county) == [codes[0]])
        #expect(try await seen(.otherProvince) == [codes[2]])
        #expect(try await seen(.otherPrefecture) == [])
        #expect(try await seen(.national) == Set(codes))
        for (caller, institution) in [(ScopeWalk.Caller.sender, codes[1]), (.province, codes[2]), (.national, "none")] {
            let target = Self.obligations + "?institution=\(institution)"
            #expect(try await walk.ask(caller, .get, Self.obligations, at: target).status == 404, "\(caller)")
        }
    }

    @Test("pages of any length hold everything once, in the same order, also over several days")
    func paging() async throws {
        let clock = try SetClock("2026-11-28T10:00:00+08:00")
        let walk = try await ScopeWalk(now: clock.now)
        for (caller, count) in [(ScopeWalk.Caller.national, 24), (.sender, 8)] {
            let span = "?from=2026-11-25&to=2026-11-28"
            let all = try await page(walk, caller, span).items.map { "\($0.period.to) \($0.institution) \($0.program)" }
            #expect(all.count == count && Set(all).count == count)
            for limit in [1, 5, 24] {
                var read: [String] = []
                var after: String?
                repeat {
                    let more = after.map { "&after=" + Percent.encode($0) } ?? ""
                    let part = try await page(walk, caller, span + "&limit=\(limit)" + more)
                    read += part.items.map { "\($0.period.to) \($0.institution) \($0.program)" }
                    after = part.next
                } while after != nil
                #expect(read == all, "\(caller) \(limit)")
            }
        }
    }

    @Test("filters by program and state; a value that cannot be is told")
    func filters() async throws {
        let clock = try SetClock("2026-11-28T17:00:00.001+08:00")
        let walk = try await ScopeWalk(now: clock.now)
        _ = try await zero(walk, #"{"program":"influenza","day":"2026-11-28"}"#)
        #expect(try await page(walk, .sender, "?state=late").items.map(\.program) == ["influenza"])
        #expect(try await page(walk, .sender, "?state=late,missing").items.count == 2)
        #expect(try await page(walk, .sender, "?state=late,missing&limit=1").total == 2)
        #expect(try await page(walk, .national, "?program=influenza&state=missing").items.count == 2)
        // As the board counts them.
        #expect(try await page(walk, .national, "?program=influenza&state=missing&limit=1").total == 2)
        #expect(try await page(walk, .national, "?region=11").total == (try await page(walk, .hospitalElsewhere).total))
        #expect(try await page(walk, .national, "?from=2026-11-27&to=2026-11-28").total == nil)
        let wrong = [
            "?state=done", "?state=", "?from=2026-02-30", "?to=tomorrow", "?limit=0", "?limit=1001", "?program=mpox",
            "?after=x", "?region=4", "?from=2026-11-28&to=2026-11-27", "?from=2020-01-01&to=2026-11-27",
        ]
        for query in wrong {
            let answer = try await walk.ask(.sender, .get, Self.obligations, at: Self.obligations + query)
            #expect([400, 422].contains(answer.status) && answer.text.contains("urn:vedette:problem:"), "\(query)")
        }
        // A commission may ask for a month, one institution for a year.
        let month = Self.obligations + "?from=2026-10-01&to=2026-11-28"
        #expect(try await walk.ask(.national, .get, Self.obligations, at: month).status == 422)
        #expect(try await walk.ask(.sender, .get, Self.obligations, at: month).status == 200)
    }

    @Test("a zero report does the day's duty at once, with a receipt; it can be withdrawn and processed again")
    func zeroReport() async throws {
        let clock = try SetClock("2026-11-28T16:59:59.999+08:00")
        let walk = try await ScopeWalk(now: clock.now)
        let answer = try await zero(walk, #"{"program":"influenza","day":"2026-11-28"}"#)
        #expect(answer.status == 201)
        let recorded = try JSONDecoder().decode(Answer.self, from: Data(answer.text.utf8))
        #expect(recorded.state == "accepted" && recorded.sm3.count == 64)
        func state() async throws -> String? {
            try await page(walk, .sender, "?program=influenza&from=2026-11-28&to=2026-11-28").items.first?.state
        }
        #expect(try await state() == "in-time")
        try clock.set("2026-11-28T17:10:00+08:00")
        #expect(try await state() == "in-time")
        let id = try #require(SubmissionID(recorded.id))
        let receipt = "/api/v1/submissions/{id}/receipt"
        let signed = try await walk.ask(.sender, .get, receipt, at: "/api/v1/submissions/\(id)/receipt")
        #expect(signed.status == 200 && signed.text.contains("zero-report.json") && signed.text.contains("influenza"))
        let findings = "/api/v1/submissions/{id}/findings"
        let found = try await walk.ask(.sender, .get, findings, at: "/api/v1/submissions/\(id)/findings")
        #expect(found.status == 200 && found.text.filter { !$0.isWhitespace } == "[]")
        for path in ["/submissions/{id}", "/submissions/{id}/receipt"] {
            let target = path.replacing("{id}", with: recorded.id)
            #expect(try await walk.ask(.sender, .get, path, at: target).status == 200, "\(path)")
        }
        _ = try await walk.test.platform.data.log.retry(id)
        try await walk.test.processAll()
        #expect(try await walk.test.find(id)?.state == .accepted)
        #expect(try await state() == "in-time")
        let withdraw = "/api/v1/submissions/{id}/withdraw"
        let taken = try await walk.ask(
            .sender, .post, withdraw, at: "/api/v1/submissions/\(id)/withdraw", raw: Array(#"{"reason":"error"}"#.utf8))
        #expect(taken.status == 200)
        #expect(try await state() == "missing")
    }

    @Test("a zero report that cannot be is refused with what would put it right")
    func refusals() async throws {
        let clock = try SetClock("2026-11-28T23:30:00+08:00")
        let walk = try await ScopeWalk(now: clock.now)
        let wrong = [
            (#"{"program":"mpox","day":"2026-11-28"}"#, 400, "no-such-program"),
            (#"{"program":"influenza","day":"2026-11-29"}"#, 422, "day-not-begun"),
            (#"{"program":"influenza","day":"2026-02-30"}"#, 400, "no-day"),
            (#"{"program":"influenza","day":"28/11/2026"}"#, 400, "no-day"),
            (#"{"program":"influenza","day":"2025-12-31"}"#, 409, "nothing-owed"),
            (#"{"program":"influenza"}"#, 400, "malformed-json"),
            (#"{"program":"influenza","day":20261128}"#, 400, "malformed-json"),
            (#"{"program":"influenza","day":"2026-11-28","rows":0}"#, 400, "unknown-value"),
            ("", 400, "malformed-json"),
        ]
        for (body, status, type) in wrong {
            let answer = try await zero(walk, body)
            #expect(answer.status == status && answer.text.contains("urn:vedette:problem:\(type)"), "\(body) \(answer)")
        }
        for caller in [ScopeWalk.Caller.province, .national, .platform] {
            let answer = try await zero(walk, #"{"program":"influenza","day":"2026-11-28"}"#, as: caller)
            #expect(answer.status == 403 && answer.text.contains("no-institution"), "\(caller)")
        }
        #expect(try await walk.test.platform.data.log.list(scope: .nation, limit: 9).isEmpty)
    }

    @Test("rows after a zero report: both count, the earlier decides, and the reasons say that they contradict")
    func contradiction() async throws {
        let clock = try SetClock("2026-11-28T16:50:00+08:00")
        let walk = try await ScopeWalk(now: clock.now)
        _ = try await zero(walk, #"{"program":"fever-clinic","day":"2026-11-28"}"#)
        try clock.set("2026-11-28T17:10:00+08:00")
        _ = try await walk.test.submit(try TestPlatform.package("FeverClinic", "clean"))
        let target = Self.obligations + "?program=fever-clinic"
        let text = try await walk.ask(.sender, .get, Self.obligations, at: target).text
        #expect(text.contains(#""state":"in-time""#) && text.contains("2026-11-28T16:50:00"))
        #expect(text.contains("a zero report and rows both speak for this period"))
    }
}
