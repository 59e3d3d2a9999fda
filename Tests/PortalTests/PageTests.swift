import HTTPServer
import Intake
import SurveillanceKit
import Synchronization
import Testing

@testable import Portal
@testable import Timeliness

@Suite("Pages")
struct PageTests {
    private static let file = FileReport(
        name: "flu_1.csv", program: "influenza", fileType: "flu", rows: 1200, accepted: 1190, rejected: 10, errors: 60,
        warnings: 55)

    /// A platform on which one package was partly accepted, with a finding for every error and warning.
    private static func checked() -> FakePlatform {
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

    @Test("say what to do where nothing has been sent yet")
    func nothingYet() async {
        let text = await Visit().get("/", Visit.session).text
        #expect(text.contains("还没有上报记录") && text.contains(#"<a class="button" href="/upload">上传第一个数据包</a>"#))
    }

    @Test("count a hospital's own submissions alone")
    func ownCounts() async {
        let platform = FakePlatform()
        platform.state.withLock { state in
            state.submissions = (1...5).map {
                FakePlatform.submission($0, .accepted, institution: $0 == 1 ? "H001" : "H002")
            }
        }
        let own = await Visit(platform).get("/", Visit.session).text
        #expect(own.contains("全部 1") && own.contains("全部达标 1") && !own.contains("全部 5"))
    }

    @Test("list submissions with states and counts, and turn the leaf")
    func listing() async {
        let platform = FakePlatform()
        platform.state.withLock { state in
            state.submissions = (1...35).map {
                FakePlatform.submission($0, $0 == 35 ? .processing : .accepted, files: [Self.file])
            }
        }
        let first = await Visit(platform).get("/", Visit.session).text
        #expect(first.contains("全部 35") && first.contains("处理中 1") && first.contains("全部达标 34"))
        #expect(first.contains("1,190") && first.contains(#"http-equiv="refresh""#))
        #expect(first.contains("before=\(FakePlatform.id(6))"))
        let second = await Visit(platform).get("/?before=\(FakePlatform.id(6))", Visit.session).text
        #expect(second.contains("\(FakePlatform.id(5))") && !second.contains("\(FakePlatform.id(6))\""))
        #expect(first.contains("今天 2026-01-01") && first.contains("待处理 1"))
        let filtered = await Visit(platform).get("/?state=processing", Visit.session).text
        #expect(filtered.contains("\(FakePlatform.id(35))") && !filtered.contains("\(FakePlatform.id(34))"))
    }

    @Test(
        "list what is open, what came for a program or on a day, and what a text is looked for in, the filter kept",
        arguments: [
            ("state=open", [2, 3]), ("program=influenza", [1, 4]), ("program=fever-clinic", [3]),
            ("day=2026-01-01", [1, 2, 3]), ("day=2026-01-02", [4, 5]), ("q=RETRY", [5]), ("q=pdr_", [2, 5]),
            ("q=h001", [1, 2, 3, 4, 5]), ("day=2026-01-02&q=retry", [5]), ("day=2026-02-30", [1, 2, 3, 4, 5]),
            ("state=open&day=2026-01-02", []),
        ])
    func listFilters(query: String, shown: [Int]) async {
        let platform = FakePlatform()
        let pdr = FileReport(name: "pdr_9.csv", rows: 2, errors: 1)
        let fever = FileReport(name: "f_9.csv", program: "fever-clinic", rows: 2, rejected: 1, errors: 1)
        platform.state.withLock { state in
            state.submissions = [
                FakePlatform.submission(1, .accepted, files: [Self.file]),
                FakePlatform.submission(2, .rejected, files: [pdr]),
                FakePlatform.submission(3, .partlyAccepted, files: [fever]),
                FakePlatform.submission(4, .accepted, files: [Self.file]),
                FakePlatform.submission(5, .partlyAccepted, name: "retry.zip", files: [pdr]),
            ]
            // 4 and 5 came the next day, and 5 has been corrected since.
            for index in [3, 4] {
                state.submissions[index].receivedAt = FakePlatform.now.advanced(bySeconds: 86_400 + Int64(index))
            }
            state.submissions[4].repairedBy = FakePlatform.id(4)
        }
        let text = await Visit(platform).get("/?\(query)", Visit.session).text
        for number in 1...5 {
            #expect(
                text.contains("href=\"/submissions/\(FakePlatform.id(number))\"") == shown.contains(number), "\(number)"
            )
        }
        #expect(text.contains("没有符合条件的上报") == shown.isEmpty)
        if query.hasPrefix("q=") { #expect(text.contains("value=\"\(query.dropFirst(2))\"")) }
        #expect(text.contains("已改正") == shown.contains(5))
    }

    @Test("search by name only in names as the reader sees them")
    func searchedNames() async {
        let platform = FakePlatform()
        platform.state.withLock {
            $0.submissions = [FakePlatform.submission(1, .accepted, name: "张三.csv", files: [Self.file])]
        }
        let visit = Visit(platform)
        let operation = ["Cookie": "vedette_session=operator"]
        let name = Percent.encode("张三")
        #expect(await visit.get("/?q=\(name)", Visit.session).text.contains("张三.csv"))
        #expect(await visit.get("/?q=\(name)", operation).text.contains("没有符合条件的上报"))
        #expect(await visit.get("/?q=table-", operation).text.contains("/submissions/\(FakePlatform.id(1))"))
    }

    @Test(
        "answer whether today is done: each program with when its report came, and the same bytes with their own receipt"
    )
    func today() async {
        let platform = FakePlatform()
        func duty(_ state: Obligation.State, at received: Int64?) -> Obligation {
            let day = CivilDate(daysSince1970: 20_454)
            return Obligation(
                institution: "H001", program: "influenza", kind: .daily, from: day, to: day,
                dueAt: FakePlatform.now.advanced(bySeconds: 9 * 3600), dueDay: day, state: state,
                receivedAt: received.map { FakePlatform.now.advanced(bySeconds: $0) })
        }
        platform.state.withLock { state in
            state.submissions = [FakePlatform.submission(1, .accepted), FakePlatform.submission(2, .accepted)]
            state.submissions[1].sameBytesAs = FakePlatform.id(1)
            state.duties = [duty(.inTime, at: 6 * 3600 + 120)]
        }
        let done = await Visit(platform).get("/", Visit.session).text
        #expect(done.contains("今天的上报已完成") && done.contains("今日 14:02 收到"))
        #expect(done.contains("内容与此前相同，另有回执"))
        #expect(await Visit(platform).get("/?lang=en", Visit.session).text.contains("received today at 14:02"))
        platform.state.withLock { $0.duties.append(duty(.due, at: nil)) }
        let open = await Visit(platform).get("/", Visit.session).text
        #expect(open.contains("今天还有 1 项未报") && open.contains("截止 17:00"))
        // Administrators oversee many; the board answers them.
        #expect(await !Visit(platform).get("/", ["Cookie": "vedette_session=operator"]).text.contains("今天的上报"))
    }

    @Test("say where a search stopped, and go on from there")
    func searchStops() async throws {
        let platform = FakePlatform()
        platform.state.withLock { state in
            state.submissions = (1...5_001).map { FakePlatform.submission($0, .accepted, files: [Self.file]) }
        }
        let visit = Visit(platform)
        let name = try #require(platform.submission(FakePlatform.id(1), in: .nation)).id.description
        let first = await visit.get("/?q=\(name)", Visit.session).text
        #expect(first.contains("已查找 5,000 次上报") && first.contains("before=\(FakePlatform.id(2))"))
        let next = await visit.get("/?q=\(name)&before=\(FakePlatform.id(2))", Visit.session).text
        #expect(next.contains("/submissions/\(name)") && !next.contains("已查找"))
    }

    @Test("tell administrators each morning who is missing, what is open, and why rows were rejected most often")
    func morning() async {
        let platform = Self.checked()
        var counts = StateCounts()
        for state in [Obligation.State.inTime, .inTime, .missing] { counts.add(state) }
        platform.state.withLock { state in
            state.board = [DutyBoard.Row(program: "influenza", region: "33", counts: counts)]
            let other = FakePlatform.submission(2, .rejected, institution: "H002", files: [Self.file])
            state.submissions.append(other)
            state.findings[other.id] = state.findings[FakePlatform.id(1)]
            state.silentFeeds = [SilentFeed(program: "influenza", institution: "H002")]
            // Of the day before, and not looked at.
            var earlier = FakePlatform.submission(3, .rejected, files: [Self.file])
            earlier.receivedAt = FakePlatform.now.advanced(bySeconds: -20 * 3600)
            state.submissions.append(earlier)
        }
        let operation = ["Cookie": "vedette_session=operator"]
        let text = await Visit(platform).get("/", operation).text
        for part in [
            "应报 3", "漏报 1", "/board/institutions?date=2026-01-01&amp;program=influenza&amp;state=missing",
            "今天收到的上报中有 2 次待改正", "最近 2 次上报", "120 处，2 次上报", "/programs/influenza/flu#P5",
            #"href="/board/institutions/H002""#, "今天 1 路数据中断或明显减少",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!text.contains("110 处"), "warnings are no reason")
        let region = await Visit(platform).get("/?region=33", operation).text
        #expect(region.contains("最近 1 次上报") && !region.contains("board/institutions/H002"))
        #expect(await !Visit(platform).get("/", Visit.session).text.contains("应报"))
        let own = await Visit(platform).get("/?level=\(Percent.encode("三级"))&program=influenza", operation).text
        for part in ["应报 3", "今天收到的上报中有 1 次待改正", "level=%E4%B8%89%E7%BA%A7", "/morning.csv?program=influenza"] {
            #expect(own.contains(part), "\(part)")
        }
        #expect(!own.contains("board/institutions/H002"), "nothing is known of its level")
        let other = await Visit(platform).get("/?level=\(Percent.encode("二级"))", operation).text
        #expect(other.contains("这一天没有到期的上报") && !other.contains("次待改正"))
        let day = await Visit(platform).get("/?day=2025-12-31", operation).text
        #expect(day.contains("当天收到的上报中有 1 次待改正") && day.contains("数据中断"))
        let table = await Visit(platform).get("/morning.csv?lang=en", operation).text
        for row in ["In time,,2", "Missing,,1", ",Open,,2", "Silent feed,H002"] {
            #expect(table.contains(row), "\(row) in \(table)")
        }
        #expect(await Visit(platform).get("/morning.csv", Visit.session).status == .forbidden)
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
