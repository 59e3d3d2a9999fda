public import Database
import FoundationEssentials
import JSON
public import ShangMi
import SurveillanceKit

/// Everything that was done, in order, each entry bound by its hash to all before it.
///
/// Whoever changes, removes or inserts an entry must change every later hash. Whoever cuts off the end must be met with
/// a head noted elsewhere: give it to `verify`.
public struct AuditTrail: Sendable {
    private let database: any SQLDatabase

    public init(database: any SQLDatabase) { self.database = database }

    /// The trail's table; `at` is in seconds since 1970-01-01 UTC. A migration of `Accounts` makes it, since there the trail began.
    public static let table = """
        CREATE TABLE audit (
            sequence BIGINT PRIMARY KEY, at BIGINT NOT NULL, who TEXT NOT NULL, origin TEXT NOT NULL,
            action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL, hash TEXT NOT NULL)
        """

    /// The last entry's place and hash; 0 and zeros where nothing was done yet.
    public struct Head: Hashable, Sendable {
        public var sequence: Int64
        public var hash: SM3Digest

        public init(sequence: Int64, hash: SM3Digest) {
            self.sequence = sequence
            self.hash = hash
        }

        static let start = Head(sequence: 0, hash: SM3Digest.zero)
    }

    /// An entry with its place in the chain.
    public struct Record: Hashable, Sendable {
        public var sequence: Int64
        public var entry: AuditEntry
        public var hash: SM3Digest
    }

    /// Whether the chain holds, and where it first does not.
    public enum Verdict: Hashable, Sendable {
        case intact(Head)
        /// The entry is not what was appended, or stands before one that is not.
        case altered(sequence: Int64)
        /// No entry has this number, and a later one or the given head says there was one.
        case missing(sequence: Int64)
    }

    @discardableResult
    public func append(_ entry: AuditEntry) async throws -> Head {
        try await database.write { try Self.append(entry, in: $0) }
    }

    /// Appends within the transaction that does the thing itself, so that neither stands without the other.
    @discardableResult
    public static func append(_ entry: AuditEntry, in transaction: any Transaction) throws -> Head {
        let last = try head(transaction)
        let sequence = last.sequence + 1
        let hash = entry.hash(sequence: sequence, after: last.hash)
        try transaction.execute(
            """
            INSERT INTO audit (sequence, at, who, origin, action, subject, detail, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(sequence), .integer(entry.at.seconds), .text(entry.author.name), .text(entry.author.origin),
                .text(entry.action), .text(entry.subject), .text(Self.text(entry.detail)), .text(hash.hex),
            ])
        return Head(sequence: sequence, hash: hash)
    }

    public func head() async throws -> Head { try await database.read { try Self.head($0) } }

    /// Recomputes every hash from the first entry on.
    ///
    /// - Parameter noted: A head seen earlier, on a receipt or in a log elsewhere; its entry must still be there.
    /// - Complexity: One pass over the table, in memory that does not grow with it.
    public func verify(noted: Head? = nil) async throws -> Verdict {
        try await database.read { connection in
            var last = Head.start
            var fault: Verdict?
            try connection.forEachRow("SELECT * FROM audit ORDER BY sequence") { row in
                guard fault == nil else { return }
                let sequence: Int64 = try row["sequence"]
                let expected = last.sequence + 1
                guard sequence == expected else {
                    fault = sequence > expected ? .missing(sequence: expected) : .altered(sequence: sequence)
                    return
                }
                guard let record = try Self.record(row),
                    record.entry.hash(sequence: sequence, after: last.hash) == record.hash,
                    try Self.text(record.entry.detail) == row["detail"],
                    noted?.sequence != sequence || noted?.hash == record.hash
                else {
                    fault = .altered(sequence: sequence)
                    return
                }
                last = Head(sequence: sequence, hash: record.hash)
            }
            if let fault { return fault }
            if let noted, noted.sequence > last.sequence { return .missing(sequence: last.sequence + 1) }
            return .intact(last)
        }
    }

    /// Which entries are looked for; empty texts look for all.
    public struct Filter: Hashable, Sendable {
        public var who: String
        /// An action, or with `.` at its end all that begin so.
        public var action: String
        public var subject: String

        public init(who: String = "", action: String = "", subject: String = "") {
            self.who = who
            self.action = action
            self.subject = subject
        }
    }

    /// The newest entries first; `before` continues a list.
    public func records(
        matching filter: Filter = Filter(), before sequence: Int64? = nil, limit: Int = 100
    ) async throws -> [Record] {
        var conditions = ["sequence < ?"]
        var values: [SQLValue] = [.integer(sequence ?? .max)]
        func add(_ condition: String, _ given: [String]) {
            conditions.append(condition)
            values += given.map(SQLValue.text)
        }
        if !filter.who.isEmpty { add("lower(who) = ?", [filter.who.lowercased()]) }
        if filter.action.hasSuffix(".") {
            // What begins so, by its bytes: `/` follows `.`.
            add("action >= ? AND action < ?", [filter.action, filter.action.dropLast() + "/"])
        } else if !filter.action.isEmpty {
            add("action = ?", [filter.action])
        }
        if !filter.subject.isEmpty { add("subject = ?", [filter.subject]) }
        let condition = conditions.joined(separator: " AND ")
        let all = values + [SQLValue(limit)]
        return try await database.read { connection in
            try connection.rows("SELECT * FROM audit WHERE \(condition) ORDER BY sequence DESC LIMIT ?", all)
                .compactMap(Self.record)
        }
    }

    private static func text(_ detail: [String: String]) -> String {
        String(decoding: AuditEntry.json(detail).bytes, as: UTF8.self)
    }

    private static func head(_ connection: any Connection) throws -> Head {
        let sql = "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1"
        guard let row = try connection.firstRow(sql) else { return Head.start }
        // Nothing can follow from a hash that is none; the chain goes on from zeros and `verify` shows the place.
        return Head(sequence: try row["sequence"], hash: SM3Digest(hex: try row["hash"]) ?? .zero)
    }

    /// The row as it stands, or nil where its hash or detail cannot be read at all.
    private static func record(_ row: Row) throws -> Record? {
        guard let hash = SM3Digest(hex: try row["hash"]),
            let detail = try? JSONDecoder().decode([String: String].self, from: Data((row["detail"] as String).utf8))
        else { return nil }
        let author = Author(name: try row["who"], origin: try row["origin"])
        let entry = AuditEntry(
            author: author, action: try row["action"], subject: try row["subject"], at: Instant(seconds: try row["at"]),
            detail: detail)
        return Record(sequence: try row["sequence"], entry: entry, hash: hash)
    }
}
