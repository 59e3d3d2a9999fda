import Database
import Dictionaries
import StoreKit
import SurveillanceKit
import Testing

@Suite("Tables of codes, on every store", .everyStore)
struct DictionaryStoreTests {
    let database: any SQLDatabase

    init() throws {
        database = try TestStore.database()
        try database.migrate(DictionaryStore.migrations)
    }

    private func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    private func table(_ id: String, _ from: String, _ to: String, of category: String = "icd-diagnosis") throws
        -> CodeTable
    {
        CodeTable(
            id: id, institution: "A", category: category, days: try day(from)...day(to), rows: 1,
            receivedAt: Instant(milliseconds: 1_000), receivedBy: "a")
    }

    private func add(_ table: CodeTable) throws {
        try database.writeBlocking {
            try DictionaryStore.add(table, [CodeEntry(code: table.id, name: "名称")], in: $0)
        }
    }

    private func tables() throws -> [CodeTable] {
        try database.readBlocking { try DictionaryStore.tables(of: "A", in: $0) }
    }

    @Test("stand with their days and codes, each institution's for itself")
    func kept() throws {
        try add(table("2", "2027-01-01", "2027-12-31"))
        try add(table("1", "2026-01-01", "2026-12-31"))
        #expect(try tables() == [table("1", "2026-01-01", "2026-12-31"), table("2", "2027-01-01", "2027-12-31")])
        let (own, other) = try database.readBlocking {
            (try DictionaryStore.entries(of: "1", "A", in: $0), try DictionaryStore.entries(of: "1", "B", in: $0))
        }
        #expect(own == [CodeEntry(code: "1", name: "名称")] && other == nil)
        #expect(try database.readBlocking { try DictionaryStore.tables(of: "B", in: $0) }.isEmpty)
    }

    @Test("may not overlap within a category; the refusal names the days")
    func overlap() throws {
        try add(table("1", "2026-01-01", "2026-12-31"))
        try add(table("2", "2026-06-01", "2026-06-30", of: "icd-procedure"))
        let refusal = try #require(throws: DictionaryRefusal.self) { try add(table("3", "2026-12-30", "2027-06-30")) }
        #expect(refusal.message.zh.contains("2026-01-01 至 2026-12-31（重叠 2026-12-30 至 2026-12-31，共 2 天）"))
        #expect(try tables().map(\.id) == ["1", "2"])
    }

    @Test("are removed with a reason, once, and make room for others; the history stays")
    func removal() throws {
        try add(table("1", "2026-01-01", "2026-12-31"))
        let removal = CodeTable.Removal(at: Instant(milliseconds: 2_000), by: "b", reason: "传错了")
        func remove(_ institution: String, _ category: String = "icd-diagnosis") throws -> Bool {
            try database.writeBlocking { try DictionaryStore.remove("1", of: institution, category, removal, in: $0) }
        }
        #expect(try !remove("B") && !remove("A", "icd-procedure"))
        #expect(try remove("A"))
        #expect(try !remove("A"))
        try add(table("2", "2026-01-01", "2026-12-31"))
        #expect(try tables().map(\.removal) == [removal, nil])
    }

    @Test("leave gaps, which are told with their days")
    func gaps() throws {
        var tables = [
            try table("1", "2026-01-01", "2026-03-31"), try table("2", "2026-04-01", "2026-06-30"),
            try table("3", "2026-08-01", "2026-12-31"),
        ]
        #expect(
            CodeTable.gaps(between: tables).map { "\($0.lowerBound) \($0.upperBound)" } == ["2026-07-01 2026-07-31"])
        tables[1].removal = CodeTable.Removal(at: Instant(milliseconds: 0), by: "", reason: "")
        #expect(
            CodeTable.gaps(between: tables).map { "\($0.lowerBound) \($0.upperBound)" } == ["2026-04-01 2026-07-31"])
        #expect(CodeTable.gaps(between: []).isEmpty)
    }
}
