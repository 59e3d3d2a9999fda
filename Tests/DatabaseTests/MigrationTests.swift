import Database
import StoreKit
import Testing

@Suite("Migrations, on every store", .everyStore)
struct MigrationTests {
    let folder = Result { try TemporaryFolder() }
    static let first = Migration(id: "accounts-1", statements: ["CREATE TABLE account (name TEXT)"])
    static let second = Migration(
        id: "accounts-2",
        statements: ["ALTER TABLE account ADD COLUMN role TEXT", "INSERT INTO account VALUES ('demo', 'x')"])
    static let other = Migration(id: "intake-1", statements: ["CREATE TABLE submission (id TEXT)"])

    private func open() throws -> any SQLDatabase { try TestStore.database(at: folder.get().file("test.sqlite")) }

    @Test("each is applied once, and a room's later one after those of other rooms")
    func once() throws {
        try open().migrate([Self.first, Self.other])
        try open().migrate([Self.first, Self.second, Self.other])
        try open().migrate([Self.first, Self.second, Self.other])
        let roles = try open().readBlocking {
            try $0.rows("SELECT role FROM account").map { row -> String in try row[0] }
        }
        #expect(roles == ["x"])
    }

    @Test("a database that a later version has changed is refused and left as it was")
    func newer() throws {
        try open().migrate([Self.first, Self.other])
        #expect(throws: DatabaseError.newerThanProgram(unknown: ["intake-1"])) {
            try open().migrate([Self.first, Self.second])
        }
        #expect(throws: Never.self) { try open().migrate([Self.first, Self.other]) }
    }

    @Test("one that fails names itself, leaves nothing behind, and can be tried again")
    func failing() throws {
        let broken = Migration(
            id: "accounts-2", statements: ["CREATE TABLE role (id TEXT)", "CREATE TABLE account (name TEXT)"])
        do {
            try open().migrate([Self.first, broken])
            Issue.record("the migration went through")
        } catch DatabaseError.migrationFailed(let id, let reason) {
            #expect(id == "accounts-2")
            #expect(reason.contains("already exists"))
        }
        try open().migrate([Self.first, Migration(id: "accounts-2", statements: ["CREATE TABLE role (id TEXT)"])])
    }
}
