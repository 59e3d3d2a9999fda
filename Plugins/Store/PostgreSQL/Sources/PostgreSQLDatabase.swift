package import Database
import Synchronization

/// A database that a PostgreSQL server keeps, in a schema of its own: several readers and writers, every commit durable before it returns.
///
/// A transaction sees the state at which it began (REPEATABLE READ). Where two change the same row, the later one is run again, or throws
/// `DatabaseError.serialization` where it cannot be. A connection that breaks is made anew at the next use.
package final class PostgreSQLDatabase: SQLDatabase {
    private let readers: ConnectionPool<PostgreSQLLine>
    private let writers: ConnectionPool<PostgreSQLLine>
    private let damage = Mutex<DatabaseError?>(nil)

    /// Connects, looks whether the server can be relied on, and makes the schema where there is none.
    ///
    /// - Throws: `DatabaseError.connectionLost`, `.permission`, `.cannotOpen`, `.versionTooOld`, `.encoding`, `.notDurable`, `.readOnly`.
    package init(_ settings: PostgreSQLSettings) throws {
        func lines(_ count: Int, _ label: String) -> [ConnectionPool<PostgreSQLLine>.Lent] {
            (0..<max(1, count)).map { ConnectionPool.Lent(PostgreSQLLine(settings), label: "\(label).\($0)") }
        }
        let own = lines(settings.writers, "database.writer")
        _ = try own[own.count - 1].connection.ready()
        writers = ConnectionPool(own)
        readers = ConnectionPool(lines(settings.readers, "database.reader"))
    }

    package func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await readers.use { [self] line in
            try again { try line.use { try $0.snapshot { try body($0) } } }
        }
    }

    @discardableResult
    package func write<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await writers.use { [self] line in
            try again { try line.use { try $0.transaction { try body($0) } } }
        }
    }

    package func readBlocking<T>(_ body: (any Connection) throws -> T) throws -> T {
        try readers.useBlocking { line in try noting { try line.use { try $0.snapshot { try body($0) } } } }
    }

    @discardableResult
    package func writeBlocking<T>(_ body: (any Transaction) throws -> T) throws -> T {
        try writers.useBlocking { line in try noting { try line.use { try $0.transaction { try body($0) } } } }
    }

    package func requireWhole() throws { if let error = damage.withLock({ $0 }) { throw error } }

    /// Does nothing: the server checks its own pages as it reads them, where it was made with checksums.
    package func checkIntegrity() async throws { try requireWhole() }

    /// Runs a transaction until nobody is in its way.
    private func again<T>(_ body: () throws -> T) throws -> T {
        var (conflicts, breaks, doubles) = (0, 0, 0)
        while true {
            do {
                return try noting(body)
            } catch DatabaseError.serialization where conflicts < RetryPolicy.mostTries {
                conflicts += 1
            } catch DatabaseError.connectionLost where breaks < 1 {
                // Nothing of it was kept: the commit had not been asked for.
                breaks += 1
            } catch DatabaseError.constraint(.unique, _) where doubles < RetryPolicy.mostTries {
                // Another transaction may have taken the number that this one had seen free. What is a mistake comes again.
                // Source: PostgreSQL 15, 13.5 "Serialization Failure Handling".
                doubles += 1
            }
        }
    }

    private func noting<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch let error as DatabaseError where error.isDamage {
            damage.withLock { $0 = $0 ?? error }
            throw error
        }
    }
}
