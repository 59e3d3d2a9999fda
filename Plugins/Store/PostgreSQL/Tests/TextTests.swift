import Database
import Testing

@testable import PostgreSQLStore

@Suite("PostgreSQL: the portable statements as the server takes them")
struct TextTests {
    @Test(
        "parameters are numbered outside of quotes and comments, and nowhere else",
        arguments: [
            (
                "SELECT a FROM t WHERE b = ? AND c = '?' AND d = ?",
                "SELECT a FROM t WHERE b = $1 AND c = '?' AND d = $2"
            ),
            (#"SELECT "a?" FROM t -- why?"# + "\nWHERE b = ?", #"SELECT "a?" FROM t -- why?"# + "\nWHERE b = $1"),
            ("SELECT 'it''s ?', ?", "SELECT 'it''s ?', $1"), ("SELECT /* ? */ ?", "SELECT /* ? */ $1"),
            ("SELECT 1;\n", "SELECT 1\n"),
        ])
    func parameters(portable: String, expected: String) throws {
        let text = try PostgreSQLText(portable)
        #expect(text.sql == expected)
    }

    @Test("numbers are eight bytes wide and text is compared byte by byte, and names of columns stay names")
    func types() throws {
        let text = try PostgreSQLText(
            "CREATE TABLE t (text TEXT NOT NULL, n INTEGER, r REAL, b BLOB, CHECK (n IN (1)))")
        #expect(
            text.sql
                == #"CREATE TABLE t (text TEXT COLLATE "C" NOT NULL, n BIGINT, r DOUBLE PRECISION, b BYTEA, CHECK (n IN (1)))"#
        )
        #expect(
            try PostgreSQLText("ALTER TABLE t ADD COLUMN text TEXT").sql
                == #"ALTER TABLE t ADD COLUMN text TEXT COLLATE "C""#)
        #expect(try PostgreSQLText("SELECT text FROM t").sql == "SELECT text FROM t")
    }

    @Test("names of more than 63 bytes are shortened, each to its own, and shorter ones stay")
    func names() throws {
        let long = "program_with_a_long_name_by_" + String(repeating: "field_", count: 8)
        let (first, second) = (PostgreSQLText.shortened(long + "a"), PostgreSQLText.shortened(long + "b"))
        #expect(first.utf8.count <= 63 && second.utf8.count <= 63 && first != second)
        #expect(first == PostgreSQLText.shortened(long + "a"))
        let chinese = String(repeating: "发热", count: 12)
        #expect(PostgreSQLText.shortened(chinese).utf8.count <= 63)
        #expect(PostgreSQLText.shortened("a_name") == "a_name")
        let text = try PostgreSQLText("SELECT a FROM \"\(long)a\"")
        #expect(text.sql == "SELECT a FROM \"\(first)\"")
        #expect(text.longNames == [first: long + "a"])
    }

    @Test("an empty statement and two at once are refused")
    func refused() {
        for sql in ["", " ; ", "-- nothing", "SELECT 1; SELECT 2"] {
            #expect(throws: DatabaseError.self) { try PostgreSQLText(sql) }
        }
    }

    @Test(
        "errors are told apart, and none quotes a value",
        arguments: [
            ("23505", DatabaseError.constraint(.unique, detail: "table person")),
            ("40001", .serialization(detail: "SQLSTATE 40001")),
            ("40P01", .serialization(detail: "SQLSTATE 40P01")), ("53100", .diskFull(path: "s")),
            ("57P01", .connectionLost(server: "s", detail: "张三")), ("53300", .tooManyConnections(server: "s")),
            ("57014", .timedOut(server: "s")), ("22P02", .other(code: 0, detail: "table person")),
            ("25P02", .transactionLost), ("22021", .encoding(detail: "SQLSTATE 22021")),
        ])
    func errors(state: String, expected: DatabaseError) {
        let error = DatabaseError(sqlState: state, words: "张三", place: "table person", server: "s")
        #expect(error == expected)
    }

    @Test("a server of version 12 is refused, one of 13 is not")
    func version() throws {
        #expect(throws: DatabaseError.versionTooOld(server: "s", version: "12.22", needed: "13")) {
            try PostgreSQLLine.requireVersion(120_022, server: "s")
        }
        try PostgreSQLLine.requireVersion(130_000, server: "s")
    }
}
