public import Database
public import SurveillanceKit

/// What administrators have set beside the deployment's files, for good: also what was ended.
public enum RuleChangeLog {
    public static let migration = Migration(
        id: "timeliness-rules",
        statements: [
            """
            CREATE TABLE duty_rule_change (
                id TEXT PRIMARY KEY,
                program TEXT NOT NULL,
                -- JSON as a file of Config/deadlines has it.
                body TEXT NOT NULL,
                author TEXT NOT NULL,
                -- Milliseconds since 1970-01-01 UTC.
                set_at BIGINT NOT NULL,
                revoked_at BIGINT,
                revoked_by TEXT
            )
            """
        ])

    public struct Entry: Hashable, Sendable {
        public var id: String
        public var program: String
        public var body: String
        public var author: String
        public var setAt: Instant
        public var revokedAt: Instant?
        public var revokedBy: String?

        public init(id: String, program: String, body: String, author: String, setAt: Instant) {
            self.id = id
            self.program = program
            self.body = body
            self.author = author
            self.setAt = setAt
        }
    }

    public static func add(_ entry: Entry, in transaction: any Transaction) throws {
        try transaction.execute(
            "INSERT INTO duty_rule_change (id, program, body, author, set_at) VALUES (?, ?, ?, ?, ?)",
            [
                .text(entry.id), .text(entry.program), .text(entry.body), .text(entry.author),
                .integer(entry.setAt.milliseconds),
            ])
    }

    /// - Returns: false where there is no such change in force.
    public static func revoke(
        _ id: String, by author: String, at now: Instant, in transaction: any Transaction
    ) throws -> Bool {
        try transaction.execute(
            "UPDATE duty_rule_change SET revoked_at = ?, revoked_by = ? WHERE id = ? AND revoked_at IS NULL",
            [.integer(now.milliseconds), .text(author), .text(id)])
        return transaction.changedRows == 1
    }

    /// All of them, in the order in which they were set.
    public static func all(in connection: any Connection) throws -> [Entry] {
        try connection.rows(
            """
            SELECT id, program, body, author, set_at, revoked_at, revoked_by FROM duty_rule_change ORDER BY set_at, id
            """
        ).map { row in
            var entry = Entry(
                id: try row[0], program: try row[1], body: try row[2], author: try row[3],
                setAt: Instant(milliseconds: try row[4]))
            let revoked: Int64? = try row[5]
            entry.revokedAt = revoked.map { Instant(milliseconds: $0) }
            entry.revokedBy = try row[6]
            return entry
        }
    }

    /// Moves with every change: what another process has set is noticed by it.
    public static func mark(in connection: any Connection) throws -> Int {
        try connection.first(
            "SELECT count(*) + count(revoked_at) FROM duty_rule_change") ?? 0
    }
}
