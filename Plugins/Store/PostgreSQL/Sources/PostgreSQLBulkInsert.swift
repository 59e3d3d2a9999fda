import CPQ
import Database

/// Rows that are kept in the form in which `COPY … FROM STDIN (FORMAT binary)` takes them, and sent a megabyte at a time.
///
/// Source: PostgreSQL 15, COPY, "Binary Format".
final class PostgreSQLBulkInsert: BulkInsert {
    private unowned let connection: PostgreSQLConnection
    private let sql: String
    private let types: [Oid]
    let columnNames: [String] = []
    /// Where each column's value begins in `row` and how long it is; nil for null.
    private var places: [Range<Int>?]
    private var row: [UInt8] = []
    private var rows: [UInt8] = []

    private static let mostBytes = 1 << 20

    init(_ connection: PostgreSQLConnection, _ table: String, _ columns: [String]) throws {
        self.connection = connection
        let list = columns.joined(separator: ", ")
        guard
            let described = try connection.statement("SELECT \(list) FROM \(table) LIMIT 0") as? PostgreSQLStatement
        else { throw DatabaseError.invalidSQL("no rows can be sent to \(table)") }
        types = described.columnTypes
        sql = try PostgreSQLText("COPY \(table) (\(list)) FROM STDIN (FORMAT binary)").sql
        places = Array(repeating: nil, count: columns.count)
    }

    var parameterCount: Int { places.count }

    func bindNull(at position: Int) throws { places[position] = nil }

    func bind(_ number: Int64, at position: Int) throws {
        switch types[position] {
        case PostgreSQLType.int8: put(UInt64(bitPattern: number), at: position)
        case PostgreSQLType.float8: put(Double(number).bitPattern, at: position)
        default: try bind(String(number), at: position)
        }
    }

    func bind(_ number: Double, at position: Int) throws {
        switch types[position] {
        case _ where number.isNaN: places[position] = nil
        case PostgreSQLType.float8: put(number.bitPattern, at: position)
        case PostgreSQLType.int8:
            guard let whole = Int64(exactly: number) else {
                throw DatabaseError.invalidSQL("a number with a fraction is given where the table has integers")
            }
            put(UInt64(bitPattern: whole), at: position)
        default: try bind(String(number), at: position)
        }
    }

    func bind(text: UnsafeBufferPointer<UInt8>, at position: Int) throws {
        guard PostgreSQLType.isText(types[position]) else {
            throw DatabaseError.invalidSQL("text is given where the table has none")
        }
        if text.contains(0) { throw DatabaseError.encoding(detail: "NUL in a text") }
        put(text, at: position)
    }

    func bind(borrowedText text: UnsafeBufferPointer<UInt8>, at position: Int) throws {
        try bind(text: text, at: position)
    }

    func bind(blob: UnsafeBufferPointer<UInt8>, at position: Int) throws {
        guard types[position] == PostgreSQLType.bytea else {
            throw DatabaseError.invalidSQL("bytes are given where the table has none")
        }
        put(blob, at: position)
    }

    func clearBindings() throws {
        for position in places.indices { places[position] = nil }
        row.removeAll(keepingCapacity: true)
    }

    private func put(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) {
        let start = row.count
        row.append(contentsOf: bytes)
        places[position] = start..<row.count
    }

    private func put(_ bits: UInt64, at position: Int) {
        withUnsafeBytes(of: bits.bigEndian) { bytes in
            put(bytes.bindMemory(to: UInt8.self), at: position)
        }
    }

    /// Keeps the row that is bound; its bindings stay.
    func step() throws -> Bool {
        append(UInt16(places.count))
        row.withUnsafeBufferPointer { row in
            for place in places {
                guard let place else {
                    append(UInt32.max)
                    continue
                }
                append(UInt32(place.count))
                rows.append(contentsOf: UnsafeBufferPointer(rebasing: row[place]))
            }
        }
        if row.count > 1 << 16 { compact() }
        if rows.count > Self.mostBytes { try flush() }
        return false
    }

    /// Drops what has been bound anew since.
    private func compact() {
        let old = row
        row.removeAll(keepingCapacity: true)
        for (position, place) in places.enumerated() {
            guard let place else { continue }
            let start = row.count
            row.append(contentsOf: old[place])
            places[position] = start..<row.count
        }
    }

    private func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { rows.append(contentsOf: $0) }
    }

    func flush() throws {
        guard !rows.isEmpty else { return }
        // Signature, flags, no extension; then the rows; then an end.
        let head: [UInt8] =
            [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
        try connection.copy(sql, [head, rows, [0xFF, 0xFF]])
        rows.removeAll(keepingCapacity: true)
    }

    func reset() {}
    func isNull(at column: Int) -> Bool { true }
    func integer(at column: Int) -> Int64 { 0 }
    func real(at column: Int) -> Double { 0 }
    func text(at column: Int) -> String { "" }
    func value(at column: Int) -> SQLValue { .null }
    func withBytes<T>(at column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
        try body(UnsafeBufferPointer(start: nil, count: 0))
    }
}
