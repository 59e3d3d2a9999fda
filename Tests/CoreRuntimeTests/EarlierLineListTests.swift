import Database
import Deidentification
import Foundation
import Intake
import ProgramFiles
import Records
import SurveillanceKit
import Testing
import Validation

@testable import CoreRuntime

@Suite("A data folder of an earlier version")
struct EarlierLineListTests {
    /// Puts the records back as an earlier version kept them: in the other database, one wide table a file type, with SM3 keys.
    private func takeBack(_ test: TestPlatform, adding clear: (column: String, text: String)? = nil) async throws {
        try writeEarlierTables(test)
        if let clear { try add(clear.column, clear.text, test) }
        await test.close()
        // Nor did it know of a second database.
        let highest = HighestNumbers(test.folder)
        try highest.write(try highest.read().filter { !$0.key.hasPrefix("records.sqlite") })
        for end in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(at: test.folder.appendingPathComponent("records.sqlite\(end)"))
        }
        try await test.restart()
    }

    /// On its own, so that nothing of the platform is held when it closes.
    private func writeEarlierTables(_ test: TestPlatform) throws {
        let data = test.platform.data
        for program in test.platform.registry.programs.map(\.program) {
            for type in program.fileTypes {
                let name = "\(program.id.replacing("-", with: "_"))_\(type.id)"
                let rows = try data.records.readBlocking { connection in
                    try connection.rows(
                        """
                        SELECT t.*, i.code AS _code, s.id AS _came FROM "\(name)" AS t
                        JOIN record_institution AS i ON i.number = t._institution
                        JOIN record_submission AS s ON s.number = t._submission
                        """)
                }
                try data.database.writeBlocking { transaction in
                    let fields = type.fields.filter { StoredType($0) != nil }
                    let columns = fields.map { ", \"\($0.name)\"" }.joined()
                    try transaction.execute(
                        """
                        CREATE TABLE "\(name)" (_id INTEGER PRIMARY KEY, _institution TEXT NOT NULL, _key BLOB NOT NULL,
                        _content BLOB NOT NULL, _submission TEXT NOT NULL, _row INTEGER NOT NULL,
                        _first_submission TEXT NOT NULL, _revision INTEGER NOT NULL\(columns))
                        """)
                    for row in rows {
                        let key = try #require(self.key(of: row, type))
                        let values: [SQLValue] = try fields.map { field in
                            spelt(row.values[try #require(row.columnNames.firstIndex(of: field.name))])
                        }
                        let own: [SQLValue] = [
                            .text(try row["_code"]), .blob(key), .blob([]), .text(try row["_came"]),
                            .integer(try row["_row"]), .text(try row["_came"]), .integer(1),
                        ]
                        let marks = (own + values).map { _ in "?" }.joined(separator: ", ")
                        try transaction.execute(
                            """
                            INSERT INTO "\(name)" (_institution, _key, _content, _submission, _row, _first_submission,
                            _revision\(columns)) VALUES (\(marks))
                            """, own + values)
                    }
                }
            }
        }
    }

    /// A pseudonym as it was written then: 32 digits.
    private func spelt(_ value: SQLValue) -> SQLValue {
        guard case .blob(let bytes) = value else { return value }
        return .text(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }

    private func key(of row: Row, _ type: FileType) -> [UInt8]? {
        let values = type.primaryKey.compactMap { name -> (field: Int, value: StoredValue)? in
            guard let field = type.fieldIndex(name), let place = row.columnNames.firstIndex(of: name) else {
                return nil
            }
            return switch spelt(row.values[place]) {
            case .text(let text): (field, .text(Array(text.utf8)))
            case .integer(let number): (field, .integer(number))
            case .real(let number): (field, .number(number))
            default: nil
            }
        }
        guard let key = EarlierKeys.key(of: values.sorted { $0.field < $1.field }) else { return nil }
        func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: number.littleEndian) { Array($0) }
        }
        return bytes(key.high) + bytes(UInt32(key.low)) + [0, 0, 0, 0]
    }

    /// Adds what an earlier version kept in clear.
    private func add(_ column: String, _ text: String, _ test: TestPlatform) throws {
        try test.platform.data.database.writeBlocking { transaction in
            if column == "P7606" {
                try transaction.execute("ALTER TABLE fever_clinic_lab ADD COLUMN P7606 TEXT")
            }
            try transaction.execute("UPDATE fever_clinic_lab SET \"\(column)\" = ?", [.text(text)])
        }
    }

    /// The files of databases in which a text stands.
    private func files(with text: String, _ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { name in
            guard name.contains(".sqlite") else { return false }
            return try Data(contentsOf: folder.appendingPathComponent(name)).range(of: Data(text.utf8)) != nil
        }
    }

    @Test(
        "what it kept in clear and is dropped, scrubbed or a pseudonym today is nowhere afterwards",
        arguments: [
            ("P7606", "闾丘金雀的化验单", nil as String?), ("P7502", "M20261108-7", nil),
            ("P7603", "咽拭子，姓名：闾丘金雀", "咽拭子，姓名：***"),
        ])
    func forgets(column: String, text: String, kept: String?) async throws {
        let test = try TestPlatform()
        _ = try await test.send(try TestPlatform.package("FeverClinic", "clean"))
        try await test.processAll()
        try await takeBack(test, adding: (column, text))
        let records = try await test.records("fever_clinic_lab").values
        #expect(records.count > 50)
        for record in records {
            let value = record[column] ?? .null
            #expect(value == kept.map { .text($0) } ?? .null)
        }
        await test.close()
        // The write-ahead logs go when the last connection is closed.
        let logs = ["vedette.sqlite-wal", "records.sqlite-wal"].map { test.folder.appendingPathComponent($0).path }
        for _ in 0..<100_000 where logs.contains(where: FileManager.default.fileExists) { await Task.yield() }
        #expect(try files(with: text, test.folder) == [])
    }

    /// The fields of every record, without what numbers and times it.
    private func fields(_ test: TestPlatform) async throws -> [String] {
        var lines: [String] = []
        for program in test.platform.registry.programs.map(\.program) {
            for type in program.fileTypes {
                let name = "\(program.id.replacing("-", with: "_"))_\(type.id)"
                for (row, record) in try await test.records(name) {
                    let own = record.filter { !$0.key.hasPrefix("_") }.sorted { $0.key < $1.key }
                    lines.append("\(name) \(row) \(own)")
                }
            }
        }
        return lines.sorted()
    }

    @Test(
        "its records are moved at the first start, and the same package again changes none",
        arguments: ["Influenza", "FeverClinic"])
    func moves(program: String) async throws {
        let test = try TestPlatform()
        let package = try TestPlatform.package(program, "clean")
        _ = try await test.send(package)
        try await test.processAll()
        let before = try await fields(test)
        #expect(before.count > 300)
        try await takeBack(test)
        #expect(try await fields(test) == before)

        // Other bytes with the same rows: a package within which one more file lies.
        let tables = try ProgramTables(program)
        let moved = try await test.lineList()
        let again = try #require(try await test.submit(tables.package))
        #expect(again.state == .accepted)
        #expect(try await test.lineList() == moved)
    }
}
