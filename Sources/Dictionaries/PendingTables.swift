public import Database
import SurveillanceKit

/// Tables of codes that were looked at and not put to use yet: one of an institution and category, for a day.
public enum PendingTables {
    public static let migrations = [
        Migration(
            id: "dictionaries-4",
            statements: [
                """
                CREATE TABLE code_pending (
                    id TEXT PRIMARY KEY,
                    institution TEXT NOT NULL,
                    category TEXT NOT NULL,
                    valid_from BIGINT NOT NULL,
                    valid_to BIGINT NOT NULL,
                    content BLOB NOT NULL,
                    -- Milliseconds since 1970-01-01 UTC.
                    received_at BIGINT NOT NULL,
                    received_by TEXT NOT NULL
                )
                """
            ])
    ]

    private static let keptMilliseconds: Int64 = 86_400_000

    /// Keeps a table in place of the one before it, and drops what is older than a day.
    public static func put(_ table: CodeTable, _ entries: [CodeEntry], in transaction: any Transaction) throws {
        try transaction.execute(
            "DELETE FROM code_pending WHERE (institution = ? AND category = ?) OR received_at < ?",
            [
                .text(table.institution), .text(table.category),
                .integer(table.receivedAt.milliseconds - keptMilliseconds),
            ])
        try transaction.execute(
            """
            INSERT INTO code_pending (id, institution, category, valid_from, valid_to, content, received_at, received_by)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(table.id), .text(table.institution), .text(table.category),
                SQLValue(table.days.lowerBound.daysSince1970), SQLValue(table.days.upperBound.daysSince1970),
                .blob(CodeContent.bytes(entries)), .integer(table.receivedAt.milliseconds), .text(table.receivedBy),
            ])
    }

    /// Takes a table out; nil where an institution has none of that id.
    public static func take(
        _ id: String, of institution: String, in transaction: any Transaction
    ) throws -> (table: CodeTable, entries: [CodeEntry])? {
        let row = try transaction.firstRow(
            """
            SELECT category, valid_from, valid_to, content, received_at, received_by FROM code_pending
            WHERE id = ? AND institution = ?
            """, [.text(id), .text(institution)])
        guard let row else { return nil }
        let (first, last): (Int, Int) = (try row[1], try row[2])
        let content: [UInt8] = try row[3]
        let at: Int64 = try row[4]
        let entries = CodeContent.entries(content)
        let table = CodeTable(
            id: id, institution: institution, category: try row[0],
            days: CivilDate(daysSince1970: first)...CivilDate(daysSince1970: last), rows: entries.count,
            receivedAt: Instant(milliseconds: at), receivedBy: try row[5])
        try transaction.execute("DELETE FROM code_pending WHERE id = ?", [.text(id)])
        return (table, entries)
    }
}
