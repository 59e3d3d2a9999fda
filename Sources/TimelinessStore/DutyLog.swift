public import Database
public import SurveillanceKit
public import Timeliness

/// What came of each submission for each program: one row each, kept for as long as the database.
///
/// Every function is part of whatever else the caller does in its connection or transaction.
public enum DutyLog {
    public static let migrations = [
        Migration(
            id: "timeliness-1",
            statements: [
                """
                CREATE TABLE duty_receipt (
                    submission TEXT NOT NULL,
                    -- Empty where the submission has files of no program, or never came so far.
                    program TEXT NOT NULL,
                    institution TEXT NOT NULL,
                    -- Milliseconds since 1970-01-01 UTC, as every moment here.
                    received_at BIGINT NOT NULL,
                    begun_at BIGINT,
                    outcome TEXT NOT NULL CHECK (outcome IN
                        ('accepted', 'partly-accepted', 'zero', 'rejected', 'failed', 'withdrawn', 'replaced')),
                    -- The day that a zero report names, in days since 1970-01-01.
                    day BIGINT,
                    -- The number of the change that wrote the row last.
                    change BIGINT NOT NULL,
                    PRIMARY KEY (submission, program)
                )
                """,
                "CREATE INDEX duty_receipt_duty ON duty_receipt (institution, program, received_at)",
                "CREATE INDEX duty_receipt_time ON duty_receipt (received_at)",
                "CREATE INDEX duty_receipt_change ON duty_receipt (change)",
                "CREATE TABLE duty_counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
                "INSERT INTO duty_counter (name, value) VALUES ('change', 1)",
            ])
    ]

    /// A submission as this room knows it.
    public struct Sent: Hashable, Sendable {
        public var submission: String
        public var institution: String
        public var receivedAt: Instant
        public var begunAt: Instant?

        public init(_ submission: String, of institution: String, receivedAt: Instant, begunAt: Instant? = nil) {
            self.submission = submission
            self.institution = institution
            self.receivedAt = receivedAt
            self.begunAt = begunAt
        }
    }

    /// Writes what a submission came to, in place of what it came to before.
    ///
    /// - Parameters:
    ///   - outcomes: by program; under "" for none.
    ///   - day: that a zero report names.
    public static func note(
        _ outcomes: [String: DutyReceipt.Outcome], of sent: Sent, day: CivilDate? = nil, in transaction: any Transaction
    ) throws {
        let change = try nextChange(in: transaction)
        try transaction.execute(
            "UPDATE duty_receipt SET outcome = 'replaced', change = ? WHERE submission = ?",
            [.integer(change), .text(sent.submission)])
        for (program, outcome) in outcomes.sorted(by: { $0.key < $1.key }) {
            let named = outcome == .zero ? day?.daysSince1970 : nil
            let changed = try transaction.execute(
                "UPDATE duty_receipt SET outcome = ?, day = ? WHERE submission = ? AND program = ?",
                [.text(outcome.stored), SQLValue(named), .text(sent.submission), .text(program)])
            if changed > 0 { continue }
            try transaction.execute(
                """
                INSERT INTO duty_receipt (submission, program, institution, received_at, begun_at, outcome, day, change) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(sent.submission), .text(program), .text(sent.institution),
                    .integer(sent.receivedAt.milliseconds), SQLValue(sent.begunAt?.milliseconds),
                    .text(outcome.stored), SQLValue(named), .integer(change),
                ])
        }
    }

    /// Notes that a submission could not be processed. What an earlier attempt has stored stands and goes on to count.
    public static func noteFailure(of sent: Sent, in transaction: any Transaction) throws {
        let counted: Int? = try transaction.first(
            "SELECT 1 FROM duty_receipt WHERE submission = ? AND outcome IN ('accepted', 'partly-accepted', 'zero')",
            [.text(sent.submission)])
        if counted == nil { try note(["": .failed], of: sent, in: transaction) }
    }

    /// Notes that a submission was taken back: it counts for nothing any more.
    public static func noteWithdrawal(of submission: String, in transaction: any Transaction) throws {
        let change = try nextChange(in: transaction)
        try transaction.execute(
            "UPDATE duty_receipt SET outcome = 'withdrawn', change = ? WHERE submission = ? AND outcome <> 'replaced'",
            [.integer(change), .text(submission)])
    }

    /// Numbers ascend in the order in which their transactions end: each holds the counter's row until then.
    private static func nextChange(in transaction: any Transaction) throws -> Int64 {
        try transaction.execute("UPDATE duty_counter SET value = value + 1 WHERE name = 'change'")
        return try lastChange(in: transaction)
    }

    /// The number of the last change.
    public static func lastChange(in connection: any Connection) throws -> Int64 {
        try connection.first("SELECT value FROM duty_counter WHERE name = 'change'") ?? 0
    }
}

extension DutyReceipt.Outcome {
    var stored: String {
        switch self {
        case .accepted: "accepted"
        case .partlyAccepted: "partly-accepted"
        case .zero: "zero"
        case .rejected: "rejected"
        case .failed, .pending: "failed"
        case .withdrawn: "withdrawn"
        }
    }

    init(stored: String) throws {
        guard let outcome = DutyReceipt.Outcome.allCases.first(where: { $0 != .pending && $0.stored == stored }) else {
            throw DatabaseError.unexpectedValue(column: "outcome", expected: "an outcome", found: "another text")
        }
        self = outcome
    }
}
