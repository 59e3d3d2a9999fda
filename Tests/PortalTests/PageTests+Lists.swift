import HTTPServer
import Intake
import SurveillanceKit
import Synchronization
import Testing

@testable import Portal
@testable import Timeliness

/// The list of submissions, and what stands above it: whether a hospital is done today, what administrators must know.
extension PageTests {
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
}
