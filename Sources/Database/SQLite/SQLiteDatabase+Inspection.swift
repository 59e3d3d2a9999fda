import CSQLite
import Glibc

/// How a database can be looked at without changing a byte of it or beside it.
enum Inspection {
    /// The file has no write-ahead log: it is read as it lies, without locks.
    case file
    /// The log is read with the file, and nobody else works with them.
    case alone
    /// Another connection works with the database; its locks and its index of the log are shared.
    case beside
}

extension SQLiteDatabase {
    /// Reads a database that may be damaged or foreign, and leaves it and what lies beside it as they are, byte by byte.
    ///
    /// Opening a database the usual way creates files, and closing it merges the write-ahead log.
    ///
    /// - Throws: `DatabaseError.cannotOpen` where there is no such file, `.notADatabase`, `.corrupt`, `.readOnly`, and what `body` throws.
    public static func inspect<T>(path: String, _ body: (any Connection) throws -> T) throws -> T {
        if size(path + "-wal") == 0 { return try inspect(path: path, .file, body) }
        do {
            return try inspect(path: path, .alone, body)
        } catch DatabaseError.locked {
            return try inspect(path: path, .beside, body)
        }
    }

    private static func inspect<T>(
        path: String, _ inspection: Inspection, _ body: (any Connection) throws -> T
    ) throws -> T {
        let wait = if case .beside = inspection { 10_000 } else { 0 }
        let connection = try SQLiteConnection(path: path, use: .inspection(inspection), busyTimeoutMilliseconds: wait)
        return try connection.snapshot { try body($0) }
    }

    /// Bytes of a file; 0 where there is none.
    public static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}

extension Connection {
    /// Reads every page and checks that tables and indexes hold together.
    ///
    /// Takes about a second for a gigabyte that the system has in memory. What stands in single cells is not checked.
    ///
    /// - Throws: `DatabaseError.corrupt` with the first fault.
    public func checkIntegrity(path: String) throws {
        let answer: String? = try first("PRAGMA quick_check(1)")
        guard answer == "ok" else {
            throw DatabaseError.corrupt(path: path, detail: answer ?? "it does not answer")
        }
    }
}
