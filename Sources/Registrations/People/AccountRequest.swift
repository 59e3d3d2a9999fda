public import Accounts
public import ShangMi
public import SurveillanceKit

/// Something that one security administrator has asked for and another has to confirm: a new account, more rights, or a disabled
/// account enabled again.
public struct AccountRequest: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// A new account.
        case create
        /// Another role or region for an account.
        case grant
        /// A disabled account may sign in again.
        case enable
        /// An SM2 certificate proves the account's sign-ins.
        case certificate
    }

    public enum State: String, Sendable {
        case open, confirmed, rejected
        /// Nobody has decided within a week.
        case lapsed
    }

    /// What is asked for.
    public struct Draft: Hashable, Sendable {
        public var kind: Kind
        /// The account's name.
        public var account: String
        public var displayName: String
        public var role: Role
        public var region: Region?
        /// Where the link goes with which the password of a new account is set.
        public var phone: String
        public var mail: String
        /// In PEM; empty but for a certificate that is asked for.
        public var certificate: String

        public init(
            _ kind: Kind, account: String, displayName: String = "", role: Role = .provincial, region: Region? = nil,
            phone: String = "", mail: String = "", certificate: String = ""
        ) {
            self.certificate = certificate
            self.kind = kind
            self.account = account
            self.displayName = displayName
            self.role = role
            self.region = region
            self.phone = phone
            self.mail = mail
        }
    }

    public var id: String
    public var draft: Draft
    public var askedBy: String
    public var askedAt: Instant
    public var state: State
    public var decidedBy: String?
    public var decidedAt: Instant?
}

/// Why a security administrator's wish cannot be fulfilled.
public enum AccountRequestError: Error, Hashable, Sendable {
    case notSecurityAdministrator
    /// Nobody changes the own account.
    case ownAccount
    /// The one who has asked does not confirm.
    case ownRequest
    /// It was decided, has lapsed, or the account is not as it was when it was asked for.
    case changedMeanwhile
    case unknownAccount(String)
    /// Accounts of institutions come of applications and of their managers.
    case institution
    /// A new account needs a mobile number or a mail address, or its link reaches nobody.
    case noWay
    case nothingChanges
    case refused(AccountError)
    /// The certificate cannot be used.
    case certificate(CertificateFault)
    /// The deployment names no authority.
    case noCertificates

    public var message: BilingualText {
        switch self {
        case .notSecurityAdministrator:
            BilingualText(zh: "只有安全管理员可以操作。", en: "Security administrators alone do this.")
        case .ownAccount:
            BilingualText(zh: "任何人不能给自己授权或修改自己的账号权限。", en: "Nobody changes the rights of the own account.")
        case .ownRequest:
            BilingualText(
                zh: "申请人不能确认自己的申请，需由另一名安全管理员确认。", en: "Another security administrator confirms what you have asked for."
            )
        case .changedMeanwhile:
            BilingualText(
                zh: "该申请已处理、已过期，或账号在此期间有变化。", en: "It was decided or has lapsed, or the account has changed since.")
        case .unknownAccount(let name): BilingualText(zh: "没有账号“\(name)”。", en: "There is no account \(name).")
        case .institution:
            BilingualText(
                zh: "医疗机构账号通过账号申请产生，由机构管理员添加同事。",
                en: "Accounts of institutions come of applications; their managers add colleagues.")
        case .noWay:
            BilingualText(
                zh: "请填写手机号码或邮箱，设置密码的链接将发到那里。",
                en: "Give a mobile number or a mail address: the link that sets the password goes there.")
        case .nothingChanges: BilingualText(zh: "没有变化。", en: "Nothing would change.")
        case .refused(let error): error.message
        case .certificate(let fault): fault.message
        case .noCertificates:
            BilingualText(
                zh: "本系统没有配置 SM2 证书的 CA（certificateAuthorities）。",
                en: "This deployment names no authority of SM2 certificates (certificateAuthorities).")
        }
    }
}
