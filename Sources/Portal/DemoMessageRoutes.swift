import HTTPServer
import Notices
import SurveillanceKit

/// The text messages and mails that a demo would have sent to applicants, for whoever tries it.
struct DemoMessageRoutes: Sendable {
    let services: any NoticeServices & SignInStepServices
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
                let codes = try await services.demoCodes()
                var response = page(Array(shown.prefix(Self.mostShown)), codes, reader).response(for: reader)
                response.keepLanguage(of: request.head)
                return response
            }
        ]
    }

    private func page(_ messages: [Outbox.Message], _ codes: [DemoCode], _ reader: Reader) -> Page {
        Page(reader.say("演示短信和邮件", "The demo's messages"), path: SitePath("demo", "messages")) {
            h1(text: reader.say("演示短信和邮件", "The demo's text messages and mails"))
            p(
                .class("hint"),
                text: reader.say(
                    "演示平台不真正发送短信和邮件，验证码和链接显示在这里，并写入通知日志。",
                    "The demo sends nothing to anybody: codes and links are shown here, and written into its log of notices."
                ))
            if !codes.isEmpty {
                section(.class("card"), .id("codes")) {
                    h2(text: reader.say("验证器应用现在显示的验证码", "What authenticator apps show now"))
                    p(
                        .class("hint"),
                        text: reader.say(
                            "每个验证码 30 秒内有效，只能使用一次；真实平台上只在管理员自己的手机上显示。",
                            "Each holds for 30 seconds and counts once. In a real deployment the administrator's own telephone alone shows it."
                        ))
                    dl(.class("facts")) {
                        for item in codes {
                            dt(text: item.account)
                            dd { code(text: item.code) }
                        }
                    }
                }
            }
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
