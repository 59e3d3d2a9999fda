public import SurveillanceKit

/// What became of a submission so far.
public enum SubmissionState: String, Codable, CaseIterable, Sendable {
    /// Durable, and waiting for its turn.
    case received
    case processing
    /// Every row of every file stands.
    case accepted
    case partlyAccepted = "partly-accepted"
    case rejected
    /// Processing could not be finished, for a reason that is the platform's and not the report's. It can be retried.
    case failed

    /// Whether nothing more happens unless somebody asks for it.
    public var isFinal: Bool { self != .received && self != .processing }
}

/// One upload: what arrived, and what it became.
public struct Submission: Hashable, Codable, Sendable, Identifiable {
    public var id: SubmissionID
    public var institution: String
    /// Who sent it.
    public var account: String
    public var fileName: String
    /// Plain bytes.
    public var size: Int
    /// The digest of the plain bytes, 64 hexadecimal digits.
    public var sm3: String
    /// When its last byte was durable.
    public var receivedAt: Instant
    public var state: SubmissionState
    /// When the state became final.
    public var finishedAt: Instant?
    public var files: [FileReport]
    /// Why it failed.
    public var reason: BilingualText?
    /// How often processing has begun, ever; the last one's findings lie under this number.
    public var attempt: Int
    /// Whether the uploaded bytes are still kept, so that it can be processed again.
    public var isKept: Bool
    /// The last earlier submission of the institution that had the same bytes.
    public var sameBytesAs: SubmissionID?
    /// What storing its rows came to; nil while it waits.
    public var records: Records?

    /// Of a package that came as several files, the files with their own sizes and digests; else empty.
    public var contents: [SentFile]
    /// Rows that wait for a parent.
    public var waiting: [WaitingRows]
    /// Its institution has taken it back.
    public var withdrawal: Withdrawal?
    /// Somebody of its institution has looked at its warnings, and says why they are as they are.
    public var acknowledgement: Acknowledgement?
    /// The earlier submission whose rejected rows it brings corrected.
    public var repairs: SubmissionID?
    /// The later submission with which the last of its rejected rows came corrected.
    public var repairedBy: SubmissionID?

    /// Who looked at a submission's warnings, when, and what the reason is.
    public struct Acknowledgement: Hashable, Codable, Sendable {
        public var at: Instant
        public var account: String
        public var reason: String

        public init(at: Instant, account: String, reason: String) {
            self.at = at
            self.account = account
            self.reason = reason
        }
    }

    /// That a submission was withdrawn, why, and what that came to.
    public struct Withdrawal: Hashable, Codable, Sendable {
        public var at: Instant
        public var reason: String
        /// How many records are as they were before, and how many are gone; nil while the line list has not taken them back.
        public var returned: Int?
        public var removed: Int?

        public init(at: Instant, reason: String, returned: Int? = nil, removed: Int? = nil) {
            self.at = at
            self.reason = reason
            self.returned = returned
            self.removed = removed
        }
    }

    /// How many of the rows that stand were new, changed a stored record, were stored like that already, or withdrew a record.
    public struct Records: Hashable, Codable, Sendable {
        public var added: Int
        public var changed: Int
        public var unchanged: Int
        public var withdrawn: Int

        public init(added: Int = 0, changed: Int = 0, unchanged: Int = 0, withdrawn: Int = 0) {
            self.added = added
            self.changed = changed
            self.unchanged = unchanged
            self.withdrawn = withdrawn
        }

        /// What was kept before withdrawn records were counted has none.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            added = try container.decode(Int.self, forKey: .added)
            changed = try container.decode(Int.self, forKey: .changed)
            unchanged = try container.decode(Int.self, forKey: .unchanged)
            withdrawn = try container.decodeIfPresent(Int.self, forKey: .withdrawn) ?? 0
        }
    }

    public init(
        id: SubmissionID, institution: String, account: String, fileName: String, size: Int, sm3: String,
        receivedAt: Instant, state: SubmissionState, finishedAt: Instant? = nil, files: [FileReport] = [],
        reason: BilingualText? = nil, attempt: Int = 0, isKept: Bool = true,
        sameBytesAs: SubmissionID? = nil, records: Records? = nil, contents: [SentFile] = [],
        waiting: [WaitingRows] = [], withdrawal: Withdrawal? = nil, repairs: SubmissionID? = nil,
        repairedBy: SubmissionID? = nil
    ) {
        self.id = id
        self.institution = institution
        self.account = account
        self.fileName = fileName
        self.size = size
        self.sm3 = sm3
        self.receivedAt = receivedAt
        self.state = state
        self.finishedAt = finishedAt
        self.files = files
        self.reason = reason
        self.attempt = attempt
        self.isKept = isKept
        self.sameBytesAs = sameBytesAs
        self.records = records
        self.contents = contents
        self.waiting = waiting
        self.withdrawal = withdrawal
        self.repairs = repairs
        self.repairedBy = repairedBy
    }
}

/// An upload whose bytes are durable in the spool and that asks to be recorded.
public struct Arrival: Sendable {
    public var id: SubmissionID
    public var institution: String
    public var account: String
    public var fileName: String
    public var size: Int
    public var sm3: String
    /// When the last byte was durable.
    public var receivedAt: Instant
    /// The client's own name for this upload, from the header `Idempotency-Key`.
    public var idempotencyKey: String?
    /// Of a package that came as several files, the files with their own sizes and digests.
    public var contents: [SentFile]

    public init(
        id: SubmissionID, institution: String, account: String, fileName: String, size: Int, sm3: String,
        receivedAt: Instant, idempotencyKey: String? = nil, contents: [SentFile] = []
    ) {
        self.id = id
        self.institution = institution
        self.account = account
        self.fileName = fileName
        self.size = size
        self.sm3 = sm3
        self.receivedAt = receivedAt
        self.idempotencyKey = idempotencyKey
        self.contents = contents
    }
}

/// What recording an arrival came to.
public enum Recorded: Hashable, Sendable {
    case new(Submission)
    /// It repeats an earlier request: that one's submission, and the new bytes are to be removed from the spool.
    case known(Submission)

    public var submission: Submission {
        switch self {
        case .new(let submission), .known(let submission): submission
        }
    }
}
