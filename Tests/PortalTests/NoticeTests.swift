import Foundation
import HTTPServer
import Notices
import SurveillanceKit
import Synchronization
import Testing

@testable import Portal

@Suite("Notices for administrators")
struct NoticeTests {
    private static let basic = ["Authorization": "Bearer vedette_operator"]
    private static let browser = ["Cookie": "vedette_session=operator", "Accept": "text/html"]

    static func message(_ number: Int, _ state: Outbox.State) -> Outbox.Message {
        let notice = Notice(
            key: "missed/\(number)", kind: .missed, to: .institution("H001"), program: "influenza", institution: "H001",
            period: "2026-01-01", at: FakePlatform.now.advanced(bySeconds: -Int64(number)),
            title: BilingualText(zh: "逾期未报", en: "Report missing"),
            text: BilingualText(zh: "<未收到> \(number)", en: "nothing has come \(number)"))
        return Outbox.Message(
            id: "\(number)", notice: notice, channel: "mail", address: "a@h001.example", state: state, tries: 1,
            reason: state == .sent ? nil : BilingualText(zh: "邮箱不存在", en: "no such mailbox"))
    }

    private func visit(_ messages: [Outbox.Message]) -> Visit {
        let platform = FakePlatform()
        platform.state.withLock { $0.messages = messages }
        return Visit(platform)
    }

    @Test(
        "the API lists what could not be delivered in pages, with its reason, and what was delivered where it is asked for"
    )
    func lists() async throws {
        let visit = visit((0..<5).map { Self.message($0, .failed) } + [Self.message(9, .sent)])
        let first = await visit.get("/api/v1/notices?limit=3", Self.basic)
        #expect(first.status == .ok)
        let text = await first.text
        #expect(text.contains("\"total\":5,\"next\":\"3-x\""))
        #expect(text.contains(#""reason":{"zh":"邮箱不存在","en":"no such mailbox"}"#))
        #expect(text.components(separatedBy: "\"state\":\"failed\"").count == 4)
        #expect(await visit.get("/api/v1/notices?limit=3&after=3-x", Self.basic).text.contains("\"next\":null"))
        #expect(await visit.get("/api/v1/notices?state=sent", Self.basic).text.contains("\"state\":\"sent\""))
        for query in ["state=lost", "limit=0", "limit=x", "after=nowhere", "from=today"] {
            #expect(await visit.get("/api/v1/notices?\(query)", Self.basic).status == .badRequest, "\(query)")
        }
    }

    @Test("only administrators see them and decide", arguments: ["/api/v1/notices", "/notices"])
    func refusesHospitals(path: String) async throws {
        let visit = visit([Self.message(1, .failed)])
        let isPage = path == "/notices"
        #expect(await visit.get(path, isPage ? Visit.browser : Visit.basic).status == .forbidden)
        let answer = await visit.post(
            "\(path)/1/send-again", form: isPage ? "formToken=form-token-of-s1" : "",
            isPage ? Visit.browser : Visit.basic)
        #expect(answer.status == .forbidden)
        #expect(visit.platform.state.withLock { $0.notes }.isEmpty)
        #expect(!(await visit.get("/", Visit.browser).text.contains("href=\"/notices\"")))
        #expect(await visit.get("/", Self.browser).text.contains("href=\"/notices\""))
    }

    @Test("a message is sent again or dismissed, by API and by form, once; it is written down")
    func decides() async throws {
        let visit = visit((1...2).map { Self.message($0, .held) })
        #expect(await visit.post("/api/v1/notices/1/dismiss", form: "", Self.basic).status == .noContent)
        #expect(await visit.post("/api/v1/notices/1/dismiss", form: "", Self.basic).status == .notFound)
        #expect(await visit.post("/notices/2/send-again", form: "formToken=x", Self.browser).status == .forbidden)
        let sent = await visit.post("/notices/2/send-again", form: "formToken=form-token-of-operator", Self.browser)
        #expect(sent.status == .seeOther)
        #expect(visit.platform.state.withLock { $0.notes } == ["dismiss 1 operator", "send-again 2 operator"])
    }

    @Test("the page says what could not be delivered and why, in both languages; where there is nothing, what to do")
    func page() async throws {
        let visit = visit([Self.message(1, .failed), Self.message(2, .sent)])
        let zh = await visit.get("/notices", Self.browser).text
        #expect(zh.contains("&lt;未收到&gt; 1") && zh.contains("邮箱不存在") && zh.contains("action=\"/notices/1/send-again\""))
        #expect(!zh.contains("/notices/2/"))
        #expect(await visit.get("/notices?lang=en", Self.browser).text.contains("no such mailbox"))
        let empty = await self.visit([]).get("/notices?lang=en", Self.browser).text
        #expect(empty.contains("turn on a notifier under plugins.notify"))
    }
}
