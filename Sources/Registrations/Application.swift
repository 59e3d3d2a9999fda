public import Accounts
import ShangMi
public import SurveillanceKit

/// An institution's application for its account, with what has become of it.
public struct Application: Sendable {
    public var id: String
    public var state: State
    /// Raised by every change of what a reviewer looks at.
    public var revision: Int
    /// The number by which the applicant comes back.
    public var phone: PhoneNumber
    public var form: ApplicationForm
    /// Those that count, in the order of `ApplicationFile.Kind`.
    public var files: [ApplicationFile]
    public var createdAt: Instant
    public var changedAt: Instant
    /// When it was last sent in; nil where it never was.
    public var submittedAt: Instant?
    public var decidedAt: Instant?
    public var decidedBy: String?
    /// Who has approved it as it stands, where two reviewers have to.
    public var firstApprovedBy: String?
    /// Why it was refused.
    public var refusal: Refusal?
    /// What came of it.
    public var institution: String?
    public var account: String?

    /// A draft that nobody changes is forgotten after so many days.
    public static let draftDays = 30

    public enum State: String, CaseIterable, Sendable {
        case draft, waiting, refused, approved

        public var title: BilingualText {
            switch self {
            case .draft: BilingualText(zh: "未提交", en: "Not sent yet")
            case .waiting: BilingualText(zh: "等待审核", en: "Waiting for review")
            case .refused: BilingualText(zh: "审核不通过", en: "Not approved")
            case .approved: BilingualText(zh: "审核通过", en: "Approved")
            }
        }
    }

    /// Whether it asks for a change of what was approved, which stays in force meanwhile.
    public var isChange: Bool { account != nil && state != .approved }

    /// Which files are still to be uploaded.
    public var missingFiles: [ApplicationFile.Kind] {
        ApplicationFile.Kind.allCases.filter { kind in !files.contains { $0.kind == kind } }
    }

    /// Binds printed sheets to this version of the form: the application, and a digest of what was entered.
    public var codeLine: String {
        let values = ApplicationField.allCases.map { "\($0.rawValue)=\(form[$0])" }.joined(separator: "\n")
        return "VDA-\(id.prefix(8))-\(SM3.digest(values).hex.prefix(16))".uppercased()
    }

    /// Whether nothing keeps it from being sent in.
    public var isComplete: Bool { form.faults().isEmpty && missingFiles.isEmpty }

    /// The first two digits of the region; empty where none was given.
    public var province: String { String(form[.region].prefix(2)) }
}

/// A scan that belongs to an application.
public struct ApplicationFile: Hashable, Sendable {
    public var id: String
    public var kind: Kind
    /// What it really is, whatever it was called.
    public var mediaType: String
    public var size: Int
    public var pages: Int
    public var sm3: String
    public var uploadedAt: Instant
    public var scan: Scan

    public init(
        id: String, kind: Kind, mediaType: String, size: Int, pages: Int, sm3: String, uploadedAt: Instant,
        scan: Scan = .noScanner
    ) {
        self.scan = scan
        self.id = id
        self.kind = kind
        self.mediaType = mediaType
        self.size = size
        self.pages = pages
        self.sm3 = sm3
        self.uploadedAt = uploadedAt
    }

    /// What was said of viruses when it came. What is infected, or could not be looked at, is not kept.
    public enum Scan: String, CaseIterable, Sendable {
        case clean
        /// Only a part was looked at.
        case notFullyScanned = "not-fully-scanned"
        case noScanner = "no-scanner"

        public var title: BilingualText {
            switch self {
            case .clean: BilingualText(zh: "未发现病毒", en: "no virus found")
            case .notFullyScanned: BilingualText(zh: "病毒检查不完整", en: "not fully looked at for viruses")
            case .noScanner: BilingualText(zh: "未检查病毒", en: "not looked at for viruses")
            }
        }
    }

    public enum Kind: String, CaseIterable, Codable, Sendable {
        case information, agreement, licence

        public var title: BilingualText {
            switch self {
            case .information:
                BilingualText(zh: "医疗机构信息收集表（盖章）", en: "Information sheet, stamped")
            case .agreement: BilingualText(zh: "系统使用须知及同意书（盖章）", en: "Terms of use and consent, stamped")
            case .licence: BilingualText(zh: "医疗机构执业许可证（盖章）", en: "Licence to practise, stamped")
            }
        }
    }
}

/// Why an application was not approved: reasons by field or file, and a remark.
public struct Refusal: Codable, Hashable, Sendable {
    public struct Reason: Codable, Hashable, Sendable {
        /// The name of a field or of a kind of files.
        public var subject: String
        public var reason: PreparedReason

        public init(subject: String, reason: PreparedReason) {
            self.subject = subject
            self.reason = reason
        }

        public var title: BilingualText {
            if let field = ApplicationField(rawValue: subject) { return field.title }
            return ApplicationFile.Kind(rawValue: subject)?.title ?? BilingualText(zh: subject, en: subject)
        }
    }

    public var reasons: [Reason]
    public var remark: String

    public init(reasons: [Reason], remark: String) {
        self.reasons = reasons
        self.remark = remark
    }

    /// One line for each reason, and the remark.
    public var lines: [BilingualText] {
        reasons.map { reason in
            BilingualText(
                zh: "\(reason.title.zh)：\(reason.reason.text.zh)", en: "\(reason.title.en): \(reason.reason.text.en)")
        } + (remark.isEmpty ? [] : [BilingualText(zh: remark, en: remark)])
    }
}

/// What reviewers say most often, in both languages.
public enum PreparedReason: String, CaseIterable, Codable, Sendable {
    case differsFromScan = "differs-from-scan"
    case notStamped = "not-stamped"
    case unreadable
    case wrongDocument = "wrong-document"
    case expired
    case notThisInstitution = "not-this-institution"
    case duplicate
    case wrong

    public var text: BilingualText {
        switch self {
        case .differsFromScan: BilingualText(zh: "与扫描件不一致", en: "not what the scan says")
        case .notStamped: BilingualText(zh: "未盖公章", en: "not stamped")
        case .unreadable: BilingualText(zh: "扫描件不清晰", en: "the scan cannot be read")
        case .wrongDocument: BilingualText(zh: "上传的不是所需文件", en: "another document than the one needed")
        case .expired: BilingualText(zh: "证件已过期", en: "the document has expired")
        case .notThisInstitution: BilingualText(zh: "不是本机构的文件", en: "a document of another institution")
        case .duplicate: BilingualText(zh: "该机构已登记", en: "the institution is registered already")
        case .wrong: BilingualText(zh: "填写有误", en: "filled in wrongly")
        }
    }

    /// Whether it is said of scans, or of what was typed.
    public var isOfFiles: Bool {
        switch self {
        case .notStamped, .unreadable, .wrongDocument, .expired, .notThisInstitution: true
        case .differsFromScan, .duplicate, .wrong: false
        }
    }
}
