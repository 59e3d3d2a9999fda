/// One prepared SQL statement: bind its parameters, step through its rows, again and again.
///
/// Parameters (`?` in the SQL) and columns are counted from 0. Bindings stay until they are bound anew. A statement belongs to
/// the connection that made it and is of no use after the `read` or `write` it was made in.
///
/// ```swift
/// let insert = try transaction.statement("INSERT INTO person (name, born) VALUES (?, ?)")
/// for person in people {
///     try insert.bind(person.name, at: 0)
///     try insert.bind(person.year, at: 1)
///     try insert.run()
/// }
/// ```
public protocol Statement: AnyObject {
    var parameterCount: Int { get }
    var columnNames: [String] { get }

    func bindNull(at position: Int) throws
    func bind(_ number: Int64, at position: Int) throws
    func bind(_ number: Double, at position: Int) throws
    /// Binds UTF-8 bytes as text. They are copied before the call returns; nobody checks that they are UTF-8.
    func bind(text: UnsafeBufferPointer<UInt8>, at position: Int) throws
    /// Binds UTF-8 bytes as text without copying them: they must stay where they are until the statement has run.
    func bind(borrowedText: UnsafeBufferPointer<UInt8>, at position: Int) throws
    /// Makes all parameters null.
    func clearBindings() throws
    /// Binds bytes. They are copied before the call returns.
    func bind(blob: UnsafeBufferPointer<UInt8>, at position: Int) throws

    /// Goes on to the next row: true where there is one. After the last, and after an error, the statement is reset by itself.
    func step() throws -> Bool
    /// Makes a statement that was left amid its rows ready to run again. Costs nothing where it is ready.
    func reset()

    /// Steps to the end and hands over the first columns of each row as integers, 0 for null: one call a row instead of one a column.
    func forEachRow(integers columns: Int, _ body: (UnsafeBufferPointer<Int64>) throws -> Void) throws

    // The columns of the row that the last step reached.
    func isNull(at column: Int) -> Bool
    /// 0 for null.
    func integer(at column: Int) -> Int64
    /// 0 for null.
    func real(at column: Int) -> Double
    /// Empty for null.
    func text(at column: Int) -> String
    func value(at column: Int) -> SQLValue
    /// The bytes of a text or blob in place; empty for null. They are gone when `body` returns.
    func withBytes<T>(at column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T
}

extension Statement {
    public func bind(_ text: String, at position: Int) throws {
        var text = text
        try text.withUTF8 { try bind(text: $0, at: position) }
    }

    public func bind(_ value: SQLValue, at position: Int) throws {
        switch value {
        case .null: try bindNull(at: position)
        case .integer(let number): try bind(number, at: position)
        case .real(let number): try bind(number, at: position)
        case .text(let text): try bind(text, at: position)
        case .blob(let bytes): try bytes.withUnsafeBufferPointer { try bind(blob: $0, at: position) }
        }
    }

    /// Binds all parameters.
    ///
    /// - Throws: `DatabaseError.invalidSQL` where there are more or fewer values than parameters.
    public func bind(_ values: [SQLValue]) throws {
        guard values.count == parameterCount else {
            throw DatabaseError.invalidSQL(
                "the statement has \(parameterCount) parameters and was given \(values.count) values")
        }
        for (position, value) in values.enumerated() { try bind(value, at: position) }
    }

    public func forEachRow(integers columns: Int, _ body: (UnsafeBufferPointer<Int64>) throws -> Void) throws {
        defer { reset() }
        try withUnsafeTemporaryAllocation(of: Int64.self, capacity: columns) { row in
            while try step() {
                for column in 0..<columns { row.initializeElement(at: column, to: integer(at: column)) }
                try body(UnsafeBufferPointer(row))
            }
        }
    }

    /// Runs the statement to its end and passes over any rows.
    public func run() throws {
        while try step() {}
    }
}
