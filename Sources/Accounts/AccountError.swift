public import SurveillanceKit

/// Why an account cannot be made or changed as asked.
public enum AccountError: Error, Hashable, CustomStringConvertible {
    case nameTaken(String)
    case malformedName(String)
    case unknownAccount(String)
    case unknownToken(String)
    /// The role `institution` needs an institution's code, and no other role may have one.
    case institutionMismatch(Role)
    /// The roles `provincial` and `reviewer` need a region, `analyst` may have one, and no other role does.
    case regionMismatch(Role)
    case passwordTooShort(minimum: Int)
    case passwordTooLong(maximum: Int)
    /// The new password is the present one.
    case passwordUnchanged
    /// The same person has another of the roles that exclude each other.
    case separated(Role, from: Role)
    /// Another account has the certificate's key.
    case certificateTaken
    case malformedPhone(String)
    case malformedMail(String)
    /// It is among the first that a guesser tries.
    case passwordGuessable(PasswordWeakness)

    public var message: BilingualText {
        switch self {
        case .nameTaken(let name):
            BilingualText(zh: "账号“\(name)”已存在，请换一个名称", en: "there is already an account \(name); choose another name")
        case .malformedName(let name):
            BilingualText(
                zh: "账号名“\(name)”不符合要求：1 至 64 个英文字母、数字或 . _ - @",
                en: "'\(name)' cannot be an account's name: 1 to 64 letters a to z, digits and . _ - @")
        case .unknownAccount(let name): BilingualText(zh: "没有账号“\(name)”", en: "there is no account \(name)")
        case .unknownToken(let id): BilingualText(zh: "没有访问令牌“\(id)”", en: "there is no API token \(id)")
        case .institutionMismatch(.institution):
            BilingualText(zh: "医疗机构账号必须填写机构代码", en: "an account of an institution needs the institution's code")
        case .institutionMismatch(let role):
            BilingualText(
                zh: "“\(role.title.zh)”账号不能填写机构代码", en: "an account with the role \(role.rawValue) has no institution")
        case .regionMismatch(let role) where role.needsRegion:
            BilingualText(
                zh: "“\(role.title.zh)”账号必须填写辖区：行政区划代码（GB/T 2260）的 2、4 或 6 位",
                en: "an account with the role \(role.rawValue) needs its region: 2, 4 or 6 digits of GB/T 2260")
        case .regionMismatch(let role):
            BilingualText(
                zh: "“\(role.title.zh)”账号不能填写辖区", en: "an account with the role \(role.rawValue) has no region")
        case .passwordTooShort(let minimum):
            BilingualText(
                zh: "密码太短：至少 \(minimum) 个字符", en: "the password is too short; give at least \(minimum) characters")
        case .passwordTooLong(let maximum):
            BilingualText(
                zh: "密码太长：最多 \(maximum) 个字符", en: "the password is too long; give at most \(maximum) characters")
        case .passwordUnchanged:
            BilingualText(zh: "新密码不能与当前密码相同", en: "the new password is the present one; choose another")
        case .separated(let role, let other):
            BilingualText(
                zh: "该手机号码或邮箱属于一个“\(other.title.zh)”账号：系统管理、安全管理和审计管理不能由同一人担任，“\(role.title.zh)”须另有其人",
                en:
                    "the mobile number or mail address belongs to an account with the role \(other.rawValue): nobody holds two of platform, security and auditor, so \(role.rawValue) needs another person"
            )
        case .certificateTaken:
            BilingualText(
                zh: "该证书的密钥已登记给另一个账号，每个账号需要各自的证书", en: "another account has the certificate's key; each needs its own")
        case .malformedPhone(let text):
            BilingualText(zh: "“\(text)”不是电话号码", en: "'\(text)' is no telephone number")
        case .malformedMail(let text):
            BilingualText(zh: "“\(text)”不是邮箱地址", en: "'\(text)' is no mail address")
        case .passwordGuessable(let weakness):
            BilingualText(
                zh: "密码容易被猜到：\(weakness.message.zh)。可以用几个不相干的词",
                en: "the password is easy to guess: \(weakness.message.en); several unrelated words make a good one")
        }
    }

    public var description: String { message.en }
}
