import Accounts
import Audit
import Database
import Foundation
import Portal
import Registrations
import ShangMi
import StoreKit
import SurveillanceKit
import Testing

@testable import CoreRuntime
@testable import HTTPServer

@Suite("Security administrators at their pages, without scripts, on every store", .everyStore)
struct PeopleJourneyTests {
    private static let author = Author(name: "operator", origin: "command line")

    private struct Office {
        private let office: PeopleOffice
        var test: TestPlatform { office.test }
        var router: Router { office.router }

        init() async throws { office = try await PeopleOffice() }

        /// A browser in which the account has signed in; the account is made where there is none.
        func browser(_ name: String, _ role: Role, _ region: String? = nil) async throws -> Browser {
            let account = Account(name: name, displayName: name, role: role, region: region.flatMap(Region.init))
            try await office.add(account)
            let browser = Browser(router)
            browser.cookies["vedette_session"] = try await test.platform.sessions.begin(
                for: account, from: "192.0.2.7", at: test.platform.now()
            ).token
            return browser
        }
    }

    @Test("one asks for an analyst, another confirms, the analyst sets a password by link and sees figures alone")
    func journey() async throws {
        let office = try await Office()
        let (first, second) = (
            try await office.browser("an", .security), try await office.browser("bo", .security)
        )
        try await first.ask(.get, "/people")
        let fields = [
            "kind": "create", "account": "chen", "display": "陈", "role": "analyst", "region": "43",
            "phone": "13800001111", "mail": "chen@example.org",
        ]
        #expect(try await first.post("/people/requests", fields).headers["Location"] == "/people?done=waits")
        try await first.ask(.get, "/people")
        #expect(first.page.contains("新建账号 chen：数据分析（43）") && !first.page.contains("value=\"confirm\""))
        try await second.ask(.get, "/people")
        let path = try #require(second.page.firstMatch(of: /action="(\/people\/requests\/[0-9a-f]+)"/)).1
        // The one who has asked cannot confirm by a form of his own either.
        #expect(try await first.post(String(path), ["decision": "confirm"]).status.code == 422)
        #expect(first.page.contains("不能确认自己的申请"))
        let done = try await second.post(String(path), ["decision": "confirm"])
        #expect(done.headers["Location"] == "/people?done=done")
        let text: String? = try await office.test.platform.data.database.read {
            try $0.first("SELECT text_zh FROM notice WHERE kind = 'password-link'")
        }
        let link = try #require(text?.firstMatch(of: /token=([0-9a-f]+)/)).1
        let owner = Browser(office.router)
        try await owner.ask(.get, "/set-password?token=\(link)")
        #expect(owner.page.contains("chen"))
        let password = "stone-boat-5 山"
        #expect(
            try await owner.post("/set-password", ["token": String(link), "password": password, "again": password])
                .status == .ok)
        let analyst = try await office.browser("chen", .analyst, "43")
        #expect(try await analyst.ask(.get, "/").headers["Location"] == "/figures")
        #expect(try await analyst.ask(.get, "/figures/influenza").status == .ok)
        for target in ["/board", "/people", "/audit", "/applications", "/api/v1/submissions", "/institutions"] {
            #expect(try await analyst.ask(.get, target).status == .forbidden, "\(target)")
        }
        #expect(try await analyst.ask(.get, "/api/v1/indicators").status == .ok)
        let elsewhere = try await analyst.ask(.get, "/figures/influenza?region=11")
        #expect(elsewhere.status == .forbidden)

        // The audit administrator reads who it was, and filters.
        let auditor = try await office.browser("audra", .auditor)
        #expect(try await auditor.ask(.get, "/").headers["Location"] == "/audit")
        try await auditor.ask(.get, "/audit?action=account.&subject=chen")
        for action in ["account.ask", "account.confirm", "account.create", "account.set-password"] {
            #expect(auditor.page.contains("<code>\(action)</code>"), "\(action)")
        }
        #expect(!auditor.page.contains("<code>sign-in</code>"))
        try await auditor.ask(.get, "/audit?who=BO")
        #expect(auditor.page.contains("account.confirm") && !auditor.page.contains("account.ask"))
        try await auditor.ask(.get, "/audit?before=2")
        #expect(auditor.page.contains("data-label=\"#\"") && !auditor.page.contains("account.confirm"))
    }

    @Test("disabling ends sessions at once; a second factor is reset by another, never the own one")
    func disable() async throws {
        let office = try await Office()
        let security = try await office.browser("an", .security)
        let hunan = try await office.browser("hunan", .provincial, "43")
        #expect(try await hunan.ask(.get, "/board").status == .ok)
        let factors = office.test.platform.factors
        for name in ["an", "hunan"] {
            let moment = office.test.platform.now()
            let secret = factors.newSecret()
            let code = try #require(
                try await Self.code(secret, at: moment))
            #expect(try await factors.setUp(secret, code: code, of: name, by: Self.author, at: moment) != nil)
        }
        try await security.ask(.get, "/people")
        let own = try await security.post("/people/second-factor", ["account": "AN"])
        #expect(own.status.code == 422)
        #expect(try await factors.status(of: "an") != nil)
        #expect(try await security.post("/people/second-factor", ["account": "hunan"]).status == .seeOther)
        #expect(try await factors.status(of: "hunan") == nil)
        #expect(try await hunan.ask(.get, "/board").status == .seeOther)
        try await security.ask(.get, "/people")
        #expect(try await security.post("/people/disable", ["account": "hunan"]).status == .seeOther)
        try await security.ask(.get, "/people?q=hun")
        #expect(security.page.contains("已停用") && security.page.contains("重新启用"))
        #expect(try await office.test.platform.accounts.find("hunan")?.isDisabled == true)
    }

    @Test("the page of accounts comes in pages, filtered by role, state and text, and says who has no second factor")
    func pages() async throws {
        let office = try await Office()
        let security = try await office.browser("an", .security)
        let cheap = AccountStore(
            database: office.test.platform.data.database, random: .strong,
            cost: PasswordHash.Cost(memoryKiB: 64, passes: 1, lanes: 1))
        for number in 10..<65 {
            try await cheap.create(
                Account(
                    name: "reader-\(number)", displayName: "数据 \(number)", role: .analyst, isDisabled: number == 20),
                password: "pear-sock-7 蓝", by: Self.author, at: office.test.platform.now())
        }
        func names() -> [String] { security.page.matches(of: /<code>(reader-\d+)<\/code>/).map { String($0.1) } }
        try await security.ask(.get, "/people?role=analyst&state=enabled")
        #expect(security.page.contains("符合条件 54 个") && security.page.contains("无第二因素"))
        #expect(names().count == 50 && names().first == "reader-10" && !names().contains("reader-20"))
        let next = try #require(security.page.firstMatch(of: /href="([^"#]*after=[^"#]*)/)).1.replacing(
            "&amp;", with: "&")
        try await security.ask(.get, String(next))
        #expect(names() == ["reader-61", "reader-62", "reader-63", "reader-64"])
        #expect(security.page.contains("第一页") && !security.page.contains("下一页"))
        try await security.ask(.get, "/people?role=analyst&state=disabled&q=%E6%95%B0%E6%8D%AE")
        #expect(names() == ["reader-20"])
        try await security.ask(.get, "/people?role=nonsense&state=x&after=!!")
        #expect(names().count > 40)
    }

    @Test("commands make the first accounts, and widen nothing once two security administrators can")
    func commands() async throws {
        let test = try TestPlatform()
        let desk = try test.desk()
        let password = "pear-sock-7 蓝"
        func add(_ name: String, _ role: Role, _ region: String? = nil) async throws {
            try await desk.create(
                Account(name: name, displayName: name, role: role, region: region.flatMap(Region.init)),
                password: password)
        }
        try await add("hunan", .provincial, "43")
        try await add("an", .security)
        try await add("bo", .security)
        let region = try #require(Region("4301"))
        await #expect(throws: DeskError.self) { try await add("chen", .national) }
        await #expect(throws: DeskError.self) { try await desk.setRegion(region, of: "hunan") }
        // Narrowing stays with the command.
        try await desk.setDisabled(true, of: "hunan")
        await #expect(throws: DeskError.self) { try await desk.setDisabled(false, of: "hunan") }
        try await desk.setDisabled(true, of: "bo")
        try await desk.setDisabled(false, of: "hunan")
        try await add("chen", .national)
        #expect(try await desk.accountList().count == 4)
    }

    private static func code(_ secret: [UInt8], at moment: Instant) async throws -> String? {
        try TimeCode.code(secret: secret, step: TimeCode.step(at: moment.seconds))
    }
}
