import Foundation
import HTTPServer
import SurveillanceKit
import Synchronization
import Testing

@testable import Intake
@testable import Portal

@Suite("Retries, receipts on paper, and what the audit trail is told")
struct RetryTests {
    static let failed = FakePlatform.submission(
        1, .failed, reason: .init(zh: "磁盘读写失败", en: "the disk failed"))

    private func visit(_ submissions: [Submission]) -> Visit {
        let platform = FakePlatform()
        platform.state.withLock { $0.submissions = submissions }
        return Visit(platform)
    }

    private static let operatorBasic = [
        "Authorization": "Bearer vedette_operator"
    ]
    private static let operatorBrowser = ["Cookie": "vedette_session=operator", "Accept": "text/html"]
    private var path: String { "/submissions/\(FakePlatform.id(1))" }

    @Test("an administrator has a failed submission processed again, once; it is written down")
    func retriesByAPI() async throws {
        let visit = visit([Self.failed])
        let first = await visit.post("/api/v1\(path)/retry", form: "", Self.operatorBasic)
        #expect(first.status == .accepted)
        #expect(await first.text.contains("\"state\":\"received\""))
        let second = await visit.post("/api/v1\(path)/retry", form: "", Self.operatorBasic)
        #expect(second.status == .conflict)
        #expect(
            visit.platform.state.withLock { $0.notes } == ["submission.retry \(FakePlatform.id(1)) operator"])
    }

    @Test("a hospital may not retry, and is told who may", arguments: [true, false])
    func refusesHospitals(inBrowser: Bool) async throws {
        let visit = visit([Self.failed])
        let answer =
            inBrowser
            ? await visit.post("\(path)/retry", form: "formToken=form-token-of-s1", Visit.browser)
            : await visit.post("/api/v1\(path)/retry", form: "", Visit.basic)
        #expect(answer.status == .forbidden)
        #expect(visit.platform.state.withLock { $0.submissions[0].state } == .failed)
    }

    @Test("the page shows the reason to everybody, and the button to administrators alone")
    func button() async throws {
        let visit = visit([Self.failed])
        let hospital = await visit.get(path, Visit.browser).text
        #expect(hospital.contains("磁盘读写失败"))
        #expect(!hospital.contains("/retry"))
        let administrator = await visit.get(path, Self.operatorBrowser).text
        #expect(administrator.contains("磁盘读写失败"))
        #expect(administrator.contains("action=\"\(path)/retry\""))
        #expect(administrator.contains("form-token-of-operator"))
    }

    @Test("the button works, and only with the token of the session's own forms")
    func retriesByForm() async throws {
        let visit = visit([Self.failed])
        let foreign = await visit.post("\(path)/retry", form: "formToken=x", Self.operatorBrowser)
        #expect(foreign.status == .forbidden)
        #expect(visit.platform.state.withLock { $0.submissions[0].state } == .failed)
        let own = await visit.post("\(path)/retry", form: "formToken=form-token-of-operator", Self.operatorBrowser)
        #expect(own.status == .seeOther)
        #expect(visit.platform.state.withLock { $0.submissions[0].state } == .received)
    }

    @Test("the printable receipt shows what arrived, what it became, and its place in the chain")
    func receiptPage() async throws {
        let file = FileReport(
            name: "flu_20260101.csv", program: "influenza", fileType: "flu", rows: 1200, accepted: 1187, rejected: 13,
            errors: 14, warnings: 2)
        let visit = visit([FakePlatform.submission(1, .partlyAccepted, files: [file])])
        let page = await visit.get("\(path)/receipt", Visit.browser).text
        for text in [
            "第 7 号", "市第一人民医院", "1,234,567", "1,200", "1,187", String(repeating: "a1b2c3d4", count: 8),
            String(repeating: "6", count: 64), "7:" + String(repeating: "7", count: 64), "0123456789abcdef",
            String(repeating: "ab", count: 64), "2026.1",
        ] { #expect(page.contains(text), "\(text) is missing") }
        #expect(await visit.get("\(path)/receipt?lang=en", Visit.browser).text.contains("Receipt no. 7"))
        #expect(await visit.get("\(path)/receipt", ["Accept": "text/html"]).status == .seeOther)
    }

    @Test("downloads of findings and receipts are written down with who did it")
    func notes() async throws {
        let visit = visit([FakePlatform.submission(1, .accepted)])
        for target in ["/api/v1\(path)/findings", "/api/v1\(path)/receipt"] {
            #expect(await visit.get(target, Visit.basic).status == .ok)
        }
        for target in ["\(path)/findings.csv", "\(path)/receipt.json"] {
            #expect(await visit.get(target, Visit.browser).status == .ok)
        }
        let id = FakePlatform.id(1)
        #expect(
            visit.platform.state.withLock { $0.notes } == [
                "findings.download \(id) h001", "receipt.download \(id) h001", "findings.download \(id) h001",
                "receipt.download \(id) h001",
            ])
    }

    @Test("an institution with too many uploads under way is told to wait")
    func tooManyUploads() async throws {
        let visit = visit([])
        visit.platform.state.withLock { $0.failure = .tooManyUploads(maximum: 4) }
        let answer = await visit.ask(
            .post, "/api/v1/submissions?filename=a.zip", Visit.basic, body: "x")
        #expect(answer.status == .tooManyRequests)
        #expect(answer.headers["Retry-After"] == "5")
        #expect(await answer.text.contains("too-many-uploads"))
    }
}
