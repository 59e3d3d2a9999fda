/// What is to be told to somebody. It holds ids and words, never a cell of data and no patient's name.
///
/// Modules outside this package cannot make one with words of their own: notices about reports come from `Notice+Duties.swift`,
/// which writes their words from ids, declared titles, days and numbers of rows.
public struct Notice: Hashable, Sendable {
    /// The same key is told once, however often it is added: `missed/fever-clinic/H001/2026-03-01`.
    public var key: String
    public var kind: NoticeKind
    public var recipient: NoticeRecipient
    public var program: String?
    /// The institution that it is about.
    public var institution: String?
    /// The day or period that it is about, `2026-03-01`.
    public var period: String?
    /// When what it tells became so.
    public var at: Instant
    /// One line, for a mail's subject.
    public var title: BilingualText
    public var text: BilingualText
    /// What a gateway's template may use beside the properties above: `deadline` → `17:00`. Names are as in a program: letters, digits and `_`.
    public var values: [String: String]
    /// It is not told earlier.
    public var notBefore: Instant?
    /// From then on it is of no use, and is not told any more: a reminder, once the deadline has passed.
    public var until: Instant?

    /// Its text without what opens something to whoever reads it: a log shows `******` for a code or a link.
    public var textWithoutSecret: BilingualText {
        guard let secret = values["secret"], !secret.isEmpty else { return text }
        return BilingualText(
            zh: text.zh.replacing(secret, with: "******"), en: text.en.replacing(secret, with: "******"))
    }

    package init(
        key: String, kind: NoticeKind, to recipient: NoticeRecipient, program: String? = nil,
        institution: String? = nil, period: String? = nil, at: Instant, title: BilingualText, text: BilingualText,
        values: [String: String] = [:], notBefore: Instant? = nil, until: Instant? = nil
    ) {
        self.key = key
        self.kind = kind
        self.recipient = recipient
        self.program = program
        self.institution = institution
        self.period = period
        self.at = at
        self.title = title
        self.text = text
        self.values = values
        self.notBefore = notBefore
        self.until = until
    }
}

/// The kinds of notices; a gateway has a template for each.
public enum NoticeKind: String, CaseIterable, Codable, Sendable {
    /// A report is due soon and has not come.
    case reminder
    /// A deadline has passed without a report.
    case missed
    /// What was missing has come.
    case backInOrder = "back-in-order"
    /// A feed that used to bring rows brings none, or far fewer.
    case feedSilent = "feed-silent"
    /// Something that whoever runs the platform should know.
    case operation
    /// A code that proves that somebody holds a telephone.
    case phoneCode = "phone-code"
    /// An institution's application for its account was approved, or refused, or has come to a reviewer.
    case application
    /// A link with which somebody sets the password of an account.
    case passwordLink = "password-link"

    public var title: BilingualText {
        switch self {
        case .reminder: BilingualText(zh: "上报提醒", en: "Reminder")
        case .missed: BilingualText(zh: "逾期未报", en: "Report missing")
        case .backInOrder: BilingualText(zh: "已恢复正常", en: "Back in order")
        case .feedSilent: BilingualText(zh: "数据中断", en: "Feed fell silent")
        case .operation: BilingualText(zh: "系统运行", en: "Operation")
        case .phoneCode: BilingualText(zh: "验证码", en: "Verification code")
        case .application: BilingualText(zh: "账号申请", en: "Application for an account")
        case .passwordLink: BilingualText(zh: "设置密码", en: "Set a password")
        }
    }

    /// Whether somebody waits for it before a screen: it goes before all others, and quiet hours do not hold it.
    public var isUrgent: Bool { self == .phoneCode }
}

/// Who is told.
public enum NoticeRecipient: Hashable, Sendable {
    /// Those whom an institution has named.
    case institution(String)
    /// Those who run the platform.
    case administrators
    /// One person, by what he or she has given; empty for what is not known.
    case person(phone: String, mail: String)
}
