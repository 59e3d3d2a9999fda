import SurveillanceKit
import Synchronization
import Testing

@testable import HTTPServer
@testable import Portal

@Suite("While a program is set aside")
struct SetAsideTests {
    private static let pages = ["/", "/upload", "/programs", "/programs/influenza", "/programs/influenza/flu"]

    private func visit() -> Visit {
        let platform = FakePlatform()
        platform.state.withLock {
            $0.setAside = [
                SetAsideProgram(
                    id: "mpox", title: BilingualText(zh: "猴痘<监测>", en: "Mpox <surveillance>"),
                    fileTypes: ["mpox", "contact"],
                    mistakes: [
                        ProgramMistake(
                            file: "Surveillance/Mpox/files/mpox.json", line: 3, column: 17,
                            message: BilingualText(zh: "没有字段 <b>", en: "no field <b>"))
                    ])
            ]
        }
        return Visit(platform)
    }

    @Test(
        "a hospital sees on every page which files wait and whom to ask, and no mistake of the folder", arguments: pages
    )
    func hospital(page: String) async {
        let zh = await visit().get(page, Visit.session).text
        #expect(zh.contains("监测项目“猴痘&lt;监测&gt;”暂停接收") && zh.contains("请联系平台管理员"))
        #expect(zh.contains("mpox_….csv contact_….csv") && !zh.contains("mpox.json"))
        let en = await visit().get(page + "?lang=en", Visit.session).text
        #expect(en.contains("The program &#39;Mpox") || en.contains("The program 'Mpox"))
        #expect(en.contains("administrator"))
    }

    @Test("whoever runs the platform sees on every page each mistake with its place", arguments: pages)
    func administrator(page: String) async {
        let text = await visit().get(page + "?lang=en", ["Cookie": "vedette_session=operator"]).text
        #expect(text.contains("<code>Surveillance/Mpox/files/mpox.json:3:17</code> no field &lt;b&gt;"), "\(text)")
    }

    @Test("who has not signed in sees nothing of it, and without such a program nobody does")
    func others() async {
        #expect(await !visit().get("/sign-in").text.contains("mpox"))
        #expect(await !Visit().get("/", Visit.session).text.contains("暂停接收"))
    }
}
