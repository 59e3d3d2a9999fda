import Accounts
import HTTPServer
import SurveillanceKit

/// What people see and set of their own account.
struct AccountPage {
    var account: Account
    var profile: AccountProfile
    var done: Done?
    var refusal: Refusal?
    /// A token that was made just now: it is shown this once.
    var newToken: String?
    /// Recovery codes that were made just now: they are shown this once.
    var recoveryCodes: [String] = []

    enum Done: String {
        case password, sessions, tokens, contact, factor

        var text: BilingualText {
            switch self {
            case .password:
                BilingualText(
                    zh: "密码已修改，其他会话已结束。", en: "The password is changed, and the other sessions have ended.")
            case .sessions: BilingualText(zh: "会话已结束。", en: "Ended.")
            case .tokens: BilingualText(zh: "令牌已吊销。", en: "The token is revoked.")
            case .contact, .factor: BilingualText(zh: "已保存。", en: "Saved.")
            }
        }
    }

    struct Refusal {
        var place: Done
        var text: BilingualText
    }

    func page(_ reader: Reader) -> Page {
        Page(reader.say("账号", "Account"), path: SitePath("account"), place: .account) {
            h1(text: reader.say("账号", "Account"))
            if let done { div(.class("note good"), .role("status")) { p(text: reader.say(done.text)) } }
            facts(reader)
            contact(reader)
            password(reader)
            if let factor = profile.factor { secondFactor(factor, reader) }
            if let certificate = profile.certificate { registered(certificate, reader) }
            sessions(reader)
            tokens(reader)
        }
    }

    private func facts(_ reader: Reader) -> HTML {
        section(.class("card")) {
            dl(.class("facts")) {
                dt(text: reader.say("账号", "Account"))
                dd { code(text: account.name) }
                dt(text: reader.say("显示名", "Name"))
                dd(text: account.displayName)
                dt(text: reader.say("角色", "Role"))
                dd(text: reader.say(account.role.title))
                if let institution = reader.institution {
                    dt(text: reader.say("机构", "Institution"))
                    dd(text: reader.say(institution))
                }
                if let region = account.region {
                    dt(text: reader.say("辖区", "Region"))
                    dd { code(text: region.prefix) }
                }
            }
            if let earlier = profile.earlierSignIn {
                p(.class("hint")) {
                    reader.say("上次登录：", "Your last sign-in: ")
                    reader.moment(earlier.at)
                    reader.say(
                        "，来自 \(earlier.address)。不是您本人？请修改密码。",
                        ", from \(earlier.address). If that was not you, change the password.")
                }
            }
            if let support = SupportView(contacts: reader.support).sentence(reader) {
                p(.class("hint"), text: reader.say("以上信息由管理员维护。", "The administrator keeps these. ") + support)
            }
        }
    }

    private func refused(_ place: Done, _ reader: Reader) -> HTML {
        guard let refusal, refusal.place == place else { return .empty }
        return div(.class("note bad"), .role("alert")) {
            p(text: reader.say(refusal.text))
            if place == .password, let support = SupportView(contacts: reader.support).sentence(reader) {
                p(text: support)
            }
        }
    }

    private func contact(_ reader: Reader) -> HTML {
        section(.class("card"), .id("contact")) {
            h2(text: reader.say("联系方式和语言", "Contact and language"))
            refused(.contact, reader)
            form(.post, .action(SitePath("account", "contact")), .class("fields")) {
                formToken(reader)
                div {
                    label(.for("phone"), text: reader.say("电话", "Telephone"))
                    input(
                        .id("phone"), .name("phone"), .type("tel"), .value(profile.contact.phone), .maximumLength(100),
                        .autocomplete("tel"))
                }
                div {
                    label(.for("mail"), text: reader.say("邮箱", "Mail"))
                    input(
                        .id("mail"), .name("mail"), .type("email"), .value(profile.contact.mail), .maximumLength(100),
                        .autocomplete("email"))
                }
                div {
                    label(.for("language"), text: reader.say("语言", "Language"))
                    select(.id("language"), .name("language")) {
                        for (value, name) in [
                            ("", reader.say("按浏览器", "As the browser")), ("zh", "中文"), ("en", "English"),
                        ] {
                            option(
                                .value(value), value == profile.contact.language?.rawValue ?? "" ? .selected : nil,
                                text: name)
                        }
                    }
                }
                button(.type("submit"), text: reader.say("保存", "Save"))
            }
        }
    }

    private func password(_ reader: Reader) -> HTML {
        section(.class("card"), .id("password-form")) {
            h2(text: reader.say("修改密码", "Change the password"))
            p(.class("hint")) {
                reader.say(
                    "至少 10 个字符，最好是几个不相干的词。修改后其他会话结束，令牌不变。",
                    "At least 10 characters; several unrelated words make a good one. Other sessions end, tokens stay.")
            }
            refused(.password, reader)
            form(.post, .action(SitePath("account", "password")), .class("fields")) {
                formToken(reader)
                // Password managers look for the name.
                input(.type("hidden"), .name("username"), .value(account.name), .autocomplete("username"))
                for (id, text, kind) in [
                    ("current", reader.say("当前密码", "Present password"), "current-password"),
                    ("password", reader.say("新密码", "New password"), "new-password"),
                    ("again", reader.say("再次输入新密码", "New password again"), "new-password"),
                ] {
                    div {
                        label(.for(id), text: text)
                        input(
                            .id(id), .fieldName(id), .type("password"), .required, .maximumLength(256),
                            kind == "new-password" ? .autocomplete("new-password") : .autocomplete("current-password"))
                    }
                }
                button(.type("submit"), text: reader.say("修改密码", "Change the password"))
            }
        }
    }

    private func registered(_ certificate: CertificateWords, _ reader: Reader) -> HTML {
        section(.class("card"), .id("certificate")) {
            h2(text: reader.say("SM2 证书（第二因素）", "SM2 certificate (second factor)"))
            p {
                reader.say(
                    "\(certificate.subject)，序列号 \(certificate.serial)，有效期至 ",
                    "\(certificate.subject), serial number \(certificate.serial), counts until ")
                reader.moment(certificate.until)
            }
            p(
                .class("hint"),
                text: reader.say(
                    "更换或取消证书请联系安全管理员。更换手机也会取消证书，需重新登记。",
                    "Security administrators register another one or take it away. Changing the telephone takes it away, too."
                ))
        }
    }

    private func secondFactor(_ factor: FactorStatus, _ reader: Reader) -> HTML {
        section(.class("card"), .id("second-factor")) {
            h2(text: reader.say("第二因素", "Second factor"))
            p {
                reader.say("验证器应用，设置于 ", "Authenticator app, set up ")
                reader.moment(factor.setUpAt)
                reader.say(
                    "。未使用的恢复码：\(factor.recoveryCodesLeft) 个。", ". Recovery codes left: \(factor.recoveryCodesLeft).")
            }
            if !recoveryCodes.isEmpty { RecoveryCodes(codes: recoveryCodes).html(reader) }
            refused(.factor, reader)
            factorForm(
                "recovery-codes", reader.say("生成新的恢复码", "Make new recovery codes"),
                reader.say("旧的恢复码全部作废。", "The earlier ones count no more."), reader)
            factorForm(
                "second-factor", reader.say("更换手机", "Another telephone"),
                reader.say(
                    "当前的第二因素作废，会话结束；再次登录时在新手机上设置。",
                    "This second factor ends, and so do your sessions. You set up the new telephone when you sign in again."
                ),
                reader)
        }
    }

    private func factorForm(_ action: String, _ name: String, _ consequence: String, _ reader: Reader) -> HTML {
        details(.class("confirm")) {
            summary(text: name)
            form(.post, .action(SitePath("account", action)), .class("fields")) {
                formToken(reader)
                p(.class("hint"), text: consequence)
                CodeField(id: "code-\(action)", takesRecoveryCodes: true).html(reader)
                button(.type("submit"), text: name)
            }
        }
    }

    private func sessions(_ reader: Reader) -> HTML {
        let (begun, seen, place) = (
            reader.say("登录时间", "Signed in"), reader.say("最近使用", "Last used"), reader.say("网络地址", "Address")
        )
        return section(.class("card tablecard"), .id("sessions")) {
            h2(text: reader.say("会话", "Sessions"))
            div(.class("scroll")) {
                table(.class("cards")) {
                    thead {
                        tr {
                            for text in [begun, seen, place] { th(.scope("col"), text: text) }
                            th(.scope("col")) { span(.class("hint"), text: reader.say("操作", "Action")) }
                        }
                    }
                    tbody {
                        for session in profile.sessions {
                            tr {
                                cell(begun, "time") { reader.moment(session.beganAt) }
                                cell(seen, "time") { reader.moment(session.seenAt) }
                                cell(place) { session.address ?? "—" }
                                cell("") {
                                    if session.isOwn {
                                        span(.class("tag good"), text: reader.say("当前会话", "this one"))
                                    } else {
                                        end(session.id, reader.say("结束", "End"), reader)
                                    }
                                }
                            }
                        }
                    }
                }
            }
            if profile.sessions.count > 1 {
                div(.class("pager")) { end("", reader.say("结束其他全部会话", "End all others"), reader) }
            }
        }
    }

    private func end(_ id: String, _ text: String, _ reader: Reader) -> HTML {
        form(.post, .action(SitePath("account", "sessions"))) {
            formToken(reader)
            input(.type("hidden"), .name("id"), .value(id))
            button(.class("plain"), .type("submit"), text: text)
        }
    }

    private func tokens(_ reader: Reader) -> HTML {
        section(.class("card"), .id("tokens")) {
            h2(text: reader.say("访问令牌", "Tokens"))
            p(.class("hint")) {
                reader.say(
                    "供程序上报使用，代替密码（Authorization: Bearer …）。",
                    "For programs that report, in the place of the password (Authorization: Bearer …).")
            }
            if let newToken {
                div(.class("note good"), .role("status")) {
                    p(text: reader.say("新令牌，只显示这一次：", "The new token, shown this once:"))
                    pre { code(.class("long"), text: newToken) }
                }
            }
            refused(.tokens, reader)
            if !profile.tokens.isEmpty { tokenTable(reader) }
            form(.post, .action(SitePath("account", "tokens"))) {
                formToken(reader)
                div(.class("row two")) {
                    div {
                        label(.for("label"), text: reader.say("用途", "What it is for"))
                        input(.id("label"), .name("label"), .type("text"), .required, .maximumLength(60))
                    }
                    div {
                        label(.for("days"), text: reader.say("有效天数（可空）", "Days (may be empty)"))
                        input(.id("days"), .name("days"), .type("text"), .maximumLength(4))
                    }
                    div(.class("go")) { button(.type("submit"), text: reader.say("生成令牌", "Make a token")) }
                }
            }
        }
    }

    private func tokenTable(_ reader: Reader) -> HTML {
        let heads = (
            reader.say("用途", "For"), reader.say("生成", "Made"), reader.say("有效至", "Until"),
            reader.say("最近使用", "Last used")
        )
        return div(.class("scroll")) {
            table(.class("cards")) {
                thead {
                    tr {
                        for text in [heads.0, heads.1, heads.2, heads.3] { th(.scope("col"), text: text) }
                        th(.scope("col")) { span(.class("hint"), text: reader.say("操作", "Action")) }
                    }
                }
                tbody {
                    for token in profile.tokens {
                        tr {
                            cell(heads.0, "name") { token.label }
                            cell(heads.1, "time") { reader.moment(token.createdAt) }
                            cell(heads.2, "time") {
                                token.expiresAt.map { reader.moment($0) } ?? HTML(text: reader.say("不限", "no end"))
                            }
                            cell(heads.3, "time") {
                                token.usedAt.map { reader.moment($0) } ?? HTML(text: reader.say("从未", "never"))
                            }
                            cell("") {
                                if token.revokedAt != nil {
                                    span(.class("tag"), text: reader.say("已吊销", "revoked"))
                                } else {
                                    ConfirmedAction(
                                        name: reader.say("吊销", "Revoke"),
                                        consequence: reader.say(
                                            "使用它的程序立即不能再上报，且不能恢复。",
                                            "Programs that use it can no longer report, at once and for good."),
                                        confirm: reader.say("确认吊销", "Yes, revoke it"),
                                        action: SitePath("account", "tokens"), fields: [("revoke", token.id)]
                                    ).html(reader)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
