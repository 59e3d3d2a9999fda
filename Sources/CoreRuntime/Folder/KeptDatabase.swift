import Database
import Intake
import PluginKit
import Records

/// A database of a deployment, as the check at a start knows it. A further database is one more entry of `all`.
struct KeptDatabase: Sendable {
    var database: StoredDatabase
    /// Its name in the data folder where SQLite keeps it; by that name its numbers stand in the file `highest`, whatever the store.
    var file: String
    /// What is counted up in it and never down: a name and the query of the highest number.
    var counters: [Counter]

    struct Counter: Sendable {
        var name: String
        var table: String
        var column: String
        /// Of the table's rows those that count; nil for all.
        var condition: String?
        var words: String
    }

    /// Whether it is made by the first server rather than with the folder: an earlier version's folder has none.
    var isMadeLater = false

    static let main = KeptDatabase(
        database: .log, file: "vedette.sqlite",
        counters: [
            Counter(name: "receipt", table: "receipt", column: "number", words: "receipts"),
            Counter(name: "audit", table: "audit", column: "sequence", words: "entries of the audit trail"),
        ])

    /// The line list, in a file of its own, so that nobody's receipt waits while a large package is stored.
    static let records = KeptDatabase(
        database: .records, file: "records.sqlite",
        counters: [
            Counter(
                name: "change", table: "record_counter", column: "value",
                condition: "name = '\(LineList.changeCounter)'", words: "changes of records")
        ], isMadeLater: true)

    static let all = [main, records]

    /// Whether the folder has had it, by the highest numbers that are known of it.
    func isKnown(_ highest: [String: Int64]) -> Bool {
        !isMadeLater || counters.contains { highest["\(file).\($0.name)"] != nil }
    }

    /// The identity's own tables, in every database.
    static let migration = Migration(
        id: "folder-1",
        statements: [
            "CREATE TABLE data_folder (identity TEXT PRIMARY KEY)",
            // What a key of this folder is recognised by; it tells nothing about the key.
            "CREATE TABLE data_folder_key (name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name, value))",
            // The last instant at which the clock was found right: milliseconds since 1970-01-01 UTC.
            "CREATE TABLE clock (name TEXT PRIMARY KEY, at BIGINT NOT NULL)",
        ])

    /// Whether an error's place is where this database lies, in whatever store.
    func lies(at place: String) -> Bool { place.hasSuffix("/" + file) || place.hasSuffix(":" + database.rawValue) }

    /// The highest number of each counter.
    func heads(in connection: any Connection) throws -> [String: Int64] {
        var heads: [String: Int64] = [:]
        for counter in counters {
            heads["\(file).\(counter.name)"] =
                try connection.first(
                    """
                    SELECT coalesce(max(\(counter.column)), 0) FROM \(counter.table)\(counter.condition.map { " WHERE " + $0 } ?? "")
                    """) ?? 0
        }
        return heads
    }
}

/// What a database says of itself, read without changing it.
struct DatabaseLook: Sendable {
    var tables: Set<String> = []
    var identity: String?
    var keys: [String: Set<String>] = [:]
    var heads: [String: Int64] = [:]
    /// Whether anything was ever received.
    var hasData = false
    var lacking = Lacking()

    /// - Parameters:
    ///   - store: where the database lies.
    ///   - known: the ids of the migrations of this program.
    ///   - kept: the names of the files in the spool and in the folder of findings; nil does not compare.
    /// - Throws: `DatabaseError`; among others `.newerThanProgram`.
    static func at(
        _ store: any Store, _ database: KeptDatabase, known: Set<String>,
        kept: (uploads: Set<String>, findings: Set<String>)?
    ) throws -> DatabaseLook {
        try store.inspect(database.database) { connection in
            var look = DatabaseLook()
            look.tables = try connection.tableNames()
            guard look.tables.contains("migration") else { return look }
            let applied = try connection.rows("SELECT id FROM migration ORDER BY position").map { try $0[0] as String }
            let unknown = applied.filter { !known.contains($0) }
            guard unknown.isEmpty else { throw DatabaseError.newerThanProgram(unknown: unknown) }
            if look.tables.contains("data_folder") {
                look.identity = try connection.first("SELECT identity FROM data_folder")
                try connection.forEachRow("SELECT name, value FROM data_folder_key") { row in
                    look.keys[try row[0], default: []].insert(try row[1])
                }
            }
            if database.counters.allSatisfy({ look.tables.contains($0.table) }) {
                look.heads = try database.heads(in: connection)
            }
            guard look.tables.contains("submission"), look.tables.contains("receipt") else { return look }
            let count: Int? = try connection.first(
                "SELECT (SELECT count(*) FROM submission) + (SELECT count(*) FROM receipt)")
            look.hasData = count != 0
            if let kept {
                look.lacking = try SubmissionLog.lacking(
                    uploads: kept.uploads, findings: kept.findings, in: connection)
            }
            return look
        }
    }
}
