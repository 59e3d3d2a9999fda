import HTTPServer
import SurveillanceKit
import Testing

@testable import Portal

@Suite("Help in the product")
struct HelpTests {
    private static let contacts = [
        SupportContact(
            name: BilingualText(zh: "平台支持", en: "Support"), phone: "010-1", mail: "help@example.org",
            hours: BilingualText(zh: "工作日 8:30–17:30", en: "working days 8:30–17:30")),
        SupportContact(region: Region("11"), name: BilingualText(zh: "北京支持", en: "Beijing"), phone: "010-2"),
        SupportContact(
            region: Region("1101"), name: BilingualText(zh: "市区支持", en: "City"),
            group: BilingualText(zh: "微信群 7", en: "WeChat group 7")),
        SupportContact(region: Region("43"), name: BilingualText(zh: "湖南支持", en: "Hunan"), phone: "0731-3"),
    ]

    private static func visit() -> Visit {
        Visit(settings: PortalSettings(version: "test", support: contacts))
    }

    @Test("explains every kind of finding at an address of its own", arguments: FindingCode.allCases)
    func codes(code: FindingCode) async {
        let page = await Visit().get("/help/findings").text
        #expect(page.contains("<h3 id=\"\(code.rawValue)\"><code>\(code.rawValue)</code></h3>"))
        let index = await Visit().get("/help").text
        #expect(index.contains("href=\"/help/findings#\(code.rawValue)\""))
    }

    @Test("shows the guide in the reader's language, without the marks of its source")
    func guide() async {
        let zh = await Visit().get("/help/guide").text
        #expect(zh.contains("<h1>医院数据管理员指南</h1>") && zh.contains("<h2 id=\"怎样报\">怎样报</h2>"))
        #expect(zh.contains("href=\"/help/findings\"") && !zh.contains("A guide for hospitals</h1>"))
        let en = await Visit().get("/help/guide?lang=en").text
        #expect(en.contains("<h1>A guide for hospitals</h1>") && !en.contains("医院数据管理员指南</h1>"))
        let agent = await Visit().get("/help/agent").text
        #expect(agent.contains("<h1>前置机使用手册</h1>") && agent.contains("<a href=\"/help/agent?lang=en\">Agent guide</a>"))
        let english = await Visit().get("/help/agent?lang=en").text
        #expect(english.contains("<h1>The agent</h1>") && english.contains("quietSeconds"))
        for page in [zh, en, agent, english, await Visit().get("/help/findings").text] {
            #expect(!page.contains("**") && !page.contains("](") && !page.contains("|---"))
        }
    }

    @Test("leads with each of its links to a place that there is")
    func links() async throws {
        for path in [
            "/help", "/help/guide", "/help/guide?lang=en", "/help/agent", "/help/agent?lang=en", "/help/findings",
        ] {
            let page = await Visit().get(path, Visit.session).text
            for match in page.matches(of: /href="(\/help[^"#]*)#?([^"]*)"/) {
                let target = await Visit().get(String(match.1).replacing("&amp;", with: "&"), Visit.session)
                #expect(target.status == .ok, "\(match.1)")
                let id = try #require(Percent.decode(Array(match.2.utf8)))
                let content = await target.text
                #expect(id.isEmpty || content.contains("id=\"\(HTML.escape(id))\""), "\(path): \(match.0)")
            }
        }
    }

    @Test("finds words in the guide, in findings, in fields and code lists; fields are for those who have signed in")
    func search() async {
        func found(_ words: String, _ fields: [String: String] = Visit.session) async -> String {
            await Visit().get("/help?q=\(Percent.encode(words))", fields).text
        }
        #expect(await found("退回 下载").contains("/help/guide#"))
        #expect(await found("quietSeconds 静止").contains("/help/agent#"))
        #expect(await found("身份证").contains("/help/findings#constraint-error"))
        let field = FakePlatform.program.fileTypes[0].fields[0]
        let place = "/programs/influenza/\(FakePlatform.program.fileTypes[0].id)#\(field.name)"
        #expect(await found(field.name.lowercased()).contains(place))
        #expect(!(await found(field.name, [:]).contains(place)))
        #expect(await found("<b>nonsense").contains("没有找到“&lt;b&gt;nonsense”"))
    }

    @Test("says whom to ask: when signing in, at the foot, and on pages of errors, the nearest first")
    func contacts() async {
        let visit = Self.visit()
        let signIn = await visit.get("/sign-in").text
        for contact in Self.contacts { #expect(signIn.contains(contact.name.zh)) }
        #expect(signIn.contains("电话 010-1，邮箱 help@example.org，工作日 8:30–17:30"))
        let page = await visit.get("/", Visit.session).text
        #expect(page.contains("技术支持：") && !page.contains("湖南支持"))
        let nearest = SupportContact.nearest(Self.contacts, to: "110105")
        #expect(nearest.map(\.name.en) == ["City", "Support"])
        #expect(SupportContact.nearest(Self.contacts, to: "110203").map(\.name.en) == ["Beijing", "Support"])
        #expect(SupportContact.nearest(Self.contacts, to: "210000").map(\.name.en) == ["Support"])
        let error = await visit.get("/submissions/none", Visit.browser).text
        #expect(error.contains("平台支持") && error.contains("href=\"/help\""))
        #expect(!(await Visit().get("/", Visit.session).text.contains("技术支持")))
    }

    @Test(
        "a page that says what went wrong keeps the frame and the menu",
        arguments: ["/submissions/none", "/nowhere", "/board"])
    func frame(path: String) async {
        let signedIn = await Visit().get(path, Visit.browser)
        #expect([403, 404].contains(signedIn.status.code))
        let page = await signedIn.text
        #expect(page.contains("<nav") && page.contains("href=\"/upload\"") && page.contains("退出"))
        let stranger = await Visit().get("/nowhere", ["Accept": "text/html"])
        #expect(stranger.status == .notFound)
        let content = await stranger.text
        #expect(!content.contains("<nav") && content.contains("href=\"/help\""))
        let api = await Visit().get("/api/v1/nowhere", Visit.browser)
        #expect(api.status == .notFound && api.headers["Content-Type"] == "application/problem+json")
    }

    @Test("reads the part of Markdown that the documents use")
    func markdown() {
        let text = """
            # 一
            上一行
            下一行 **bold** `a|b` [to](findings.md#x-y)

            | a | b |
            |---|---|
            | `x\\|y` | 1 \\| 2 |

            1. one
               more
            2. two
            """
        let html = Markdown(text).html(target: HelpBook.target).markup
        #expect(
            html.contains("<p>上一行下一行 <strong>bold</strong> <code>a|b</code> <a href=\"/help/findings#x-y\">to</a></p>"))
        #expect(html.contains("1 | 2") && html.contains("<ol class=\"list\"><li>one more</li><li>two</li></ol>"))
        #expect(Markdown("<script>").html { _ in nil }.markup == "<p>&lt;script&gt;</p>")
    }
}
