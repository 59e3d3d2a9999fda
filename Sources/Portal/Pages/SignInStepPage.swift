import Accounts
import QRCodes
import SurveillanceKit

/// What a sign-in asks for after the password.
struct SignInStepPage {
    var account: String
    var step: SignInStep
    /// Of the second factor that is being set up.
    var secret: String?
    var token: String
    var next: String?
    var refusal: BilingualText?
    /// Whether the account has an authenticator app.
    var hasCodes = true
    /// What the key of the account's certificate is to sign.
    var challenge: String?

    func page(_ reader: Reader) -> Page {
        Page(title(reader), path: SitePath("sign-in", "step").with("next", next)) {
            section(.class("card narrow")) {
                h1(text: title(reader))
                if let refusal { div(.class("note bad"), .role("alert")) { p(text: reader.say(refusal)) } }
                if step == .setUp { explanation(reader) }
                if let challenge { SignatureForm(challenge: challenge, token: token, next: next).html(reader) }
                if step != .code || hasCodes { answer(reader) }
                p { a(.href(SitePath("sign-in")), text: reader.say("换一个账号登录", "Sign in with another account")) }
            }
        }
    }

    private func answer(_ reader: Reader) -> HTML {
        HTML(joining: [
            form(.post, .action(SitePath("sign-in", "step")), .class("fields")) {
                input(.type("hidden"), .name("formToken"), .value(token))
                if let next { input(.type("hidden"), .name("next"), .value(next)) }
                if step == .password {
                    passwords(reader)
                } else {
                    CodeField(takesRecoveryCodes: step == .code).html(reader)
                }
                button(.class("wide"), .type("submit"), text: reader.say("继续", "Go on"))
            },
            step == .code
                ? p(
                    .class("hint"),
                    text: reader.say(
                        "手机不在身边？可以输入一个恢复码，每个只能用一次。恢复码也没有了，请其他管理员重置您的第二因素。",
                        "No telephone at hand? Type a recovery code instead; each counts once. Without those, ask another administrator to reset your second factor."
                    )) : .empty,
        ])
    }

    private func title(_ reader: Reader) -> String {
        switch step {
        case .code where !hasCodes: reader.say("用证书证明登录", "Your certificate")
        case .code: reader.say("输入验证码", "Your code")
        case .password: reader.say("设置自己的密码", "Set a password of your own")
        case .setUp: reader.say("设置第二因素", "Set up the second factor")
        }
    }

    private func explanation(_ reader: Reader) -> HTML {
        let shown = secret ?? ""
        let address =
            "otpauth://totp/Vedette:\(account)?secret=\(shown)&issuer=Vedette&algorithm=SHA1&digits=6&period=30"
        return HTML(joining: [
            p(
                text: reader.say(
                    "管理类账号登录时，除密码外还需要手机上的验证码。请用任一验证器应用扫描二维码，然后输入应用显示的 6 位数字。",
                    "Besides the password, administrators sign in with a code from their telephone. Scan this with any authenticator app, and type the six digits that it shows."
                )),
            div(.class("setup")) {
                if let code = QRCode(address) {
                    HTML(code, label: reader.say("第二因素的二维码", "QR code of the second factor"))
                }
                div {
                    p(
                        .class("hint"),
                        text: reader.say("不能扫描？请在应用中手工输入密钥：", "Cannot scan? Type this key into the app:"))
                    p(.class("secret")) { code(text: Self.grouped(shown)) }
                    p(
                        .class("hint"),
                        text: reader.say("类型：基于时间，6 位，30 秒", "Kind: time based, 6 digits, 30 seconds"))
                }
            },
        ])
    }

    private static func grouped(_ text: String) -> String {
        var grouped = ""
        for (index, character) in text.enumerated() {
            if index > 0, index % 4 == 0 { grouped += " " }
            grouped.append(character)
        }
        return grouped
    }

    private func passwords(_ reader: Reader) -> HTML {
        HTML(joining: [
            p(
                .class("hint"),
                text: reader.say(
                    "当前密码由他人设置。请换成只有您知道的密码：至少 10 个字符，最好是几个不相干的词。",
                    "Somebody else has set the present password. Choose one that only you know: 10 characters or more; several unrelated words make a good one."
                )),
            input(.type("hidden"), .name("username"), .value(account), .autocomplete("username")),
            div {
                label(.for("password"), text: reader.say("新密码", "New password"))
                input(
                    .id("password"), .name("password"), .type("password"), .autocomplete("new-password"), .required,
                    .maximumLength(256), .autofocus)
            },
            div {
                label(.for("again"), text: reader.say("再次输入新密码", "New password again"))
                input(
                    .id("again"), .name("again"), .type("password"), .autocomplete("new-password"), .required,
                    .maximumLength(256))
            },
        ])
    }
}

/// Where a code of the second factor is typed.
struct CodeField {
    var id = "code"
    /// Whether a recovery code may stand there, too.
    var takesRecoveryCodes: Bool

    func html(_ reader: Reader) -> HTML {
        div {
            label(
                .for(id),
                text: takesRecoveryCodes
                    ? reader.say("验证器应用的 6 位验证码，或恢复码", "Six digits from the app, or a recovery code")
                    : reader.say("验证器应用的 6 位验证码", "Six digits from the app"))
            input(
                .id(id), .name("code"), .type("text"), takesRecoveryCodes ? nil : .inputMode("numeric"),
                .autocomplete("one-time-code"), .required, .maximumLength(20), id == "code" ? .autofocus : nil)
        }
    }
}

/// Ten recovery codes, shown once.
struct RecoveryCodesPage {
    var codes: [String]
    /// Where the way on leads.
    var next: String?

    func page(_ reader: Reader) -> Page {
        Page(reader.say("恢复码", "Recovery codes"), path: SitePath("account")) {
            section(.class("card narrow")) {
                h1(text: reader.say("恢复码", "Recovery codes"))
                RecoveryCodes(codes: codes).html(reader)
                form(.get, .action(SitePath("sign-in"))) {
                    if let next { input(.type("hidden"), .name("next"), .value(next)) }
                    button(.class("wide"), .type("submit"), text: reader.say("已保存，继续", "I have kept them; go on"))
                }
            }
        }
    }
}

struct RecoveryCodes {
    var codes: [String]

    func html(_ reader: Reader) -> HTML {
        div(.class("note warn"), .role("status")) {
            p(
                text: reader.say(
                    "请把这 \(codes.count) 个恢复码打印或抄下并妥善保管，它们只显示这一次。手机丢失时，每个可以代替验证码登录一次。",
                    "Print or copy these \(codes.count) recovery codes and keep them safe: they are shown this once. Without your telephone, each signs you in one time."
                ))
            ul(.class("codes")) { for text in codes { li { code(text: text) } } }
            button(.type("button"), .data(.print, ""), .hidden, text: reader.say("打印", "Print"))
        }
    }
}

/// Where the challenge is shown, and the signature that a certificate's key has made of it is given.
struct SignatureForm {
    var challenge: String
    var token: String
    var next: String?

    func html(_ reader: Reader) -> HTML {
        HTML(joining: [
            p(
                text: reader.say(
                    "请用已登记的 SM2 证书（USB Key 或密钥文件）对下面的挑战码签名。5 分钟内有效，只能使用一次。",
                    "Sign this challenge with the key of your SM2 certificate (a USB key, or a key file). It holds for 5 minutes and can be used once."
                )),
            p { code(.class("long"), .id("challenge"), text: challenge) },
            p {
                a(
                    .href(SitePath("sign-in", "step", "challenge.txt")), .download,
                    text: reader.say("下载挑战码文件", "Download it as a file"))
            },
            p(
                .class("hint"),
                text: reader.say(
                    "用密钥文件：vedette sign-in sign --key 私钥.pem --in challenge.txt；也可用其他国密工具：SM2 与 SM3，用户标识 1234567812345678。",
                    "With a key file: vedette sign-in sign --key key.pem --in challenge.txt. Any other tool will do: SM2 with SM3, user id 1234567812345678."
                )),
            form(.post, .action(SitePath("sign-in", "step", "signature")), .multipart, .class("fields")) {
                input(.type("hidden"), .name("formToken"), .value(token))
                if let next { input(.type("hidden"), .name("next"), .value(next)) }
                div {
                    label(
                        .for("signature"),
                        text: reader.say("签名（Base64 或十六进制）", "Signature (base64 or hexadecimal)"))
                    textarea(.id("signature"), .name("signature"), .rows(3), .maximumLength(1024)) { HTML.empty }
                }
                div {
                    label(.for("signature-file"), text: reader.say("或签名文件", "Or a file of it"))
                    input(.id("signature-file"), .name("file"), .type("file"))
                }
                button(.class("wide"), .type("submit"), text: reader.say("用证书登录", "Sign in with the certificate"))
            },
        ])
    }
}
