import Accounts
import Registrations
import SurveillanceKit

/// The two forms in which somebody proves a telephone: the number, then the code that was sent to it.
struct PhoneCodeForms {
    var token: String
    /// The number that a code was asked for.
    var phone: PhoneNumber?
    var typed = ""
    /// Below it lie `code`, which sends one, and `enter`, which takes one.
    var path: SitePath
    var label: BilingualText
    /// What the button says that takes the code.
    var go: BilingualText

    func html(_ reader: Reader) -> HTML {
        HTML(joining: [phone.map { codeForm($0, reader) } ?? HTML.empty, phoneForm(reader)])
    }

    private func phoneForm(_ reader: Reader) -> HTML {
        form(.post, .action(path.appending("code")), .class("fields")) {
            input(.type("hidden"), .name("formToken"), .value(token))
            if let phone {
                input(.type("hidden"), .name("phone"), .value(phone.national))
                button(.class("plain wide"), .type("submit"), text: reader.say("重新获取验证码", "Send another code"))
            } else {
                div {
                    Portal.label(.for("phone"), text: reader.say(label))
                    input(
                        .id("phone"), .name("phone"), .type("tel"), .value(typed), .autocomplete("tel"), .required,
                        .maximumLength(20), .inputMode("tel"))
                }
                button(.class("wide"), .type("submit"), text: reader.say("获取验证码", "Send a code"))
            }
        }
    }

    private func codeForm(_ phone: PhoneNumber, _ reader: Reader) -> HTML {
        form(.post, .action(path.appending("enter")), .class("fields")) {
            input(.type("hidden"), .name("formToken"), .value(token))
            input(.type("hidden"), .name("phone"), .value(phone.national))
            div {
                Portal.label(.for("code"), text: reader.say("短信验证码（6 位）", "Code from the message (6 digits)"))
                input(
                    .id("code"), .name("code"), .type("text"), .inputMode("numeric"), .autocomplete("one-time-code"),
                    .required, .maximumLength(12), .autofocus)
            }
            button(.class("wide"), .type("submit"), text: reader.say(go))
        }
    }
}
