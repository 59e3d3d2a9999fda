import HTTPServer
import Notices
import SurveillanceKit

/// Messages and what became of them; what could not be delivered first of all.
struct NoticesPage {
    static let length = 50

    var page: Outbox.Page
    var counts: [Outbox.State: Int]
    /// What is looked at, as the address says it; nil for what an administrator should look at.
    var state: String?
    var isFirst: Bool

    func page(_ reader: Reader) -> Page {
        let title = reader.say("通知", "Notices")
        return Page(title, path: SitePath("notices").with("state", state), place: .notices) {
            div(.class("head")) { h1(text: title) }
            chips(reader)
            if page.messages.isEmpty { nothing(reader) } else { listing(reader) }
        }
    }

    private func chips(_ reader: Reader) -> HTML {
        ul(.class("chips"), .aria(.label, reader.say("按状态筛选", "By state"))) {
            chip(reader.say("待处理", "To look at"), nil, isCurrent: state == nil)
            for (name, states) in Outbox.State.summaries {
                if let first = states.first {
                    let count = states.reduce(0) { $0 + (counts[$1] ?? 0) }
                    chip(
                        "\(reader.say(NoticesPage.summary(name))) \(reader.number(count))",
                        name == "undeliverable" ? nil : first.rawValue, isCurrent: state == first.rawValue)
                }
            }
            chip(reader.say("全部", "All"), "all", isCurrent: state == "all")
        }
    }

    private static func summary(_ name: String) -> BilingualText {
        switch name {
        case "waiting": BilingualText(zh: "待发送", en: "Waiting")
        case "delivered": BilingualText(zh: "已送达", en: "Delivered")
        default: BilingualText(zh: "无法送达", en: "Undeliverable")
        }
    }

    private func chip(_ name: String, _ state: String?, isCurrent: Bool) -> HTML {
        li { a(.href(SitePath("notices").with("state", state)), isCurrent ? .aria(.current, "true") : nil, text: name) }
    }

    private func nothing(_ reader: Reader) -> HTML {
        section(.class("card empty")) {
            if state == nil {
                h2(text: reader.say("没有需要处理的通知", "Nothing to look at"))
                p(
                    text: reader.say(
                        "所有通知都已送达，或正等待发送。若从未收到通知：请在配置的 plugins.notify 中启用一种通知方式，并在 notices.contacts 中登记联系人。",
                        """
                        Every notice was delivered or waits for its turn. If nobody ever gets one: turn on a notifier under plugins.notify \
                        and name contacts in the file of notices.contacts.
                        """))
            } else {
                p(text: reader.say("没有处于该状态的通知。", "No message is in this state."))
            }
        }
    }

    private func listing(_ reader: Reader) -> HTML {
        let names = (
            at: reader.say("时间", "Time"), what: reader.say("通知", "Notice"), to: reader.say("发往", "To"),
            state: reader.say("状态", "State"), todo: reader.say("处理", "Decide")
        )
        return section(.class("card tablecard")) {
            div(.class("scroll")) {
                table(.class("cards")) {
                    thead {
                        tr {
                            for name in [names.at, names.what, names.to, names.state, names.todo] {
                                th(.scope("col"), text: name)
                            }
                        }
                    }
                    tbody {
                        for message in page.messages {
                            tr {
                                cell(names.at, "time") { reader.moment(message.notice.at) }
                                cell(names.what, "name") { reader.say(message.notice.textWithoutSecret) }
                                cell(names.to) {
                                    [message.channel, message.address].filter { !$0.isEmpty }.joined(separator: " · ")
                                }
                                cell(names.state) {
                                    span(.class("tag \(message.state.tone)"), text: reader.say(message.state.title))
                                    if let reason = message.reason { p(.class("hint"), text: reader.say(reason)) }
                                }
                                cell(names.todo) { decisions(message, reader) }
                            }
                        }
                    }
                }
            }
            if page.next != nil || !isFirst { pager(reader) }
        }
    }

    private func decisions(_ message: Outbox.Message, _ reader: Reader) -> HTML {
        guard message.state == .failed || message.state == .held else { return HTML.empty }
        func path(_ decision: MessageDecision) -> SitePath { SitePath("notices", message.id, decision.rawValue) }
        return div(.class("row")) {
            form(.post, .action(path(.sendAgain))) {
                formToken(reader)
                button(.type("submit"), text: reader.say("重发", "Send again"))
            }
            ConfirmedAction(
                name: reader.say("忽略", "Dismiss"),
                consequence: reader.say("这条通知不会再发送。", "This message is never sent."),
                confirm: reader.say("确认忽略", "Yes, dismiss it"), action: path(.dismiss)
            ).html(reader)
        }
    }

    private func pager(_ reader: Reader) -> HTML {
        let path = SitePath("notices").with("state", state)
        return nav(.class("pager"), .aria(.label, reader.say("翻页", "Pages"))) {
            if isFirst { span { HTML.empty } } else { a(.href(path), text: reader.say("最新", "Latest")) }
            if let next = page.next { a(.href(path.with("after", next)), text: reader.say("更早的通知", "Older")) }
        }
    }
}

extension Outbox.State {
    var title: BilingualText {
        switch self {
        case .waiting: BilingualText(zh: "待发送", en: "waiting")
        case .sending: BilingualText(zh: "发送中", en: "being sent")
        case .unsure: BilingualText(zh: "核实中", en: "being looked into")
        case .sent: BilingualText(zh: "已送达", en: "delivered")
        case .failed: BilingualText(zh: "发送失败", en: "failed")
        case .held: BilingualText(zh: "暂停，待核实", en: "held")
        case .expired: BilingualText(zh: "已过期", en: "expired")
        }
    }

    fileprivate var tone: String {
        switch self {
        case .waiting, .sending, .unsure: "info"
        case .sent: "good"
        case .failed, .held: "bad"
        case .expired: ""
        }
    }
}
