import CSQLite
import Synchronization

/// One connection of SQLite, used by one thread at a time; `ConnectionPool` sees to that.
final class SQLiteConnection: Transaction {
    let handle: OpaquePointer
    let path: String
    private var statements: [String: SQLiteStatement] = [:]
    /// Whether BEGIN has been run and neither COMMIT nor ROLLBACK since.
    private var isInTransaction = false
    /// Why nothing may be written any more, where that is so.
    private(set) var poison: String?

    /// More than a program's distinct statements; only generated SQL can fill it.
    private static let maximumStatements = 500

    /// Told of every error that says that the database itself is damaged or gone.
    var onDamage: (@Sendable (DatabaseError) -> Void)?

    /// What a connection is opened for.
    enum Use {
        case writer
        case reader
        /// A look that leaves the database and the files beside it as they are.
        case inspection(Inspection)
    }

    convenience init(
        path: String, isReader: Bool, busyTimeoutMilliseconds: Int, profile: SQLiteDatabase.Profile = .standard
    ) throws {
        try self.init(
            path: path, use: isReader ? .reader : .writer, busyTimeoutMilliseconds: busyTimeoutMilliseconds,
            profile: profile)
    }

    init(
        path: String, use: Use, busyTimeoutMilliseconds: Int, profile: SQLiteDatabase.Profile = .standard
    ) throws {
        self.path = path
        _ = SQLiteConnection.isPrepared
        var opened: OpaquePointer?
        var name = path
        // Without SQLite's own mutexes: the pool never lets two threads in.
        var flags = SQLITE_OPEN_NOMUTEX
        switch use {
        case .writer, .reader: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        case .inspection(.alone): flags |= SQLITE_OPEN_READWRITE
        case .inspection(.beside): flags |= SQLITE_OPEN_READWRITE
        case .inspection(.file):
            flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            name = "file:\(Self.escaped(path))?immutable=1"
        }
        let code = sqlite3_open_v2(name, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let reason = String(cString: sqlite3_errstr(code))
            sqlite3_close_v2(opened)
            throw DatabaseError.cannotOpen(path: path, reason: reason)
        }
        handle = opened
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, Int32(clamping: busyTimeoutMilliseconds))
        do {
            switch use {
            case .writer: try configure(isReader: false, profile)
            case .reader: try configure(isReader: true, profile)
            case .inspection(let inspection): try configure(inspection)
            }
        } catch {
            close()
            throw error
        }
    }

    /// Set once, before the first connection of the process. SQLite works without it, only slower: where something else has opened one
    /// before, it stays as it is.
    private static let isPrepared = vedette_sqlite3_count_no_memory() == SQLITE_OK

    private func configure(isReader: Bool, _ profile: SQLiteDatabase.Profile) throws {
        try execute("PRAGMA journal_mode = WAL")
        // NORMAL lost acknowledged commits when the power was cut; FULL lost none.
        try execute("PRAGMA synchronous = FULL")
        try execute("PRAGMA foreign_keys = ON")
        try execute("PRAGMA temp_store = MEMORY")
        try execute("PRAGMA trusted_schema = OFF")
        // After a large transaction the log gives its space back.
        try execute("PRAGMA journal_size_limit = 67108864")
        try execute("PRAGMA cache_size = -\((isReader ? profile.readerCacheBytes : profile.writerCacheBytes) >> 10)")
        if profile.checkpointsApart { try execute("PRAGMA wal_autocheckpoint = 0") }
        if isReader { try execute("PRAGMA query_only = ON") }
    }

    private func configure(_ inspection: Inspection) throws {
        guard vedette_sqlite3_keep_log(handle) == SQLITE_OK else { throw error(SQLITE_ERROR) }
        // Before the first look at the log: then its index is kept in memory and not in a file.
        // Source: sqlite.org/wal.html, "Use of WAL Without Shared-Memory".
        if case .alone = inspection { try execute("PRAGMA locking_mode = EXCLUSIVE") }
        try execute("PRAGMA query_only = ON")
        try execute("PRAGMA temp_store = MEMORY")
        try execute("PRAGMA trusted_schema = OFF")
    }

    private static func escaped(_ path: String) -> String {
        path.utf8.reduce(into: "") { text, byte in
            let isPlain =
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "/._-".utf8.contains(byte)
            let digits = String(byte, radix: 16, uppercase: true)
            text += isPlain ? String(UnicodeScalar(byte)) : "%" + (digits.count < 2 ? "0" : "") + digits
        }
    }

    private var isClosed = false

    private func close() {
        guard !isClosed else { return }
        isClosed = true
        statements = [:]
        sqlite3_close_v2(handle)
    }

    deinit { close() }

    // MARK: Connection

    func statement(_ sql: String) throws -> any Statement { try prepared(sql) }

    var dialect: SQLDialect { .sqlite }

    func tableNames() throws -> Set<String> {
        Set(try rows("SELECT name FROM sqlite_schema WHERE type = 'table'").map { try $0[0] as String })
    }

    var changedRows: Int { Int(sqlite3_changes64(handle)) }

    /// Told every statement that is prepared, for the test that holds them to the portable profile.
    static let observer = Mutex<(@Sendable (String) -> Void)?>(nil)

    private func prepared(_ sql: String) throws -> SQLiteStatement {
        if let statement = statements[sql], !statement.isBusy { return statement }
        SQLiteConnection.observer.withLock { $0?(sql) }
        let statement = try SQLiteStatement(sql, connection: self)
        // One that is amid its rows keeps its place, and the new one is used once.
        if statements[sql] == nil {
            if statements.count >= SQLiteConnection.maximumStatements {
                statements = statements.filter { $0.value.isBusy }
            }
            statements[sql] = statement
        }
        // The columns of `SELECT *` are other ones from now on.
        if sql.hasPrefix("ALTER") { statements = statements.filter { $0.value.isBusy } }
        return statement
    }

    /// Copies what has been committed from the log into the database, as far as no reader needs it.
    ///
    /// - Returns: how many pages the log holds.
    func checkpoint() throws -> Int {
        var (inLog, copied): (Int32, Int32) = (0, 0)
        let code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, &inLog, &copied)
        guard code == SQLITE_OK || code == SQLITE_BUSY else { throw error(code) }
        return Int(max(0, inLog))
    }

    // MARK: Transactions

    /// SQLite ends a transaction by itself on some errors (disk full, memory); what followed would be committed piece by piece.
    var hasLostTransaction: Bool { isInTransaction && sqlite3_get_autocommit(handle) != 0 }

    /// Runs `body` on one state of the database.
    func snapshot<T>(_ body: (SQLiteConnection) throws -> T) throws -> T {
        try execute("BEGIN DEFERRED")
        isInTransaction = true
        defer { rollback() }
        return try body(self)
    }

    /// Runs `body` and commits, or takes everything back.
    func transaction<T>(_ body: (SQLiteConnection) throws -> T) throws -> T {
        if let poison { throw DatabaseError.writerPoisoned(cause: poison) }
        try execute("BEGIN IMMEDIATE")
        isInTransaction = true
        let result: T
        do {
            result = try body(self)
        } catch {
            rollback()
            throw error
        }
        try commit()
        return result
    }

    private func commit() throws {
        resetStatements()
        do {
            try execute("COMMIT")
            isInTransaction = false
        } catch {
            rollback()
            if let poison { throw DatabaseError.writerPoisoned(cause: poison) }
            switch error {
            // Nothing was written, or what was written was taken back: the writer is whole.
            case DatabaseError.constraint, DatabaseError.locked, DatabaseError.diskFull, DatabaseError.transactionLost:
                throw error
            default:
                poison = "\(error)"
                throw DatabaseError.writerPoisoned(cause: "\(error)")
            }
        }
    }

    private func rollback() {
        resetStatements()
        isInTransaction = false
        guard sqlite3_get_autocommit(handle) == 0 else { return }
        do {
            try execute("ROLLBACK")
        } catch {
            poison = poison ?? "a rollback failed: \(error)"
        }
    }

    /// A statement left amid its rows would keep the transaction open.
    private func resetStatements() {
        var next = sqlite3_next_stmt(handle, nil)
        while let statement = next {
            if sqlite3_stmt_busy(statement) != 0 { sqlite3_reset(statement) }
            next = sqlite3_next_stmt(handle, statement)
        }
    }

    // MARK: Errors

    /// The typed error for a result code of the last call. A failed sync poisons the writer whoever catches the error.
    func error(_ code: Int32) -> DatabaseError {
        let extended = sqlite3_extended_errcode(handle) & 0xFF == code & 0xFF ? sqlite3_extended_errcode(handle) : code
        let detail = String(cString: sqlite3_errmsg(handle))
        if extended == SQLITE_IOERR | (4 << 8) || extended == SQLITE_IOERR | (5 << 8) {  // IOERR_FSYNC, IOERR_DIR_FSYNC
            poison = poison ?? "fsync failed: \(detail)"
        }
        let error = DatabaseError(sqlite: extended, path: path, detail: detail)
        if error.isDamage { onDamage?(error) }
        return error
    }
}

extension DatabaseError {
    /// Source: sqlite.org/rescode.html, "Primary Result Code List" and "Extended Result Code List".
    init(sqlite code: Int32, path: String, detail: String) {
        self =
            switch code & 0xFF {
            case SQLITE_ERROR, SQLITE_MISUSE, SQLITE_RANGE, SQLITE_MISMATCH: .invalidSQL(detail)
            case SQLITE_BUSY, SQLITE_LOCKED: .locked(path: path)
            case SQLITE_NOMEM: .outOfMemory
            case SQLITE_READONLY, SQLITE_PERM: .readOnly(path: path)
            case SQLITE_IOERR: .inputOutput(path: path, detail: "\(detail), code \(code)")
            case SQLITE_CORRUPT: .corrupt(path: path, detail: detail)
            case SQLITE_FULL: .diskFull(path: path)
            case SQLITE_CANTOPEN: .cannotOpen(path: path, reason: detail)
            case SQLITE_NOTADB: .notADatabase(path: path)
            case SQLITE_CONSTRAINT: .constraint(Constraint(sqlite: code >> 8), detail: detail)
            default: .other(code: Int(code), detail: detail)
            }
    }
}

extension DatabaseError.Constraint {
    /// From the second byte of an extended result code.
    fileprivate init(sqlite number: Int32) {
        self =
            switch number {
            case 1: .check
            case 3: .foreignKey
            case 5: .notNull
            case 6, 8, 10: .unique
            default: .other
            }
    }
}
