public import Database
import SurveillanceKit

/// The institutions' tables of codes, with those that were removed. A table's rows are one value: they are read whole or not at all.
///
/// Every function is part of whatever else the caller does in its connection or transaction.
public enum DictionaryStore {
    public static let migrations = [
        Migration(
            id: "dictionaries-1",
            statements: [
                """
                CREATE TABLE code_table (
                    id TEXT PRIMARY KEY,
                    institution TEXT NOT NULL,
                    category TEXT NOT NULL,
                    -- Days since 1970-01-01, the first and the last on which its codes are used.
                    valid_from BIGINT NOT NULL,
                    valid_to BIGINT NOT NULL,
                    row_count BIGINT NOT NULL,
                    content BLOB NOT NULL,
                    -- Milliseconds since 1970-01-01 UTC.
                    received_at BIGINT NOT NULL,
                    received_by TEXT NOT NULL,
                    removed_at BIGINT,
                    removed_by TEXT,
                    removed_reason TEXT
                )
                """,
                "CREATE INDEX code_table_institution ON code_table (institution, category, valid_from)",
            ])
    ]

    private static let columns =
        "id, institution, category, valid_from, valid_to, row_count, received_at, received_by, removed_at, removed_by, removed_reason"

    /// An institution's tables by category and first day, removed ones among them.
    public static func tables(of institution: String, in connection: any Connection) throws -> [CodeTable] {
        try connection.rows(
            "SELECT \(columns) FROM code_table WHERE institution = ? ORDER BY category, valid_from, received_at",
            [.text(institution)]
        ).map(table)
    }

    /// Adds a table.
    ///
    /// - Throws: `DictionaryRefusal.overlap` where another of its category is in use on one of its days.
    public static func add(
        _ table: CodeTable, _ entries: [CodeEntry], in transaction: any Transaction
    ) throws {
        let others = CodeTable.overlapping(
            table.days,
            among: try tables(of: table.institution, in: transaction).filter { $0.category == table.category })
        guard others.isEmpty else { throw DictionaryRefusal.overlap(others, days: table.days) }
        try transaction.execute(
            """
            INSERT INTO code_table (id, institution, category, valid_from, valid_to, row_count, content, received_at, \
            received_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(table.id), .text(table.institution), .text(table.category),
                SQLValue(table.days.lowerBound.daysSince1970), SQLValue(table.days.upperBound.daysSince1970),
                SQLValue(table.rows), .blob(CodeContent.bytes(entries)), .integer(table.receivedAt.milliseconds),
                .text(table.receivedBy),
            ])
    }

    /// Takes a table out of use. It stays, with who removed it when and why.
    ///
    /// - Returns: false where there is no such table of the institution in use.
    public static func remove(
        _ id: String, of institution: String, _ category: String, _ removal: CodeTable.Removal,
        in transaction: any Transaction
    ) throws -> Bool {
        let found = try tables(of: institution, in: transaction).first {
            $0.id == id && $0.category == category && $0.removal == nil
        }
        guard found != nil else { return false }
        try transaction.execute(
            "UPDATE code_table SET removed_at = ?, removed_by = ?, removed_reason = ? WHERE id = ?",
            [.integer(removal.at.milliseconds), .text(removal.by), .text(removal.reason), .text(id)])
        return true
    }

    /// The rows of an institution's table; nil where there is none.
    public static func entries(
        of id: String, _ institution: String, in connection: any Connection
    ) throws -> [CodeEntry]? {
        let content: [UInt8]? = try connection.first(
            "SELECT content FROM code_table WHERE id = ? AND institution = ?", [.text(id), .text(institution)])
        return content.map(CodeContent.entries)
    }

    private static func table(_ row: Row) throws -> CodeTable {
        let (first, last): (Int, Int) = (try row[3], try row[4])
        let removedAt: Int64? = try row[8]
        let removal = try removedAt.map { at in
            CodeTable.Removal(at: Instant(milliseconds: at), by: try row[9], reason: try row[10])
        }
        return CodeTable(
            id: try row[0], institution: try row[1], category: try row[2],
            days: CivilDate(daysSince1970: first)...CivilDate(daysSince1970: last), rows: try row[5],
            receivedAt: Instant(milliseconds: try row[6]), receivedBy: try row[7], removal: removal)
    }
}
