import Accounts
import HTTPServer
import SurveillanceKit

/// The accounts that an institution's manager has given to colleagues.
struct ColleaguesPage {
    var manager: Account
    var colleagues: [Colleague]
    var isDone: Bool
    var refusal: BilingualText?
    /// An account that was made just now, and its link: it is shown this once.
    var invited: (name: String, link: String)?
    var written: FormFields

    private static let choices: [ColleagueRights] = [.send, .read]

    func page(_ reader: Reader) -> Page {
        let title = reader.say("同事账号", "Colleagues")
        return Page(title, path: SitePath("colleagues"), place: .colleagues) {
            h1(text: title)
            if isDone { div(.class("note good"), .role("status")) { p(text: reader.say("已保存。", "Done.")) } }
            if let refusal { div(.class("note bad"), .role("alert")) { p(text: reader.say(refusal)) } }
            if let invited { told(invited, reader) }
            p(
                .class("lead"),
                text: reader.say(
                    "为同事开通单独的账号，不要共用密码。“仅上报”可以上传和零报告，只看到上报是否到达、结果数量和回执；“仅查看”可以查看本机构的全部内容，不能做任何更改。",
                    "Give colleagues accounts of their own instead of sharing a password. Who may only send uploads files and reports zero, and sees that reports have arrived, what they came to in numbers, and receipts. Who may only read sees all that your institution sees, and changes nothing."
                ))
            listing(reader)
            invitation(reader)
        }
    }

    private func told(_ invited: (name: String, link: String), _ reader: Reader) -> HTML {
        div(.class("note good"), .role("status")) {
            p {
                reader.say("登录名：", "Account: ")
                code(text: invited.name)
            }
            p(
                text: reader.say(
                    "请把下面的链接交给本人，用来设置密码：7 天内有效，只能使用一次，只在这里显示一次。填写了手机或邮箱的，同时已发送。",
                    "Give this link to the colleague, who sets the password with it. It holds for 7 days, can be used once and is shown this once. It was also sent where there is a number or address."
                ))
            pre { code(.class("long"), text: invited.link) }
        }
    }

    private func listing(_ reader: Reader) -> HTML {
        let heads = (
            reader.say("账号", "Account"), reader.say("权限", "May"), reader.say("最近登录", "Last sign-in")
        )
        return section(.class("card tablecard"), .id("colleagues")) {
            h2(text: reader.say("现有账号", "Accounts"))
            if colleagues.isEmpty { p(.class("hint"), text: reader.say("还没有同事账号。", "None yet.")) }
            div(.class("scroll")) {
                table(.class("cards")) {
                    thead {
                        tr {
                            for text in [heads.0, heads.1, heads.2] { th(.scope("col"), text: text) }
                            th(.scope("col")) { span(.class("hint"), text: reader.say("操作", "Action")) }
                        }
                    }
                    tbody {
                        for colleague in colleagues {
                            tr {
                                cell(heads.0, "name") {
                                    code(.class("long"), text: colleague.account.name)
                                    " \(colleague.account.displayName)"
                                    if colleague.account.isDisabled {
                                        span(.class("tag warn"), text: reader.say("已停用", "disabled"))
                                    }
                                }
                                cell(heads.1) { reader.say(colleague.account.rights.title) }
                                cell(heads.2, "time") {
                                    colleague.lastSignInAt.map { reader.moment($0) }
                                        ?? HTML(text: reader.say("从未", "never"))
                                }
                                cell("") { actions(colleague.account, reader) }
                            }
                        }
                    }
                }
            }
        }
    }

    private func actions(_ account: Account, _ reader: Reader) -> HTML {
        let other: ColleagueRights = account.rights == .send ? .read : .send
        let fields: [(name: StaticString, value: String)] = [("account", account.name)]
        return HTML(joining: [
            ConfirmedAction(
                name: reader.say("改为“\(other.title.zh)”", "Change: \(other.title.en.lowercased())"),
                consequence: reader.say(
                    "会话结束，再次登录后按新权限使用。", "Sessions end; the new rights count from the next sign-in on."),
                confirm: reader.say("确认更改", "Yes, change it"), action: SitePath("colleagues", "rights"),
                fields: fields + [("rights", other.rawValue)]
            ).html(reader),
            ConfirmedAction(
                name: reader.say("新链接", "Another link"),
                consequence: reader.say(
                    "生成一个设置密码的链接，之前的链接作废。", "Makes a link that sets the password; earlier ones count no more."),
                confirm: reader.say("生成链接", "Make the link"), action: SitePath("colleagues", "link"), fields: fields
            ).html(reader),
            ConfirmedAction(
                name: reader.say("移除", "Remove"),
                consequence: reader.say(
                    "账号立即不能使用，会话和令牌失效，不能恢复；上报记录保留。",
                    "The account ends at once and for good, with its sessions and tokens; what it has sent stays."),
                confirm: reader.say("确认移除", "Yes, remove it"), action: SitePath("colleagues", "remove"),
                fields: fields
            ).html(reader),
        ])
    }

    private func invitation(_ reader: Reader) -> HTML {
        section(.class("card"), .id("invite")) {
            h2(text: reader.say("邀请同事", "Invite a colleague"))
            form(.post, .action(SitePath("colleagues")), .class("fields")) {
                formToken(reader)
                div {
                    label(
                        .for("ending"),
                        text: reader.say(
                            "登录名：\(manager.institution ?? "")- 之后的部分",
                            "Account: what follows \(manager.institution ?? "")-"))
                    input(
                        .id("ending"), .name("ending"), .type("text"), .value(written["ending"] ?? ""),
                        .maximumLength(20), .required)
                }
                div {
                    label(.for("display"), text: reader.say("姓名或科室", "Name or department"))
                    input(
                        .id("display"), .name("display"), .type("text"), .value(written["display"] ?? ""),
                        .maximumLength(60))
                }
                div {
                    label(.for("rights"), text: reader.say("权限", "May"))
                    select(.id("rights"), .name("rights")) {
                        for choice in Self.choices {
                            option(
                                .value(choice.rawValue), choice.rawValue == written["rights"] ? .selected : nil,
                                text: reader.say(choice.title))
                        }
                    }
                }
                div {
                    label(.for("phone"), text: reader.say("手机号码（可空）", "Mobile number (may be empty)"))
                    input(
                        .id("phone"), .name("phone"), .type("tel"), .value(written["phone"] ?? ""), .maximumLength(20))
                }
                div {
                    label(.for("mail"), text: reader.say("邮箱（可空）", "Mail (may be empty)"))
                    input(
                        .id("mail"), .name("mail"), .type("email"), .value(written["mail"] ?? ""), .maximumLength(100))
                }
                button(.type("submit"), text: reader.say("生成账号和链接", "Make the account and its link"))
            }
        }
    }
}
