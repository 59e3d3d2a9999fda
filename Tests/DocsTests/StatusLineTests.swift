import SurveillanceKit
import Testing

@testable import Notices
@testable import vedette

@Suite struct StatusLineTests {
    @Test("vedette status says how many notices could not be delivered, by what, and why, in both languages")
    func troubles() {
        let reason = BilingualText(zh: "未登记邮箱", en: "no mail address is known")
        let line = StatusCommand.line(Outbox.Trouble(channel: "mail", reason: reason, count: 1))
        #expect(line.en == "1 notice could not be delivered: mail: no mail address is known")
        #expect(line.zh == "1 条通知无法送达：mail: 未登记邮箱")
        let many = StatusCommand.line(Outbox.Trouble(channel: "", reason: reason, count: 2))
        #expect(many.en == "2 notices could not be delivered: no mail address is known")
    }
}
