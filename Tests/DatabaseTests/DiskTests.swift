import Database
import Foundation
import Testing

/// What the disk can do to a database. The test puts a device in the place of the open write-ahead log: `/dev/full` has no
/// space, and `/dev/null` takes writes and cannot be synced.
@Suite("A disk that fails")
struct DiskTests {
    let folder = Result { try TemporaryFolder() }

    private func database(_ name: String) throws -> (SQLiteDatabase, path: String) {
        let path = try folder.get().file(name)
        let database = try SQLiteDatabase(path: path)
        try database.migrate([Migration(id: "test-1", statements: ["CREATE TABLE t (name TEXT)"])])
        try database.writeBlocking { try $0.execute("INSERT INTO t VALUES ('kept')") }
        return (database, path)
    }

    /// Puts `device` in the place of the log wherever this process has it open; returns what puts it back.
    private func replaceLog(of path: String, by device: String) throws -> () -> Void {
        var replaced: [(descriptor: Int32, original: Int32)] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            guard let descriptor = Int32(name),
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")) == path + "-wal"
            else { continue }
            let other = open(device, O_RDWR)
            replaced.append((descriptor, dup(descriptor)))
            dup2(other, descriptor)
            close(other)
        }
        try #require(!replaced.isEmpty)
        return {
            for (descriptor, original) in replaced {
                dup2(original, descriptor)
                close(original)
            }
        }
    }

    private func names(_ database: SQLiteDatabase) throws -> [String] {
        try database.readBlocking { try $0.rows("SELECT name FROM t").map { row in try row[0] } }
    }

    @Test("a commit that cannot be synced poisons the writer for good, and readers go on")
    func failedSync() throws {
        let (database, path) = try database("sync.sqlite")
        let putBack = try replaceLog(of: path, by: "/dev/null")
        do {
            try database.writeBlocking { try $0.execute("INSERT INTO t VALUES ('never acknowledged')") }
            Issue.record("a commit was acknowledged that was not durable")
        } catch DatabaseError.writerPoisoned(let cause) {
            #expect(cause.contains("fsync"))
        }
        putBack()
        for _ in 0..<2 {
            #expect {
                try database.writeBlocking { try $0.execute("INSERT INTO t VALUES ('later')") }
            } throws: { error in
                guard case DatabaseError.writerPoisoned = error else { return false }
                return true
            }
        }
        #expect(try names(database) == ["kept"])
    }

    @Test("a full disk fails the transaction alone: the writer goes on when there is space")
    func full() throws {
        let (database, path) = try database("full.sqlite")
        let putBack = try replaceLog(of: path, by: "/dev/full")
        #expect(throws: DatabaseError.diskFull(path: path)) {
            try database.writeBlocking { try $0.execute("INSERT INTO t VALUES ('too much')") }
        }
        putBack()
        try database.writeBlocking { try $0.execute("INSERT INTO t VALUES ('fits again')") }
        #expect(try names(database) == ["kept", "fits again"])
        #expect(try names(SQLiteDatabase(path: path)) == ["kept", "fits again"])
    }
}
