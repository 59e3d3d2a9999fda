public import Accounts
import HTTPServer
public import Intake
public import SurveillanceKit

/// Submissions and what was found in them.
public protocol SubmissionServices: Sendable {
    /// A submission within a scope; nil where there is none.
    func submission(_ id: SubmissionID, in scope: Scope) async throws -> Submission?

    /// The latest first, those before `before`.
    func submissions(
        in scope: Scope, matching filter: SubmissionFilter, limit: Int, before: SubmissionID?
    ) async throws -> [Submission]

    /// How many there are over all pages.
    func submissionCount(in scope: Scope, matching filter: SubmissionFilter) async throws -> Int

    /// How much of a submission has been checked, in percent; nil where it is not being checked, or nobody here knows.
    func checkedPercent(of id: SubmissionID) -> Int?

    func counts(in scope: Scope) async throws -> [SubmissionState: Int]

    /// The findings of a submission, each as its line of JSON.
    func findings(of submission: Submission) throws -> FindingLines

    /// The rejected rows of one file, to be mended and sent again. Whoever takes them is noted: they are patients' rows.
    func corrections(_ request: CorrectionsRequest) async throws -> CorrectionsAnswer

    /// The rejected rows of all files as one zip or one workbook, to be corrected and sent again as it is.
    func correctionBundle(
        of submission: Submission, as format: CorrectionBundleFormat, in language: Language, by account: Account,
        from address: String
    ) async throws -> CorrectionsAnswer

    /// What was sent, as it came. Whoever takes it is noted: it holds patients' rows.
    func original(_ submission: Submission, by account: Account, from address: String) async throws -> ExportedFile

    /// Notes that the institution has looked at a submission's warnings.
    func acknowledge(
        _ id: SubmissionID, reason: String, by account: Account, from address: String
    ) async throws -> Submission

    /// Puts a submission back into the queue, for an administrator.
    func retry(_ id: SubmissionID, by account: Account, from address: String) async throws -> Submission

    /// Writes down that somebody has read something, for the audit trail.
    func note(_ action: NotedAction, of id: SubmissionID, by account: Account, from address: String) async throws
}

extension SubmissionServices {
    /// As `note`; what keeps it from being written is told as a problem, and nothing is read then.
    func noted(_ action: NotedAction, _ id: SubmissionID, by account: Account, from address: String) async throws {
        do { try await note(action, of: id, by: account, from: address) } catch { throw Problem.readable(error) }
    }
}

/// What the audit trail is told of reading.
public enum NotedAction: String, Sendable {
    case findingsDownloaded = "findings.download"
    case receiptDownloaded = "receipt.download"
}

/// Findings one after the other, each as its line of JSON without the line's end. Not to be read from two places at
/// once.
public struct FindingLines: Sendable {
    public let next: @Sendable () throws -> ArraySlice<UInt8>?

    public init(next: @escaping @Sendable () throws -> ArraySlice<UInt8>?) { self.next = next }
}

/// Who wants the rejected rows of which file, and in which language their findings.
public struct CorrectionsRequest: Sendable {
    public var submission: Submission
    public var file: FileReport
    public var language: Language
    public var account: Account
    public var address: String
}

/// How the correction forms of a submission come together, by the file's ending.
public enum CorrectionBundleFormat: String, Sendable {
    /// A CSV file for each form.
    case zip
    /// A sheet for each form.
    case xlsx
}

public enum CorrectionsAnswer: Sendable {
    case rows(fileName: String, ExportedFile)
    /// No row of it was rejected.
    case none
    /// It never became rows, and why.
    case unreadable(BilingualText)
    /// The rows do not go into a file of the wanted format, and why.
    case unfit(BilingualText)
}
