import Foundation
import HTTPServer
import Intake
import SurveillanceKit
import Synchronization
import Testing

@testable import Portal

@Suite("API")
struct APITests {
    private static func object(_ response: Response) async throws -> [String: Any] {
        let text = await response.text
        return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private static func form(_ token: String, _ files: [(name: String, content: String)]) -> String {
        var body = "--B\r\nContent-Disposition: form-data; name=\"formToken\"\r\n\r\n\(token)\r\n"
        for file in files {
            body +=
                "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file.name)\"\r\n\r\n\(file.content)\r\n"
        }
        return body + "--B--\r\n"
    }

    private static let multipart = ["Content-Type": "multipart/form-data; boundary=B"]

    @Test("takes a package as the body and answers 201 with id, time, digest and state")
    func raw() async throws {
        let visit = Visit()
        let response = await visit.ask(
            .post, "/api/v1/submissions?filename=%E6%B5%81%E6%84%9F/flu_1.csv",
            Visit.basic.merging(["Idempotency-Key": "k1"]) { $1 }, body: "P5\r\n1\r\n")
        #expect(response.status == .created)
        let id = FakePlatform.id(901).description
        #expect(response.headers["Location"] == "/api/v1/submissions/\(id)")
        let answer = try await Self.object(response)
        #expect(answer["id"] as? String == id)
        #expect(answer["state"] as? String == "received")
        #expect(answer["receivedAt"] as? String == "2026-01-01T00:01:00.000Z")
        #expect((answer["sm3"] as? String)?.count == 64)
        #expect(answer["alreadyReceived"] as? Bool == false)
        let announcement = visit.platform.state.withLock { $0.announcements[0] }
        #expect(announcement.fileName == "flu_1.csv" && announcement.institution == "H001")
        #expect(announcement.expectedBytes == 7 && announcement.idempotencyKey == "k1")
        #expect(visit.platform.state.withLock { $0.uploads[0] }.text == "P5\r\n1\r\n")
    }

    @Test("takes the tables of a form as one package, and each zip by itself")
    func form() async throws {
        let visit = Visit()
        let fields = Visit.basic.merging(Self.multipart) { $1 }
        let one = await visit.ask(.post, "/api/v1/submissions", fields, body: Self.form("", [("flu_1.csv", "a")]))
        #expect(try await Self.object(one)["fileName"] as? String == "flu_1.csv")
        let two = await visit.ask(
            .post, "/api/v1/submissions", fields, body: Self.form("", [("flu_2.csv", "b"), ("x.ZIP", "c")]))
        #expect((try await Self.object(two)["submissions"] as? [Any])?.count == 2)
        #expect(visit.platform.state.withLock { $0.uploads.map(\.text) } == ["a", "b", "c"])
        let three = await visit.ask(
            .post, "/api/v1/submissions", fields,
            body: Self.form("", [("fever_1.csv", "d"), ("x.zip", "e"), ("drug_1.csv", "f")]))
        let names = (try await Self.object(three)["submissions"] as? [[String: Any]])?.map { $0["fileName"] as? String }
        #expect(names == ["fever_1.csv+drug_1.csv", "x.zip"])
        #expect(visit.platform.state.withLock { $0.uploads.map(\.text) } == ["a", "b", "c", "df", "e"])
    }

    @Test("takes a bearer token, and a session with the token of its forms")
    func credentials() async {
        let visit = Visit()
        let target = "/api/v1/submissions?filename=flu_1.csv"
        func status(_ fields: [String: String]) async -> Int {
            await visit.ask(.post, target, fields, body: "x").status.code
        }
        #expect(await status(["Authorization": "Bearer vedette_token"]) == 201)
        #expect(await status(["Cookie": "vedette_session=s1", "X-Form-Token": "form-token-of-s1"]) == 201)
        #expect(await status(["Cookie": "vedette_session=s1"]) == 403)
        #expect(await status(["Authorization": "Bearer wrong"]) == 401)
        #expect(await status(["Authorization": "Basic aDAwMTp3cm9uZw=="]) == 401)
        #expect(await status(["Authorization": "Digest x", "Cookie": "vedette_session=s1"]) == 401)
        #expect(await status([:]) == 401)
    }

    @Test("asks programs for credentials, and leaves browsers their own sign-in page")
    func challenge() async {
        let visit = Visit()
        #expect(
            await visit.get("/api/v1/submissions").headers["WWW-Authenticate"]
                == #"Basic realm="Vedette", charset="UTF-8""#)
        #expect(await visit.get("/api/v1/submissions", ["Sec-Fetch-Mode": "cors"]).headers["WWW-Authenticate"] == nil)
        let locked = await visit.get("/api/v1/submissions", ["Authorization": "Basic bG9ja2VkOng="])
        #expect(locked.status == .tooManyRequests && locked.headers["Retry-After"] == "60")
    }

    @Test(
        "refuses before the body what it would not keep, and says what to do",
        arguments: [
            ("filename=report.docx", "x", 415, "wrong-file-type"), ("", "x", 422, "file-name-missing"),
            ("filename=", "x", 400, "unknown-value"), ("filename=flu_1.csv", "", 422, "no-file"),
            ("filename=%0A", "x", 422, "file-name-missing"),
            ("filename=flu_1.csv&dry=true", "x", 400, "unknown-parameter"),
        ])
    func refusals(query: String, body: String, status: Int, kind: String) async throws {
        let visit = Visit()
        let response = await visit.ask(.post, "/api/v1/submissions?\(query)", Visit.basic, body: body)
        #expect(response.status.code == status)
        let problem = try await Self.object(response)
        #expect(problem["type"] as? String == "urn:vedette:problem:\(kind)")
        #expect((problem["detail"] as? String)?.isEmpty == false)
        #expect(visit.platform.state.withLock { $0.announcements.isEmpty })
    }

    @Test("refuses an account without an institution, and a full disk")
    func notNow() async throws {
        let visit = Visit()
        let province = ["Authorization": "Bearer vedette_province"]
        #expect(
            await visit.ask(.post, "/api/v1/submissions?filename=flu_1.csv", province, body: "x").status == .forbidden)
        visit.platform.state.withLock { $0.failure = .belowReserve(availableBytes: 1, reserveBytes: 2) }
        let full = await visit.ask(.post, "/api/v1/submissions?filename=flu_1.csv", Visit.basic, body: "x")
        #expect(full.status == .insufficientStorage && full.headers["Retry-After"] == "600")
        #expect(await visit.get("/readyz").status == .serviceUnavailable)
        #expect(await visit.get("/healthz").status == .ok)
    }

    @Test("takes what is neither table nor zip along with the tables of a form, wherever it stands")
    func formWithNote() async throws {
        let visit = Visit()
        let fields = Visit.browser.merging(Self.multipart) { $1 }
        let note = (name: "说明.docx", content: "n")
        let table = (name: "flu_1.csv", content: "a")
        for files in [[note, table], [table, note], [note, table, (name: "b.exe", content: "b")]] {
            let answer = await visit.ask(.post, "/upload", fields, body: Self.form("form-token-of-s1", files))
            #expect(answer.status == .seeOther)
            let upload = try #require(visit.platform.state.withLock { $0.uploads.last })
            #expect(!upload.isAbandoned && upload.text == files.map(\.content).joined())
        }
        let archive = await visit.ask(
            .post, "/api/v1/submissions", Visit.basic.merging(Self.multipart) { $1 },
            body: Self.form("", [note, (name: "x.zip", content: "z")]))
        #expect((try await Self.object(archive)["submissions"] as? [Any])?.count == 2)
    }

    @Test("takes as many files in a form as may be, and not one more")
    func fileCount() async {
        let visit = Visit()
        let fields = Visit.browser.merging(Self.multipart) { $1 }
        let most = PortalSettings(version: "test").maximumFilesPerUpload
        for (count, status) in [(most, Status.seeOther), (most + 1, .contentTooLarge)] {
            let files = (1...count).map { (name: "flu_\($0).csv", content: "a") }
            let answer = await visit.ask(.post, "/upload", fields, body: Self.form("form-token-of-s1", files))
            #expect(answer.status == status, "\(count) files")
        }
    }

    @Test(
        "keeps the end of a file's name where it is longer than 255 characters, without folders and control characters")
    func fileNames() {
        let long = String(repeating: "长", count: 251) + ".csv"
        #expect(Uploads.clean(long) == long)
        #expect(Uploads.clean("流" + long) == long)
        #expect(Uploads.clean("C:\\上报\\1108/flu_1.csv") == "flu_1.csv")
        #expect(Uploads.clean(" flu\u{0}_1\n.csv") == "flu_1.csv")
        #expect(Uploads.clean("a/") == nil && Uploads.clean("\u{7}") == nil)
    }

    @Test("keeps nothing of a form without table or zip, or whose token is another's")
    func formRefused() async {
        let visit = Visit()
        let fields = Visit.browser.merging(Self.multipart) { $1 }
        let files = [(name: "说明.docx", content: "a"), (name: "b.exe", content: "b")]
        let other = await visit.ask(.post, "/upload", fields, body: Self.form("form-token-of-s1", files))
        #expect(other.status == .unsupportedMediaType)
        #expect(await other.text.contains("说明.docx"))
        #expect(visit.platform.state.withLock { $0.uploads.map(\.isAbandoned) } == [true])
        let forged = await visit.ask(.post, "/upload", fields, body: Self.form("other", [("flu_1.csv", "a")]))
        #expect(forged.status == .forbidden)
        let empty = await visit.ask(.post, "/upload", fields, body: Self.form("form-token-of-s1", []))
        #expect(empty.status == .unprocessableContent)
        let good = await visit.ask(.post, "/upload", fields, body: Self.form("form-token-of-s1", [("flu_1.csv", "a")]))
        #expect(good.status == .seeOther && good.headers["Location"]?.hasPrefix("/submissions/") == true)
    }

    @Test("tells states and counts file by file")
    func states() async throws {
        let platform = FakePlatform()
        let file = FileReport(
            name: "flu_1.csv", program: "influenza", fileType: "flu", rows: 3, accepted: 2, rejected: 1, errors: 1)
        platform.state.withLock { state in
            state.submissions = [
                FakePlatform.submission(1, .partlyAccepted, files: [file, FileReport(name: "x.csv", errors: 1)]),
                FakePlatform.submission(2, .failed, reason: BilingualText(zh: "原因", en: "reason")),
            ]
        }
        let visit = Visit(platform)
        let one = try await Self.object(await visit.get("/api/v1/submissions/\(FakePlatform.id(1))", Visit.basic))
        #expect(one["state"] as? String == "partly-accepted" && one["rows"] as? Int == 3 && one["errors"] as? Int == 2)
        let files = try #require(one["files"] as? [[String: Any]])
        #expect(files[0]["file"] as? String == "flu_1.csv" && files[0]["accepted"] as? Int == 2)
        #expect(files[1]["program"] is NSNull)
        let all = try await Self.object(await visit.get("/api/v1/submissions?state=failed", Visit.basic))
        let listed = try #require(all["submissions"] as? [[String: Any]])
        #expect(listed.count == 1 && (listed[0]["reason"] as? [String: String])?["en"] == "reason")
        for query in ["state=lost", "limit=0", "limit=x", "before=1", "from=2026-02-30", "limit=1&limit=2", "page=2"] {
            #expect(await visit.get("/api/v1/submissions?\(query)", Visit.basic).status == .badRequest, "\(query)")
        }
        let backwards = "/api/v1/submissions?from=2026-01-02&to=2026-01-01"
        #expect(await visit.get(backwards, Visit.basic).status == .unprocessableContent)
    }

    @Test("lists in pages that name the next one, with the total, and by the days of arrival")
    func pages() async throws {
        let platform = FakePlatform()
        // Received at 00:00 UTC of 2026-01-01 and a minute later each: 08:00 of that day in Beijing.
        platform.state.withLock { $0.submissions = (1...5).map { FakePlatform.submission($0, .accepted) } }
        let visit = Visit(platform)
        var address = "/api/v1/submissions?limit=2&from=2026-01-01&to=2026-01-01"
        var seen: [String] = []
        for (count, isLast) in [(2, false), (2, false), (1, true)] {
            let response = await visit.get(address, Visit.basic)
            let page = try await Self.object(response)
            let listed = try #require(page["submissions"] as? [[String: Any]])
            #expect(listed.count == count && page["total"] as? Int == 5)
            seen += listed.compactMap { $0["id"] as? String }
            #expect((page["next"] as? String == nil) == isLast)
            guard let link = response.headers["Link"] else {
                #expect(isLast)
                break
            }
            #expect(!isLast && link.hasSuffix(">; rel=\"next\""))
            address = String(link.dropFirst().prefix { $0 != ">" })
        }
        #expect(seen == (1...5).reversed().map { FakePlatform.id($0).description })
        let earlier = try await Self.object(await visit.get("/api/v1/submissions?to=2025-12-31", Visit.basic))
        #expect(earlier["total"] as? Int == 0 && (earlier["submissions"] as? [Any])?.isEmpty == true)
    }

    @Test("describes for every operation what can occur, and takes no parameter that it does not describe")
    func everyAnswer() async throws {
        let visit = Visit()
        let described = try await Self.object(await visit.get("/openapi.json"))
        let paths = try #require(described["paths"] as? [String: [String: [String: Any]]])
        for (path, methods) in paths where path.hasPrefix("/api/") {
            for (method, operation) in methods {
                let answers = try #require(operation["responses"] as? [String: Any])
                let common = ["400", "401", "403", "429", "500", "503"] + (method == "post" ? ["413"] : [])
                #expect(Set(common).isSubset(of: answers.keys), "\(method) \(path)")
                let target = path.replacing(/\{\w+\}/, with: "x") + "?nonsense=1"
                let verb = try #require(Method(rawValue: method.uppercased()))
                let answer = await visit.ask(verb, target, Visit.basic)
                #expect(answer.status == .badRequest, "\(method) \(path)")
                #expect(await answer.text.contains("urn:vedette:problem:unknown-parameter"))
            }
        }
        let programs = (described["components"] as? [String: [String: [String: Any]]])?["schemas"]?["ProgramID"]
        #expect(programs?["enum"] as? [String] == ["influenza"])
    }

    @Test("says of a submission that is being checked how far it is")
    func checkedPercent() async {
        let platform = FakePlatform()
        platform.state.withLock { state in
            state.submissions = [
                FakePlatform.submission(1, .processing), FakePlatform.submission(2, .processing),
                FakePlatform.submission(3, .accepted),
            ]
            state.checkedPercent[FakePlatform.id(1)] = 40
        }
        func text(_ number: Int) async -> String {
            await Visit(platform).get("/api/v1/submissions/\(FakePlatform.id(number))", Visit.basic).text
        }
        #expect(await text(1).contains(#""checkedPercent":40"#))
        #expect(await text(2).contains(#""checkedPercent":null"#), "another server checks it")
        #expect(await !text(3).contains("checkedPercent"))
    }

    @Test("gives findings as a JSON array and as CSV that no spreadsheet runs")
    func findings() async throws {
        let platform = FakePlatform()
        platform.state.withLock { state in
            state.submissions = [FakePlatform.submission(1, .rejected), FakePlatform.submission(2, .processing)]
            state.findings[FakePlatform.id(1)] = [
                "=cmd|' /C calc'!A0", "+1", "-1", "@x", "\tx", " =1", "＝1", "1,\"2\"\n3",
            ].map { value in
                Finding(
                    file: "flu_1.csv", row: 2, field: "P5", severity: .error, code: .typeError, value: value,
                    message: BilingualText(zh: "不是日期", en: "not a date"))
            }
        }
        let visit = Visit(platform)
        let target = "/api/v1/submissions/\(FakePlatform.id(1))/findings"
        let json = await visit.get(target, Visit.basic).text
        let array = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(array.count == 8 && array[0]["value"] as? String == "=cmd|' /C calc'!A0")
        let none = await visit.get(target + "?severity=warning", Visit.basic).text
        #expect((try JSONSerialization.jsonObject(with: Data(none.utf8)) as? [Any])?.isEmpty == true)
        let csv = await visit.get(target + "?format=csv&lang=en", Visit.basic)
        #expect(csv.headers["Content-Disposition"]?.hasPrefix("attachment; filename*=UTF-8''findings-") == true)
        let row = { (cell: String) in "flu_1.csv,2,,,P5,,Error,not a date,,\(cell),type-error,\r\n" }
        let expected =
            "\u{FEFF}file,row,line,column,field,title,severity,message,expected,value,code,rule\r\n"
            + ["'=cmd|' /C calc'!A0", "'+1", "'-1", "'@x", "'\tx", "' =1", "'＝1", "\"1,\"\"2\"\"\n3\""].map(row)
            .joined()
        #expect(await csv.text.unicodeScalars.elementsEqual(expected.unicodeScalars))
        let page = await visit.get("/submissions/\(FakePlatform.id(1))/findings.csv", Visit.session)
        #expect(await page.text.contains("文件,行,"))
        #expect(await visit.get(target + "?format=xml", Visit.basic).status == .badRequest)
        let early = await visit.get("/api/v1/submissions/\(FakePlatform.id(2))/findings", Visit.basic)
        #expect(early.status == .conflict && early.headers["Retry-After"] == "2")
    }

    @Test("gives findings grouped by cause, and all of one cause")
    func causes() async throws {
        let platform = FakePlatform()
        platform.state.withLock { state in
            state.submissions = [FakePlatform.submission(1, .rejected)]
            state.findings[FakePlatform.id(1)] = ["7", "8", "7", "7"].enumerated().map { index, value in
                Finding(
                    file: "flu_1.csv", row: index + 2, field: "P5", severity: .error, code: .constraintError,
                    value: value,
                    message: BilingualText(zh: "不在代码表中", en: "no code"))
            }
        }
        let visit = Visit(platform)
        let target = "/api/v1/submissions/\(FakePlatform.id(1))/findings"
        let response = await visit.get(target + "?format=json&grouped=true", Visit.basic)
        #expect(response.headers["Cache-Control"] == "no-store")
        let answer = await response.text
        let groups = try #require(JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [[String: Any]])
        #expect(groups.map { $0["count"] as? Int } == [4] && groups[0]["value"] == nil)
        let values = try #require(groups[0]["values"] as? [[String: Any]])
        #expect(values.map { $0["value"] as? String } == ["7", "8"] && values.map { $0["count"] as? Int } == [3, 1])
        #expect(groups[0]["rows"] as? [Int] == [2, 3, 4, 5] && groups[0]["row"] == nil)
        let cause = try #require(groups[0]["cause"] as? String)
        let all = await visit.get(target + "?cause=\(cause)", Visit.basic).text
        #expect((try JSONSerialization.jsonObject(with: Data(all.utf8)) as? [Any])?.count == 4)
        for (query, status) in [
            ("format=csv&grouped=true", Status.unprocessableContent), ("grouped=perhaps", .badRequest),
        ] {
            #expect(await visit.get(target + "?\(query)", Visit.basic).status == status)
        }
        let page = await visit.get("/submissions/\(FakePlatform.id(1))", Visit.session).text
        #expect(page.contains("/findings?cause=\(cause)") && page.contains("4 行"))
        let one = await visit.get("/submissions/\(FakePlatform.id(1))/findings?cause=\(cause)", Visit.session).text
        #expect(one.contains("只列出同一原因的问题"))
    }

    @Test("gives rejected rows to the institution that sent them, and to nobody else")
    func corrections() async throws {
        let platform = FakePlatform()
        let files = [
            FileReport(name: "flu_1.csv", program: "influenza", fileType: "flu", rows: 3, accepted: 2, rejected: 1),
            FileReport(name: "lis_1.csv", program: "influenza", fileType: "lis", rows: 3, accepted: 3),
            FileReport(name: "pdr_1.csv", program: "influenza", fileType: "pdr", errors: 1),
        ]
        platform.state.withLock { state in
            state.submissions = [
                FakePlatform.submission(1, .partlyAccepted, files: files), FakePlatform.submission(2, .processing),
                FakePlatform.submission(3, .accepted, institution: "H002"),
            ]
        }
        let visit = Visit(platform)
        func path(_ number: Int) -> String { "/api/v1/submissions/\(FakePlatform.id(number))/corrections" }
        let form = await visit.get(path(1) + "?file=flu_1.csv", Visit.basic)
        #expect(await form.text == "P5,vedette_row,vedette_findings\r\n")
        #expect(form.headers["Content-Disposition"] == "attachment; filename*=UTF-8''flu_corrections_1.csv")
        #expect(form.headers["Cache-Control"] == "no-store")
        #expect(await visit.get(path(1), Visit.basic).status == .ok)
        #expect(await visit.get(path(1) + "?file=lis_1.csv", Visit.basic).status == .notFound)
        #expect(await visit.get(path(1) + "?file=nothing.csv", Visit.basic).status == .notFound)
        let unreadable = await visit.get(path(1) + "?file=pdr_1.csv", Visit.basic)
        #expect(unreadable.status == .conflict)
        #expect(await unreadable.text.contains("urn:vedette:problem:rows-unreadable"))
        #expect(await visit.get(path(2), Visit.basic).status == .conflict)
        #expect(await visit.get(path(3), Visit.basic).status == .notFound)
        #expect(await visit.get(path(1), ["Authorization": "Bearer vedette_province"]).status == .forbidden)
        #expect(await visit.get(path(1)).status == .unauthorized)
        let page = await visit.get("/submissions/\(FakePlatform.id(1))", Visit.session).text
        #expect(page.contains("corrections.csv?file=flu_1.csv") && !page.contains("file=lis_1.csv"))
        #expect(
            await visit.get("/submissions/\(FakePlatform.id(1))/corrections.csv?file=flu_1.csv", Visit.session).status
                == .ok)
    }

    @Test("describes every address of the API")
    func description() async throws {
        let visit = Visit()
        let described = try await Self.object(await visit.get("/openapi.json"))
        let paths = try #require(described["paths"] as? [String: [String: Any]])
        let routes = visit.router.routes.filter {
            $0.pattern.hasPrefix("/api/")
                || ["/healthz", "/readyz", "/metrics", "/openapi.json", "/receipt-key.pem"].contains($0.pattern)
        }
        #expect(
            Set(routes.map { "\($0.method.rawValue) \($0.pattern)" })
                == Set(paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } }))
    }
}
