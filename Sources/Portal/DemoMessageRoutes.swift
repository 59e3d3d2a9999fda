import HTTPServer
import Notices
import SurveillanceKit

/// The text messages and mails that a demo would have sent to applicants, for whoever tries it.
struct DemoMessageRoutes: Sendable {
    let services: any NoticeServices
    let visitors: Visitors

    private static let mostShown = 50

    var routes: [Route] {
        [
            .get("/demo/messages") { request in
                let found = try await services.messages(Outbox.Query(states: Set(Outbox.State.allCases), limit: 1000))
                let shown = found.messages.filter { message in
                    if case .person = message.notice.recipient { true } else { false }
                }
                let reader = visitors.reader(request.head)
                var response = page(Array(shown.prefix(Self.mostShown)), reader).response(for: reader)
                response.keepLanguage(of: request.head)
                return response
            }
        ]
    }

    private func page(_ messages: [Outbox.Message], _ reader: Reader) -> Page {
        Page(reader.say("演示短信和邮件", "The demo's messages"), path: SitePath("demo", "messages")) {
            h1(text: reader.say("演示短信和邮件", "The demo's text messages and mails"))
            p(
                .class("hint"),
                text: reader.say(
                    "演示平台不真正发送短信和邮件，验证码和链接显示在这里，并写入通知日志。",
                    "The demo sends nothing to anybody: codes and links are shown here, and written into its log of notices."
                ))
            if messages.isEmpty {
                section(.class("card")) { p(text: reader.say("还没有消息。", "There is none yet.")) }
            }
            for message in messages {
                section(.class("card")) {
                    p(.class("hint")) {
                        reader.moment(message.notice.at)
                        " · \(address(of: message.notice))"
                    }
                    p(.class("name"), text: reader.say(message.notice.text))
                    if let link = message.notice.values["link"]?.components(after: "?token=") {
                        p {
                            a(
                                .href(SitePath("set-password").with("token", link)),
                                text: reader.say("打开链接", "Open the link"))
                        }
                    }
                }
            }
        }
    }

    private func address(of notice: Notice) -> String {
        guard case .person(let phone, let mail) = notice.recipient else { return "" }
        return [phone, mail].filter { !$0.isEmpty }.joined(separator: " · ")
    }
}

extension String {
    /// What stands behind a mark; nil where that does not occur.
    fileprivate func components(after mark: String) -> String? {
        firstRange(of: mark).map { String(self[$0.upperBound...]) }
    }
}
