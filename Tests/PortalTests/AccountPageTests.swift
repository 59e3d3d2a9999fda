import Foundation
import HTTPServer
import SurveillanceKit
import Synchronization
import Testing

@testable import Accounts
@testable import Portal

@Suite("The account page")
struct AccountPageTests {
    private let visit = Visit()
    private static let token = "formToken=form-token-of-s1&"

    private func post(_ what: String, _ form: String) async -> Response {
        await visit.post("/account/\(what)", form: Self.token + form, Visit.browser)
    }

    @Test("shows who somebody is, where he is signed in, and his tokens; others are led to sign in")
    func shows() async {
        let page = await visit.get("/account", Visit.browser).text
        #expect(page.contains("203.0.113.9") && page.contains("未使用的恢复码：10 个"))
        #expect(page.contains("h001") && page.contains("198.51.100.7") && page.contains("当前会话"))
        #expect(page.components(separatedBy: "name=\"id\" value=\"b2\"").count == 2)
        #expect(!page.contains("name=\"id\" value=\"a1\""))
        #expect(page.contains("autocomplete=\"new-password\"") && page.contains("aria-current=\"page\">账号"))
        #expect(await visit.get("/account").headers["Location"] == "/sign-in?next=%2Faccount")
        let foreign = await visit.post("/account/password", form: "current=right&password=a&again=a", Visit.browser)
        #expect(foreign.status == .forbidden)
    }

    @Test("changes the password where the present one is right, and goes on in a session of its own")
    func password() async {
        let done = await post("password", "current=right&password=pear+sock+7&again=pear+sock+7")
        #expect(done.headers["Location"] == "/account?done=password")
        #expect(done.cookies.contains { $0.name == Visitors.sessionCookie && $0.value == "s2" })
        for (form, text) in [
            ("current=right&password=a&again=b", "不一致"), ("current=wrong&password=a&again=a", "当前密码不正确"),
            ("current=right&password=short&again=short", "密码太短"),
        ] {
            let refused = await post("password", form)
            #expect(refused.status == .unprocessableContent && refused.cookies.isEmpty)
            #expect(await refused.text.contains(text))
        }
        let waiting = await post("password", "current=locked&password=a&again=a")
        #expect(waiting.status == .tooManyRequests && waiting.headers["Retry-After"] == "900")
    }

    @Test("ends one other session, or all of them")
    func sessions() async {
        #expect(await post("sessions", "id=b2").headers["Location"] == "/account?done=sessions")
        #expect(await post("sessions", "id=").status == .seeOther)
        #expect(visit.platform.state.withLock { $0.notes } == ["sessions b2 h001", "sessions all h001"])
    }

    @Test("makes a token that is shown once, and revokes it")
    func tokens() async {
        let made = await post("tokens", "label=HIS+上报&days=90").text
        #expect(made.contains("vedette_secret") && made.contains("HIS 上报"))
        #expect(!(await visit.get("/account", Visit.browser).text.contains("vedette_secret")))
        #expect(await post("tokens", "revoke=t1").headers["Location"] == "/account?done=tokens")
        #expect(await visit.get("/account", Visit.browser).text.contains("已吊销"))
        #expect(await post("tokens", "revoke=another").status == .notFound)
        for form in ["label=", "label=x&days=0", "label=x&days=many", "label=x&days=99999"] {
            #expect(await post("tokens", form).status == .unprocessableContent, "\(form)")
        }
    }

    @Test("keeps telephone, mail and language; the language counts from then on, and at every sign-in")
    func contact() async {
        let saved = await post("contact", "phone=0731-1&mail=+a%40b.cn&language=en")
        #expect(saved.headers["Location"] == "/account?done=contact")
        #expect(saved.cookies.contains { $0.name == Reader.languageCookie && $0.value == "en" })
        #expect(
            visit.platform.state.withLock { $0.contact }
                == AccountContact(phone: "0731-1", mail: "a@b.cn", language: .en))
        #expect(await post("contact", "phone=&mail=nobody&language=").status == .unprocessableContent)
        let form = await visit.get("/sign-in")
        let held = form.cookies.first { $0.name == "vedette_form" }?.value ?? ""
        let signedIn = await visit.post(
            "/sign-in", form: "name=h001&password=right&formToken=form-of-\(held)", ["Cookie": "vedette_form=\(held)"])
        #expect(signedIn.cookies.contains { $0.name == Reader.languageCookie && $0.value == "en" })
    }

    @Test(
        "a page is in the language of the address, the cookie, or the browser",
        arguments: [
            ("", [:], "zh-CN"), ("", ["Accept-Language": "en-US,en;q=0.9"], "en"),
            ("", ["Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"], "zh-CN"), ("", ["Accept-Language": "de"], "zh-CN"),
            ("?lang=zh", ["Accept-Language": "en-US"], "zh-CN"),
            ("", ["Accept-Language": "en-US", "Cookie": "vedette_lang=zh"], "zh-CN"),
        ])
    func language(query: String, fields: [String: String], language: String) async {
        #expect(await visit.get("/sign-in\(query)", fields).text.contains("<html lang=\"\(language)\">"))
    }
}
