/// A way to the database that sees one unchanging state of it; handed out by `SQLDatabase.read` and not valid afterwards.
public protocol Connection: AnyObject {
    /// The prepared statement for one SQL statement, from the connection's cache where it has been prepared before.
    ///
    /// Two users of the same SQL share one statement unless one of them is amid its rows: bind and run without letting others in between.
    ///
    /// - Throws: `DatabaseError.invalidSQL`, also where `sql` holds more than one statement.
    func statement(_ sql: String) throws -> any Statement

    /// The names of the tables that lie in this database.
    func tableNames() throws -> Set<String>

    /// The driver's own names for what SQL has no common name for.
    var dialect: SQLDialect { get }

    /// How many rows the last INSERT, UPDATE or DELETE of this connection changed.
    var changedRows: Int { get }
}

/// A connection that may write; whatever it changes becomes durable together, or not at all.
public protocol Transaction: Connection {}

extension Connection {
    /// Runs one statement to its end and returns how many rows it changed.
    @discardableResult
    public func execute(_ sql: String, _ values: [SQLValue] = []) throws -> Int {
        let statement = try statement(sql)
        try statement.bind(values)
        try statement.run()
        return changedRows
    }

    /// All rows of a query, in memory.
    public func rows(_ sql: String, _ values: [SQLValue] = []) throws -> [Row] {
        var rows: [Row] = []
        try forEachRow(sql, values) { rows.append($0) }
        return rows
    }

    /// The first row of a query, nil where it has none.
    public func firstRow(_ sql: String, _ values: [SQLValue] = []) throws -> Row? {
        let statement = try statement(sql)
        try statement.bind(values)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        return statement.row(Row.Columns(statement.columnNames))
    }

    /// The first column of a query's first row, nil where it has none: `let n: Int? = try connection.first("SELECT count(*) FROM t")`.
    public func first<Value: ColumnValue>(_ sql: String, _ values: [SQLValue] = []) throws -> Value? {
        guard let row = try firstRow(sql, values) else { return nil }
        let value: Value = try row[0]
        return value
    }

    /// Hands the rows of a query over one by one, in memory that does not grow with their number.
    public func forEachRow(_ sql: String, _ values: [SQLValue] = [], _ body: (Row) throws -> Void) throws {
        let statement = try statement(sql)
        try statement.bind(values)
        defer { statement.reset() }
        let columns = Row.Columns(statement.columnNames)
        while try statement.step() { try body(statement.row(columns)) }
    }
}

extension Transaction {
    /// Runs a part of the transaction that can fail alone: what it changed is taken back when it throws, the rest stands.
    public func savepoint<T>(_ body: () throws -> T) throws -> T {
        try execute("SAVEPOINT part")
        do {
            let result = try body()
            try execute("RELEASE SAVEPOINT part")
            return result
        } catch {
            try execute("ROLLBACK TO SAVEPOINT part")
            try execute("RELEASE SAVEPOINT part")
            throw error
        }
    }
}

extension Statement {
    fileprivate func row(_ columns: Row.Columns) -> Row {
        Row(columns: columns, values: columns.names.indices.map { value(at: $0) })
    }
}
