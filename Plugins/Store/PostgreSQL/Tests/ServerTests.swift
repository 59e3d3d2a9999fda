import Database
import Foundation
import StoreKit
import Testing

@testable import PostgreSQLStore

/// Only where a server can be started: `TestStore.available` says why it cannot.
@Suite("PostgreSQL: what only a server does", .enabled(if: TestStore.available.contains(.postgresql)))
struct ServerTests {
    private func settings(
        _ server: PostgreSQLServer, user: String = "vedette", database: String = "postgres", schema: String,
        writers: Int = 1
    ) throws -> PostgreSQLSettings {
        var settings = try PostgreSQLSettings(
            connection: server.connection(user: user, database: database), schema: schema)
        settings.readers = 2
        settings.writers = writers
        return settings
    }

    private func open(schema: String, writers: Int = 1) throws -> PostgreSQLDatabase {
        try PostgreSQLDatabase(settings(PostgreSQLServer.shared.get(), schema: schema, writers: writers))
    }

    @Test("writers side by side lose nothing: who came second runs again")
    func concurrency() async throws {
        let database = try open(schema: "concurrency", writers: 4)
        try await database.write { transaction in
            try transaction.execute("CREATE TABLE counter (n BIGINT)")
            try transaction.execute("INSERT INTO counter VALUES (0)")
            try transaction.execute("CREATE TABLE numbered (n BIGINT PRIMARY KEY)")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    try await database.write { transaction in
                        let n: Int? = try transaction.first("SELECT n FROM counter")
                        try transaction.execute("UPDATE counter SET n = ?", [SQLValue((n ?? 0) + 1)])
                    }
                }
                // A number that is read and then given out, without a row that both change.
                group.addTask {
                    try await database.write { transaction in
                        let n: Int? = try transaction.first("SELECT n FROM numbered ORDER BY n DESC LIMIT 1")
                        try transaction.execute("INSERT INTO numbered VALUES (?)", [SQLValue((n ?? 0) + 1)])
                    }
                }
            }
            try await group.waitForAll()
        }
        let counts = try database.readBlocking { connection in
            [
                try connection.first("SELECT n FROM counter") as Int?,
                try connection.first("SELECT count(*) FROM numbered"),
            ]
        }
        #expect(counts == [60, 60])
    }

    @Test("a deadlock ends for one of the two, and both are done in the end")
    func deadlock() async throws {
        let database = try open(schema: "deadlock", writers: 2)
        try database.writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (name TEXT PRIMARY KEY, n BIGINT)")
            try transaction.execute("INSERT INTO t VALUES ('a', 0), ('b', 0)")
        }
        let meeting = Meeting(of: 2)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for names in [["a", "b"], ["b", "a"]] {
                group.addTask {
                    try await database.write { transaction in
                        try transaction.execute("UPDATE t SET n = n + 1 WHERE name = ?", [.text(names[0])])
                        meeting.arrive()
                        try transaction.execute("UPDATE t SET n = n + 1 WHERE name = ?", [.text(names[1])])
                    }
                }
            }
            try await group.waitForAll()
        }
        let sum: Int? = try database.readBlocking { try $0.first("SELECT sum(n) FROM t") }
        #expect(sum == 4)
    }

    @Test("another writer in the way of a transaction that is not run again is told as that")
    func serialization() throws {
        let database = try open(schema: "serialization", writers: 2)
        try database.writeBlocking { try $0.execute("CREATE TABLE t (n BIGINT)") }
        try database.writeBlocking { try $0.execute("INSERT INTO t VALUES (0)") }
        #expect {
            try database.writeBlocking { transaction in
                _ = try transaction.firstRow("SELECT n FROM t")
                try database.writeBlocking { try $0.execute("UPDATE t SET n = 1") }
                try transaction.execute("UPDATE t SET n = 2")
            }
        } throws: { error in
            if case DatabaseError.serialization = error { true } else { false }
        }
        let n: Int? = try database.readBlocking { try $0.first("SELECT n FROM t") }
        #expect(n == 1)
        try database.writeBlockingAgain { try $0.execute("UPDATE t SET n = 3") }
    }

    @Test(
        "a server that is killed amid a transaction keeps what it acknowledged and nothing else, and work goes on when it is back"
    )
    func killed() async throws {
        let server = try PostgreSQLServer()
        defer { server.stop() }
        let database = try PostgreSQLDatabase(settings(server, schema: "killed"))
        try await database.write { try $0.execute("CREATE TABLE t (name TEXT)") }
        try await database.write { try $0.execute("INSERT INTO t VALUES ('acknowledged')") }
        #expect {
            try database.writeBlocking { transaction in
                try transaction.execute("INSERT INTO t VALUES ('never acknowledged')")
                server.kill()
                try transaction.execute("INSERT INTO t VALUES ('never sent')")
            }
        } throws: { error in
            if case DatabaseError.connectionLost = error { true } else { false }
        }
        await #expect {
            try await database.read { try $0.rows("SELECT name FROM t") }
        } throws: { error in
            if case DatabaseError.connectionLost = error { true } else { false }
        }
        try server.start()
        let names = {
            try await database.read { try $0.rows("SELECT name FROM t").map { row in try row[0] as String } }
        }
        #expect(try await names() == ["acknowledged"])
        try await database.write { try $0.execute("INSERT INTO t VALUES ('afterwards')") }
        #expect(try await names() == ["acknowledged", "afterwards"])
    }

    @Test(
        "a file system with no room for a table is told as a full disk; nothing of that transaction is kept, and with room again it goes on",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/prlimit"), "needs prlimit (util-linux)"))
    func fullDisk() throws {
        let database = try open(schema: "fulldisk")
        try database.writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (name TEXT)")
            try transaction.execute("INSERT INTO t VALUES ('acknowledged')")
        }
        /// How large files of a process of the server may become, in bytes: above 16 MB, which a segment of its log takes. The server runs
        /// the command, as the user that may.
        func limit(_ process: Int, _ bytes: String, _ transaction: any Transaction) throws {
            try transaction.execute(
                "COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; prlimit --pid \(process) --fsize=\(bytes)'")
        }
        var process = 0
        #expect {
            try database.writeBlocking { transaction in
                process = try #require(try transaction.first("SELECT pg_backend_pid()") as Int?)
                // A block of 8 KB that fits in part: the server gets to write less than it asked for, as on a full disk.
                try limit(process, "\(17 * 1_048_576 + 1_024):unlimited", transaction)
                try transaction.execute(
                    "INSERT INTO t SELECT repeat('x', 1900) FROM generate_series(1, 12000)")
            }
        } throws: { error in
            if case DatabaseError.diskFull = error { true } else { false }
        }
        try database.writeBlocking { try limit(process, "unlimited", $0) }
        let count = { try database.readBlocking { try $0.first("SELECT count(*) FROM t") as Int? } }
        #expect(try count() == 1)
        try database.writeBlocking { try $0.execute("INSERT INTO t VALUES ('afterwards')") }
        #expect(try count() == 2)
    }

    @Test("a connection that the server ended while it was idle is made anew without a word")
    func ended() async throws {
        let database = try open(schema: "ended")
        try await database.write { try $0.execute("CREATE TABLE t (name TEXT)") }
        let other = try open(schema: "ended")
        try other.writeBlocking { transaction in
            _ = try transaction.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'vedette' AND query LIKE '%'"
            )
        }
        try await database.write { try $0.execute("INSERT INTO t VALUES ('a')") }
        let count: Int? = try await database.read { try $0.first("SELECT count(*) FROM t") }
        #expect(count == 1)
    }

    @Test(
        "an account without rights, a wrong password, a database that is not there or has another encoding: each is said"
    )
    func refusals() throws {
        let server = try PostgreSQLServer.shared.get()
        let admin = try open(schema: "refusals")
        try admin.writeBlocking { transaction in
            for role in ["powerless", "refused"] { try transaction.execute("CREATE ROLE \(role) LOGIN") }
            try transaction.execute("CREATE ROLE secretive LOGIN PASSWORD 'pear sock 7'")
            try transaction.execute("GRANT CREATE ON DATABASE postgres TO secretive")
        }
        try server.createDatabase("latin", encoding: "LATIN1")

        func error(_ settings: PostgreSQLSettings) throws -> DatabaseError? {
            do {
                _ = try PostgreSQLDatabase(settings)
                return nil
            } catch let error as DatabaseError { return error }
        }
        for user in ["powerless", "refused", "secretive", "nobody_at_all"] {
            let found = try error(settings(server, user: user, schema: "own"))
            guard case .permission? = found else {
                Issue.record("\(user): \(found.map { "\($0)" } ?? "went through")")
                continue
            }
        }
        guard case .cannotOpen? = try error(settings(server, database: "none", schema: "own")) else {
            Issue.record("a database that is not there was opened")
            return
        }
        guard case .encoding? = try error(settings(server, database: "latin", schema: "own")) else {
            Issue.record("a database in LATIN1 was opened")
            return
        }
        let away = try PostgreSQLSettings(connection: "host=/nowhere dbname=d user=u", schema: "own")
        guard case .connectionLost? = try error(away) else {
            Issue.record("a server that is not there was reached")
            return
        }

        // With the right password, from a file of its owner's.
        let path = NSTemporaryDirectory() + "vedette-password-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = FileManager.default.createFile(
            atPath: path, contents: Data("pear sock 7\n".utf8), attributes: [.posixPermissions: 0o600])
        let known = try PostgreSQLSettings(
            connection: server.connection(user: "secretive"), passwordFile: path, schema: "own")
        #expect(try error(known) == nil)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: DatabaseError.self) {
            try PostgreSQLSettings(connection: server.connection(user: "secretive"), passwordFile: path)
        }
    }

    @Test("a password is in no description, dump or error, however the connection string is written")
    func masked() throws {
        let password = "Pear%20Sock7"
        for text in [
            "host=/nowhere user=u dbname=d password=\(password)", "postgresql://u:\(password)@%2Fnowhere/d",
            "postgresql://u:\(password)@[broken/d", "host=x password='\(password)", "password=\(password) nonsense",
        ] {
            var shown = ""
            do {
                let settings = try PostgreSQLSettings(connection: text)
                shown += "\(settings) \(String(reflecting: settings))"
                dump(settings, to: &shown)
                _ = try PostgreSQLDatabase(settings)
            } catch {
                shown += "\(error) \(String(reflecting: error))"
                dump(error, to: &shown)
            }
            #expect(!shown.contains("Sock7"), "\(shown)")
        }
        #expect(!((try? String(contentsOfFile: "/proc/self/cmdline", encoding: .utf8)) ?? "").contains("Sock7"))
    }

    @Test("a server that could forget what it acknowledged is refused")
    func notDurable() throws {
        let server = try PostgreSQLServer(settings: ["fsync=off"])
        defer { server.stop() }
        #expect {
            try PostgreSQLDatabase(settings(server, schema: "s"))
        } throws: { error in
            if case DatabaseError.notDurable(_, "fsync = off") = error { true } else { false }
        }
    }

    @Test("rows are read one by one, and a query amid them does not disturb them")
    func streaming() throws {
        let database = try open(schema: "streaming")
        let seen = try database.writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (n BIGINT PRIMARY KEY)")
            try transaction.execute("INSERT INTO t SELECT x FROM generate_series(1, 5000) AS x")
            var seen: [Int64] = []
            let select = try transaction.statement("SELECT n FROM t ORDER BY n")
            while try select.step() {
                seen.append(select.integer(at: 0))
                if seen.count == 10 { #expect(try transaction.first("SELECT count(*) FROM t") == Int64(5000)) }
            }
            return seen
        }
        #expect(seen == Array(1...5000))
    }

    /// Where tasks wait until all have come; later comers go on at once.
    private final class Meeting: Sendable {
        private let condition = NSCondition()
        nonisolated(unsafe) private var missing: Int

        init(of count: Int) { missing = count }

        func arrive() {
            condition.withLock {
                missing -= 1
                condition.broadcast()
                while missing > 0 { condition.wait() }
            }
        }
    }
}
