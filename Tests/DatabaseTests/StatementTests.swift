import Database
import StoreKit
import Testing

@Suite("Statements and rows, on every store", .everyStore)
struct StatementTests {
    let database = Result { try TestStore.database() }

    @Test("every kind of value comes back as it was stored")
    func roundTrip() throws {
        let columns: [(type: String, values: [SQLValue])] = [
            ("BIGINT", [.null, .integer(.min), .integer(.max), .integer(0)]),
            (
                "DOUBLE PRECISION",
                [.null, .real(-0.1), .real(.leastNonzeroMagnitude), .real(.greatestFiniteMagnitude), .real(.infinity)]
            ),
            ("TEXT", [.null, .text(""), .text("发热门诊🏥'\"\\\n")]),
            ("BLOB", [.null, .blob([]), .blob([0, 255]), .blob(Array(0...255))]),
        ]
        for (type, values) in columns {
            let stored = try database.get().writeBlocking { transaction in
                let type = type == "BLOB" ? transaction.dialect.blob : type
                try transaction.execute("CREATE TABLE t (n BIGINT PRIMARY KEY, v \(type))")
                for (n, value) in values.enumerated() {
                    try transaction.execute("INSERT INTO t VALUES (?, ?)", [SQLValue(n), value])
                }
                defer { _ = try? transaction.execute("DROP TABLE t") }
                return try transaction.rows("SELECT v FROM t ORDER BY n").map { $0.values[0] }
            }
            #expect(stored == values)
        }
    }

    @Test("a text with NUL comes back whole or is refused, and is never cut off")
    func nul() throws {
        let text = SQLValue.text("发热\u{0}门诊")
        do {
            let stored = try database.get().writeBlocking { transaction in
                try transaction.execute("CREATE TABLE t (v TEXT)")
                try transaction.execute("INSERT INTO t VALUES (?)", [text])
                return try transaction.firstRow("SELECT v FROM t")?.values
            }
            #expect(stored == [text])
        } catch DatabaseError.encoding {}
    }

    @Test("bytes of a buffer become text, an empty buffer becomes empty text and not null")
    func bulkBinding() throws {
        let line = Array("甲,乙,,丙".utf8)
        let cells = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        let stored = try database.get().writeBlocking { transaction in
            try transaction.execute("CREATE TABLE cell (v TEXT)")
            let insert = try transaction.statement("INSERT INTO cell VALUES (?)")
            for cell in cells {
                try cell.withUnsafeBufferPointer { try insert.bind(text: $0, at: 0) }
                try insert.run()
            }
            try insert.bind(text: UnsafeBufferPointer(start: nil, count: 0), at: 0)
            try insert.run()
            return try transaction.rows("SELECT v FROM cell").map { row -> String? in try row["V"] }
        }
        #expect(stored == ["甲", "乙", "", "丙", ""])
    }

    @Test("a hot loop reads columns in place")
    func columnsInPlace() throws {
        let sum = try database.get().writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (n INTEGER, name TEXT)")
            for n in 1...100 {
                try transaction.execute("INSERT INTO t VALUES (?, ?)", [.integer(Int64(n)), .text("第\(n)")])
            }
            let select = try transaction.statement("SELECT n, name, NULL FROM t")
            var sum = (number: 0, bytes: 0)
            while try select.step() {
                #expect(select.isNull(at: 2) && select.text(at: 2) == "")
                sum.number += Int(select.integer(at: 0))
                sum.bytes += select.withBytes(at: 1) { $0.count }
            }
            return sum
        }
        #expect(sum.number == 5050)
        #expect(sum.bytes == 100 * 3 + 9 + 90 * 2 + 3)
    }

    @Test("reading a column as what it is not names the column and both kinds, not the value")
    func unexpectedValue() throws {
        let row = try database.get().readBlocking { try $0.firstRow("SELECT '张三' AS name, NULL AS age") }
        let found = try #require(row)
        #expect(throws: DatabaseError.unexpectedValue(column: "name", expected: "an integer", found: "text")) {
            let _: Int = try found["name"]
        }
        #expect(throws: DatabaseError.unexpectedValue(column: "age", expected: "an integer", found: "null")) {
            let _: Int = try found["age"]
        }
        #expect(throws: DatabaseError.noSuchColumn("sex", known: ["name", "age"])) { let _: String = try found["sex"] }
        let age: Int? = try found["age"]
        #expect(age == nil)
    }

    @Test("SQL that does not parse, holds two statements or lacks a value is refused")
    func invalidSQL() throws {
        try database.get().writeBlocking { transaction in
            #expect {
                try transaction.savepoint { try transaction.execute("SELECT FROM WHERE") }
            } throws: { error in
                if case DatabaseError.invalidSQL(let words) = error { words.contains("syntax error") } else { false }
            }
            #expect(throws: DatabaseError.invalidSQL("more than one statement at a time")) {
                try transaction.execute("SELECT 1; SELECT 2")
            }
            #expect(throws: DatabaseError.invalidSQL("an empty statement")) { try transaction.execute(" ; ") }
            #expect(throws: DatabaseError.self) { try transaction.execute("SELECT ?", []) }
            #expect(throws: Never.self) { try transaction.execute("SELECT 1;\n") }
        }
    }

    @Test("the same query can run inside the loop over its own rows")
    func nestedUse() throws {
        let pairs = try database.get().writeBlocking { transaction in
            try transaction.execute("CREATE TABLE t (n INTEGER)")
            for n in 1...3 { try transaction.execute("INSERT INTO t VALUES (?)", [.integer(Int64(n))]) }
            var pairs = 0
            try transaction.forEachRow("SELECT n FROM t") { _ in
                try transaction.forEachRow("SELECT n FROM t") { _ in pairs += 1 }
            }
            return pairs
        }
        #expect(pairs == 9)
    }

    @Test("constraints are told apart")
    func constraints() throws {
        let database = try database.get()
        try database.writeBlocking { transaction in
            try transaction.execute(
                "CREATE TABLE parent (id TEXT PRIMARY KEY, n INTEGER CHECK (n > 0), m TEXT NOT NULL)")
            try transaction.execute("CREATE TABLE child (parent TEXT REFERENCES parent)")
            try transaction.execute("INSERT INTO parent VALUES ('a', 1, 'x')")
        }
        let cases: [(String, DatabaseError.Constraint)] = [
            ("INSERT INTO parent VALUES ('a', 1, 'x')", .unique), ("INSERT INTO parent VALUES ('b', 0, 'x')", .check),
            ("INSERT INTO parent VALUES ('b', 1, NULL)", .notNull), ("INSERT INTO child VALUES ('z')", .foreignKey),
        ]
        for (sql, expected) in cases {
            do {
                try database.writeBlocking { try $0.execute(sql) }
                Issue.record("\(sql) went through")
            } catch DatabaseError.constraint(let kind, _) {
                #expect(kind == expected, "\(sql)")
            }
        }
    }
}
