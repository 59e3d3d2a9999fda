import CSQLite

/// Tells SQLite to copy what it is given: `SQLITE_TRANSIENT`, a macro that Swift does not import.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// A prepared statement of SQLite. The connection outlives it; the pointer is its own and is freed with it.
final class SQLiteStatement: Statement {
    private let handle: OpaquePointer
    private unowned let connection: SQLiteConnection
    let parameterCount: Int
    let columnNames: [String]

    /// - Throws: `DatabaseError.invalidSQL` where the text is empty, does not parse or goes on after the first statement.
    init(_ sql: String, connection: SQLiteConnection) throws {
        self.connection = connection
        var sql = sql
        handle = try sql.withUTF8 { text throws -> OpaquePointer in
            try text.withMemoryRebound(to: CChar.self) { text throws -> OpaquePointer in
                var handle: OpaquePointer?
                var rest: UnsafePointer<CChar>?
                let code = sqlite3_prepare_v3(
                    connection.handle, text.baseAddress, Int32(text.count), UInt32(SQLITE_PREPARE_PERSISTENT), &handle,
                    &rest)
                guard code == SQLITE_OK else { throw connection.error(code) }
                guard let handle else { throw DatabaseError.invalidSQL("an empty statement") }
                if let start = text.baseAddress, let rest, text[(rest - start)...].contains(where: { !isBlank($0) }) {
                    sqlite3_finalize(handle)
                    throw DatabaseError.invalidSQL("more than one statement at a time")
                }
                return handle
            }
        }
        parameterCount = Int(sqlite3_bind_parameter_count(handle))
        columnNames = (0..<sqlite3_column_count(handle)).map { [handle] column in
            sqlite3_column_name(handle, column).map { String(cString: $0) } ?? ""
        }
    }

    deinit { sqlite3_finalize(handle) }

    /// Whether the statement is amid its rows.
    var isBusy: Bool { sqlite3_stmt_busy(handle) != 0 }

    // MARK: Parameters

    func bindNull(at position: Int) throws { try check(sqlite3_bind_null(handle, Int32(position) + 1)) }

    func bind(_ number: Int64, at position: Int) throws {
        try check(sqlite3_bind_int64(handle, Int32(position) + 1, number))
    }

    func bind(_ number: Double, at position: Int) throws {
        try check(sqlite3_bind_double(handle, Int32(position) + 1, number))
    }

    func bind(text: UnsafeBufferPointer<UInt8>, at position: Int) throws {
        // An empty buffer may have no address, and SQLite takes that for null.
        guard let start = text.baseAddress, !text.isEmpty else {
            return try check(sqlite3_bind_text(handle, Int32(position) + 1, "", 0, copied))
        }
        try check(
            start.withMemoryRebound(to: CChar.self, capacity: text.count) {
                sqlite3_bind_text64(
                    handle, Int32(position) + 1, $0, UInt64(text.count), copied, UInt8(SQLITE_UTF8))
            })
    }

    func bind(borrowedText text: UnsafeBufferPointer<UInt8>, at position: Int) throws {
        guard let start = text.baseAddress, !text.isEmpty else { return try bind(text: text, at: position) }
        // No destructor: SQLITE_STATIC.
        try check(
            start.withMemoryRebound(to: CChar.self, capacity: text.count) {
                sqlite3_bind_text64(
                    handle, Int32(position) + 1, $0, UInt64(text.count), nil, UInt8(SQLITE_UTF8))
            })
    }

    func clearBindings() throws { try check(sqlite3_clear_bindings(handle)) }

    func bind(blob: UnsafeBufferPointer<UInt8>, at position: Int) throws {
        guard let start = blob.baseAddress, !blob.isEmpty else {
            return try check(sqlite3_bind_zeroblob(handle, Int32(position) + 1, 0))
        }
        try check(sqlite3_bind_blob64(handle, Int32(position) + 1, start, UInt64(blob.count), copied))
    }

    private func check(_ code: Int32) throws {
        if code != SQLITE_OK { throw connection.error(code) }
    }

    // MARK: Rows

    func step() throws -> Bool { try step(connection) }

    @inline(__always)
    private func step(_ connection: SQLiteConnection) throws -> Bool {
        if connection.hasLostTransaction { throw DatabaseError.transactionLost }
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        case let code:
            let error = connection.error(code)
            sqlite3_reset(handle)
            throw error
        }
    }

    func reset() { sqlite3_reset(handle) }

    func forEachRow(integers columns: Int, _ body: (UnsafeBufferPointer<Int64>) throws -> Void) throws {
        defer { reset() }
        // Read once, not once a row.
        let (handle, connection) = (handle, connection)
        try withUnsafeTemporaryAllocation(of: Int64.self, capacity: columns) { row in
            while try step(connection) {
                for column in 0..<columns {
                    row.initializeElement(at: column, to: sqlite3_column_int64(handle, Int32(column)))
                }
                try body(UnsafeBufferPointer(row))
            }
        }
    }

    // MARK: Columns

    func isNull(at column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }

    func integer(at column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

    func real(at column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }

    func text(at column: Int) -> String {
        withBytes(at: column) { String(decoding: $0, as: UTF8.self) }
    }

    func value(at column: Int) -> SQLValue {
        switch sqlite3_column_type(handle, Int32(column)) {
        case SQLITE_INTEGER: .integer(integer(at: column))
        case SQLITE_FLOAT: .real(real(at: column))
        case SQLITE_TEXT: .text(text(at: column))
        case SQLITE_BLOB: .blob(withBytes(at: column) { Array($0) })
        default: .null
        }
    }

    func withBytes<T>(at column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
        // The address first: asking for it may convert the value, and the length is that of the converted one.
        let start = sqlite3_column_blob(handle, Int32(column))
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        guard let start, count > 0 else { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
        return try body(UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: count))
    }
}

private func isBlank(_ character: CChar) -> Bool {
    [UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"), UInt8(ascii: ";")]
        .contains(UInt8(bitPattern: character))
}
