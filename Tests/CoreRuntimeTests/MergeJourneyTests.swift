import Accounts
import Audit
import Database
import Foundation
import Intake
import Portal
import Registrations
import StoreKit
import SurveillanceKit
import Testing

@testable import CoreRuntime
@testable import HTTPServer

@Suite("A duplicate institution is merged and taken apart again, on every store", .everyStore)
struct MergeJourneyTests {
    private static let duplicate = ScopeWalk.institutions[0].code
    private static let kept = "H2"

    private func browser(_ walk: ScopeWalk, _ caller: ScopeWalk.Caller) -> Browser {
        let browser = Browser(walk.router)
        browser.cookies["vedette_session"] = walk.token(of: caller)
        return browser
    }

    private func owed(_ walk: ScopeWalk, _ code: String, _ day: String) async throws -> Int {
        let day = try #require(CivilDate(day))
        return try await walk.test.platform.portalServices.obligations(
            ObligationQuery(dueOn: day...day), in: .institution(code)
        ).items.count
    }

    /// Whether a package whose rows name the duplicate is taken without a word about the institution's code.
    private func takesDuplicatesCode(_ walk: ScopeWalk) async throws -> Bool {
        var tables = try ProgramTables("FeverClinic")
        tables.tables = tables.tables.filter { $0.fileType == "fever" }
        let sent = try await walk.test.send(tables.package, named: "p.zip", from: Self.kept)
        try await walk.test.processAll()
        let route = try #require(walk.router.routes.first { $0.pattern == "/api/v1/submissions/{id}/findings" })
        let response = await walk.ask(.neighbour, route, at: "/api/v1/submissions/\(sent.submission.id)/findings")
        return !(try await ScopeWalk.text(response)).contains("\"P900\"")
    }

    @Test(
        "what would change is shown, done once, and told to the duplicate's people, who may still read; then taken back"
    )
    func journey() async throws {
        let clock = try SetClock("2026-03-02T10:00:00+08:00")
        let walk = try await ScopeWalk(now: clock.now)
        let (nation, province) = (browser(walk, .national), browser(walk, .province))
        let earlier = try await walk.test.send(try TestPlatform.package("FeverClinic", "clean")).submission.id
        try await walk.test.processAll()
        #expect(try await takesDuplicatesCode(walk) == false)
        let path = "/institutions/\(Self.duplicate)"

        // Looked at first; a province may not.
        #expect(try await province.ask(.get, "\(path)/merge?into=H2").status == .forbidden)
        try await nation.ask(.get, path)
        #expect(nation.page.contains("合并重复登记"))
        for wrong in ["", "H9", Self.duplicate] {
            try await nation.ask(.get, "\(path)/merge?into=\(wrong)")
            #expect(!nation.page.contains("确认合并"), "\(wrong)")
        }
        try await nation.ask(.get, "\(path)/merge?into=H2")
        for told in [
            "2026-03-01 之后不再有上报任务", "3 个账号只能查看", "sender", "H2: 其他代码：— → \(Self.duplicate)", "上报 1 次",
        ] { #expect(nation.page.contains(told), "\(told)") }
        let seen = try #require(nation.page.firstMatch(of: /name="seen" value="([^"]*)"/)).1
        #expect(try await owed(walk, Self.duplicate, "2026-03-02") > 0)
        let before = try await owed(walk, Self.duplicate, "2026-03-01")

        // An upload is under way meanwhile.
        let flight = UploadAnnouncement(account: "sender", institution: Self.duplicate, fileName: "flight.zip")
        let receiving = try Receiving(flight, at: walk.test.platform)
        let bytes = try TestPlatform.package("FeverClinic", "clean")
        try bytes[..<1000].withUnsafeBytes { try receiving.write($0) }

        let fields = ["into": Self.kept, "seen": String(seen)]
        #expect(try await province.post("\(path)/merge", fields).status == .forbidden)
        #expect(try await nation.post("\(path)/merge", fields).headers["Location"] == "/institutions/H2?done=1")
        try await nation.ask(.get, path)
        let twice = try await nation.post("\(path)/merge", fields)
        #expect(twice.status == .unprocessableContent && nation.page.contains("已并入 H2"))

        try bytes[1000...].withUnsafeBytes { try receiving.write($0) }
        let arrived = try await receiving.finish(0).submission
        try await walk.test.processAll()
        let stored = try #require(try await walk.test.find(arrived.id))
        let same = try await walk.test.find(earlier)?.state
        #expect(stored.institution == Self.duplicate && stored.state == same)

        // Its people read what they had, and are told where to report.
        let manager = browser(walk, .sender)
        #expect(try await manager.ask(.get, "/submissions/\(earlier)").status == .ok)
        #expect(manager.page.contains("本机构已并入") && !manager.page.contains("href=\"/upload\""))
        for caller in [ScopeWalk.Caller.sender, .sendsOnly, .readsOnly] {
            for (pattern, target) in [("/api/v1/submissions", "/api/v1/submissions"), ("/colleagues", "/colleagues")] {
                let answer = try await walk.ask(caller, .post, pattern, at: target)
                #expect(answer.status == 403 && answer.text.contains("H2"), "\(caller) \(pattern)")
            }
        }
        #expect(try await owed(walk, Self.duplicate, "2026-03-02") == 0)
        #expect(try await owed(walk, Self.duplicate, "2026-03-03") == 0)
        #expect(try await owed(walk, Self.duplicate, "2026-03-01") == before)
        #expect(try await owed(walk, Self.kept, "2026-03-02") > 0)
        #expect(try await takesDuplicatesCode(walk))

        // Its data are shown with the other's; what is set meanwhile is the other's own.
        try await nation.ask(.get, "/institutions/H2")
        for told in [
            "并入的机构", "/institutions/\(Self.duplicate)\"", "/board/institutions/\(Self.duplicate)",
            "/?q=\(Self.duplicate)", "sendsOnly",
        ] { #expect(nation.page.contains(told), "\(told)") }
        #expect(try await nation.post("/institutions/H2/close", ["until": "2027-12-31"]).status == .seeOther)
        let table = "code,name,nameEnglish,level,region\nH2,医院,Hospital,二级,430103\n"
        try await nation.ask(.get, "/institutions")
        _ = try await nation.upload(to: "/institutions/compare", Array(table.utf8), named: "register.csv")
        #expect(nation.page.contains("等级：三级 → 二级") && !nation.page.contains("其他代码"))
        #expect(try await nation.post("/institutions/import", ["table": table]).status == .seeOther)
        #expect(walk.test.platform.institutions["H2"]?.codeAliases == [Self.duplicate])

        // Back: its duties and accounts, and the other without its code, with what was set meanwhile.
        try await nation.ask(.get, path)
        #expect(nation.page.contains("撤销合并"))
        #expect(try await province.post("\(path)/unmerge", [:]).status == .forbidden)
        #expect(try await nation.post("\(path)/unmerge", [:]).status == .seeOther)
        try await nation.ask(.get, path)
        #expect(nation.page.contains("已撤销的合并"))
        #expect(try await nation.post("\(path)/unmerge", [:]).status == .unprocessableContent)
        let after = try #require(walk.test.platform.institutions["H2"])
        #expect(after.codeAliases.isEmpty && after.level == .secondary && after.until == CivilDate("2027-12-31"))
        #expect(walk.test.platform.institutions[Self.duplicate] == ScopeWalk.institutions[0])
        #expect(try await owed(walk, Self.duplicate, "2026-03-02") > 0)
        #expect(try await takesDuplicatesCode(walk) == false)
        let sent = try await walk.ask(.sender, .post, "/api/v1/submissions", at: "/api/v1/submissions")
        // It may again: what is refused is the empty body.
        #expect(sent.status == 422 && !sent.text.contains("merged-institution"))
        #expect(
            try await walk.test.audit().filter { $0.contains("merge") } == [
                "national institution.merge \(Self.duplicate)", "national institution.unmerge \(Self.duplicate)",
            ])
    }

    @Test("merged and taken back, every row of both databases is as it was, and so are figures and duties")
    func identity() async throws {
        let clock = try SetClock("2026-03-02T10:00:00+08:00")
        let walk = try await ScopeWalk(now: clock.now)
        _ = try await walk.test.send(try TestPlatform.package("Influenza", "clean"))
        try await walk.test.processAll()
        let (data, services) = (walk.test.platform.data, walk.test.platform.portalServices)
        let left: Set<String> = ["audit", "institution_merge", "institution_merge_gate"]
        func rows() throws -> [[String: [String]]] {
            [try WholeStore.rows(of: data.database, but: left), try WholeStore.rows(of: data.records, but: [])]
        }
        let nation = try #require(ScopeWalk.Caller.national.account)
        let (before, institutions) = (try rows(), walk.test.platform.institutions.institutions)
        for _ in 0..<2 {
            let preview = try await services.merging(Self.duplicate, into: Self.kept, in: .nation)
            #expect(
                try await services.merge(
                    Self.duplicate, into: Self.kept, seen: try #require(preview).seen, by: nation, from: "192.0.2.1")
                    == nil)
            #expect(try await walk.test.platform.bringFiguresUpToDate() == 0)
            #expect(try rows() == before)
            #expect(try await services.unmerge(Self.duplicate, by: nation, from: "192.0.2.1") == nil)
        }
        #expect(try rows() == before)
        #expect(walk.test.platform.institutions.institutions == institutions)
    }

    @Test("another server on the store learns of a merge by its look, and a start by itself")
    func otherServers() async throws {
        let test = try TestPlatform(institutions: ScopeWalk.institutions)
        try await learned(by: test.platform)
        await test.close()
        let again = try TestPlatform.open(test.folder, institutions: ScopeWalk.institutions)
        #expect(again.institutions[Self.kept]?.codeAliases == [Self.duplicate])
        #expect(again.institutions[Self.duplicate]?.until == CivilDate("2026-03-01"))
        await again.stop()
    }

    private func learned(by platform: Platform) async throws {
        let now = platform.now()
        try await platform.data.database.write { transaction in
            try InstitutionMerges.begin(
                Self.duplicate, into: Self.kept,
                seen: try InstitutionMerges.mark(Self.duplicate, Self.kept, in: transaction),
                seed: { code in ScopeWalk.institutions.first { $0.code == code } }, today: CivilDate("2026-03-02")!,
                by: Author(name: "national", origin: ""), at: now, in: transaction)
        }
        #expect(platform.portalServices.kept(insteadOf: Self.duplicate) == nil)
        try await platform.lookAtRegister()
        #expect(platform.portalServices.kept(insteadOf: Self.duplicate)?.code == Self.kept)
    }
}
