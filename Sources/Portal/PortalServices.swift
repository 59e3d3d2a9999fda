public import Accounts
import HTTPServer
public import Intake
public import SurveillanceKit

/// What the pages and the API need from the rest of the house, each a function. Times are as the rooms that answer
/// count them: accounts in seconds, submissions in milliseconds since 1970-01-01 UTC.
public struct PortalServices: Sendable {
    /// Milliseconds since 1970-01-01 UTC.
    public var now: @Sendable () -> Int64
    /// An unguessable text for the cookie of a browser in which nobody has signed in yet.
    public var newToken: @Sendable () -> String
    /// What the sign-in form of the browser with that cookie must send back; nobody else can tell it from the cookie.
    public var formToken: @Sendable (_ preSession: String) throws -> String

    /// Checks name and password and begins a session.
    public var signIn: @Sendable (_ name: String, _ password: String, _ address: String) async throws -> SignInAnswer
    public var session: @Sendable (_ token: String) async throws -> Session?
    public var signOut: @Sendable (_ token: String, _ address: String) async throws -> Void
    /// HTTP Basic.
    public var authenticate:
        @Sendable (_ credentials: BasicCredentials, _ address: String) async throws -> SignInOutcome
    /// A bearer token.
    public var account: @Sendable (_ token: String) async throws -> Account?

    public var institution: @Sendable (_ code: String) -> Institution?
    public var programs: @Sendable () -> [Program]
    /// Programs that take no reports at present because their folders have mistakes.
    public var setAside: @Sendable () -> [SetAsideProgram]

    /// Begins to receive a file; called on a thread of the server's, so it must not wait long.
    public var beginUpload: @Sendable (UploadAnnouncement) throws -> any PendingUpload
    /// Begins to receive tables that are one package together; its files are begun one after the other.
    public var beginPackage: @Sendable (UploadAnnouncement, _ maximumBytes: Int) throws -> any PendingPackage
    public var find: @Sendable (SubmissionID, Scope) async throws -> Submission?
    /// The latest first, those before `before`.
    public var list:
        @Sendable (Scope, _ state: SubmissionState?, _ limit: Int, _ before: SubmissionID?)
            async throws
            -> [Submission]
    public var counts: @Sendable (Scope) async throws -> [SubmissionState: Int]
    /// The findings of a submission, each as its line of JSON.
    public var findings: @Sendable (Submission) throws -> FindingLines
    /// The rejected rows of one file, to be mended and sent again. Whoever takes them is noted: they are patients' rows.
    public var corrections: @Sendable (CorrectionsRequest) async throws -> CorrectionsAnswer
    /// The latest signed receipt; nil where there is none.
    public var receipt: @Sendable (Submission) async throws -> SignedReceipt?
    /// The last receipt of the chain: its number and digest.
    public var receiptHead: @Sendable () async throws -> (number: Int, digest: String)
    /// The public key that verifies receipts, as PEM.
    public var receiptKey: @Sendable () -> String
    /// Puts a submission back into the queue, for an administrator.
    public var retry: @Sendable (SubmissionID, _ by: Account, _ address: String) async throws -> Submission
    /// Writes down that somebody has read something, for the audit trail.
    public var note: @Sendable (NotedAction, SubmissionID, _ by: Account, _ address: String) async throws -> Void

    /// What a submission changed.
    public var changes: @Sendable (ChangesRequest) async throws -> SubmissionChanges
    /// Takes a submission back, for its institution.
    public var withdraw:
        @Sendable (SubmissionID, _ reason: String, _ by: Account, _ address: String) async throws -> Submission

    /// What keeps the platform from taking reports; nil where nothing does.
    public var unreadiness: @Sendable () async -> BilingualText?
    /// Measures in Prometheus's text form.
    public var metrics: @Sendable () async throws -> String
    /// What administrators are to be told on their front page.
    public var notices: @Sendable () -> [BilingualText]

    public init(
        now: @escaping @Sendable () -> Int64, newToken: @escaping @Sendable () -> String,
        formToken: @escaping @Sendable (_ preSession: String) throws -> String,
        signIn:
            @escaping @Sendable (_ name: String, _ password: String, _ address: String) async throws -> SignInAnswer,
        session: @escaping @Sendable (_ token: String) async throws -> Session?,
        signOut: @escaping @Sendable (_ token: String, _ address: String) async throws -> Void,
        authenticate:
            @escaping @Sendable (_ credentials: BasicCredentials, _ address: String) async throws -> SignInOutcome,
        account: @escaping @Sendable (_ token: String) async throws -> Account?,
        institution: @escaping @Sendable (_ code: String) -> Institution?,
        programs: @escaping @Sendable () -> [Program],
        setAside: @escaping @Sendable () -> [SetAsideProgram] = { [] },
        beginUpload: @escaping @Sendable (UploadAnnouncement) throws -> any PendingUpload,
        beginPackage:
            @escaping @Sendable (UploadAnnouncement, _ maximumBytes: Int) throws -> any PendingPackage,
        find: @escaping @Sendable (SubmissionID, Scope) async throws -> Submission?,
        list:
            @escaping @Sendable (
                Scope, _ state: SubmissionState?, _ limit: Int, _ before: SubmissionID?
            ) async throws -> [Submission],
        counts: @escaping @Sendable (Scope) async throws -> [SubmissionState: Int],
        findings: @escaping @Sendable (Submission) throws -> FindingLines,
        corrections: @escaping @Sendable (CorrectionsRequest) async throws -> CorrectionsAnswer = { _ in .none },
        receipt: @escaping @Sendable (Submission) async throws -> SignedReceipt? = { _ in nil },
        receiptHead: @escaping @Sendable () async throws -> (number: Int, digest: String) = { (0, "") },
        receiptKey: @escaping @Sendable () -> String = { "" },
        retry: @escaping @Sendable (SubmissionID, _ by: Account, _ address: String) async throws -> Submission = {
            id, _, _ in throw IntakeError.noSuchSubmission(id)
        },
        note:
            @escaping @Sendable (NotedAction, SubmissionID, _ by: Account, _ address: String) async throws -> Void = {
                _, _, _, _ in
            },
        changes: @escaping @Sendable (ChangesRequest) async throws -> SubmissionChanges = { _ in SubmissionChanges() },
        withdraw:
            @escaping @Sendable (SubmissionID, _ reason: String, _ by: Account, _ address: String) async throws
            -> Submission = { id, _, _, _ in throw IntakeError.noSuchSubmission(id) },
        unreadiness: @escaping @Sendable () async -> BilingualText? = { nil },
        metrics: @escaping @Sendable () async throws -> String = { "" },
        notices: @escaping @Sendable () -> [BilingualText] = { [] }
    ) {
        self.now = now
        self.newToken = newToken
        self.formToken = formToken
        self.signIn = signIn
        self.session = session
        self.signOut = signOut
        self.authenticate = authenticate
        self.account = account
        self.institution = institution
        self.programs = programs
        self.setAside = setAside
        self.beginUpload = beginUpload
        self.beginPackage = beginPackage
        self.find = find
        self.list = list
        self.counts = counts
        self.findings = findings
        self.corrections = corrections
        self.receipt = receipt
        self.receiptHead = receiptHead
        self.receiptKey = receiptKey
        self.retry = retry
        self.note = note
        self.changes = changes
        self.withdraw = withdraw
        self.unreadiness = unreadiness
        self.metrics = metrics
        self.notices = notices
    }
}

/// Who wants the rejected rows of which file, and in which language their findings.
public struct CorrectionsRequest: Sendable {
    public var submission: Submission
    public var file: SubmittedFile
    public var language: Language
    public var account: Account
    public var address: String
}

public enum CorrectionsAnswer: Sendable {
    /// A CSV in pieces, nil after the last. Not to be read from two places at once.
    case rows(fileName: String, next: @Sendable () throws -> [UInt8]?)
    /// No row of it was rejected.
    case none
    /// It never became rows, and why.
    case unreadable(BilingualText)
}

public enum SignInAnswer: Sendable {
    /// The token for the session's cookie.
    case accepted(token: String)
    /// What the person is told, which never says whether the account exists; and for how long no attempt is heard.
    case refused(BilingualText, waitSeconds: Int?)
}

extension PortalServices {
    /// As `note`; what keeps it from being written is told as a problem, and nothing is read then.
    func noted(_ action: NotedAction, _ id: SubmissionID, by account: Account, from address: String) async throws {
        do { try await note(action, id, account, address) } catch { throw Problem.readable(error) }
    }
}

/// What the audit trail is told of reading.
public enum NotedAction: String, Sendable {
    case findingsDownloaded = "findings.download"
    case receiptDownloaded = "receipt.download"
}

/// A file on its way in.
public protocol PendingUpload: AnyObject, Sendable {
    func write(_ bytes: UnsafeRawBufferPointer) throws
    func abandon()
    /// Makes bytes and record durable. Only after it may the client be told.
    ///
    /// - Parameter number: its place among the packages of the request, from 0.
    func finish(_ number: Int) async throws -> Recorded
    /// Checks what has come instead, says what storing it would change, and keeps nothing.
    func check() async throws -> DryRun
}

/// Tables on their way in that are one package together.
public protocol PendingPackage: PendingUpload {
    /// What is written from now on belongs to this file.
    func begin(file name: String) throws
}

/// Findings one after the other, each as its line of JSON without the line's end. Not to be read from two places at
/// once.
public struct FindingLines: Sendable {
    public let next: @Sendable () throws -> ArraySlice<UInt8>?

    public init(next: @escaping @Sendable () throws -> ArraySlice<UInt8>?) { self.next = next }
}

/// What differs between deployments.
public struct PortalSettings: Sendable {
    /// What one uploaded file may have.
    public var maximumUploadBytes: Int
    /// How many files one form may bring.
    public var maximumFilesPerUpload: Int
    /// In which civil time pages show moments: seconds east of UTC, China's by default.
    public var secondsEastOfUTC: Int
    public var version: String

    public init(
        maximumUploadBytes: Int = 20 << 20, maximumFilesPerUpload: Int = 20, secondsEastOfUTC: Int = 8 * 3600,
        version: String
    ) {
        self.maximumUploadBytes = maximumUploadBytes
        self.maximumFilesPerUpload = maximumFilesPerUpload
        self.secondsEastOfUTC = secondsEastOfUTC
        self.version = version
    }
}
