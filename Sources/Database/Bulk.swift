/// What an engine has for many rows at once, where each alone would cost a way to a server. SQLite has none of it and needs none.
public protocol BulkConnection: Connection {
    /// Runs a query once for many keys. In it `keys` is a table with a row for each: `k1`, `k2`, …, and `place`, counted from 1.
    ///
    /// - Parameters:
    ///   - keys: each of the columns `k1`, `k2`, …, all of one length.
    ///   - body: is handed each row of the result, in no particular order.
    func forEachMatch(
        _ query: String, _ parameters: [SQLValue], keys: [[Int64]], _ body: (any Statement) throws -> Void) throws
}

/// A transaction that takes rows in bulk.
public protocol BulkTransaction: BulkConnection, Transaction {
    /// Runs an INSERT, UPDATE or DELETE once for many keys, which stand in the table `keys` as in `forEachMatch`.
    func execute(_ statement: String, _ parameters: [SQLValue], keys: [[Int64]]) throws

    /// Takes rows for one table, to be bound and run like an INSERT with one parameter a column.
    ///
    /// - Parameters:
    ///   - table: as it is written in SQL, quoted where it must be.
    ///   - columns: likewise.
    func bulkInsert(into table: String, columns: [String]) throws -> any BulkInsert
}

/// Rows on their way into a table. Running it keeps a row in memory; nobody sees it in the table before `flush`.
public protocol BulkInsert: Statement {
    /// Sends what has been kept. Does nothing where that is nothing.
    ///
    /// - Throws: `DatabaseError.constraint` where one of the rows does not fit; none of them is stored then, and the transaction is lost.
    func flush() throws
}
