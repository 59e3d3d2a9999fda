import Database
import Foundation
import Testing

@Suite("A SQLite database in a file")
struct SQLiteDatabaseTests {
    let folder = Result { try TemporaryFolder() }
    struct Refused: Error {}

    private func open(_ name: String = "test.sqlite", busyTimeoutMilliseconds: Int = 10_000) throws -> SQLiteDatabase {
        try SQLiteDatabase(path: folder.get().file(name), readers: 2, busyTimeoutMilliseconds: busyTimeoutMilliseconds)
    }

    private func names(_ database: SQLiteDatabase) throws -> [String] {
        try database.readBlocking { try $0.rows("SELECT name FROM t ORDER BY name").map { row in try row[0] } }
    }

    @Test("what was committed is there for the next program, in a file for its owner alone")
    func reopening() throws {
        try open().writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (name TEXT)")
            try transaction.execute("INSERT INTO t VALUES ('a')")
        }
        #expect(try names(open()) == ["a"])
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.get().file("test.sqlite"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("commits are synced in full")
    func pragmas() throws {
        let database = try open()
        let settings = try database.writeBlocking { transaction in
            let mode: String? = try transaction.first("PRAGMA journal_mode")
            let synchronous: Int? = try transaction.first("PRAGMA synchronous")
            let foreignKeys: Int? = try transaction.first("PRAGMA foreign_keys")
            return "\(mode ?? "") \(synchronous ?? -1) \(foreignKeys ?? -1)"
        }
        #expect(settings == "wal 2 1")
    }

    @Test("a transaction whose SQL error was passed over commits what stands")
    func statementErrorInside() throws {
        let database = try open()
        try database.writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (name TEXT PRIMARY KEY)")
            try transaction.execute("INSERT INTO t VALUES ('a')")
            #expect(throws: DatabaseError.self) { try transaction.execute("INSERT INTO t VALUES ('a')") }
        }
        #expect(try names(database) == ["a"])
    }

    @Test("another process that holds the database gives a clear answer")
    func locked() throws {
        let first = try open()
        let second = try open(busyTimeoutMilliseconds: 0)
        let path = try folder.get().file("test.sqlite")
        try first.writeBlocking { _ in
            #expect(throws: DatabaseError.locked(path: path)) {
                try second.writeBlocking { try $0.execute("CREATE TABLE u (n)") }
            }
        }
    }

    @Test("a file that is no database, and a folder that is not there, are said to be so")
    func unopenable() throws {
        let path = try folder.get().file("letter.txt")
        try Data(String(repeating: "Dear colleagues, ", count: 300).utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: DatabaseError.notADatabase(path: path)) { try SQLiteDatabase(path: path) }
        let missing = try folder.get().file("none/test.sqlite")
        #expect(throws: DatabaseError.cannotOpen(path: missing, reason: "No such file or directory")) {
            try SQLiteDatabase(path: missing)
        }
    }
}
