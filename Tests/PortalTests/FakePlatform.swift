import HTTPServer
import JSON
import Notices
import Reporting
import SurveillanceKit
import Synchronization
import Timeliness

@testable import Accounts
@testable import Intake
@testable import Portal

/// A platform of one hospital, kept in memory.
final class FakePlatform: Sendable {
    let state = Mutex(State())

    struct State {
        var submissions: [Submission] = []
        var checkedPercent: [SubmissionID: Int] = [:]
        var silentFeeds: [SilentFeed] = []
        /// By indicator.
        var figures: [String: [FigureSeries.Row]] = [:]
        var findings: [SubmissionID: [Finding]] = [:]
        var announcements: [UploadAnnouncement] = []
        var uploads: [FakeUpload] = []
        var sessions: Set<String> = ["s1"]
        var failure: IntakeError?
        var setAside: [SetAsideProgram] = []
        /// What is owed, whatever is asked for.
        var duties: [Obligation] = []
        var board: [DutyBoard.Row] = []
        /// What the audit trail was told.
        var notes: [String] = []
        var messages: [Outbox.Message] = []
        var contact = AccountContact()
        var tokens: [ApiToken] = []
    }

    /// A receipt as it would be; the signature is none.
    static func receipt(of submission: Submission) throws -> SignedReceipt {
        let receipt = Receipt(
            submission, number: 7, previous: String(repeating: "6", count: 64), issuedAt: now,
            programs: [.init(id: "influenza", version: "2026.1")])
        guard case .object(var members) = receipt.json(key: "0123456789abcdef") else { throw ReceiptError.malformed }
        members["signature"] = .text(String(repeating: "ab", count: 64))
        return try SignedReceipt(parsing: CanonicalJSON.object(members).bytes)
    }

    static let now = Instant(milliseconds: 1_767_225_600_000)  // 2026-01-01 00:00:00 UTC
    static let hospital = Institution(
        code: "H001", name: BilingualText(zh: "市第一人民医院", en: "First People's Hospital"), level: .tertiary,
        region: "330100", hasFeverClinic: true)
    static let account = Account(name: "h001", displayName: "上报专员", role: .institution, institution: "H001")
    static let province = Account(name: "province", displayName: "省疾控", role: .provincial, region: Region("33"))

    /// H001 lies in Hangzhou, every other hospital in Changsha.
    static func covers(_ scope: Scope, _ submission: Submission) -> Bool {
        scope.covers(
            institution: submission.institution, in: submission.institution == "H001" ? hospital.region : "430102")
    }

    static func id(_ number: Int) -> SubmissionID {
        let digits = String(number)
        return SubmissionID("01J9Z3N8Q4V6W2X5Y7A0B1" + String(repeating: "0", count: 4 - digits.count) + digits)!
    }

    static func submission(
        _ number: Int, _ state: SubmissionState, name: String = "flu_20260101.csv", institution: String = "H001",
        files: [FileReport] = [], reason: BilingualText? = nil
    ) -> Submission {
        Submission(
            id: id(number), institution: institution, account: "h001", fileName: name, size: 1_234_567,
            sm3: String(repeating: "a1b2c3d4", count: 8), receivedAt: now.advanced(bySeconds: Int64(number) * 60),
            state: state,
            finishedAt: state.isFinal ? now.advanced(by: Int64(number) * 60_000 + 2500) : nil, files: files,
            reason: reason,
            attempt: 1,
            isKept: true)
    }

    static let session = Session(
        account: account, beganAt: now, endsAt: now.advanced(bySeconds: 1800), formToken: "form-token-of-s1")
    static let operation = Account(name: "operator", displayName: "平台", role: .platform)
    /// The session of the cookie `operator`.
    static let operatorSession = Session(
        account: operation, beganAt: now, endsAt: now.advanced(bySeconds: 1800), formToken: "form-token-of-operator")

    static let program = Program(
        id: "influenza", title: BilingualText(zh: "流感病例监测", en: "Influenza"),
        description: BilingualText(zh: "门急诊、在院和出院流感病例", en: "Outpatient, admitted and discharged cases"),
        version: "2026.1",
        effectiveFrom: "2026-01-01", timeZone: "Asia/Shanghai",
        fileTypes: [
            FileType(
                id: "flu", title: BilingualText(zh: "门急诊和在院流感病例", en: "Outpatient and admitted cases"),
                fields: [
                    Field(
                        name: "P900", title: BilingualText(zh: "医疗机构代码", en: "Institution code"), type: .string,
                        constraints: Constraints(isRequired: true, maximumLength: 22)),
                    Field(
                        name: "P5", title: BilingualText(zh: "性别", en: "Sex"), type: .string,
                        constraints: Constraints(isRequired: true, maximumLength: 1),
                        codeList: CodeList(
                            id: "RC001", title: BilingualText(zh: "性别代码", en: "Sex"),
                            entries: [
                                .init(code: "1", meaning: BilingualText(zh: "男", en: "male")),
                                .init(code: "2", meaning: BilingualText(zh: "女", en: "female")),
                            ], severity: .error),
                        placeholders: ["-"]),
                    Field(
                        name: "P7506", title: BilingualText(zh: "就诊日期", en: "Visit"), type: .datetime,
                        constraints: Constraints(isRequired: true), warnings: [.required]),
                    Field(
                        name: "P7508", title: BilingualText(zh: "总费用", en: "Fees <total>"), type: .number,
                        constraints: Constraints(minimum: 0, maximumDecimals: 2)),
                ], primaryKey: ["P900", "P7506"],
                rules: [
                    Rule(
                        id: "fees", test: .expression("P7508 >= 0"), field: "P7508", severity: .warning,
                        code: .ruleError,
                        message: BilingualText(zh: "费用不应为负", en: "fees below zero"))
                ], institutionField: "P900")
        ])
}

/// Keeps what it is given, and records it when it is finished.
final class FakeUpload: PendingPackage {
    let announcement: UploadAnnouncement
    private let id: SubmissionID
    private let platform: FakePlatform
    let state = Mutex<(bytes: [UInt8], abandoned: Bool, files: [String])>(([], false, []))

    init(_ announcement: UploadAnnouncement, id: SubmissionID, platform: FakePlatform) {
        self.announcement = announcement
        self.id = id
        self.platform = platform
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        let copy = Array(bytes)
        try state.withLock {
            guard $0.bytes.count + copy.count <= 20 << 20 else { throw IntakeError.tooLarge(maximumBytes: 20 << 20) }
            $0.bytes += copy
        }
    }

    func abandon() { state.withLock { $0.abandoned = true } }

    func begin(file name: String) throws { state.withLock { $0.files.append(name) } }

    func check() async throws -> DryRun {
        DryRun(
            state: .accepted, fileName: announcement.fileName,
            files: [
                FileReport(name: announcement.fileName, program: "influenza", fileType: "flu", rows: 3, accepted: 3)
            ],
            changes: SubmissionChanges(
                files: [FileChanges(file: 0, new: 1, changed: 1, unchanged: 1, vanished: 1)],
                records: [
                    ChangedRecord(file: 0, key: [.init(name: "P7506", value: "2026-01-01 08:00:00")], change: .new),
                    ChangedRecord(
                        file: 0, key: [.init(name: "P7506", value: "2026-01-01 09:00:00")], change: .changed,
                        fields: ["P5"]),
                    ChangedRecord(file: 0, key: nil, change: .vanished),
                ]), findings: [], findingsCount: 0)
    }

    func finish(_ number: Int) async throws -> Recorded {
        let files = state.withLock { $0.files }
        let name = files.count > 1 ? files.joined(separator: "+") : announcement.fileName
        var submission = FakePlatform.submission(1, .received, name: name)
        submission.id = id
        platform.state.withLock { [submission] in $0.submissions.append(submission) }
        return .new(submission)
    }

    var text: String { String(decoding: state.withLock { $0.bytes }, as: UTF8.self) }
    var isAbandoned: Bool { state.withLock { $0.abandoned } }
}
