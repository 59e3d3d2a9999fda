extension Notice {
    /// A code for somebody who says that a telephone is his. It is of use until `until`.
    public static func phoneCode(_ code: String, id: String, phone: String, minutes: Int, at: Instant, until: Instant)
        -> Notice
    {
        Notice(
            key: "phone-code/\(id)", kind: .phoneCode, to: .person(phone: phone, mail: ""), at: at,
            title: NoticeKind.phoneCode.title,
            text: BilingualText(
                zh: "您的验证码是 \(code)，\(minutes) 分钟内有效。请勿告诉他人。",
                en: "Your verification code is \(code). It holds for \(minutes) minutes. Tell nobody."),
            values: ["code": code, "minutes": "\(minutes)", "secret": code], until: until)
    }

    /// What became of an institution's application.
    ///
    /// - Parameter reasons: why it was refused, one a line; empty where it was approved.
    public static func applicationRefused(
        _ application: String, revision: Int, name: String, reasons: [BilingualText], phone: String, mail: String,
        at: Instant
    ) -> Notice {
        // A remark may end its sentence itself.
        let lines = reasons.map { reason in
            BilingualText(zh: reason.zh.trimmingEnd(of: "。."), en: reason.en.trimmingEnd(of: "。."))
        }
        return Notice(
            key: "application/\(application)/\(revision)/refused", kind: .application,
            to: .person(phone: phone, mail: mail), at: at,
            title: BilingualText(zh: "账号申请未通过", en: "The application was not approved"),
            text: BilingualText(
                zh: "\(name)的账号申请未通过：\(lines.map(\.zh).joined(separator: "；"))。请登录申请页面修改后重新提交。",
                en:
                    "The application of \(name) was not approved: \(lines.map(\.en).joined(separator: "; ")). Change it on the application's page and send it again."
            ), values: ["institutionName": name, "reasons": lines.map(\.zh).joined(separator: "；")])
    }

    /// A change of what is registered was approved.
    public static func changeApproved(
        _ application: String, revision: Int, name: String, phone: String, mail: String, at: Instant
    ) -> Notice {
        Notice(
            key: "application/\(application)/\(revision)/changed", kind: .application,
            to: .person(phone: phone, mail: mail), at: at,
            title: BilingualText(zh: "资料变更已通过", en: "The change was approved"),
            text: BilingualText(
                zh: "\(name)的资料变更已通过，现已生效。账号和密码不变。",
                en: "The change of \(name) was approved and is in force. Account and password stay."),
            values: ["institutionName": name])
    }

    /// Somebody who holds an account's telephone has forgotten its password: the link goes to the account's mail alone.
    public static func passwordReset(
        _ id: String, account: String, link: String, minutes: Int, mail: String, at: Instant, until: Instant
    ) -> Notice {
        Notice(
            key: "password-reset/\(id)", kind: .passwordLink, to: .person(phone: "", mail: mail), at: at,
            title: BilingualText(zh: "重置密码", en: "Reset the password"),
            text: BilingualText(
                zh: "登录名 \(account)：请在 \(minutes) 分钟内打开链接重置密码（只能使用一次）：\(link) 如非本人操作，请忽略。",
                en:
                    "Account \(account): open this link within \(minutes.counted("minute")) to set another password; it can be used once: \(link) If you did not ask for it, do nothing."
            ), values: ["account": account, "link": link, "secret": link], until: until)
    }

    /// An application was approved: the account's name and the link with which its password is set. No password is ever sent.
    public static func applicationApproved(
        _ application: String, revision: Int, name: String, account: String, link: String, days: Int, phone: String,
        mail: String, at: Instant, until: Instant
    ) -> Notice {
        Notice(
            key: "application/\(application)/\(revision)/approved", kind: .passwordLink,
            to: .person(phone: phone, mail: mail), at: at,
            title: BilingualText(zh: "账号申请已通过", en: "The application was approved"),
            text: BilingualText(
                zh: "\(name)的账号申请已通过。登录名：\(account)。请在 \(days) 天内打开链接设置密码（只能使用一次）：\(link)",
                en:
                    "The application of \(name) was approved. Sign in as \(account). Open this link within \(days.counted("day")) to set your password; it can be used once: \(link)"
            ), values: ["institutionName": name, "account": account, "link": link, "secret": link], until: until)
    }
}

extension String {
    fileprivate func trimmingEnd(of marks: String) -> String {
        var text = self[...]
        while let last = text.last, marks.contains(last) { text.removeLast() }
        return String(text)
    }
}
