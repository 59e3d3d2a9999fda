import HTTPServer
import Intake
import SurveillanceKit
import Synchronization
import Testing

@testable import Portal
@testable import Timeliness

@Suite("Pages")
struct PageTests {
    static let file = FileReport(
        name: "flu_1.csv", program: "influenza", fileType: "flu", rows: 1200, accepted: 1190, rejected: 10, errors: 60,
        warnings: 55)

    /// A platform on which one package was partly accepted, with a finding for every error and warning.
    static func checked() -> FakePlatform {
        let platform = FakePlatform()
        platform.state.withLock { state in
            state.submissions = [FakePlatform.submission(1, .partlyAccepted, name: "包<1>.zip", files: [file])]
            state.findings[FakePlatform.id(1)] = (0..<115).map { number in
                Finding(
                    file: "flu_1.csv", program: "influenza", fileType: "flu", row: number + 2, column: "C",
                    field: number < 60 ? "P5" : "P7506",
                    title: BilingualText(zh: "性别", en: "Sex"), severity: number < 60 ? .error : .warning,
                    code: .constraintError, value: number == 0 ? "=1+1<b>" : "9",
                    message: BilingualText(zh: "第\(number)个问题", en: "finding \(number)"))
            }
        }
        return platform
    }

    @Test(
        "lead whoever has not signed in to the sign-in page and back",
        arguments: ["/", "/upload", "/submissions/x?file=%E6%B5%81"])
    func signInFirst(target: String) async {
        let response = await Visit().get(target)
        #expect(response.status == .seeOther)
        let next = target == "/" ? "" : "?next=" + Percent.encode(target)
        #expect(response.headers["Location"] == "/sign-in" + next)
    }

    @Test("sign in with the form's own token, and say the same whatever was wrong")
    func signIn() async {
        let visit = Visit()
        let page = await visit.get("/sign-in?next=/programs")
        #expect(await page.text.contains(#"<input type="hidden" name="formToken" value="form-of-new-token">"#))
        #expect(page.cookies.first?.name == "vedette_form" && page.cookies.first?.path == "/sign-in")
        let cookie = ["Cookie": "vedette_form=new-token"]
        let forged = await visit.post("/sign-in", form: "name=h001&password=right&formToken=form-of-new-token")
        #expect(forged.status == .forbidden && !forged.cookies.contains { $0.name == "vedette_session" })
        for token in ["new-token", "form-of-other", ""] {
            let foreign = await visit.post("/sign-in", form: "name=h001&password=right&formToken=\(token)", cookie)
            #expect(foreign.status == .forbidden && !foreign.cookies.contains { $0.name == "vedette_session" })
        }
        let wrong = await visit.post(
            "/sign-in", form: "name=%3Cb%3E&password=secret&formToken=form-of-new-token", cookie)
        #expect(wrong.status == .unprocessableContent)
        #expect(await wrong.text.contains("账号或密码不正确"))
        #expect(await wrong.text.contains(#"value="&lt;b&gt;""#))
        #expect(await !wrong.text.contains("secret"))
        let locked = await visit.post("/sign-in", form: "name=locked&password=x&formToken=form-of-new-token", cookie)
        #expect(locked.status == .tooManyRequests && locked.headers["Retry-After"] == "60")
        let right = await visit.post(
            "/sign-in", form: "name=h001&password=right&formToken=form-of-new-token&next=/programs", cookie)
        #expect(right.status == .seeOther && right.headers["Location"] == "/programs")
        #expect(right.cookies.first?.name == "vedette_session" && right.cookies.first?.value == "s2")
        #expect(right.cookies.first?.sameSite == .strict && right.cookies.first?.isReadableByScripts == false)
        let elsewhere = await visit.post(
            "/sign-in", form: "name=h001&password=right&formToken=form-of-new-token&next=//evil.example", cookie)
        #expect(elsewhere.headers["Location"] == "/")
    }

    @Test("sign out only by the session's own form")
    func signOut() async {
        let visit = Visit()
        let forged = await visit.post("/sign-out", form: "formToken=x", Visit.browser)
        #expect(forged.status == .forbidden)
        #expect(visit.platform.state.withLock { $0.sessions } == ["s1"])
        let own = await visit.post("/sign-out", form: "formToken=form-token-of-s1", Visit.browser)
        #expect(own.status == .seeOther)
        #expect(visit.platform.state.withLock { $0.sessions } == [])
    }

    @Test("take a reason for the warnings from the institution alone, and show it to it alone")
    func acknowledged() async {
        let platform = Self.checked()
        let visit = Visit(platform)
        let target = "/submissions/\(FakePlatform.id(1))"
        let form = #"action="\#(target)/acknowledge""#
        #expect(await visit.get(target, Visit.session).text.contains(form))
        let operation = ["Cookie": "vedette_session=operator"]
        #expect(await !visit.get(target, operation).text.contains(form))
        func post(_ reason: String, _ token: String, _ fields: [String: String]) async -> Response {
            await visit.post("\(target)/acknowledge", form: "reason=\(reason)&formToken=\(token)", fields)
        }
        #expect(await post("+", "form-token-of-s1", Visit.browser).status == .badRequest)
        #expect(await post("x", "another", Visit.browser).status == .forbidden)
        #expect(await post("x", "form-token-of-operator", operation).status == .forbidden)
        let done = await post(Percent.encode("张三 <核对>"), "form-token-of-s1", Visit.browser)
        #expect(done.status == .seeOther && done.headers["Location"] == "\(target)#warnings")
        let page = await visit.get(target, Visit.session).text
        #expect(page.contains("已确认 · 55 处警告") && page.contains("张三 &lt;核对&gt;") && !page.contains(form))
        let seen = await visit.get(target, operation).text
        #expect(seen.contains("已确认 · 55 处警告") && !seen.contains("张三"))
        #expect(await visit.get("/api/v1\(target)", Visit.basic).text.contains(#""acknowledgement":{"at":"#))
    }

    @Test("print a receipt on one sheet: day, counts, totals, short code with QR, technical details folded")
    func receipt() async throws {
        let platform = FakePlatform()
        let second = FileReport(name: "pdr_1.csv", program: "influenza", rows: 34, accepted: 34)
        platform.state.withLock {
            $0.submissions = [FakePlatform.submission(1, .partlyAccepted, files: [Self.file, second])]
        }
        let target = "/submissions/\(FakePlatform.id(1))/receipt"
        let text = await Visit(platform).get(target, Visit.session).text
        let sheet = try #require(text.firstRange(of: #"<section class="card sheet">"#))
        let folded = try #require(text.firstRange(of: #"<details class="card fold">"#))
        let shown = text[sheet.upperBound..<folded.lowerBound]
        let digest = try FakePlatform.receipt(of: platform.state.withLock { $0.submissions[0] }).digest.uppercased()
        for part in [
            "2026-01-01", "市第一人民医院（H001）", "合计", "1,234", "1,224", "55", "版本 2026.1", #"<svg class="qr""#,
            "\(digest.prefix(4))-\(digest.dropFirst(4).prefix(4))-",
        ] {
            #expect(shown.contains(part), "\(part)")
        }
        #expect(!shown.contains(String(repeating: "a1b2c3d4", count: 8)) && text[folded.upperBound...].contains("SM3"))
        #expect(text.contains(#"<button type="button" data-print="" hidden>打印</button>"#))
    }

    @Test("show one submission: what to do in causes, counts, the ways to everything else, every text escaped")
    func submission() async {
        let text = await Visit(Self.checked()).get("/submissions/\(FakePlatform.id(1))", Visit.session).text
        for part in [
            "包&lt;1&gt;.zip", "部分达标", "数据包记录总数", "<dd>1,200</dd>", "接口达标数", "<dd>1,190</dd>",
            String(repeating: "a1b2c3d4", count: 8), "1.2 MB", "先改这些", "第…个问题", "55 处警告，不影响入库",
            #"<a href="/programs/influenza/flu#P5"><code>P5</code></a>"#, "60 行", "receipt.json",
            #"<a class="button plain" href="/submissions/\#(FakePlatform.id(1))/receipt">回执</a>"#,
            "/submissions/\(FakePlatform.id(1))/findings\"", "/submissions/\(FakePlatform.id(1))/original",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!text.contains("<b>") && !text.contains("http-equiv"))
        let todo = text.split(separator: #"<section class="card" id="causes">"#)[1]
        #expect(todo.split(separator: "</section>")[0].split(separator: "<li>").count == 2, "one cause")
    }

    @Test("fold the rows that wait for rejected parents into a line, and count nothing of them as a cause")
    func consequences() async {
        let platform = FakePlatform()
        let files = [
            FileReport(name: "flu_1.csv", program: "influenza", fileType: "flu", rows: 9, rejected: 2, errors: 1),
            FileReport(name: "pdr_1.csv", program: "influenza", fileType: "pdr", rows: 9, rejected: 3, errors: 3),
        ]
        let parent = RejectedParent.message(fileType: "flu", title: BilingualText(zh: "病例", en: "Cases"))
        func waits(_ row: Int, for parentRow: Int) -> Finding {
            func filled(_ text: String) -> String { text.replacing("{}", with: String(parentRow)) }
            return Finding(
                file: "pdr_1.csv", program: "influenza", fileType: "pdr", row: row, field: "P7502", severity: .error,
                code: .foreignKey, message: BilingualText(zh: filled(parent.zh), en: filled(parent.en)))
        }
        platform.state.withLock { state in
            state.submissions = [FakePlatform.submission(1, .partlyAccepted, files: files)]
            state.findings[FakePlatform.id(1)] = [
                Finding(
                    file: "flu_1.csv", program: "influenza", fileType: "flu", row: 4, field: "P5", severity: .error,
                    code: .constraintError, message: BilingualText(zh: "不在代码表中", en: "no code")),
                waits(2, for: 4), waits(3, for: 4), waits(5, for: 7),
            ]
        }
        let visit = Visit(platform)
        let text = await visit.get("/submissions/\(FakePlatform.id(1))", Visit.session).text
        #expect(text.contains("另有 3 行（pdr 3）等待 flu 的 2 行"))
        #expect(text.contains(#"<a href="/programs/influenza/codelists/RC001">"#) == false, "nothing was expected")
        let todo = text.split(separator: #"id="causes">"#)[1].split(separator: "</section>")[0]
        #expect(todo.split(separator: "<li>").count == 2 && !todo.contains("所属的"))
        let english = await visit.get("/submissions/\(FakePlatform.id(1))?lang=en", Visit.session).text
        #expect(english.contains("3 more rows wait (pdr 3) for 2 of flu"))
    }

    @Test(
        "filter findings by file, severity, field, code and text",
        arguments: [
            ("severity=warning", "第60个问题", "第59个问题"), ("field=p7506", "第60个问题", "第0个问题"),
            ("severity=error&offset=50", "第59个问题", "第0个问题"), ("file=flu_1.csv&offset=100", "第114个问题", "第99个问题"),
            ("file=flu_2.csv", "没有符合筛选条件的问题", "第0个问题"), ("q=FINDING+77", "第77个问题", "第7个问题"),
            ("q=%E7%AC%AC8%E4%B8%AA", "第8个问题", "第9个问题"), ("code=type-error", "没有符合筛选条件的问题", "第0个问题"),
            ("code=constraint-error&severity=warning", "第60个问题", "第0个问题"),
            ("rule=fees", "没有符合筛选条件的问题", "第0个问题"),
        ])
    func filters(query: String, shown: String, hidden: String) async {
        let visit = Visit(Self.checked())
        let target = "/submissions/\(FakePlatform.id(1))"
        let text = await visit.get("\(target)/findings?\(query)", Visit.session).text
        #expect(text.contains(shown) && !text.contains(hidden))
        // An address of before leads to the same.
        let earlier = await visit.get("\(target)?\(query)", Visit.session)
        #expect(earlier.status == .seeOther && earlier.headers["Location"]?.hasPrefix("\(target)/findings?") == true)
    }

    @Test("list findings fifty at a time, each with its place, what was sent and what was expected, the filter kept")
    func findings() async {
        let visit = Visit(Self.checked())
        let target = "/submissions/\(FakePlatform.id(1))/findings"
        let text = await visit.get(target, Visit.session).text
        for part in [
            "第 2 行 C 列", "=1+1&lt;b&gt;", "第49个问题", "第 1–50 条，共 115 条", "offset=50#findings", #"<tr id="n50">"#,
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!text.contains("第50个问题"))
        let kept = await visit.get("\(target)?field=P5&q=%E9%97%AE%E9%A2%98", Visit.session).text
        #expect(kept.contains(#"value="P5""#) && kept.contains(#"value="问题""#))
        #expect(kept.contains("field=P5&amp;q=%E9%97%AE%E9%A2%98&amp;offset=50"))
        let causes = await visit.get("\(target)?by=cause&severity=warning", Visit.session).text
        #expect(causes.contains("第…个问题") || causes.contains("第60个问题"))
        #expect(!causes.contains(#"<tr id="n1">"#))
    }

    @Test("say of a table without rows that it has none, never that all is in order")
    func noRows() async {
        let visit = Visit()
        let empty = FileReport(name: "flu_1.csv", program: "influenza", fileType: "flu", warnings: 1)
        let full = FileReport(name: "flu_2.csv", program: "influenza", fileType: "flu", rows: 1, accepted: 1)
        visit.platform.state.withLock {
            $0.submissions = [
                FakePlatform.submission(1, .accepted, files: [empty]),
                FakePlatform.submission(2, .accepted, files: [empty, full]),
            ]
        }
        for (number, isEmpty) in [(1, true), (2, false)] {
            let page = await visit.get("/submissions/\(FakePlatform.id(number))", Visit.session).text
            #expect(page.contains("没有数据行") == isEmpty)
            #expect(page.contains("note good") != isEmpty)
            let english = await visit.get("/submissions/\(FakePlatform.id(number))?lang=en", Visit.session).text
            #expect(english.contains("No rows") == isEmpty)
        }
        let list = await visit.get("/", Visit.session).text
        #expect(list.split(separator: "没有数据行").count == 2)
    }

    @Test("wait for a submission that is still being checked, with a script and without")
    func waiting() async {
        let platform = FakePlatform()
        platform.state.withLock { $0.submissions = [FakePlatform.submission(1, .received)] }
        let text = await Visit(platform).get("/submissions/\(FakePlatform.id(1))", Visit.session).text
        #expect(text.contains(#"<noscript><meta http-equiv="refresh" content="3"></noscript>"#))
        #expect(text.contains(#"data-poll="/api/v1/submissions/\#(FakePlatform.id(1))""#))
    }

    @Test("never show another institution's submission")
    func foreign() async {
        let platform = FakePlatform()
        platform.state.withLock { $0.submissions = [FakePlatform.submission(1, .accepted, institution: "H002")] }
        let visit = Visit(platform)
        for target in ["", "/findings", "/changes", "/findings.csv", "/original", "/receipt.json"] {
            #expect(await visit.get("/submissions/\(FakePlatform.id(1))\(target)", Visit.browser).status == .notFound)
        }
        for target in ["", "/findings", "/receipt"] {
            #expect(
                await visit.get("/api/v1/submissions/\(FakePlatform.id(1))\(target)", Visit.basic).status == .notFound)
        }
        #expect(await !visit.get("/", Visit.session).text.contains("\(FakePlatform.id(1))"))
        #expect(await visit.get("/submissions/no-id", Visit.browser).status == .notFound)
    }

    @Test("keep to the language that was asked for")
    func language() async {
        let visit = Visit()
        let chinese = await visit.get("/", Visit.session)
        #expect(await chinese.text.contains(#"<html lang="zh-CN">"#))
        #expect(await chinese.text.contains(#"<a href="/?lang=en" lang="en">English</a>"#))
        let english = await visit.get("/?lang=en", Visit.session)
        #expect(await english.text.contains(#"<html lang="en">"#))
        #expect(await english.text.contains("Nothing has been sent yet"))
        #expect(english.cookies.first?.name == "vedette_lang" && english.cookies.first?.value == "en")
        let later = await visit.get("/programs", ["Cookie": "vedette_session=s1; vedette_lang=en"])
        #expect(await later.text.contains("Influenza"))
    }

    @Test("say what each program takes, field by field")
    func programs() async {
        let visit = Visit()
        #expect(await visit.get("/programs", Visit.session).text.contains("流感病例监测"))
        #expect(await visit.get("/programs/influenza", Visit.session).text.contains("flu_….csv"))
        let type = await visit.get("/programs/influenza/flu", Visit.session).text
        for part in [
            "P7506", "就诊日期", "2026-01-31 08:05:00", "代码表", "RC001", "费用不应为负", "不小于 0", "最多 2 位小数", "不详填 -", "须为本机构代码",
        ] {
            #expect(type.contains(part), "\(part)")
        }
        let found = await visit.get("/programs/influenza/flu?q=%E6%80%A7%E5%88%AB", Visit.session).text
        #expect(found.contains(#"<tr id="P5">"#) && !found.contains(#"<tr id="P7506">"#))
        #expect(await visit.get("/programs/influenza/codelists/RC001", Visit.session).text.contains("男"))
        for missing in ["/programs/x", "/programs/influenza/x", "/programs/influenza/codelists/x"] {
            let response = await visit.get(missing, Visit.browser)
            #expect(response.status == .notFound)
            #expect(await response.text.contains("回到首页"))
        }
    }

    @Test("are told of problems in a page, programs in JSON")
    func problems() async {
        let visit = Visit()
        let page = await visit.get("/nothing", Visit.browser)
        #expect(await page.text.contains("没有这个地址") && page.headers["Content-Type"] == "text/html; charset=utf-8")
        let json = await visit.get("/api/v1/nothing", Visit.browser)
        #expect(json.headers["Content-Type"] == "application/problem+json")
    }

    @Test("load style and script from addresses that change with their content, to be kept for ever")
    func assets() async {
        let visit = Visit()
        let page = await visit.get("/", Visit.session).text
        for asset in Asset.all {
            #expect(page.contains("\"\(asset.path)\""))
            let current = await visit.get(asset.path.description)
            #expect(current.headers["Cache-Control"] == "public, max-age=31536000, immutable")
            #expect(await visit.get(asset.path.with("v", "old").description).headers["Cache-Control"] == "no-cache")
            #expect(await !current.text.isEmpty)
        }
        #expect(!page.contains("style=") && !page.contains("onclick") && !page.contains("<script>"))
    }
}
