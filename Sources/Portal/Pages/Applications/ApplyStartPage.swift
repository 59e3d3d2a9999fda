import Accounts
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
                PhoneCodeForms(
                    token: token, phone: phone, typed: typed, path: SitePath("apply"),
                    label: BilingualText(zh: "手机号码", en: "Mobile number"), go: BilingualText(zh: "继续", en: "Go on")
                ).html(reader)
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
}
