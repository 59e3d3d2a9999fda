import SurveillanceKit

/// Where people sign in. A refusal never says whether the account exists.
struct SignInPage {
    var path: SitePath
    /// Where to go afterwards.
    var next: String?
    /// What the form must send back; the browser holds the same in a cookie.
    var token: String
    /// The name as it was typed; the password is never shown again.
    var name = ""
    var refusal: BilingualText?
    /// Whether no attempt is heard for a while.
    var isWaiting = false

    func page(_ reader: Reader) -> Page {
        Page(reader.say("登录", "Sign in"), path: path) {
            section(.class("card narrow")) {
                h1(text: reader.say("登录", "Sign in"))
                p(.class("hint")) {
                    reader.say("医疗机构和管理人员都在这里登录。", "Institutions and administrators sign in here.")
                }
                if let refusal {
                    div(.class("note bad"), .role("alert")) {
                        p(text: reader.say(refusal))
                        if isWaiting, let support = SupportView(contacts: reader.support).sentence(reader) {
                            p(text: support)
                        }
                    }
                }
                form(.post, .action(SitePath("sign-in")), .class("fields")) {
                    input(.type("hidden"), .name("formToken"), .value(token))
                    if let next { input(.type("hidden"), .name("next"), .value(next)) }
                    div {
                        label(.for("name"), text: reader.say("账号或手机号码", "Account or mobile number"))
                        input(
                            .id("name"), .name("name"), .type("text"), .value(name), .autocomplete("username"),
                            .maximumLength(64), .required, name.isEmpty ? .autofocus : nil)
                    }
                    div {
                        label(.for("password"), text: reader.say("密码", "Password"))
                        input(
                            .id("password"), .name("password"), .type("password"), .autocomplete("current-password"),
                            .required, name.isEmpty ? nil : .autofocus)
                    }
                    button(.class("wide"), .type("submit"), text: reader.say("登录", "Sign in"))
                }
                p { a(.href(SitePath("forgot")), text: reader.say("忘记密码？", "Forgotten the password?")) }
            }
            section(.class("card narrow")) {
                h2(text: reader.say("没有账号？", "No account yet?"))
                p {
                    a(.href(SitePath("apply")), text: reader.say("为医疗机构申请账号", "Apply for an institution's account"))
                    reader.say("，或查看申请进度。", ", or see how an application stands.")
                }
            }
            if !reader.support.isEmpty {
                section(.class("card narrow"), .id("support")) {
                    h2(text: reader.say("无法登录？", "Cannot sign in?"))
                    p(.class("hint")) {
                        reader.say("没有账号或忘记密码，请联系：", "Without an account, or with a forgotten password, ask:")
                    }
                    SupportView(contacts: reader.support).list(reader)
                }
            }
        }
    }
}
