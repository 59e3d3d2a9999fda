import Glibc

/// A database in one file of the local disk, by SQLite: one writer, several readers, every commit durable before it returns.
///
/// Beside the file lie its write-ahead log and index (`-wal`, `-shm`); the three are one. Not for network file systems.
public final class SQLiteDatabase: SQLDatabase {
    private let writer: ConnectionPool<SQLiteConnection>
    private let readers: ConnectionPool<SQLiteConnection>
    private let checkpoints: Checkpoints?
    private let writeBehind: WriteBehind?

    /// What a database's connections are set to.
    public struct Profile: Sendable {
        public var writerCacheBytes = 2 << 20
        public var readerCacheBytes = 2 << 20
        /// For large transactions: what is committed is copied from the log into the database on a thread of its own, so that no transaction waits
        /// for it, and the disk begins to write before the commit.
        public var checkpointsApart = false

        public init() {}

        public static let standard = Profile()
    }
    private let path: String
    private let state: DatabaseState

    /// Opens the database, and creates it, readable by its owner alone, where there is none. Its folder must exist.
    ///
    /// - Parameters:
    ///   - readers: how many may read at once.
    ///   - busyTimeoutMilliseconds: how long to wait for another process that writes.
    /// - Throws: `DatabaseError.cannotOpen`, `.notADatabase`, `.corrupt`, `.readOnly`.
    public init(
        path: String, readers: Int = 4, busyTimeoutMilliseconds: Int = 10_000, profile: Profile = .standard
    ) throws {
        try SQLiteDatabase.createFile(path)
        let opened = try (0...max(1, readers)).map { number in
            try SQLiteConnection(
                path: path, isReader: number > 0, busyTimeoutMilliseconds: busyTimeoutMilliseconds, profile: profile)
        }
        let copier =
            profile.checkpointsApart
            ? try SQLiteConnection(
                path: path, isReader: false, busyTimeoutMilliseconds: busyTimeoutMilliseconds, profile: profile) : nil
        // The first look at the schema opens the log; from then on the three files must stay where they are.
        _ = try opened[0].snapshot { try $0.firstRow("SELECT count(*) FROM sqlite_schema") }
        let state = DatabaseState(files: ["", "-wal", "-shm"].map { path + $0 })
        for connection in opened { connection.onDamage = { state.note($0) } }
        let connections = opened.enumerated().map { number, connection in
            ConnectionPool.Lent(
                connection, label: number == 0 ? "database.writer" : "database.reader.\(number)")
        }
        writer = ConnectionPool([connections[0]])
        self.readers = ConnectionPool(Array(connections[1...]))
        checkpoints = copier.map { connection in
            connection.onDamage = { state.note($0) }
            return Checkpoints(connection)
        }
        writeBehind = copier.map { _ in WriteBehind(log: path + "-wal") }
        self.path = path
        self.state = state
    }

    /// Checks that the database is still the one that was opened, and that no error has shown damage since. Costs three looks at the disk's names.
    ///
    /// What is found stays: a damaged database is put right with the program stopped.
    ///
    /// - Throws: `DatabaseError.replaced`, `.corrupt`, `.notADatabase`.
    public func requireWhole() throws { try state.requireWhole() }

    /// Reads the whole database and notes what is wrong, as `requireWhole` then says; see `Connection.checkIntegrity`.
    public func checkIntegrity() async throws {
        let path = path
        do {
            try await readers.use { _ in
                // A connection of its own: the others answer from what they remember of the file.
                let fresh = try SQLiteConnection(path: path, isReader: true, busyTimeoutMilliseconds: 1000)
                try fresh.snapshot { try $0.checkIntegrity(path: path) }
            }
        } catch let error as DatabaseError where error.isDamage {
            state.note(error)
            throw error
        }
    }

    private init(inMemory connection: SQLiteConnection) {
        path = ":memory:"
        state = DatabaseState(files: [])
        writer = ConnectionPool([ConnectionPool.Lent(connection, label: "database.memory")])
        readers = writer
        checkpoints = nil
        writeBehind = nil
    }

    /// A database that is gone with its last user. It has a single connection, so a `read` within a `write` waits for itself forever.
    public static func inMemory() throws -> SQLiteDatabase {
        SQLiteDatabase(inMemory: try SQLiteConnection(path: ":memory:", isReader: false, busyTimeoutMilliseconds: 0))
    }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await readers.use { connection in try connection.snapshot { try body($0) } }
    }

    @discardableResult
    public func write<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await writer.use { [self] connection in try committed(connection) { try body($0) } }
    }

    public func readBlocking<T>(_ body: (any Connection) throws -> T) throws -> T {
        try readers.useBlocking { connection in try connection.snapshot { try body($0) } }
    }

    @discardableResult
    public func writeBlocking<T>(_ body: (any Transaction) throws -> T) throws -> T {
        try writer.useBlocking { connection in try committed(connection) { try body($0) } }
    }

    private func committed<T>(_ connection: SQLiteConnection, _ body: (SQLiteConnection) throws -> T) throws -> T {
        guard let checkpoints, let writeBehind else { return try connection.transaction(body) }
        if let cause = checkpoints.poison { throw DatabaseError.writerPoisoned(cause: cause) }
        if checkpoints.isBehind { _ = try connection.checkpoint() }
        defer { checkpoints.wake() }
        return try writeBehind.during { try connection.transaction(body) }
    }

    /// SQLite would let others read a file that it creates.
    private static func createFile(_ path: String) throws {
        // Closing a file of one's own would also give up the locks that this process's other connections hold on it.
        if access(path, F_OK) == 0 { return }
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw DatabaseError.cannotOpen(path: path, reason: String(cString: strerror(errno))) }
        Glibc.close(file)
    }
}
