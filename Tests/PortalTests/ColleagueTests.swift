import HTTPServer
import SurveillanceKit
import Testing

@testable import Accounts
@testable import Portal

@Suite("Colleagues with fewer rights")
struct ColleagueTests {
    @Test(
        "every address that is not listed is closed, for every method",
        arguments: [
            "/colleagues", "/colleagues/remove", "/new", "/new/page", "/api/v1/new", "/submissions/1/new",
            "/api/v1/submissions/1/withdraw", "/submissions/1/acknowledge", "/dictionaries",
        ])
    func closed(path: String) {
        for rights in [ColleagueRights.send, .read] {
            for method in [HTTPServer.Method.post, .put, .delete, .patch] {
                #expect(!ColleagueGate(rights: rights).allows(method, path), "\(rights) \(method) \(path)")
            }
        }
        #expect(!ColleagueGate(rights: .send).allows(.get, path))
        #expect(ColleagueGate(rights: .manager).allows(.post, path))
    }

    @Test("the manager's page lists colleagues, shows a link once, and keeps what was typed where it is refused")
    func page() async {
        let visit = Visit()
        let page = await visit.get("/colleagues", Visit.browser).text
        #expect(page.contains("H001-reader") && page.contains("仅查看") && page.contains("aria-current=\"page\">同事"))
        let token = "formToken=form-token-of-s1&"
        let invited = await visit.post("/colleagues", form: token + "ending=x&rights=send", Visit.browser)
        #expect(await invited.text.contains("https://v/set-password?token=abc"))
        #expect(!(await visit.get("/colleagues", Visit.browser).text.contains("token=abc")))
        let refused = await visit.post("/colleagues", form: token + "ending=b+c&rights=send", Visit.browser)
        #expect(refused.status == .unprocessableContent)
        #expect(await refused.text.contains("value=\"b c\""))
        #expect(await visit.post("/colleagues", form: "ending=x&rights=send", Visit.browser).status == .forbidden)
    }
}
