import Accounts
import HTTPServer
import Registrations
import SurveillanceKit

/// The accounts of those who oversee, decide and run the platform, and what was asked for them.
struct PeoplePage {
    var people: AccountListing
    var requests: [AccountRequest]
    /// Who looks.
    var own: String
    /// Whether SM2 certificates can be registered.
    var takesCertificates: Bool
    var query: AccountQuery
    var done: Done?
    var refusal: BilingualText?
    /// What was written into a form that was refused.
    var written: FormFields

    private static let shownDecided = 20

    enum Done: String {
        case done, waits

        var text: BilingualText {
            switch self {
            case .done: BilingualText(zh: "已完成。", en: "Done.")
            case .waits:
                BilingualText(zh: "已提交，等待另一名安全管理员确认。", en: "Asked for; another security administrator confirms it.")
            }
        }
    }

    func page(_ reader: Reader) -> Page {
        let title = reader.say("账号与权限", "Accounts and rights")
        return Page(title, path: query.apply(to: SitePath("people")), place: .people) {
            h1(text: title)
            if let done { div(.class("note good"), .role("status")) { p(text: reader.say(done.text)) } }
            if let refusal { div(.class("note bad"), .role("alert")) { p(text: reader.say(refusal)) } }
            p(
                .class("lead"),
                text: reader.say(
                    "新建账号、扩大权限或辖区、重新启用账号需要两名安全管理员：一人申请，另一人确认。任何人不能修改自己的权限。缩小辖区、停用账号一人即可。",
                    "A new account, more rights, a larger region and enabling take two security administrators: one asks, another confirms. Nobody changes the own rights. A smaller region and disabling take one."
                ))
            waiting(reader)
            accounts(reader)
            creation(reader)
            if takesCertificates { registration(reader) }
            decided(reader)
        }
    }

    private func waiting(_ reader: Reader) -> HTML {
        let open = requests.filter { $0.state == .open }
        return section(.class("card"), .id("requests")) {
            h2(text: reader.say("待确认", "To confirm"))
            if open.isEmpty { p(.class("hint"), text: reader.say("没有。", "Nothing.")) }
            for request in open {
                div(.class("seal")) {
                    div {
                        p(.class("name"), text: sentence(request, reader))
                        p(.class("hint")) {
                            reader.say("申请人 \(request.askedBy)，", "Asked by \(request.askedBy), ")
                            reader.moment(request.askedAt)
                        }
                    }
                    form(.post, .action(SitePath("people", "requests", request.id))) {
                        formToken(reader)
                        if request.askedBy.lowercased() != own.lowercased() {
                            button(
                                .type("submit"), .name("decision"), .value("confirm"), text: reader.say("确认", "Confirm")
                            )
                        }
                        button(
                            .class("plain"), .type("submit"), .name("decision"), .value("reject"),
                            text: request.askedBy.lowercased() == own.lowercased()
                                ? reader.say("撤回", "Take back") : reader.say("不同意", "Turn down"))
                    }
                }
            }
        }
    }

    private func sentence(_ request: AccountRequest, _ reader: Reader) -> String {
        let draft = request.draft
        let role = reader.say(draft.role.title)
        let place = draft.region.map { "（\($0.prefix)）" } ?? ""
        let placeEnglish = draft.region.map { " (\($0.prefix))" } ?? ""
        return switch draft.kind {
        case .create:
            reader.say("新建账号 \(draft.account)：\(role)\(place)", "New account \(draft.account): \(role)\(placeEnglish)")
        case .grant:
            reader.say(
                "账号 \(draft.account) 改为 \(role)\(place)", "Account \(draft.account) becomes \(role)\(placeEnglish)")
        case .enable: reader.say("重新启用账号 \(draft.account)", "Enable account \(draft.account) again")
        case .certificate: certificate(draft, reader)
        }
    }

    private func certificate(_ draft: AccountRequest.Draft, _ reader: Reader) -> String {
        let known = CertificateWords(pem: draft.certificate)
        let (subject, serial) = (known?.subject ?? "", known?.serial ?? "")
        return reader.say(
            "账号 \(draft.account) 登记 SM2 证书：\(subject)，序列号 \(serial)",
            "Account \(draft.account) gets the SM2 certificate of \(subject), serial number \(serial)")
    }

    /// A certificate as a second factor: asked for by one, confirmed by another.
    private func registration(_ reader: Reader) -> HTML {
        section(.class("card"), .id("certificate")) {
            h2(text: reader.say("登记 SM2 证书（第二因素）", "Register an SM2 certificate (second factor)"))
            form(.post, .action(SitePath("people", "requests")), .class("fields")) {
                formToken(reader)
                input(.type("hidden"), .name("kind"), .value("certificate"))
                div {
                    label(.for("certificate-account"), text: reader.say("账号名", "Name of the account"))
                    input(
                        .id("certificate-account"), .name("account"), .type("text"), .maximumLength(64), .required)
                }
                div {
                    label(
                        .for("certificate-pem"),
                        text: reader.say(
                            "本人的签名证书（PEM），其后可附中间 CA", "The person's signing certificate (PEM), authorities behind it"))
                    textarea(
                        .id("certificate-pem"), .name("certificate"), .rows(6),
                        .maximumLength(AccountCertificates.maximumBytes), .required
                    ) { HTML.empty }
                }
                p(
                    .class("hint"),
                    text: reader.say(
                        "请先核实证书属于本人。另一名安全管理员确认后生效；取消请用“重置第二因素”。",
                        "Make sure first that the certificate is that person's. It counts once another security administrator has confirmed it; “Reset the second factor” takes it away."
                    ))
                button(.type("submit"), text: reader.say("提交", "Ask for it"))
            }
        }
    }

    private func decided(_ reader: Reader) -> HTML {
        let closed = requests.filter { $0.state != .open }.prefix(Self.shownDecided)
        guard !closed.isEmpty else { return .empty }
        return section(.class("card")) {
            h2(text: reader.say("最近的申请", "Decided lately"))
            ul(.class("plainlist")) {
                for request in closed {
                    li {
                        sentence(request, reader)
                        span(.class("hint"), text: " · \(outcome(request, reader))")
                    }
                }
            }
        }
    }

    private func outcome(_ request: AccountRequest, _ reader: Reader) -> String {
        let by = request.decidedBy ?? ""
        return switch request.state {
        case .open: ""
        case .confirmed: reader.say("\(request.askedBy) 申请，\(by) 确认", "asked by \(request.askedBy), confirmed by \(by)")
        case .rejected:
            reader.say("\(request.askedBy) 申请，\(by) 未同意", "asked by \(request.askedBy), turned down by \(by)")
        case .lapsed: reader.say("\(request.askedBy) 申请，已过期", "asked by \(request.askedBy), lapsed")
        }
    }

    // MARK: Accounts

    private func accounts(_ reader: Reader) -> HTML {
        let heads = (
            reader.say("账号", "Account"), reader.say("角色", "Role"), reader.say("辖区", "Region"),
            reader.say("状态", "State"), reader.say("最近登录", "Last sign-in")
        )
        return section(.class("card tablecard"), .id("accounts")) {
            h2(text: reader.say("账号", "Accounts"))
            form(.get, .action(SitePath("people")), .class("filter")) {
                div(.class("row")) {
                    div {
                        label(.for("q"), text: reader.say("查找（含医疗机构账号）", "Find (hospitals' accounts, too)"))
                        input(.id("q"), .name("q"), .type("search"), .value(query.text), .maximumLength(64))
                    }
                    div {
                        label(.for("role-filter"), text: reader.say("角色", "Role"))
                        select(.id("role-filter"), .name("role")) {
                            option(.value(""), text: reader.say("全部", "All"))
                            for role in Role.allCases {
                                option(
                                    .value(role.rawValue), query.role == role ? .selected : nil,
                                    text: reader.say(role.title))
                            }
                        }
                    }
                    div {
                        label(.for("state-filter"), text: reader.say("状态", "State"))
                        select(.id("state-filter"), .name("state")) {
                            option(.value(""), text: reader.say("全部", "All"))
                            option(
                                .value("enabled"), query.isDisabled == false ? .selected : nil,
                                text: reader.say("正常", "enabled"))
                            option(
                                .value("disabled"), query.isDisabled == true ? .selected : nil,
                                text: reader.say("已停用", "disabled"))
                        }
                    }
                    div(.class("go")) { button(.type("submit"), text: reader.say("查找", "Find")) }
                }
            }
            p(
                .class("hint"),
                text: reader.say(
                    "符合条件 \(reader.number(people.total)) 个。",
                    "\(people.total.counted("account")) in all."))
            div(.class("scroll")) {
                table(.class("cards")) {
                    thead {
                        tr {
                            for text in [heads.0, heads.1, heads.2, heads.3, heads.4] { th(.scope("col"), text: text) }
                            th(.scope("col")) { span(.class("hint"), text: reader.say("操作", "Action")) }
                        }
                    }
                    tbody {
                        for listed in people.items {
                            let account = listed.account
                            tr {
                                cell(heads.0, "name") {
                                    code(text: account.name)
                                    " \(account.displayName)"
                                }
                                cell(heads.1) { reader.say(account.role.title) }
                                cell(heads.2) { account.region?.prefix ?? account.institution ?? "—" }
                                cell(heads.3) {
                                    account.isDisabled
                                        ? span(.class("tag warn"), text: reader.say("已停用", "disabled"))
                                        : span(.class("tag good"), text: reader.say("正常", "enabled"))
                                }
                                cell(heads.4, "time") {
                                    listed.lastSignInAt.map { reader.moment($0) }
                                        ?? HTML(text: reader.say("从未", "never"))
                                    if account.role.needsSecondFactor, !listed.hasSecondFactor {
                                        span(
                                            .class("tag warn"), text: reader.say("无第二因素", "no second factor"))
                                    }
                                }
                                cell("") { actions(account, reader) }
                            }
                        }
                    }
                }
            }
            if query.after != nil || people.next != nil {
                p {
                    if query.after != nil {
                        a(
                            .href(query.apply(to: SitePath("people")).at("accounts")),
                            text: reader.say("第一页", "First page"))
                        " "
                    }
                    if let next = people.next {
                        a(
                            .href(query.apply(to: SitePath("people")).with("after", next).at("accounts")),
                            text: reader.say("下一页", "Next page"))
                    }
                }
            }
        }
    }

    private func actions(_ account: Account, _ reader: Reader) -> HTML {
        guard account.name != own else { return span(.class("hint"), text: reader.say("您自己", "yourself")) }
        let fields: [(name: StaticString, value: String)] = [("account", account.name)]
        var parts: [HTML] = []
        if account.role != .institution { parts.append(grant(account, reader)) }
        if account.isDisabled {
            if account.role != .institution {
                parts.append(
                    ConfirmedAction(
                        name: reader.say("重新启用", "Enable again"),
                        consequence: reader.say("另一名安全管理员确认后生效。", "Another security administrator confirms it."),
                        confirm: reader.say("申请启用", "Ask for it"), action: SitePath("people", "requests"),
                        fields: fields + [("kind", "enable")]
                    ).html(reader))
            }
        } else {
            parts.append(
                ConfirmedAction(
                    name: reader.say("停用", "Disable"),
                    consequence: reader.say(
                        "立即不能登录，会话和令牌失效。", "It cannot sign in from now on; sessions and tokens end."),
                    confirm: reader.say("确认停用", "Yes, disable it"), action: SitePath("people", "disable"),
                    fields: fields
                ).html(reader))
        }
        if account.role.needsSecondFactor {
            parts.append(
                ConfirmedAction(
                    name: reader.say("重置第二因素", "Reset the second factor"),
                    consequence: reader.say(
                        "手机丢失时使用。请先当面或电话核实本人；会话结束，下次登录重新设置。",
                        "For a lost telephone. Make sure first that it is that person; sessions end, and the next sign-in sets another up."
                    ),
                    confirm: reader.say("确认重置", "Yes, reset it"), action: SitePath("people", "second-factor"),
                    fields: fields
                ).html(reader))
        }
        return HTML(joining: parts)
    }

    private func grant(_ account: Account, _ reader: Reader) -> HTML {
        details(.class("confirm")) {
            summary(text: reader.say("改变权限", "Change rights"))
            form(.post, .action(SitePath("people", "requests")), .class("fields")) {
                formToken(reader)
                input(.type("hidden"), .name("kind"), .value("grant"))
                input(.type("hidden"), .name("account"), .value(account.name))
                place("-\(account.name)", role: account.role.rawValue, region: account.region?.prefix ?? "", reader)
                button(.type("submit"), text: reader.say("提交", "Ask for it"))
            }
        }
    }

    private func place(_ suffix: String, role: String, region: String, _ reader: Reader) -> HTML {
        HTML(joining: [
            div {
                label(.for("role" + suffix), text: reader.say("角色", "Role"))
                select(.id("role" + suffix), .name("role")) {
                    for choice in Role.allCases where choice != .institution {
                        option(
                            .value(choice.rawValue), choice.rawValue == role ? .selected : nil,
                            text: reader.say(choice.title))
                    }
                }
            },
            div {
                label(
                    .for("region" + suffix),
                    text: reader.say(
                        "辖区（省级、账号审核必填；数据分析留空为全国）",
                        "Region (provincial and reviewer need one; an analyst without sees the nation)"))
                input(
                    .id("region" + suffix), .name("region"), .type("text"), .value(region), .maximumLength(6),
                    .inputMode("numeric"))
            },
        ])
    }

    private func creation(_ reader: Reader) -> HTML {
        section(.class("card"), .id("new")) {
            h2(text: reader.say("申请新账号", "Ask for a new account"))
            form(.post, .action(SitePath("people", "requests")), .class("fields")) {
                formToken(reader)
                input(.type("hidden"), .name("kind"), .value("create"))
                div {
                    label(.for("account"), text: reader.say("账号名", "Name of the account"))
                    input(
                        .id("account"), .name("account"), .type("text"), .value(written["account"] ?? ""),
                        .maximumLength(64), .required)
                }
                div {
                    label(.for("display"), text: reader.say("显示名", "Name that pages show"))
                    input(
                        .id("display"), .name("display"), .type("text"), .value(written["display"] ?? ""),
                        .maximumLength(60))
                }
                place(
                    "", role: written["role"] ?? Role.provincial.rawValue, region: written["region"] ?? "", reader)
                div {
                    label(.for("phone"), text: reader.say("手机号码", "Mobile number"))
                    input(
                        .id("phone"), .name("phone"), .type("tel"), .value(written["phone"] ?? ""), .maximumLength(20))
                }
                div {
                    label(.for("mail"), text: reader.say("邮箱", "Mail"))
                    input(
                        .id("mail"), .name("mail"), .type("email"), .value(written["mail"] ?? ""), .maximumLength(100))
                }
                p(
                    .class("hint"),
                    text: reader.say(
                        "确认后，设置密码的链接发送到手机和邮箱，只能使用一次。",
                        "Once it is confirmed, a link that sets the password goes to telephone and mail; it can be used once."
                    ))
                button(.type("submit"), text: reader.say("提交申请", "Ask for it"))
            }
        }
    }
}
