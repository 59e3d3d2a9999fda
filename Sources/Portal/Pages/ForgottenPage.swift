import Accounts
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
                    PhoneCodeForms(
                        token: token, phone: phone, path: SitePath("forgot"),
                        label: BilingualText(zh: "账号联系电话（手机）", en: "The account's mobile number"),
                        go: BilingualText(zh: "发送重置链接", en: "Send the link")
                    ).html(reader)
                }
                p { a(.href(SitePath("sign-in")), text: reader.say("返回登录", "Back to sign in")) }
            }
        }
    }
}
