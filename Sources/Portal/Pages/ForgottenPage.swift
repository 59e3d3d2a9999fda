import Registrations
import SurveillanceKit

/// Where somebody who has forgotten a password proves the account's telephone.
struct ForgottenPage {
    var token: String
    var phone: PhoneNumber?
    var note: BilingualText?
    var isRefused = true
    var isDone = false

    func page(_ reader: Reader) -> Page {
        Page(reader.say("忘记密码", "Forgotten password"), path: SitePath("forgot")) {
            section(.class("card narrow")) {
                h1(text: reader.say("忘记密码", "Forgotten password"))
                if let note {
                    div(.class("note \(isRefused ? "bad" : "good")"), .role(isRefused ? "alert" : "status")) {
                        p(text: reader.say(note))
                    }
                }
                if isDone {
                    div(.class("note good"), .role("status")) {
                        p(
                            text: reader.say(
                                "如果该手机号码是医疗机构账号的联系电话，重置链接已发送到该账号的邮箱，60 分钟内有效。",
                                "If an institution's account has this telephone, a link was sent to the account's mail address. It holds for 60 minutes."
                            ))
                    }
                    p(.class("hint")) {
                        reader.say("没有收到？请联系平台支持。", "Nothing has come? Ask the platform's support.")
                    }
                } else {
                    if let phone { codeForm(phone, reader) }
                    phoneForm(reader)
                }
                p { a(.href(SitePath("sign-in")), text: reader.say("返回登录", "Back to sign in")) }
            }
        }
    }

    private func phoneForm(_ reader: Reader) -> HTML {
        form(.post, .action(SitePath("forgot", "code")), .class("fields")) {
            input(.type("hidden"), .name("formToken"), .value(token))
            if let phone {
                input(.type("hidden"), .name("phone"), .value(phone.national))
                button(.class("plain wide"), .type("submit"), text: reader.say("重新获取验证码", "Send another code"))
            } else {
                div {
                    label(.for("phone"), text: reader.say("账号联系电话（手机）", "The account's mobile number"))
                    input(
                        .id("phone"), .name("phone"), .type("tel"), .autocomplete("tel"), .required,
                        .maximumLength(20), .inputMode("tel"))
                }
                button(.class("wide"), .type("submit"), text: reader.say("获取验证码", "Send a code"))
            }
        }
    }

    private func codeForm(_ phone: PhoneNumber, _ reader: Reader) -> HTML {
        form(.post, .action(SitePath("forgot", "enter")), .class("fields")) {
            input(.type("hidden"), .name("formToken"), .value(token))
            input(.type("hidden"), .name("phone"), .value(phone.national))
            div {
                label(.for("code"), text: reader.say("短信验证码（6 位）", "Code from the message (6 digits)"))
                input(
                    .id("code"), .name("code"), .type("text"), .inputMode("numeric"), .autocomplete("one-time-code"),
                    .required, .maximumLength(12), .autofocus)
            }
            button(.class("wide"), .type("submit"), text: reader.say("发送重置链接", "Send the link"))
        }
    }
}
