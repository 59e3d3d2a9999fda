public import SurveillanceKit

/// A person or program that signs in.
public struct Account: Hashable, Sendable {
    /// What it signs in with; `Hospital-A` and `hospital-a` are one account.
    public var name: String
    public var displayName: String
    public var role: Role
    /// The code of the institution it reports for; nil for every role but `institution`.
    public var institution: String?
    /// What a `provincial` account oversees, whose applications a `reviewer` decides about, whose figures an `analyst` reads (nil for
    /// the nation's); nil for every other role, and for accounts from before regions were kept.
    public var region: Region?
    /// Whether it may no longer sign in. What it did stays.
    public var isDisabled: Bool
    /// What it may do for its institution; accounts of other roles have all rights of their role.
    public var rights: ColleagueRights

    public init(
        name: String, displayName: String, role: Role, institution: String? = nil, region: Region? = nil,
        isDisabled: Bool = false, rights: ColleagueRights = .manager
    ) {
        self.name = name
        self.displayName = displayName
        self.role = role
        self.institution = institution
        self.region = region
        self.isDisabled = isDisabled
        self.rights = rights
    }

    /// Whose submissions it may see.
    public var scope: Scope {
        switch role {
        case .institution: institution.map(Scope.institution) ?? .nothing
        case .provincial: region.map(Scope.region) ?? .nothing
        case .national, .platform: .nation
        // A reviewer sees applications alone, an analyst figures, and who keeps accounts or the audit trail no reports at all.
        case .reviewer, .security, .auditor, .analyst: .nothing
        }
    }

    /// Whose figures it may read.
    public var figureScope: Scope { role == .analyst ? region.map(Scope.region) ?? .nation : scope }

    /// Whose applications it decides about.
    public var reviewScope: Scope { role == .reviewer ? region.map(Scope.region) ?? .nothing : .nothing }
}

extension Account {
    /// Looks whether the account has the institution and the region that its role needs, and no other.
    ///
    /// - Throws: `AccountError`.
    public func checkPlace() throws(AccountError) {
        guard (role == .institution) == (institution?.isEmpty == false) else { throw .institutionMismatch(role) }
        guard region == nil ? !role.needsRegion : role.mayHaveRegion else { throw .regionMismatch(role) }
    }
}

/// On whose behalf an account acts.
public enum Role: String, Codable, CaseIterable, Sendable {
    /// A hospital: sends reports, sees its own.
    case institution
    /// The health commission of a province, prefecture or county: sees what the institutions of its region sent.
    case provincial
    /// The national authority: sees everything.
    case national
    /// The system administrator, who runs the platform: retries, messages, the register. Neither accounts nor the audit trail.
    case platform
    /// The security administrator: other people's accounts and rights, and nothing else.
    case security
    /// The audit administrator: reads what everybody has done, and does nothing else.
    case auditor
    /// Decides about the applications of a region's institutions, and sees nothing else.
    case reviewer
    /// Reads figures of a region or of the nation, and no report.
    case analyst

    /// Whether an account of this role belongs to a region.
    public var needsRegion: Bool { self == .provincial || self == .reviewer }
    /// Whether it may belong to one.
    var mayHaveRegion: Bool { needsRegion || self == .analyst }

    /// Whether a password alone is not enough: everybody who sees or decides about others.
    public var needsSecondFactor: Bool { self != .institution }

    public var title: BilingualText {
        switch self {
        case .institution: BilingualText(zh: "医疗机构", en: "Institution")
        case .provincial: BilingualText(zh: "省级", en: "Provincial")
        case .national: BilingualText(zh: "国家级", en: "National")
        case .platform: BilingualText(zh: "系统管理", en: "System administrator")
        case .security: BilingualText(zh: "安全管理", en: "Security administrator")
        case .auditor: BilingualText(zh: "审计管理", en: "Audit administrator")
        case .reviewer: BilingualText(zh: "账号审核", en: "Reviewer")
        case .analyst: BilingualText(zh: "数据分析", en: "Analyst")
        }
    }
}

/// The form of a name that the database compares.
struct AccountKey: Hashable, Sendable {
    static let maximumLength = 64
    let text: String

    /// - Returns: nil for a name that no account can have: it is 1 to 64 ASCII letters, digits and `. _ - @`. HTTP
    ///   Basic ends a name at `:`.
    init?(_ name: String) {
        let characters = name.utf8
        guard (1...Self.maximumLength).contains(characters.count), characters.allSatisfy(Self.isAllowed) else {
            return nil
        }
        text = name.lowercased()
    }

    private static func isAllowed(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "@"): true
        default: false
        }
    }
}
