import CPQ
import Database

extension PostgreSQLConnection: BulkTransaction {
    func bulkInsert(into table: String, columns: [String]) throws -> any BulkInsert {
        try PostgreSQLBulkInsert(self, table, columns)
    }

    func forEachMatch(
        _ query: String, _ parameters: [SQLValue], keys: [[Int64]], _ body: (any Statement) throws -> Void
    ) throws {
        try matching(query, parameters, keys).forEachRowAtOnce(body)
    }

    func execute(_ statement: String, _ parameters: [SQLValue], keys: [[Int64]]) throws {
        try matching(statement, parameters, keys).run()
    }

    private func matching(
        _ query: String, _ parameters: [SQLValue], _ keys: [[Int64]]
    ) throws -> PostgreSQLStatement {
        let names = keys.indices.map { "k\($0 + 1)" }.joined(separator: ", ")
        let arrays = keys.map { _ in "CAST(? AS BIGINT[])" }.joined(separator: ", ")
        let sql = "WITH keys (\(names), place) AS (SELECT * FROM unnest(\(arrays)) WITH ORDINALITY) \(query)"
        guard let statement = try statement(sql) as? PostgreSQLStatement else {
            throw DatabaseError.invalidSQL("no keys can be sent")
        }
        for (position, column) in keys.enumerated() { try statement.bind(array: column, at: position) }
        for (position, value) in parameters.enumerated() { try statement.bind(value, at: keys.count + position) }
        return statement
    }

    /// Sends the data of a COPY.
    func copy(_ sql: String, _ pieces: [[UInt8]]) throws {
        try requireTransaction()
        settle()
        let begun = PQexec(handle, sql)
        defer { PQclear(begun) }
        guard PQresultStatus(begun) == PGRES_COPY_IN else { throw error(begun) }
        var isWhole = true
        for piece in pieces where isWhole {
            piece.withUnsafeBytes { bytes in
                isWhole =
                    PQputCopyData(
                        handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count)) == 1
            }
        }
        guard PQputCopyEnd(handle, isWhole ? nil : "cut off") == 1 else { throw error(nil) }
        var failure: DatabaseError?
        while let result = PQgetResult(handle) {
            if PQresultStatus(result) != PGRES_COMMAND_OK, failure == nil { failure = error(result) }
            PQclear(result)
        }
        if let failure { throw failure }
    }
}
