import Accounts
import Audit
import CheckKit
import Database
import Documents
import Foundation
import Intake
import Notices
import Portal
import Registrations
import ShangMi
import StoreKit
import SurveillanceKit
import Testing
import Timeliness

@testable import CoreRuntime
@testable import HTTPServer

@Suite("The way of an application, from the telephone to the first report, on every store", .everyStore)
struct RegistrationJourneyTests {
    private static let manager = "欧阳娜娜"
    private static let phone = "13812345678"

    private static let form: [String: String] = [
        "name": "示例县人民医院", "code": "D2143569-X 430102 11 A100 1", "otherCode": "D2143569X4", "region": "430102",
        "address": "示例路 1 号", "level": "二级", "category": "综合", "legalName": "甲", "managerName": manager,
        "managerPhone": phone, "managerMail": "data@example.org", "next": "1",
    ]
    private static let code = "D2143569X43010211A1001"

    private func notices(_ walk: ScopeWalk, _ kind: String) throws -> [String] {
        try walk.test.platform.data.database.readBlocking {
            try $0.rows("SELECT text_zh FROM notice WHERE kind = ? ORDER BY at DESC, id", [.text(kind)]).map {
                try $0[0]
            }
        }
    }

    private func enter(_ browser: Browser, _ walk: ScopeWalk) async throws {
        try await browser.ask(.get, "/apply")
        #expect(try await browser.post("/apply/code", ["phone": Self.phone]).status == .ok)
        #expect(browser.page.contains("138****5678") && !browser.page.contains(Self.phone + " "))
        let code = try #require(try notices(walk, "phone-code").first).filter(\.isNumber).prefix(6)
        let wrong = code == "000000" ? "000001" : "000000"
        #expect(try await browser.post("/apply/enter", ["phone": Self.phone, "code": wrong]).status.code == 422)
        let entered = try await browser.post("/apply/enter", ["phone": Self.phone, "code": String(code)])
        #expect(entered.status == .seeOther && entered.headers["Location"] == "/apply/form")
    }

    @Test("a hospital applies without scripts, is refused, mends it, is approved, sets its password and reports")
    func journey() async throws {
        let clock = try SetClock("2026-03-02T10:00:00+08:00")
        let walk = try await ScopeWalk(now: clock.now)
        let (applicant, reviewer) = (Browser(walk.router), Browser(walk.router))
        reviewer.cookies["vedette_session"] = walk.token(of: .reviewer)
        try await enter(applicant, walk)

        // Saved although incomplete, with what is missing.
        try await applicant.ask(.get, "/apply/form")
        #expect(try await applicant.post("/apply/form", ["name": "示例县人民医院", "next": "1"]).status.code == 422)
        #expect(applicant.page.contains("示例县人民医院") && applicant.page.contains("请填写"))
        var wrong = Self.form
        wrong["code"] = "D2143569143010211A1001"
        #expect(try await applicant.post("/apply/form", wrong).status.code == 422)
        #expect(applicant.page.contains("第 9 位应为 X"))
        // No sheet is printed of it: a page says what is missing.
        for sheet in ["", "/information.pdf", "/agreement.pdf"] {
            let answer = try await applicant.ask(.get, "/apply/sheet\(sheet)")
            #expect(answer.status == .unprocessableContent)
            #expect(applicant.page.contains("还有 1 项需要填写或改正") && applicant.page.contains("第 9 位应为 X"))
            #expect(applicant.page.contains("href=\"/apply/form\"") && !applicant.page.contains("VDA-"))
        }
        try await applicant.ask(.get, "/apply/form")
        #expect(try await applicant.post("/apply/form", Self.form).headers["Location"] == "/apply/files")

        // Scans: a wrong one says what it is; each is sealed as it came and shown anew.
        try await applicant.ask(.get, "/apply/files")
        #expect(try await applicant.upload("licence", Array("PK\u{3}\u{4}".utf8), named: "a.pdf").status.code == 422)
        #expect(applicant.page.contains("zip 压缩包"))
        let scan = try DrawnPicture.jpeg(width: 90, height: 60) { x, y in (UInt8(x), UInt8(y), 9) }
        for kind in ["information", "agreement", "licence"] {
            #expect(try await applicant.upload(kind, scan, named: "扫描.jpg").status == .seeOther)
            let preview = try await applicant.ask(.get, "/apply/files/\(kind)/preview")
            #expect(preview.status == .ok && preview.headers["Content-Type"] == "image/jpeg")
        }
        for (sheet, name) in [("information", "医疗机构信息收集表.pdf"), ("agreement", "系统使用须知及同意书.pdf")] {
            let pdf = try await applicant.ask(.get, "/apply/sheet/\(sheet).pdf")
            #expect(pdf.headers["Content-Disposition"] == "attachment; filename*=UTF-8''\(Percent.encode(name))")
            guard case .bytes(let bytes) = pdf.body else { continue }
            // What we give out we take in: one page, nothing that acts.
            let checked = try await DocumentChecker().check(bytes, named: "a.pdf")
            #expect(checked.kind == .pdf && checked.pages == 1)
        }
        try await applicant.ask(.get, "/apply/sheet")
        #expect(applicant.page.contains("VDA-") && applicant.page.contains(Self.manager))
        try await applicant.ask(.get, "/apply/status")
        #expect(try await applicant.post("/apply/submit", [:]).headers["Location"] == "/apply/status")
        try await applicant.ask(.get, "/apply/status")
        #expect(applicant.page.contains("等待审核"))

        // The queue with its clock: Monday 10:00, so Wednesday's end.
        try await reviewer.ask(.get, "/applications")
        #expect(reviewer.page.contains("示例县人民医院") && reviewer.page.contains("2026-03-05 00:00"))
        let id = try #require(reviewer.page.firstMatch(of: /\/applications\/([0-9a-f]{24})/)).1
        try await reviewer.ask(.get, "/applications/\(id)")
        let revision = String(try #require(reviewer.page.firstMatch(of: /name="revision" value="(\d+)"/)).1)
        #expect(reviewer.page.contains(Self.manager) && reviewer.page.contains("D2143569X4：共 10 位"))
        let original = try await reviewer.ask(.get, "/applications/\(id)/files/licence")
        #expect(original.headers["Content-Disposition"] == "attachment; filename=\"\(id)-licence.jpg\"")
        if case .bytes(let bytes) = original.body { #expect(bytes == scan) } else { Issue.record("no bytes") }
        try await reviewer.ask(.get, "/applications/\(id)")
        #expect(
            try await reviewer.post("/applications/\(id)/decision", ["decision": "refuse", "revision": revision]).status
                .code == 422)
        try await reviewer.ask(.get, "/applications/\(id)")
        let refused = try await reviewer.post(
            "/applications/\(id)/decision",
            [
                "decision": "refuse", "revision": revision, "reason.address": "differs-from-scan",
                "reason.nobody": "wrong",
            ])
        #expect(refused.headers["Location"] == "/applications?done=refused")
        #expect(try notices(walk, "application") == ["示例县人民医院的账号申请未通过：详细地址：与扫描件不一致。请登录申请页面修改后重新提交。"])

        // Mended and sent in again, on another day and in another browser.
        try clock.set("2026-03-06T10:00:00+08:00")
        let again = Browser(walk.router)
        try await again.ask(.get, "/apply")
        _ = try await again.post("/apply/code", ["phone": Self.phone])
        let code = try #require(try notices(walk, "phone-code").first).filter(\.isNumber).prefix(6)
        #expect(
            try await again.post("/apply/enter", ["phone": Self.phone, "code": String(code)]).headers["Location"]
                == "/apply/status")
        try await again.ask(.get, "/apply/status")
        #expect(again.page.contains("与扫描件不一致"))
        try await again.ask(.get, "/apply/form")
        var mended = Self.form
        mended["address"] = "示例路 2 号"
        _ = try await again.post("/apply/form", mended)
        try await again.ask(.get, "/apply/status")
        _ = try await again.post("/apply/submit", [:])
        let account = try #require(ScopeWalk.Caller.reviewer.account)
        reviewer.cookies["vedette_session"] = try await walk.test.platform.sessions.begin(
            for: account, from: "192.0.2.9", at: clock.now()
        ).token
        try await reviewer.ask(.get, "/applications/\(id)")
        let latest = String(try #require(reviewer.page.firstMatch(of: /name="revision" value="(\d+)"/)).1)
        #expect(
            try await reviewer.post("/applications/\(id)/decision", ["decision": "approve", "revision": revision])
                .status.code == 409)
        try await reviewer.ask(.get, "/applications/\(id)")
        #expect(
            try await reviewer.post("/applications/\(id)/decision", ["decision": "approve", "revision": latest])
                .headers["Location"] == "/applications?done=approved")

        // The link, once; then the account signs in and reports, with the bound code in P900.
        let told = try #require(try notices(walk, "password-link").first)
        let link = try #require(told.firstMatch(of: /\/set-password\?token=[0-9a-f]+/).map { String($0.0) })
        let owner = Browser(walk.router)
        try await owner.ask(.get, link)
        #expect(owner.page.contains(Self.code))
        let token = link.split(separator: "=").last.map(String.init) ?? ""
        let password = "pear-sock-7 蓝天"
        #expect(
            try await owner.post("/set-password", ["token": token, "password": "short", "again": "short"]).status.code
                == 422)
        #expect(
            try await owner.post("/set-password", ["token": token, "password": password, "again": password]).status
                == .ok)
        try await owner.ask(.get, link)
        #expect(owner.page.contains("链接已使用或已过期"))
        let outcome = try await walk.test.platform.authenticator.signIn(
            name: Self.code.lowercased(), password: password, from: "192.0.2.7", at: clock.now())
        guard case .accepted(let owned) = outcome else {
            Issue.record("the account does not sign in: \(outcome)")
            return
        }
        #expect(owned.institution == Self.code)
        let rows = "P900,P6891\nD2143569X4,示例县人民医院\n"
        let sent = try await walk.test.send(
            StoredZip.bytes([("flu_20260306.csv", Array(rows.utf8))]), named: "a.zip", from: Self.code)
        try await walk.test.processAll()
        let submission = try #require(try await walk.test.find(sent.submission.id))
        let lines = try walk.test.platform.portalServices.findings(of: submission)
        var findings = ""
        while let line = try lines.next() { findings += String(decoding: line, as: UTF8.self) + "\n" }
        #expect(findings.contains("P7501") && !findings.contains("\"P900\""))
        // What it owes is judged from now on, and stands on the board of its province.
        #expect(walk.test.platform.duties.roster.book.institutions.contains { $0.code == Self.code })
    }

    @Test("what an applicant gives stands nowhere but in sealed values and messages")
    func canaries() async throws {
        let walk = try await ScopeWalk()
        let applicant = Browser(walk.router)
        try await enter(applicant, walk)
        try await applicant.ask(.get, "/apply/form")
        _ = try await applicant.post("/apply/form", Self.form)
        try await applicant.ask(.get, "/apply/files")
        let scan = try DrawnPicture.jpeg(width: 9, height: 9) { _, _ in (1, 2, 3) }
        let mark = Array("GEHEIM-CANARY".utf8)
        let tagged = Array(scan[..<2]) + [0xFF, 0xFE, 0, UInt8(mark.count + 2)] + mark + Array(scan[2...])
        #expect(try await applicant.upload("licence", tagged, named: "\(Self.manager).jpg").status == .seeOther)
        if case .bytes(let bytes) = try await applicant.ask(.get, "/apply/files/licence/preview").body {
            #expect(!String(decoding: bytes, as: UTF8.self).contains("CANARY"))
        }
        let files = FileManager.default.enumerator(atPath: walk.test.folder.path)
        var looked = 0
        while let name = files?.nextObject() as? String {
            guard let data = try? Data(contentsOf: walk.test.folder.appendingPathComponent(name)) else { continue }
            looked += 1
            for canary in [Self.manager, "GEHEIM-CANARY"] {
                #expect(data.range(of: Data(canary.utf8)) == nil, "\(name) holds \(canary)")
            }
        }
        #expect(looked > 5)
        #expect(!(try await walk.test.audit().joined().contains(Self.manager)))
    }

    @Test("another province's reviewer and other roles see nothing of an application")
    func others() async throws {
        let walk = try await ScopeWalk()
        let applicant = Browser(walk.router)
        try await enter(applicant, walk)
        try await applicant.ask(.get, "/apply/form")
        var form = Self.form
        form["region"] = "110105"
        _ = try await applicant.post("/apply/form", form)
        try await applicant.ask(.get, "/apply/files")
        let scan = try DrawnPicture.jpeg(width: 9, height: 9) { _, _ in (1, 2, 3) }
        for kind in ["information", "agreement", "licence"] {
            _ = try await applicant.upload(kind, scan, named: "a.jpg")
        }
        try await applicant.ask(.get, "/apply/status")
        _ = try await applicant.post("/apply/submit", [:])
        let all = try await walk.test.platform.registrations.applications.queue(in: .nation)
        let id = try #require(all.first).id
        let reviewer = Browser(walk.router)
        reviewer.cookies["vedette_session"] = walk.token(of: .reviewer)
        try await reviewer.ask(.get, "/applications")
        #expect(!reviewer.page.contains(id))
        for path in ["", "/files/licence", "/files/licence/preview"] {
            #expect(try await reviewer.ask(.get, "/applications/\(id)\(path)").status == .notFound)
        }
        #expect(
            try await reviewer.post("/applications/\(id)/decision", ["decision": "approve", "revision": "1"]).status
                == .notFound)
        let stranger = Browser(walk.router)
        #expect(try await stranger.ask(.get, "/apply/files/licence/preview").status == .notFound)
        #expect(try await stranger.ask(.get, "/applications/\(id)").headers["Location"]?.hasPrefix("/sign-in") == true)
    }

    @Test(
        "administrators look the register through, close an institution, and take a table in after seeing what it changes"
    )
    func register() async throws {
        let clock = try SetClock("2026-03-02T10:00:00+08:00")
        let walk = try await ScopeWalk(now: clock.now)
        let (nation, province) = (Browser(walk.router), Browser(walk.router))
        nation.cookies["vedette_session"] = walk.token(of: .national)
        province.cookies["vedette_session"] = walk.token(of: .province)
        try await nation.ask(.get, "/institutions?q=h2")
        #expect(nation.page.contains(">H2<") || nation.page.contains(" H2"))
        #expect(!nation.page.contains("12345678901234567890A1"))
        try await province.ask(.get, "/institutions")
        #expect(province.page.contains("12345678901234567890A1") && !province.page.contains(" H3"))
        #expect(try await province.ask(.get, "/institutions/H3").status == .notFound)

        try await nation.ask(.get, "/institutions/H2")
        #expect(try await nation.post("/institutions/H2/close", ["until": "2026-02-30"]).status.code == 422)
        try await nation.ask(.get, "/institutions/H2")
        #expect(try await nation.post("/institutions/H2/close", ["until": "2026-03-31"]).status == .seeOther)
        try await nation.ask(.get, "/institutions/H2")
        #expect(nation.page.contains("终止日期：— → 2026-03-31") && nation.page.contains("institutions.json"))
        #expect(walk.test.platform.institutions["H2"]?.until == CivilDate("2026-03-31"))
        let judged = walk.test.platform.duties.roster.book.institutions.first { $0.code == "H2" }
        #expect(judged?.until == CivilDate("2026-03-31"))

        let table =
            "code,name,nameEnglish,level,region,hasFeverClinic\nH3,医院,Hospital,二级,110105,true\nH9,新医院,New,一级,430103,\n"
        try await nation.ask(.get, "/institutions")
        let compared = try await nation.upload(to: "/institutions/compare", Array(table.utf8), named: "register.csv")
        #expect(compared.status == .ok)
        #expect(nation.page.contains("新增 1 家，变更 1 家，不变 0 家") && nation.page.contains("等级：三级 → 二级"))
        #expect(walk.test.platform.institutions["H9"] == nil)
        #expect(try await nation.post("/institutions/import", ["table": table]).status == .seeOther)
        #expect(walk.test.platform.institutions["H9"]?.name.en == "New")
        #expect(walk.test.platform.institutions["H3"]?.level == .secondary)
        #expect(
            try await walk.test.audit().filter { $0.contains("institution.") } == [
                "national institution.close H2", "national institution.import H9", "national institution.import H3",
            ])
    }
}
