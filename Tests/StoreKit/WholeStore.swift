public import Database

/// Every row of every table of a database as text, for comparing before and after.
public enum WholeStore {
    /// - Parameter left: tables that are left out.
    public static func rows(of database: any SQLDatabase, but left: Set<String>) throws -> [String: [String]] {
        try database.readBlocking { connection in
            var tables: [String: [String]] = [:]
            for name in try connection.tableNames() where !left.contains(name) && !name.hasPrefix("sqlite_") {
                tables[name] = try connection.rows("SELECT * FROM \"\(name)\"").map { "\($0.values)" }.sorted()
            }
            return tables
        }
    }
}
