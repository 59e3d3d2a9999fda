public import Database
public import SurveillanceKit

/// Rows of which nothing is wrong but that their parent has not been reported yet.
public struct WaitingRows: Hashable, Codable, Sendable {
    public var program: String
    public var fileType: String
    public var rows: Int
    /// The file types of which one has the parent.
    public var parents: [String]
    /// Until when a parent that arrives has them checked again.
    public var until: Instant

    public init(program: String, fileType: String, rows: Int, parents: [String], until: Instant) {
        self.program = program
        self.fileType = fileType
        self.rows = rows
        self.parents = parents
        self.until = until
    }
}

extension SubmissionLog {
    /// A submission that waits for parents, and the hashes of their keys.
    public struct Awaiting: Sendable {
        public var submission: SubmissionID
        public var keys: Set<UInt64>
    }

    /// Notes what a submission that has just finished waits for, in the transaction that finishes it. Replaces what was noted before.
    ///
    /// - Parameter keys: hashes of the parents' keys, which later runs compute alike.
    public func note(
        _ waiting: [WaitingRows], for keys: Set<UInt64>, of submission: Submission, in transaction: any Transaction
    ) throws {
        let id = SQLValue.text(submission.id.description)
        try forgetWaiting(submission.id, in: transaction)
        guard let until = waiting.map(\.until).max(), !keys.isEmpty else { return }
        for (position, rows) in waiting.enumerated() {
            try transaction.execute(
                """
                INSERT INTO waiting_rows (submission, position, program, file_type, row_count, parents, until)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    id, SQLValue(position), .text(rows.program), .text(rows.fileType), SQLValue(rows.rows),
                    .text(rows.parents.joined(separator: " ")), .milliseconds(rows.until),
                ])
        }
        try transaction.execute(
            "INSERT INTO awaited_parents (submission, institution, until, keys) VALUES (?, ?, ?, ?)",
            [id, .text(submission.institution), .milliseconds(until), .blob(Self.packed(keys))])
    }

    /// The submissions of an institution that still wait for parents.
    ///
    public func awaiting(
        institution: String, at now: Instant, in connection: any Connection
    ) throws -> [Awaiting] {
        try connection.rows(
            "SELECT submission, keys FROM awaited_parents WHERE institution = ? AND until > ? ORDER BY submission",
            [.text(institution), .milliseconds(now)]
        ).map { Awaiting(submission: try Self.id($0["submission"]), keys: Self.unpacked(try $0["keys"])) }
    }

    /// The submissions of the same institution that arrived later and that processing has begun with before: where an earlier one is
    /// processed again, what they have written stays.
    public func laterBegun(than id: SubmissionID, in connection: any Connection) throws -> [SubmissionID] {
        try connection.rows(
            """
            SELECT later.id FROM submission AS this
            JOIN submission AS later ON later.institution = this.institution AND later.sequence > this.sequence
            WHERE this.id = ? AND later.attempt > 0 ORDER BY later.sequence
            """, [.text(id.description)]
        ).map { try Self.id($0[0]) }
    }

    func waiting(of id: SubmissionID, in connection: any Connection) throws -> [WaitingRows] {
        try connection.rows(
            "SELECT program, file_type, row_count, parents, until FROM waiting_rows WHERE submission = ? ORDER BY position",
            [.text(id.description)]
        ).map { row in
            let parents: String = try row["parents"]
            return WaitingRows(
                program: try row["program"], fileType: try row["file_type"], rows: try row["row_count"],
                parents: parents.split(separator: " ").map(String.init), until: try row.instant("until"))
        }
    }

    func forgetWaiting(_ id: SubmissionID, in transaction: any Transaction) throws {
        for table in ["waiting_rows", "awaited_parents"] {
            try transaction.execute("DELETE FROM \(table) WHERE submission = ?", [.text(id.description)])
        }
    }

    /// Eight bytes a key, least significant first.
    private static func packed(_ keys: Set<UInt64>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(keys.count * 8)
        for key in keys.sorted() {
            for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: key >> shift)) }
        }
        return bytes
    }

    private static func unpacked(_ bytes: [UInt8]) -> Set<UInt64> {
        var keys: Set<UInt64> = []
        for start in stride(from: 0, through: bytes.count - 8, by: 8) {
            keys.insert((0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64($1 * 8) })
        }
        return keys
    }
}
