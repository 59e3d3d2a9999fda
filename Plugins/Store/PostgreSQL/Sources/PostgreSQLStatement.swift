import CPQ
import Database

/// A statement that the server has prepared. Its rows come one by one; where another statement wants the connection, the rest is read into
/// memory first.
final class PostgreSQLStatement: Statement {
    private let known: PostgreSQLConnection.Prepared
    private unowned let connection: PostgreSQLConnection
    private var bindings: [Binding]

    private enum Binding {
        case null
        case integer(Int64)
        case real(Double)
        case text([UInt8])
        case blob([UInt8])
        case borrowed(UnsafeBufferPointer<UInt8>)
        case array([Int64])
    }

    private enum Progress {
        case ready
        /// Rows still come from the server.
        case reading
        /// The rest has been read; the place of the next.
        case kept([PostgreSQLResult], next: Int)
    }

    private var progress = Progress.ready
    private var row: PostgreSQLResult?
    /// What ended the rows while they were read ahead; told when they are reached.
    private var failure: DatabaseError?

    init(_ known: PostgreSQLConnection.Prepared, _ connection: PostgreSQLConnection) {
        self.known = known
        self.connection = connection
        bindings = Array(repeating: .null, count: known.text.parameterCount)
    }

    deinit { reset() }

    var parameterCount: Int { bindings.count }
    var columnNames: [String] { known.columnNames }
    var columnTypes: [Oid] { known.columnTypes }

    /// Whether the statement is amid its rows.
    var isBusy: Bool {
        switch progress {
        case .ready: false
        case .reading, .kept: true
        }
    }

    // MARK: Parameters

    func bindNull(at position: Int) throws { try set(.null, at: position) }
    func bind(_ number: Int64, at position: Int) throws { try set(.integer(number), at: position) }
    func bind(_ number: Double, at position: Int) throws { try set(number.isNaN ? .null : .real(number), at: position) }
    func bind(text: UnsafeBufferPointer<UInt8>, at position: Int) throws { try set(.text(Array(text)), at: position) }
    func bind(borrowedText text: UnsafeBufferPointer<UInt8>, at position: Int) throws {
        try set(.borrowed(text), at: position)
    }
    func bind(blob: UnsafeBufferPointer<UInt8>, at position: Int) throws { try set(.blob(Array(blob)), at: position) }
    func bind(array: [Int64], at position: Int) throws { try set(.array(array), at: position) }
    func clearBindings() throws { for position in bindings.indices { bindings[position] = .null } }

    private func set(_ binding: Binding, at position: Int) throws {
        guard bindings.indices.contains(position) else {
            throw DatabaseError.invalidSQL("no parameter \(position + 1); there are \(bindings.count)")
        }
        bindings[position] = binding
    }

    // MARK: Rows

    func step() throws -> Bool {
        if case .ready = progress { try send() }
        do {
            return try next()
        } catch {
            reset()
            throw error
        }
    }

    /// Reads all rows at once, which costs less than one by one where they are many and few bytes each, and hands them over.
    func forEachRowAtOnce(_ body: (any Statement) throws -> Void) throws {
        try send(oneByOne: false)
        defer { reset() }
        while let result = PQgetResult(connection.handle) {
            guard PQresultStatus(result) == PGRES_TUPLES_OK else {
                defer { PQclear(result) }
                throw connection.error(result)
            }
            row = PostgreSQLResult(result)
        }
        connection.active = nil
        progress = .kept([], next: 0)
        guard let row else { return }
        for number in 0..<row.count {
            row.number = number
            try body(self)
        }
    }

    func reset() {
        if case .reading = progress {
            while let result = PQgetResult(connection.handle) { PQclear(result) }
            if connection.active === self { connection.active = nil }
        }
        progress = .ready
        row = nil
        failure = nil
    }

    private func next() throws -> Bool {
        switch progress {
        case .ready: return false
        case .reading:
            if let row = try read() {
                self.row = row
                return true
            }
            connection.active = nil
            reset()
            return false
        case .kept(let rows, let next):
            guard next < rows.count else {
                if let failure { throw failure }
                reset()
                return false
            }
            row = rows[next]
            progress = .kept(rows, next: next + 1)
            return true
        }
    }

    /// The next row that the server sends; nil after the last.
    private func read() throws -> PostgreSQLResult? {
        while let result = PQgetResult(connection.handle) {
            switch PQresultStatus(result) {
            case PGRES_SINGLE_TUPLE: return PostgreSQLResult(result)
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
                let rows = PQcmdTuples(result).flatMap { Int(String(cString: $0)) }
                connection.note(known.text, changed: known.text.verb == "SELECT" ? nil : rows)
                PQclear(result)
            default:
                defer { PQclear(result) }
                throw connection.error(result)
            }
        }
        return nil
    }

    /// Reads what still comes into memory.
    func keepRest() {
        guard case .reading = progress else { return }
        var rows: [PostgreSQLResult] = []
        do {
            while let row = try read() { rows.append(row) }
        } catch let error as DatabaseError {
            failure = error
            while let result = PQgetResult(connection.handle) { PQclear(result) }
        } catch {}
        progress = .kept(rows, next: 0)
    }

    private func send(oneByOne: Bool = true) throws {
        try connection.requireTransaction()
        connection.settle()
        let values = try encoded()
        let isSent = values.withPointers { pointers, lengths, formats -> Int32 in
            let count = Int32(pointers.count)
            return known.name.isEmpty
                ? PQsendQueryParams(connection.handle, known.text.sql, count, nil, pointers, lengths, formats, 1)
                : PQsendQueryPrepared(connection.handle, known.name, count, pointers, lengths, formats, 1)
        }
        guard isSent == 1 else { throw connection.error(nil) }
        if oneByOne, !known.columnNames.isEmpty { PQsetSingleRowMode(connection.handle) }
        progress = .reading
        connection.active = self
    }

    private func encoded() throws -> PostgreSQLValues {
        var values = PostgreSQLValues(count: bindings.count)
        for (position, binding) in bindings.enumerated() {
            let type = position < known.parameterTypes.count ? known.parameterTypes[position] : 0
            switch binding {
            case .null: values.appendNull()
            case .integer(let number): try values.append(number, type)
            case .real(let number): try values.append(number, type)
            case .text(let bytes): try bytes.withUnsafeBufferPointer { try values.append(text: $0, type) }
            case .array(let numbers): values.append(numbers)
            case .borrowed(let bytes): try values.append(text: bytes, type)
            case .blob(let bytes): try bytes.withUnsafeBufferPointer { try values.append(blob: $0, type) }
            }
        }
        return values
    }

    // MARK: Columns

    func isNull(at column: Int) -> Bool { row?.isNull(column) ?? true }

    func integer(at column: Int) -> Int64 {
        switch value(at: column) {
        case .integer(let number): number
        case .real(let number): Int64(exactly: number.rounded(.towardZero)) ?? 0
        default: 0
        }
    }

    func real(at column: Int) -> Double {
        switch value(at: column) {
        case .integer(let number): Double(number)
        case .real(let number): number
        default: 0
        }
    }

    func text(at column: Int) -> String {
        switch value(at: column) {
        case .text(let text): text
        case .integer(let number): String(number)
        case .real(let number): String(number)
        default: ""
        }
    }

    func value(at column: Int) -> SQLValue {
        guard let row, known.columnTypes.indices.contains(column) else { return .null }
        return row.value(column, type: known.columnTypes[column])
    }

    func withBytes<T>(at column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
        guard let row, !row.isNull(column) else { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
        return try body(row.bytes(column))
    }
}
