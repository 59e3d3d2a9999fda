import Registrations
import SurveillanceKit

/// Where somebody proves that a telephone is his, to begin an application or to go on with it.
struct ApplyStartPage {
    var token: String
    /// The number that a code was asked for.
    var phone: PhoneNumber?
    var typed = ""
    var note: BilingualText?
    var isRefused = true

    func page(_ reader: Reader) -> Page {
        Page(reader.say("申请账号", "Apply for an account"), path: SitePath("apply")) {
            h1(text: reader.say("医疗机构申请账号", "Apply for an institution's account"))
            ApplySteps.line(.telephone, nil, reader)
            section(.class("card narrow")) {
                h2(text: reader.say("验证手机号码", "Prove your telephone"))
                if let note {
                    div(.class("note \(isRefused ? "bad" : "good")"), .role(isRefused ? "alert" : "status")) {
                        p(text: reader.say(note))
                    }
                }
                if let phone { codeForm(phone, reader) }
                phoneForm(reader)
            }
            section(.class("card narrow")) {
                h2(text: reader.say("申请步骤", "How it goes"))
                ol(.class("steps")) {
                    li(text: reader.say("用手机验证码验证身份。", "Prove a telephone with a code by text message."))
                    li(
                        text: reader.say(
                            "填写机构、法定代表人和数据管理员的资料。",
                            "Fill in the institution, its legal representative and its data manager."))
                    li(
                        text: reader.say(
                            "打印信息收集表和同意书，盖章后与执业许可证一起扫描上传。",
                            "Print the information sheet and the consent, have them stamped, and upload scans with the licence."
                        ))
                    li(
                        text: reader.say(
                            "省级审核，一般 2 个工作日内通过短信和邮件告知结果。",
                            "The province reviews it; the outcome comes by text message and mail, mostly within 2 working days."
                        ))
                }
                p(.class("hint")) {
                    reader.say(
                        "以前申请过？用同一手机号码验证后查看进度或继续填写。", "Applied before? Prove the same telephone to see how it stands.")
                }
            }
        }
    }

    private func phoneForm(_ reader: Reader) -> HTML {
        form(.post, .action(SitePath("apply", "code")), .class("fields")) {
            input(.type("hidden"), .name("formToken"), .value(token))
            if let phone {
                input(.type("hidden"), .name("phone"), .value(phone.national))
                button(.class("plain wide"), .type("submit"), text: reader.say("重新获取验证码", "Send another code"))
            } else {
                div {
                    label(.for("phone"), text: reader.say("手机号码", "Mobile number"))
                    input(
                        .id("phone"), .name("phone"), .type("tel"), .value(typed), .autocomplete("tel"), .required,
                        .maximumLength(20), .inputMode("tel"))
                }
                button(.class("wide"), .type("submit"), text: reader.say("获取验证码", "Send a code"))
            }
        }
    }

    private func codeForm(_ phone: PhoneNumber, _ reader: Reader) -> HTML {
        form(.post, .action(SitePath("apply", "enter")), .class("fields")) {
            input(.type("hidden"), .name("formToken"), .value(token))
            input(.type("hidden"), .name("phone"), .value(phone.national))
            div {
                label(.for("code"), text: reader.say("短信验证码（6 位）", "Code from the message (6 digits)"))
                input(
                    .id("code"), .name("code"), .type("text"), .inputMode("numeric"), .autocomplete("one-time-code"),
                    .required, .maximumLength(12), .autofocus)
            }
            button(.class("wide"), .type("submit"), text: reader.say("继续", "Go on"))
        }
    }
}
