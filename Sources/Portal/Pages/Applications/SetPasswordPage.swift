import SurveillanceKit

/// Where a link leads with which somebody sets the first password of an account.
struct SetPasswordPage {
    /// The account's name; nil where the link counts no more.
    var account: String?
    /// What the link holds.
    var link: String
    var refusal: BilingualText?
    var isDone = false

    func page(_ reader: Reader) -> Page {
        Page(reader.say("设置密码", "Set the password"), path: SitePath("set-password").with("token", isDone ? nil : link))
        {
            section(.class("card narrow")) {
                h1(text: reader.say("设置密码", "Set the password"))
                if let refusal { div(.class("note bad"), .role("alert")) { p(text: reader.say(refusal)) } }
                if isDone {
                    div(.class("note good"), .role("status")) {
                        p(text: reader.say("密码已设置。", "The password is set."))
                    }
                    p { a(.class("button"), .href(SitePath("sign-in")), text: reader.say("登录", "Sign in")) }
                } else if let account {
                    p {
                        reader.say("登录名：", "Account: ")
                        code(text: account)
                    }
                    form(.post, .action(SitePath("set-password")), .class("fields")) {
                        input(.type("hidden"), .name("token"), .value(link))
                        div {
                            label(.for("password"), text: reader.say("密码", "Password"))
                            input(
                                .id("password"), .name("password"), .type("password"), .autocomplete("new-password"),
                                .required)
                        }
                        div {
                            label(.for("again"), text: reader.say("再输入一次", "Once more"))
                            input(
                                .id("again"), .name("again"), .type("password"), .autocomplete("new-password"),
                                .required)
                        }
                        p(
                            .class("hint"),
                            text: reader.say(
                                "至少 10 个字符，最好是几个不相干的词。",
                                "10 characters or more; several unrelated words make a good one."))
                        button(.class("wide"), .type("submit"), text: reader.say("设置密码", "Set the password"))
                    }
                } else {
                    p(
                        text: reader.say(
                            "链接已使用或已过期。请联系平台支持。", "The link was used, or its time is over. Ask the platform's support.")
                    )
                    SupportView(contacts: reader.support).list(reader)
                }
            }
        }
    }
}
