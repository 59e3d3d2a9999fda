public import Accounts
public import Registrations
public import SurveillanceKit

/// What somebody without an account does to get one for his institution.
public protocol ApplicantServices: Sendable {
    /// Sends a code to a telephone; the answer and its time are the same for every number.
    func requestPhoneCode(
        _ phone: PhoneNumber, for purpose: PhoneCodePurpose, session: String, from address: String
    ) async throws -> PhoneCodeRequest

    /// Where the code is right, has a link sent to the mail address of whatever account has the telephone.
    func resetPassword(_ code: String, of phone: PhoneNumber, session: String, from address: String) async throws
        -> PhoneCodeVerdict

    /// Begins a session with the application of whoever holds the telephone.
    func enterApplication(_ code: String, of phone: PhoneNumber, session: String) async throws -> ApplicantEntry

    /// The application of a session; nil where that has ended.
    func application(ofSession token: String) async throws -> Application?

    func endApplicantSession(_ token: String) async throws

    func save(_ form: ApplicationForm, of application: Application) async throws -> Application

    /// Looks at a scan, and keeps it where nothing is wrong.
    func addFile(
        _ bytes: [UInt8], named name: String, as kind: ApplicationFile.Kind, to application: Application
    ) async throws -> FileAnswer

    func removeFile(_ kind: ApplicationFile.Kind, of application: Application) async throws

    /// Begins a change of what was approved.
    func beginChange(_ application: Application) async throws

    func submit(_ application: Application, from address: String) async throws -> RegistrationError?

    /// A page of a scan as a picture that was drawn anew: a JPEG.
    func preview(_ file: ApplicationFile, page: Int) async throws -> [UInt8]

    /// The account whose first password a link sets; nil where it was used or its time is over.
    func account(ofLink token: String) async throws -> String?

    /// - Returns: why it cannot be; nil where it is done.
    func setPassword(_ password: String, byLink token: String, from address: String) async throws -> BilingualText?
}

public enum ApplicantEntry: Sendable {
    /// The token for the cookie.
    case entered(token: String)
    case refused(PhoneCodeVerdict)
}

public enum FileAnswer: Sendable {
    case added
    case refused(BilingualText)
}

/// What reviewers do. Applications of other provinces are not there for them.
public protocol ReviewServices: Sendable {
    /// Those in a state, the one that has waited longest first.
    func applications(_ states: [Application.State], for reviewer: Account) async throws -> [ReviewedApplication]

    func application(_ id: String, for reviewer: Account) async throws -> ReviewedApplication?

    /// The bytes of a scan as they came.
    func document(_ file: ApplicationFile, of application: Application, for reviewer: Account, from address: String)
        async throws -> [UInt8]

    /// - Parameter refusal: nil approves.
    /// - Returns: why it cannot be; nil where it is done.
    func decide(
        _ id: String, revision: Int, refusal: Refusal?, by reviewer: Account, from address: String
    ) async throws -> RegistrationError?
}

/// An application as a reviewer sees it.
public struct ReviewedApplication: Sendable {
    public var application: Application
    /// By when it is to be decided: two working days after it was sent in.
    public var dueAt: Instant?
    /// Registered institutions that may be the same.
    public var similar: [Institution]
    /// What a change would alter in what is in force.
    public var changes: [BilingualText]

    public init(
        application: Application, dueAt: Instant?, similar: [Institution], changes: [BilingualText] = []
    ) {
        self.application = application
        self.dueAt = dueAt
        self.similar = similar
        self.changes = changes
    }
}

/// The register of institutions, for administrators.
public protocol RegisterServices: Sendable {
    /// Every institution of a scope, as it is in force.
    func registered(in scope: Scope) -> [Institution]

    /// An institution with its history; nil for one outside of the scope.
    func registered(_ code: String, in scope: Scope) async throws -> RegisteredRecord?

    /// What a table would change.
    func difference(_ table: RegisterTable) -> RegisterDifference

    func register(_ change: RegisterChange, by administrator: Account, from address: String) async throws

    /// What merging an institution into another would change; nil for one outside of the scope.
    func merging(_ code: String, into kept: String, in scope: Scope) async throws -> MergePreview?

    /// Merges an institution into another.
    ///
    /// - Parameter seen: `MergePreview.seen` of what the administrator was shown.
    /// - Returns: why it cannot be; nil where it is done.
    func merge(
        _ code: String, into kept: String, seen: String, by administrator: Account, from address: String
    ) async throws -> MergeError?

    /// Takes a merge back: the institution is again what it would be without it.
    func unmerge(_ code: String, by administrator: Account, from address: String) async throws -> MergeError?
}

/// What merging an institution into another would change.
public struct MergePreview: Sendable {
    public var duplicate: Institution
    /// Why it cannot be; nil where it can.
    public var obstacle: MergeError?
    /// What stands for the moment that it shows.
    public var seen = ""
    public var kept: Institution?
    /// The one that goes on, as it will be.
    public var after: Institution?
    /// The last day on which the duplicate owes reports.
    public var lastDay: CivilDate?
    /// The duplicate's.
    public var accounts: [Account] = []
    public var submissions = 0
    public var keptSubmissions = 0

    public init(duplicate: Institution, obstacle: MergeError?) {
        self.duplicate = duplicate
        self.obstacle = obstacle
    }
}

/// A duplicate as it is shown with the institution that goes on.
public struct MergedRecord: Sendable {
    public var merge: InstitutionMerge
    public var institution: Institution
    /// The latest first.
    public var versions: [InstitutionVersion]
    public var accounts: [Account]

    public init(
        merge: InstitutionMerge, institution: Institution, versions: [InstitutionVersion], accounts: [Account]
    ) {
        self.merge = merge
        self.institution = institution
        self.versions = versions
        self.accounts = accounts
    }
}

/// Everything the register knows of an institution.
public struct RegisteredRecord: Sendable {
    public var institution: Institution
    public var isSuspended: Bool
    /// The latest first; empty for one that stands in the deployment's file alone.
    public var versions: [InstitutionVersion]
    public var accounts: [Account]
    /// In which it has a part, on either side, the latest first.
    public var merges: [InstitutionMerge]
    /// Those that are merged into it.
    public var duplicates: [MergedRecord]

    /// The merge by which it counts as another.
    public var merged: InstitutionMerge? { merges.first { $0.isInForce && $0.duplicate == institution.code } }

    public init(
        institution: Institution, isSuspended: Bool, versions: [InstitutionVersion], accounts: [Account],
        merges: [InstitutionMerge] = [], duplicates: [MergedRecord] = []
    ) {
        self.merges = merges
        self.duplicates = duplicates
        self.institution = institution
        self.isSuspended = isSuspended
        self.versions = versions
        self.accounts = accounts
    }
}

/// What an administrator does to the register.
public enum RegisterChange: Sendable {
    /// The last day on which it may owe reports.
    case close(code: String, until: CivilDate)
    case suspend(code: String)
    case resume(code: String)
    case take(RegisterTable)
}
