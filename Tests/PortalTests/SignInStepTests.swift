import HTTPServer
import SurveillanceKit
import Synchronization
import Testing

@testable import Accounts
@testable import Portal

@Suite("What comes between password and session")
struct SignInStepTests {
    private let visit = Visit()

    private func step(_ name: String, _ form: String, token: String? = nil) async -> Response {
        await visit.post(
            "/sign-in/step", form: "formToken=\(token ?? "form-of-\(name)")&next=/board&\(form)",
            ["Cookie": "vedette_step=\(name)"])
    }

    @Test("the password alone gives no session: the browser is led to the step, and keeps where it wanted to go")
    func leads() async {
        let form = ["Cookie": "vedette_form=new-token"]
        let answer = await visit.post(
            "/sign-in", form: "name=operator&password=right&formToken=form-of-new-token&next=/board", form)
        #expect(answer.headers["Location"] == "/sign-in/step?next=%2Fboard")
        #expect(!answer.cookies.contains { $0.name == Visitors.sessionCookie })
        let held = answer.cookies.first { $0.name == "vedette_step" }
        #expect(held?.path == "/sign-in" && held?.value == "code")
        // The unfinished sign-in opens nothing.
        for cookie in ["vedette_step=code", "vedette_session=code"] {
            #expect(await visit.get("/board", ["Cookie": cookie]).headers["Location"]?.hasPrefix("/sign-in") == true)
        }
        #expect(await visit.get("/sign-in/step?next=/board").headers["Location"] == "/sign-in?next=%2Fboard")
    }

    @Test("a right code begins the session; a wrong one, and a form of another page, do not")
    func code() async {
        let right = await step("code", "code=123456")
        #expect(right.headers["Location"] == "/board")
        #expect(right.cookies.contains { $0.name == Visitors.sessionCookie && $0.value == "s2" })
        let wrong = await step("code", "code=111111")
        #expect(wrong.status == .unprocessableContent && wrong.cookies.isEmpty)
        let waiting = await step("code", "code=000000")
        #expect(waiting.status == .tooManyRequests && waiting.headers["Retry-After"] == "30")
        #expect(await step("code", "code=123456", token: "form-of-other").status == .forbidden)
        let elsewhere = await visit.post(
            "/sign-in/step", form: "formToken=form-of-code&next=//evil.example&code=123456",
            ["Cookie": "vedette_step=code"])
        #expect(elsewhere.headers["Location"] == "/")
    }

    @Test("the second factor is set up by a QR code or by hand; the recovery codes are shown once, with the way on")
    func setUp() async {
        let page = await visit.get("/sign-in/step", ["Cookie": "vedette_step=setUp"]).text
        #expect(page.contains("<svg class=\"qr\"") && page.contains("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"))
        let done = await step("setUp", "code=123456")
        let text = await done.text
        #expect(done.status == .ok && text.contains("AAAAA-BBBBB") && text.contains("value=\"/board\""))
        #expect(done.headers["Cache-Control"] == "no-store")
        #expect(done.cookies.contains { $0.name == Visitors.sessionCookie && $0.value == "s2" })
    }

    @Test("a password of one's own: typed twice, and on to what is needed next")
    func password() async {
        #expect(await step("password", "password=long+enough&again=other").status == .unprocessableContent)
        let next = await step("password", "password=long+enough&again=long+enough")
        #expect(next.headers["Location"] == "/sign-in/step?next=%2Fboard")
        #expect(!next.cookies.contains { $0.name == Visitors.sessionCookie })
    }

    @Test("an administrator's password alone does not open the API")
    func basic() async {
        let answer = await visit.get(
            "/api/v1/submissions", ["Authorization": "Basic b3BlcmF0b3I6cmlnaHQ="])
        #expect(answer.status == .forbidden)
        #expect(await answer.text.contains("token-needed"))
        #expect(await visit.get("/api/v1/submissions", Visit.basic).status == .ok)
    }

    @Test("the account page renews recovery codes and gives a telephone up, where the code is right")
    func account() async {
        let token = "formToken=form-token-of-s1&"
        let renewed = await visit.post("/account/recovery-codes", form: token + "code=123456", Visit.browser)
        #expect(await renewed.text.contains("CCCCC-DDDDD"))
        let refused = await visit.post("/account/recovery-codes", form: token + "code=1", Visit.browser)
        #expect(refused.status == .unprocessableContent)
        #expect(await refused.text.contains("验证码不正确"))
        let gone = await visit.post("/account/second-factor", form: token + "code=123456", Visit.browser)
        #expect(gone.headers["Location"] == "/sign-in" && gone.cookies.first?.maximumAgeSeconds == 0)
        #expect(
            await visit.post("/account/second-factor", form: token + "code=1", Visit.browser).status == .tooManyRequests
        )
    }

    @Test("codes of a demo are shown in a demo alone")
    func demo() async {
        #expect(await visit.get("/demo/messages").status == .notFound)
        var settings = PortalSettings(version: "test")
        settings.isDemo = true
        #expect(await Visit(settings: settings).get("/demo/messages").text.contains("123456"))
    }
}
