import Foundation
import TestKit
import Testing

@Suite("SQL keeps to what every engine has")
struct PortableSourceTests {
    private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources")
    /// The driver itself, and what only ever reads a file of SQLite's.
    private static let excepted = [
        "Database/SQLite/", "Database/SQLDialect.swift", "Database/Connection.swift", "Records/EarlierLineList.swift",
        "CoreRuntime/Folder/KeptDatabase.swift", "vedette-bench/",
    ]
    private static let verbs: Set<String> = [
        "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "WITH", "PRAGMA", "REPLACE", "VACUUM",
        "ATTACH",
    ]

    /// The texts of a source file that are SQL, with `?` for what is put in.
    static func statements(in source: String) -> [String] {
        source.matches(of: #/"""\n(?<block>[\s\S]*?)\n\s*"""|"(?<line>(?:[^"\\\n]|\\.)*)"/#).compactMap { match in
            let text = String(match.output.block ?? match.output.line ?? "")
                .replacing("\\\n", with: " ").replacing(#/\\\((?:[^()]|\([^()]*\))*\)/#, with: "?")
            let first = text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
            return verbs.contains(first) && text.split(whereSeparator: \.isWhitespace).count > 2 ? text : nil
        }
    }

    @Test("in every text of the sources")
    func sources() throws {
        var count = 0
        let files = FileManager.default.enumerator(atPath: Self.sources.path)
        while let name = files?.nextObject() as? String {
            guard name.hasSuffix(".swift"), !Self.excepted.contains(where: name.hasPrefix) else { continue }
            let text = try String(contentsOf: Self.sources.appendingPathComponent(name), encoding: .utf8)
            for statement in Self.statements(in: text) {
                count += 1
                if let refusal = PortableProfile.refusal(of: statement) {
                    Issue.record("\(name): \(refusal): \(statement)")
                }
            }
        }
        #expect(count > 150)
    }

    @Test(
        "what is outside is told",
        arguments: [
            "INSERT OR IGNORE INTO t (a) VALUES (1)", "REPLACE INTO t VALUES (1)", "PRAGMA user_version",
            "SELECT rowid FROM t",
            "INSERT INTO t (a) SELECT max(a) + 1 FROM t", "INSERT INTO t (a) SELECT coalesce(max(a), 0) + 1 FROM t",
            "INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING", "CREATE TABLE t (a INTEGER NOT NULL)",
            "CREATE TABLE t (a DATETIME)", "ALTER TABLE t ADD COLUMN a REAL", "SELECT a FROM t LIMIT 1, 2",
            "SELECT ifnull(a, 0) FROM t", "SELECT name FROM sqlite_master", "SELECT a FROM t WHERE a == 1",
            "CREATE TABLE t (a BIGINT PRIMARY KEY AUTOINCREMENT)",
        ])
    func refused(sql: String) { #expect(PortableProfile.refusal(of: sql) != nil) }

    @Test(
        "what every engine has passes",
        arguments: [
            "INSERT INTO t (a) VALUES (?) ON CONFLICT (a) DO NOTHING", "SELECT max(a), coalesce(b, 0) FROM t",
            "CREATE TABLE t (a BIGINT NOT NULL, b TEXT, c DOUBLE PRECISION, d BLOB, PRIMARY KEY (a, b))",
            "CREATE TABLE t (a INTEGER PRIMARY KEY, b BIGINT) WITHOUT ROWID",
            "SELECT a FROM t WHERE b = 'max(a) + 1' LIMIT ?",
            "CREATE TABLE t (a BIGINT NOT NULL, CHECK (a IN (1, 2)))",
        ])
    func passed(sql: String) { #expect(PortableProfile.refusal(of: sql) == nil) }
}
