import Accounts
import Audit
import Database
import Foundation
import Portal
import Registrations
import ShangMi
import StoreKit
import SurveillanceKit
import TestKit
import Testing

@testable import CoreRuntime
@testable import HTTPServer

@Suite("A sign-in that an SM2 certificate proves, without scripts, on every store", .everyStore)
struct CertificateSignInTests {
    private static let password = "pear-sock-7 蓝"
    private static let author = Author(name: "operator", origin: "command line")

    private struct House {
        let clock: SetClock
        let test: TestPlatform
        let router: Router

        init(_ authorities: [String] = [SM2Samples.ca]) async throws {
            let clock = try SetClock("2026-12-02T10:00:00+08:00")
            self.clock = clock
            let trusted = try authorities.flatMap { try SM2Certificate.all(inPEM: $0) }
            test = try TestPlatform(now: clock.now) { $0.certificateAuthorities = trusted }
            router = Site(services: test.platform.portalServices, settings: PortalSettings(version: "test")).router
            for (name, role) in [("an", Role.security), ("bo", .security), ("chief", .national), ("other", .national)] {
                try await test.platform.accounts.create(
                    Account(name: name, displayName: name, role: role), password: CertificateSignInTests.password,
                    by: CertificateSignInTests.author, at: clock.now())
            }
        }

        func office(_ name: String) async throws -> Browser {
            let account = try #require(try await test.platform.accounts.find(name))
            let browser = Browser(router)
            browser.cookies["vedette_session"] = try await test.platform.sessions.begin(
                for: account, from: "192.0.2.7", at: clock.now()
            ).token
            try await browser.ask(.get, "/people")
            return browser
        }

        /// One asks, another confirms.
        func register(_ pem: String, for name: String) async throws {
            let (an, bo) = (try await office("an"), try await office("bo"))
            let asked = try await an.post(
                "/people/requests", ["kind": "certificate", "account": name, "certificate": pem])
            #expect(asked.headers["Location"] == "/people?done=waits")
            try await bo.ask(.get, "/people")
            #expect(bo.page.contains("账号 \(name) 登记 SM2 证书：CN="))
            let path = try #require(bo.page.firstMatch(of: /action="(\/people\/requests\/[0-9a-f]+)"/)).1
            #expect(try await an.post(String(path), ["decision": "confirm"]).status.code == 422)
            #expect(try await bo.post(String(path), ["decision": "confirm"]).headers["Location"] == "/people?done=done")
        }

        /// A browser in which the password was right, at the step behind it.
        func begun(_ name: String = "chief") async throws -> Browser {
            let browser = Browser(router)
            try await browser.ask(.get, "/sign-in")
            let answer = try await browser.post(
                "/sign-in", ["name": name, "password": CertificateSignInTests.password])
            #expect(answer.headers["Location"] == "/sign-in/step")
            try await browser.ask(.get, "/sign-in/step")
            return browser
        }
    }

    private func challenge(_ browser: Browser) throws -> String {
        String(try #require(browser.page.firstMatch(of: /vedette-sign-in:[^<]+/)).0)
    }

    /// Pastes a signature, or uploads it as a file.
    private func give(_ browser: Browser, pasted: String = "", file: [UInt8] = []) async throws -> Response {
        var body: [UInt8] = []
        for (name, value) in [("formToken", browser.formToken), ("signature", pasted)] {
            body += Array("--B\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        body += Array("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"s.der\"\r\n\r\n".utf8)
        body += file + Array("\r\n--B--\r\n".utf8)
        return try await browser.ask(.post, "/sign-in/step/signature", type: "multipart/form-data; boundary=B", body)
    }

    @Test("two persons register it; then its key opens a session, once a challenge, and nobody else's does")
    func journey() async throws {
        let house = try await House()
        let (key, other) = (
            try #require(try SM2PrivateKey(pem: SM2Samples.leafKey)),
            try #require(try SM2PrivateKey(pem: SM2Samples.otherKey))
        )
        try await house.register(SM2Samples.leaf + "\n" + SM2Samples.mid, for: "chief")
        let browser = try await house.begun()
        // No app is asked for, and none can be set up by who has the password alone.
        #expect(!browser.page.contains("name=\"code\"") && !browser.page.contains("二维码"))
        #expect(try await browser.post("/sign-in/step", ["code": "123456"]).headers["Location"] == nil)
        try await browser.ask(.get, "/sign-in/step")
        let first = try challenge(browser)
        #expect(first.hasPrefix("vedette-sign-in:chief:"))
        let file = try await browser.ask(.get, "/sign-in/step/challenge.txt")
        if case .bytes(let bytes) = file.body { #expect(bytes == Array(first.utf8)) } else { Issue.record("no file") }

        // Another's key, no signature, and a right signature of a challenge that is over.
        #expect(try await give(browser, pasted: try other.sign(Array(first.utf8)).hex).status.code == 422)
        let second = try challenge(browser)
        #expect(second != first && browser.page.contains("签名不正确"))
        #expect(try await give(browser, pasted: try key.sign(Array(first.utf8)).hex).status.code == 422)
        #expect(try await give(browser).status.code == 422)
        let third = try challenge(browser)
        // Too late by a second.
        try house.clock.set("2026-12-02T10:05:00+08:00")
        #expect(try await give(browser, pasted: try key.sign(Array(third.utf8)).hex).status.code == 422)
        #expect(browser.page.contains("已过期或已使用") && browser.cookies["vedette_session"] == nil)

        // Another sign-in's challenge, of this account and of another one, opens nothing here.
        let elsewhere = try await house.begun()
        let foreign = try key.sign(Array(try challenge(elsewhere).utf8))
        #expect(try await give(browser, pasted: foreign.hex).status.code == 422)
        #expect(browser.cookies["vedette_session"] == nil)

        // Right: pasted, and with the end of a line behind the challenge as editors put it.
        let last = try challenge(browser)
        let signature = try key.sign(Array((last + "\n").utf8))
        #expect(try await give(browser, pasted: signature.hex).status == .seeOther)
        #expect(browser.cookies["vedette_session"] != nil)
        #expect(try await browser.ask(.get, "/board").status == .ok)
        // A file of DER, in another browser.
        let mine = try key.sign(Array(try challenge(elsewhere).utf8))
        #expect(try await give(elsewhere, file: mine.der).status == .seeOther)
        #expect(elsewhere.cookies["vedette_session"] != nil)
        let audit = try await house.test.audit()
        for entry in [
            "an account.ask chief", "bo second-factor.register-certificate chief", "bo account.confirm chief",
            "chief second-factor.wrong-signature chief", "chief second-factor.certificate chief",
        ] { #expect(audit.contains(entry), "\(entry)") }

        // The same key is nobody else's; a reset takes it away, and the next sign-in sets an app up.
        let an = try await house.office("an")
        let again = try await an.post(
            "/people/requests",
            ["kind": "certificate", "account": "other", "certificate": SM2Samples.leaf + "\n" + SM2Samples.mid])
        #expect(again.status.code == 422 && an.page.contains("已登记给另一个账号"))
        try await an.ask(.get, "/people")
        #expect(try await an.post("/people/second-factor", ["account": "chief"]).status == .seeOther)
        #expect(try await house.begun().page.contains("二维码"))
    }

    @Test("one that does not count is not registered, and told why; nobody asks for the own account")
    func refused() async throws {
        let house = try await House()
        let an = try await house.office("an")
        for (pem, said) in [
            (SM2Samples.leaf, "不是本系统信任的 CA"), (SM2Samples.short, "已过期"), (SM2Samples.encrypts, "不能用于签名"),
            (SM2Samples.p256, "不是国密证书"), ("x", "没有找到证书"),
        ] {
            let answer = try await an.post(
                "/people/requests", ["kind": "certificate", "account": "chief", "certificate": pem])
            #expect(answer.status.code == 422 && an.page.contains(said), "\(said)")
        }
        let own = try await an.post(
            "/people/requests", ["kind": "certificate", "account": "an", "certificate": SM2Samples.other])
        #expect(own.status.code == 422 && an.page.contains("自己"))
        #expect(try await house.test.platform.signInSteps.certificates.registered("chief") == nil)
    }

    @Test(
        "expired, or of an authority that is trusted no more, it opens nothing, and no app can be set up in its place")
    func outlived() async throws {
        let house = try await House()
        let key = try #require(try SM2PrivateKey(pem: SM2Samples.otherKey))
        try await house.register(SM2Samples.other, for: "chief")
        try house.clock.set("2037-01-01T10:00:00+08:00")
        let browser = try await house.begun()
        let late = try await give(browser, pasted: try key.sign(Array(try challenge(browser).utf8)).hex)
        #expect(late.status.code == 422 && browser.page.contains("证书已过期"))
        // A server that names no authority any more.
        try house.clock.set("2026-12-03T10:00:00+08:00")
        let bare = SignInSteps(
            accounts: house.test.platform.accounts, sessions: house.test.platform.sessions,
            factors: house.test.platform.factors, random: .strong)
        let account = try #require(try await house.test.platform.accounts.find("chief"))
        let now = house.clock.now()
        guard case .unfinished(let token) = try await bare.begin(for: account, from: "192.0.2.1", at: now) else {
            Issue.record("a password alone opens a session")
            return
        }
        let unfinished = try #require(try await bare.find(token, at: now))
        #expect(unfinished.step == .code && !unfinished.hasCodes)
        let text = try #require(try await bare.challenge(token, of: unfinished, at: now))
        let answer = try await bare.giveSignature(
            try key.sign(Array(text.utf8)).bytes, to: token, of: unfinished, from: "192.0.2.1", at: now)
        #expect(answer.verdict == .notTaken && answer.progress == nil)
        let none = try await House([])
        let office = try await none.office("an")
        #expect(!office.page.contains("SM2"))
        let asked = try await office.post(
            "/people/requests", ["kind": "certificate", "account": "chief", "certificate": SM2Samples.other])
        #expect(asked.status.code == 422 && office.page.contains("certificateAuthorities"))
    }
}
