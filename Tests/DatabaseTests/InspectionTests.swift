import Database
import Foundation
import Testing

@Suite("A database that is damaged, foreign or taken away")
struct InspectionTests {
    let folder = Result { try TemporaryFolder() }

    private func make(_ name: String, rows: Int = 400) throws -> String {
        let path = try folder.get().file(name)
        let database = try SQLiteDatabase(path: path)
        try database.writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (name TEXT PRIMARY KEY)")
            for number in 0..<rows {
                try transaction.execute(
                    "INSERT INTO t VALUES (?)", [.text("\(number) " + String(repeating: "x", count: 90))])
            }
        }
        return path
    }

    private func count(_ path: String) throws -> Int? {
        try SQLiteDatabase.inspect(path: path) { connection in
            try connection.checkIntegrity(path: path)
            return try connection.first("SELECT count(*) FROM t")
        }
    }

    /// The names and bytes of what lies at and beside a database.
    private func files(_ path: String) -> [Data?] {
        ["", "-wal", "-shm", "-journal"].map { FileManager.default.contents(atPath: path + $0) }
    }

    @Test("a look reads what was committed and changes nothing: at rest, beside a server, and after a crash")
    func leavesNothing() throws {
        let path = try make("rest.sqlite")
        let atRest = files(path)
        #expect(atRest[1] == nil && atRest[2] == nil)
        #expect(try count(path) == 400)
        #expect(files(path) == atRest)

        let server = try SQLiteDatabase(path: path)
        try server.writeBlocking { try $0.execute("INSERT INTO t VALUES ('in the log alone')") }
        #expect(try count(path) == 401)
        // What a killed server leaves: the files, and nobody who has them open.
        let crashed = try folder.get().file("crashed.sqlite")
        for suffix in ["", "-wal", "-shm"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: crashed + suffix)
        }
        let before = files(crashed)
        #expect(try count(crashed) == 401)
        #expect(files(crashed) == before)
        withExtendedLifetime(server) {}
    }

    @Test("a look at nothing makes nothing")
    func missing() throws {
        let path = try folder.get().file("none.sqlite")
        #expect(throws: DatabaseError.self) { try count(path) }
        #expect(files(path) == [nil, nil, nil, nil])
    }

    @Test("what is no database, and what is damaged, is said to be")
    func damaged() throws {
        let other = try folder.get().file("other.sqlite")
        try Data(String(repeating: "姓名,张三\n", count: 900).utf8).write(to: URL(fileURLWithPath: other))
        #expect(throws: DatabaseError.notADatabase(path: other)) { try count(other) }

        for harm in ["pages", "half"] {
            let path = try make("\(harm).sqlite")
            var bytes = try #require(FileManager.default.contents(atPath: path))
            if harm == "pages" {
                for place in stride(from: 4096, to: bytes.count, by: 4096) { bytes[place] ^= 0xFF }
            } else {
                bytes = bytes.prefix(bytes.count / 2)
            }
            try bytes.write(to: URL(fileURLWithPath: path))
            let error = try #require(throws: DatabaseError.self) { try count(path) }
            #expect(error.isDamage, "\(error)")
        }
    }

    @Test(
        "a database whose file or log is taken away or replaced says so from then on", arguments: ["", "-wal", "-shm"])
    func replaced(suffix: String) throws {
        let path = try make("gone.sqlite")
        let database = try SQLiteDatabase(path: path)
        try database.requireWhole()
        try database.writeBlocking { try $0.execute("INSERT INTO t VALUES ('a')") }
        try database.requireWhole()
        let aside = path + suffix + ".aside"
        try FileManager.default.moveItem(atPath: path + suffix, toPath: aside)
        #expect(throws: DatabaseError.replaced(path: path + suffix)) { try database.requireWhole() }
        try FileManager.default.moveItem(atPath: aside, toPath: path + suffix)
        #expect(throws: DatabaseError.replaced(path: path + suffix)) { try database.requireWhole() }
    }

    @Test("damage that any query meets is remembered")
    func remembered() async throws {
        let path = try make("met.sqlite", rows: 4000)
        let size = SQLiteDatabase.size(path)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        for place in stride(from: 8192, to: size, by: 4096) {
            try file.seek(toOffset: UInt64(place))
            try file.write(contentsOf: [0xFF])
        }
        try file.close()
        let database = try SQLiteDatabase(path: path)
        try database.requireWhole()
        #expect(throws: DatabaseError.self) { try database.readBlocking { try $0.rows("SELECT * FROM t") } }
        #expect(throws: DatabaseError.self) { try database.requireWhole() }
        await #expect(throws: DatabaseError.self) { try await database.checkIntegrity() }
    }
}
