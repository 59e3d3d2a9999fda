import Accounts
import Audit
import Foundation
import Portal
import ShangMi
import StoreKit
import SurveillanceKit
import Testing

@testable import CoreRuntime
@testable import HTTPServer

@Suite("An administrator's way from the command line to the board, without scripts", .everyStore)
struct SecondFactorJourneyTests {
    private static let first = "pear-sock-7 蓝"
    private static let own = "river-lamp-9 月"

    private func signIn(_ browser: Browser, _ password: String) async throws -> String? {
        browser.cookies = [:]
        try await browser.ask(.get, "/sign-in?next=/board")
        return try await browser.post("/sign-in", ["name": "chief", "password": password, "next": "/board"])
            .headers["Location"]
    }

    @Test("first sign-in, set-up, code, recovery code, another telephone, and a reset by command")
    func journey() async throws {
        let clock = try SetClock("2026-03-02T10:00:00+08:00")
        let test = try TestPlatform(now: clock.now)
        let router = Site(services: test.platform.portalServices, settings: PortalSettings(version: "test")).router
        let desk = try test.desk()
        try await desk.create(Account(name: "chief", displayName: "主任", role: .national), password: Self.first)
        let browser = Browser(router)
        let step = "/sign-in/step?next=%2Fboard"
        #expect(try await signIn(browser, Self.first) == step)
        // What the password alone gives opens no page.
        #expect(try await browser.ask(.get, "/board").headers["Location"]?.hasPrefix("/sign-in") == true)
        try await browser.ask(.get, step)
        #expect(browser.page.contains("设置自己的密码"))
        #expect(
            try await browser.post("/sign-in/step", ["password": Self.first, "again": Self.first]).status.code == 422)
        #expect(browser.page.contains("不能与当前密码相同"))
        let changed = try await browser.post(
            "/sign-in/step", ["password": Self.own, "again": Self.own, "next": "/board"])
        #expect(changed.headers["Location"] == step)
        try await browser.ask(.get, step)
        let secret = try Self.secret(browser.page)
        func code() throws -> String {
            try TimeCode.code(secret: secret, step: TimeCode.step(at: clock.now().seconds))
        }
        #expect(try await browser.post("/sign-in/step", ["code": "abcdef"]).status.code == 422)
        #expect(try Self.secret(browser.page) == secret)
        #expect(try await browser.post("/sign-in/step", ["code": try code(), "next": "/board"]).status == .ok)
        let codes = browser.page.matches(of: /<code>([0-9A-Z]{5}-[0-9A-Z]{5})<\/code>/).map { String($0.1) }
        #expect(codes.count == 10)
        #expect(try await browser.ask(.get, "/sign-in?next=/board").headers["Location"] == "/board")
        #expect(try await browser.ask(.get, "/board").status == .ok)
        try await browser.ask(.get, "/account")
        #expect(browser.page.contains("未使用的恢复码：10 个") && !browser.page.contains(codes[0]))

        // Another day: the password and a code, which counts once.
        try clock.set("2026-03-03T08:00:00+08:00")
        let used = try code()
        for (typed, isRight) in [(used, true), (used, false), (codes[0], true), (codes[0], false)] {
            #expect(try await signIn(browser, Self.own) == step)
            try await browser.ask(.get, step)
            #expect(!browser.page.contains("<svg"))
            let answer = try await browser.post("/sign-in/step", ["code": typed, "next": "/board"])
            #expect((answer.headers["Location"] == "/board") == isRight)
            #expect((browser.cookies["vedette_session"] != nil) == isRight)
        }
        #expect(try await signIn(browser, Self.first) == nil)

        // Another telephone: the account page ends the factor with a code, and the sessions with it.
        _ = try await signIn(browser, Self.own)
        try await browser.ask(.get, step)
        _ = try await browser.post("/sign-in/step", ["code": codes[1], "next": "/board"])
        try await browser.ask(.get, "/account")
        #expect(try await browser.post("/account/second-factor", ["code": codes[2]]).headers["Location"] == "/sign-in")
        _ = try await signIn(browser, Self.own)
        try await browser.ask(.get, step)
        let another = try Self.secret(browser.page)
        #expect(another != secret)
        try clock.set("2026-03-03T09:00:00+08:00")
        let confirmed = try TimeCode.code(secret: another, step: TimeCode.step(at: clock.now().seconds))
        // The page is older than a quarter of an hour: it begins anew.
        #expect(
            try await browser.post("/sign-in/step", ["code": confirmed]).headers["Location"]?.hasPrefix("/sign-in")
                == true)
        #expect(try await desk.removeSecondFactor(of: "chief") == false)
        let audit = try await test.audit()
        for line in [
            "chief account.set-password chief", "chief second-factor.set-up chief",
            "chief second-factor.recovery-code chief", "chief second-factor.remove chief",
        ] { #expect(audit.contains(line), "\(line)") }
    }

    @Test("a lost telephone: a command takes the factor away; tokens work on, and the password alone opens no API")
    func lost() async throws {
        let test = try TestPlatform()
        let desk = try test.desk()
        let author = Author(name: "chief", origin: "192.0.2.7")
        try await test.platform.accounts.create(
            Account(name: "chief", displayName: "主任", role: .national), password: Self.own, by: author,
            at: test.platform.now())
        let factors = test.platform.factors
        let secret = factors.newSecret()
        let now = test.platform.now()
        _ = try await factors.setUp(
            secret, code: try TimeCode.code(secret: secret, step: TimeCode.step(at: now.seconds)), of: "chief",
            by: author, at: now)
        let token = try await desk.createToken(for: "chief", label: "monitor")
        let router = Site(services: test.platform.portalServices, settings: PortalSettings(version: "test")).router
        func status(_ authorization: String) async throws -> Int {
            var headers = Headers()
            headers.append("Authorization", authorization)
            var head = RequestHead(method: .get, headers: headers, remoteAddress: "192.0.2.7", contentLength: 0)
            let target = try #require(RequestTarget(Array("/api/v1/submissions".utf8)))
            (head.path, head.query) = (target.path, target.query)
            guard case .route(let route, _) = router.match(.get, target.segments), case .none(let handler) = route.body
            else { return 0 }
            do { return try await handler(Request(head: head)).status.code } catch let problem as Problem {
                return problem.status.code
            }
        }
        let basic = "Basic " + Data("chief:\(Self.own)".utf8).base64EncodedString()
        #expect(try await status(basic) == 403)
        #expect(try await status("Basic " + Data("chief:wrong".utf8).base64EncodedString()) == 401)
        #expect(try await status("Bearer \(token)") == 200)
        #expect(try await desk.removeSecondFactor(of: "chief"))
        #expect(try await status("Bearer \(token)") == 200)
        #expect(try await status(basic) == 403)
        #expect(try await test.audit().contains("operator second-factor.remove chief"))
    }

    /// The secret that a page shows for typing.
    private static func secret(_ page: String) throws -> [UInt8] {
        let text = try #require(page.firstMatch(of: /<code>([A-Z2-7]{4}( [A-Z2-7]{4}){7})<\/code>/)).1
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var (bytes, buffer, bits) = ([UInt8](), UInt64(0), 0)
        for character in text where character != " " {
            buffer = buffer << 5 | UInt64(try #require(alphabet.firstIndex(of: character)))
            bits += 5
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt64(bits)))
        }
        return bytes
    }
}
