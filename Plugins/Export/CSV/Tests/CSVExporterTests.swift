import ExportCSV
import PluginKit
import SurveillanceKit
import Synchronization
import Testing

@Suite("Tables as CSV")
struct CSVExporterTests {
    private func csv(_ rows: [[ExportCell]], comesBack: Bool = false, language: Language = .en) throws -> String {
        let rest = Mutex(rows[...])
        let table = ExportTable(
            title: BilingualText(zh: "表", en: "table"),
            columns: [BilingualText(zh: "姓名,一", en: "a"), BilingualText(zh: "乙", en: "b")].map { ExportColumn($0) },
            comesBack: comesBack
        ) { rest.withLock { $0.popFirst() } }
        var bytes: [UInt8] = []
        try CSVExporter().write(table, in: language) { bytes += $0 }
        #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
        return String(decoding: bytes.dropFirst(3), as: UTF8.self)
    }

    @Test("has a byte-order mark, titles in the reader's language, CRLF, and quotes where they must be")
    func form() throws {
        let row = [ExportCell("x"), ExportCell("1,\"2\"\n3"), ExportCell("more")]
        #expect(try csv([row, [ExportCell("")], []]) == "a,b\r\nx,\"1,\"\"2\"\"\n3\",more\r\n\r\n\r\n")
        #expect(try csv([], language: .zh) == "\"姓名,一\",乙\r\n")
        #expect(
            try csv([[ExportCell("7", isQuoted: true), ExportCell("007", isWrong: true)]]) == "a,b\r\n\"7\",007\r\n")
    }

    @Test("puts an apostrophe before what a spreadsheet would run, and before nothing else where the file comes back")
    func guarded() throws {
        let cells = ["=1+1", "'=1", "+86 10", "-5", "\tx", "＝1", "-", "'x", "a=1", "1.5"].map { ExportCell($0) }
        func row(_ comesBack: Bool) throws -> [Substring] {
            try csv([cells], comesBack: comesBack).split(separator: "\r\n")[1].split(separator: ",")
        }
        #expect(try row(false) == ["'=1+1", "''=1", "'+86 10", "'-5", "'\tx", "'＝1", "'-", "'x", "a=1", "1.5"])
        #expect(try row(true) == ["'=1+1", "''=1", "+86 10", "-5", "\tx", "'＝1", "-", "'x", "a=1", "1.5"])
    }

    @Test("asks for rows as its pieces are asked for, and hands over the header first")
    func pieces() throws {
        let asked = Mutex(0)
        let table = ExportTable(
            title: BilingualText(zh: "", en: ""), columns: [ExportColumn(BilingualText(zh: "a", en: "a"))]
        ) {
            asked.withLock { count in
                count += 1
                return count <= 10_000 ? [ExportCell(String(repeating: "x", count: 100))] : nil
            }
        }
        let file = try CSVExporter().file(of: table, in: .en)
        #expect(try file.next() == Array("\u{FEFF}a\r\n".utf8) && asked.withLock { $0 } == 0)
        let first = try #require(try file.next())
        #expect(first.count < 66_000 && asked.withLock { $0 } < 700)
        while try file.next() != nil {}
        #expect(asked.withLock { $0 } == 10_001)
        #expect(try file.next() == nil)
    }

    @Test("tells what keeps a row from coming")
    func failing() throws {
        struct Torn: Error {}
        let table = ExportTable(
            title: BilingualText(zh: "", en: ""), columns: [ExportColumn(BilingualText(zh: "a", en: "a"))]
        ) {
            throw Torn()
        }
        #expect(throws: Torn.self) { try CSVExporter().write(table, in: .en) { _ in } }
    }
}
