import Database
import Foundation
import StoreKit
import Testing

/// What every driver promises.
@Suite("A database, on every store", .everyStore)
struct DatabaseContractTests {
    let folder = Result { try TemporaryFolder() }
    struct Refused: Error {}

    private func open() throws -> any SQLDatabase { try TestStore.database(at: folder.get().file("test.sqlite")) }

    private func names(_ database: any SQLDatabase) throws -> [String] {
        try database.readBlocking { try $0.rows("SELECT name FROM t ORDER BY name").map { row in try row[0] } }
    }

    @Test("a transaction that throws leaves nothing behind")
    func rollback() throws {
        let database = try open()
        try database.writeBlocking { try $0.execute("CREATE TABLE t (name TEXT)") }
        #expect(throws: Refused.self) {
            try database.writeBlocking { transaction in
                try transaction.execute("INSERT INTO t VALUES ('a')")
                throw Refused()
            }
        }
        #expect(try names(database).isEmpty)
        try database.writeBlocking { try $0.execute("INSERT INTO t VALUES ('b')") }
        #expect(try names(database) == ["b"])
    }

    @Test("a part of a transaction can fail alone")
    func savepoint() throws {
        let database = try open()
        try database.writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (name TEXT)")
            try transaction.execute("INSERT INTO t VALUES ('stays')")
            try? transaction.savepoint {
                try transaction.execute("INSERT INTO t VALUES ('goes')")
                throw Refused()
            }
        }
        #expect(try names(database) == ["stays"])
    }

    @Test("a reader sees one state although the writer goes on, and does not wait for it")
    func snapshot() throws {
        let database = try open()
        try database.writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (name TEXT)")
            try transaction.execute("INSERT INTO t VALUES ('a')")
        }
        let counts = try database.readBlocking { connection in
            let before: Int? = try connection.first("SELECT count(*) FROM t")
            try database.writeBlocking { try $0.execute("INSERT INTO t VALUES ('b')") }
            let after: Int? = try connection.first("SELECT count(*) FROM t")
            return [before, after]
        }
        #expect(counts == [1, 1])
        #expect(try names(database) == ["a", "b"])
    }

    @Test("a read cannot write")
    func readOnlyReads() throws {
        let database = try open()
        #expect(throws: DatabaseError.self) {
            try database.readBlocking { try $0.execute("CREATE TABLE t (name TEXT)") }
        }
    }

    @Test("hundreds of tasks that write and read lose nothing and finish")
    func concurrency() async throws {
        let database = try open()
        try await database.write { try $0.execute("CREATE TABLE counter (n INTEGER)") }
        try await database.write { try $0.execute("INSERT INTO counter VALUES (0)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    try await database.write { transaction in
                        let n: Int? = try transaction.first("SELECT n FROM counter")
                        try transaction.execute("UPDATE counter SET n = ?", [SQLValue((n ?? 0) + 1)])
                    }
                    _ = try await database.read { try $0.firstRow("SELECT n FROM counter") }
                }
            }
            try await group.waitForAll()
        }
        let n: Int? = try await database.read { try $0.first("SELECT n FROM counter") }
        #expect(n == 200)
    }

    @Test("a transaction that was ended inside is not continued piece by piece")
    func transactionLost() throws {
        let database = try open()
        try database.writeBlocking { try $0.execute("CREATE TABLE t (name TEXT)") }
        #expect(throws: DatabaseError.transactionLost) {
            try database.writeBlocking { transaction in
                try transaction.execute("INSERT INTO t VALUES ('a')")
                try transaction.execute("ROLLBACK")
                try transaction.execute("INSERT INTO t VALUES ('b')")
            }
        }
        #expect(try names(database).isEmpty)
        try database.writeBlocking { try $0.execute("INSERT INTO t VALUES ('c')") }
        #expect(try names(database) == ["c"])
    }

    @Test("a broken foreign key at commit takes the transaction back and leaves the writer whole")
    func deferredConstraint() throws {
        let database = try open()
        try database.writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (name TEXT PRIMARY KEY)")
            try transaction.execute("CREATE TABLE child (t TEXT REFERENCES t DEFERRABLE INITIALLY DEFERRED)")
        }
        #expect {
            try database.writeBlocking { try $0.execute("INSERT INTO child VALUES ('nobody')") }
        } throws: { error in
            if case DatabaseError.constraint(.foreignKey, _) = error { true } else { false }
        }
        try database.writeBlocking { try $0.execute("INSERT INTO t VALUES ('a')") }
        #expect(try names(database) == ["a"])
    }

    @Test("the store that is tried is the one that is meant")
    func store() throws {
        let blob = try open().readBlocking { $0.dialect.blob }
        #expect(blob == (TestStore.current == .postgresql ? "BYTEA" : "BLOB"))
    }

    @Test("what was committed is there for the next program")
    func reopening() throws {
        try open().writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (name TEXT)")
            try transaction.execute("INSERT INTO t VALUES ('a')")
        }
        #expect(try names(open()) == ["a"])
    }

    @Test(
        "a part that fails in an SQL error is taken back and the rest of the transaction stands, also one part within another"
    )
    func errorInsidePart() throws {
        let database = try open()
        try database.writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (name TEXT PRIMARY KEY)")
            try transaction.savepoint {
                try transaction.execute("INSERT INTO t VALUES ('a')")
                #expect(throws: DatabaseError.self) {
                    try transaction.savepoint { try transaction.execute("INSERT INTO t VALUES ('a')") }
                }
                try transaction.execute("INSERT INTO t VALUES ('b')")
            }
        }
        #expect(try names(database) == ["a", "b"])
    }

    @Test("text is ordered byte by byte, capitals before small letters and Latin before Chinese, whatever the locale")
    func order() throws {
        let database = try open()
        let words = ["B", "a", "b", "É", "e", "发热", "乙"]
        try database.writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (name TEXT PRIMARY KEY)")
            for word in words { try transaction.execute("INSERT INTO t VALUES (?)", [.text(word)]) }
        }
        #expect(try names(database) == words.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
        let after: [String] = try database.readBlocking { connection in
            try connection.rows("SELECT name FROM t WHERE name > ? ORDER BY name", ["b"]).map { row in try row[0] }
        }
        #expect(after == ["e", "É", "乙", "发热"])
    }

    @Test("a column that is added is there for a query that was prepared before")
    func addedColumn() throws {
        let database = try open()
        try database.writeBlocking { try $0.execute("CREATE TABLE t (name TEXT)") }
        let columns = { try database.readBlocking { try $0.statement("SELECT * FROM t LIMIT 0").columnNames } }
        #expect(try columns() == ["name"])
        try database.writeBlocking { transaction in
            try transaction.execute("INSERT INTO t VALUES ('a')")
            #expect(try transaction.rows("SELECT * FROM t").count == 1)
            try transaction.execute("ALTER TABLE t ADD COLUMN age BIGINT")
            #expect(try transaction.rows("SELECT * FROM t").first?.columnNames == ["name", "age"])
        }
        let rows = try database.writeBlocking { try $0.rows("SELECT * FROM t") }
        #expect(rows.first?.columnNames == ["name", "age"])
    }

    @Test("names longer than any engine's limit find their tables, and tables that differ in their last letter are two")
    func longNames() throws {
        let name = "influenza_surveillance_" + String(repeating: "by_field_", count: 6)
        let database = try open()
        let counts = try database.writeBlocking { transaction in
            for (end, rows) in [("a", 1), ("b", 2)] {
                try transaction.execute("CREATE TABLE IF NOT EXISTS \"\(name)\(end)\" (\"\(name)\(end)\" BIGINT)")
                for row in 0..<rows {
                    try transaction.execute("INSERT INTO \"\(name)\(end)\" VALUES (?)", [SQLValue(row)])
                }
            }
            let columns = try transaction.statement("SELECT \"\(name)a\" FROM \"\(name)a\"").columnNames
            #expect(columns == [name + "a"])
            return try ["a", "b"].map { end -> Int? in
                try transaction.first("SELECT count(*) FROM \"\(name)\(end)\"")
            }
        }
        #expect(counts == [1, 2])
    }

    @Test("sums, averages and flags come back as numbers of the kinds that every store has")
    func expressions() throws {
        let row = try open().writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (n BIGINT, r DOUBLE PRECISION)")
            for n in [Int64.max / 2, 1, -5] {
                try transaction.execute("INSERT INTO t VALUES (?, ?)", [.integer(n), .real(0.5)])
            }
            return try transaction.firstRow("SELECT sum(n), count(*), max(n), sum(r), coalesce(sum(n - n), 0) FROM t")
        }
        #expect(row?.values == [.integer(Int64.max / 2 - 4), 3, .integer(.max / 2), .real(1.5), 0])
    }
}
