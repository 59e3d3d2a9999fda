public import SurveillanceKit

/// What an institution's account may do for it.
public enum ColleagueRights: String, CaseIterable, Codable, Sendable {
    /// Everything, colleagues included: the data manager's account.
    case manager
    /// Sends reports, and sees that they have arrived and what they came to in numbers.
    case send
    /// Sees what the institution sees, and changes nothing.
    case read

    public var title: BilingualText {
        switch self {
        case .manager: BilingualText(zh: "数据管理员", en: "Data manager")
        case .send: BilingualText(zh: "仅上报", en: "May only send")
        case .read: BilingualText(zh: "仅查看", en: "May only read")
        }
    }
}
