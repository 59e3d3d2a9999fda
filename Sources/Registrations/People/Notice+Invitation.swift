import SurveillanceKit

extension Notice {
    /// A new account's name and the link with which its password is set.
    static func invitation(
        _ id: String, account: String, link: String, days: Int, phone: String, mail: String, at: Instant, until: Instant
    ) -> Notice {
        Notice(
            key: "invitation/\(id)", kind: .passwordLink, to: .person(phone: phone, mail: mail), at: at,
            title: BilingualText(zh: "您的账号已开通", en: "Your account"),
            text: BilingualText(
                zh: "您的账号已开通。登录名：\(account)。请在 \(days) 天内打开链接设置密码（只能使用一次）：\(link)",
                en:
                    "An account was made for you. Sign in as \(account). Open this link within \(days.counted("day")) to set your password; it can be used once: \(link)"
            ), values: ["account": account, "link": link, "secret": link], until: until)
    }
}
