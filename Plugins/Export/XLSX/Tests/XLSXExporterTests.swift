import PluginKit
import SurveillanceKit
import Synchronization
@testable import Tabular
import Testing

@testable import ExportXLSX

@Suite("Tables as workbooks")
struct XLSXExporterTests {
    private static func table(
        _ columns: [ExportColumn], _ rows: [[ExportCell]], note: [ExportCell]? = nil, comesBack: Bool = false
    ) -> ExportTable {
        let rest = Mutex(rows[...])
        return ExportTable(
            title: BilingualText(zh: "退回行", en: "rows"), columns: columns, note: note, comesBack: comesBack
        ) { rest.withLock { $0.popFirst() } }
    }

    private static func column(_ title: String) -> ExportColumn { ExportColumn(BilingualText(zh: title, en: title)) }

    private static func bytes(_ tables: [(name: String, table: ExportTable)]) throws -> [UInt8] {
        let sheets = tables.map { entry in ExportSheet(name: entry.name) { entry.table } }
        let file = try XLSXExporter().workbook(of: sheets, in: .en)
        var bytes: [UInt8] = []
        while let piece = try file.next() { bytes += piece }
        #expect(try file.next() == nil)
        return bytes
    }

    /// The rows of a sheet as the platform reads them.
    private static func rows(_ bytes: [UInt8], sheet: Int = 0) throws -> [[String]] {
        let workbook = try XLSXWorkbook(BytesSource(bytes), limits: ArchiveLimits())
        let rows = try workbook.open(sheet)
        var row = SheetRow()
        var read: [[String]] = []
        while try rows.next(into: &row) {
            #expect(row.number == read.count + 1)
            var cells = [String](repeating: "", count: (row.cells.last?.column ?? -1) + 1)
            for cell in row.cells { cells[cell.column] = String(decoding: row.text[cell.text], as: UTF8.self) }
            read.append(cells)
        }
        return read
    }

    private static func part(_ name: String, of bytes: [UInt8]) throws -> String {
        let archive = try Archive(BytesSource(bytes), limits: ArchiveLimits())
        let entry = try #require(archive.entries.first { $0.name == name })
        return String(decoding: try entry.bytes(first: entry.size), as: UTF8.self)
    }

    @Test("every cell comes back as it was, whatever it looks like")
    func cells() throws {
        let texts = [
            "007", "123456789012345678", "1E5", "2026-01-05 08:05:00", "=1+1", "+86 10", "@SUM(A1)", " x ", "a\r\nb",
            "\tx",
            "a\u{0}b", "\u{1}\u{1F}", "_x000D_", "_x0041_ _x00", "张三👩‍👩‍👧", "\u{FFFE}\u{FFFF}", "<&>\"'", "TRUE", "#N/A",
            "1,2",
            String(repeating: "长", count: 32_767),
        ]
        let bytes = try Self.bytes([
            ("a", Self.table([Self.column("P4")], texts.map { [ExportCell($0)] }))
        ])
        #expect(try Self.rows(bytes).dropFirst().map { $0[0] } == texts)
        let sheet = try Self.part("xl/worksheets/sheet1.xml", of: bytes)
        #expect(!sheet.contains("<f>") && !sheet.contains("<c r=\"A2\"><v>"))
        // Text by format as well: what somebody types or mends stays text.
        #expect(try Self.part("xl/styles.xml", of: bytes).contains("numFmtId=\"49\""))
    }

    @Test("a file that comes back has apostrophes before what a spreadsheet would run, as the CSV has")
    func guarded() throws {
        let rows = ["=1", "'=1", "-5", "-", "+86 10"].map { [ExportCell($0)] }
        let bytes = try Self.bytes([("a", Self.table([Self.column("P4")], rows, comesBack: true))])
        #expect(try Self.rows(bytes).dropFirst().map { $0[0] } == ["'=1", "''=1", "-5", "-", "+86 10"])
    }

    @Test("wrong cells are red, empty ones among them")
    func wrong() throws {
        let bytes = try Self.bytes([
            (
                "a",
                Self.table(
                    [Self.column("P5"), Self.column("P6")],
                    [[ExportCell("7", isWrong: true), ExportCell("", isWrong: true)], [ExportCell("1")]])
            )
        ])
        let sheet = try Self.part("xl/worksheets/sheet1.xml", of: bytes)
        func style(_ cell: String) throws -> Int? {
            let match = try Regex("<c r=\"\(cell)\" s=\"([0-9]+)\"").firstMatch(in: sheet)
            return match?.output[1].substring.flatMap { Int($0) }
        }
        let (wrong, empty, right) = (try style("A2"), try style("B2"), try style("A3"))
        #expect(wrong != nil && wrong == empty && right != nil && right != wrong)
        #expect(try Self.part("xl/styles.xml", of: bytes).contains("FFFFC7CE"))
    }

    @Test("codes are drop-down lists: short ones in the cell's own rule, long ones on a hidden sheet that nobody reads")
    func lists() throws {
        var short = Self.column("P5")
        short.choices = ExportChoices(codes: ["1", "2", "9"], isClosed: true)
        short.hint = BilingualText(zh: "性别", en: String(repeating: "sex ", count: 100))
        var long = Self.column("P7501")
        long.choices = ExportChoices(codes: (1...120).map { "0\($0)" }, isClosed: true)
        var comma = Self.column("P8")
        comma.choices = ExportChoices(codes: ["a,b", "c"], isClosed: false)
        var same = Self.column("P9")
        same.choices = long.choices
        let bytes = try Self.bytes([
            ("fever", Self.table([short, long, comma], [[ExportCell("1")]])), ("lab", Self.table([same], [])),
        ])
        let first = try Self.part("xl/worksheets/sheet1.xml", of: bytes)
        #expect(first.contains("<formula1>\"1,2,9\"</formula1>") && first.contains("sqref=\"A2:A1048576\""))
        #expect(first.contains("<formula1>vedette_lists!$A$1:$A$120</formula1>"))
        #expect(first.contains("<formula1>vedette_lists!$B$1:$B$2</formula1>"))
        #expect(try Self.part("xl/worksheets/sheet2.xml", of: bytes).contains("vedette_lists!$A$1:$A$120"))
        #expect(try Self.rows(bytes, sheet: 2).map { $0[0] } == (1...120).map { "0\($0)" })

        // As a table: the hidden sheet is no remark, and neither is that the library asks for a calculation.
        let alone = try Self.bytes([("fever", Self.table([short, long], [[ExportCell("1"), ExportCell("01")]]))])
        var reader = TableReader(workbook: BytesSource(alone), format: .xlsx, labels: ["p5"])
        #expect(try reader.read(into: TableReader.makeBlock()))
        #expect(reader.workbookNotes.isEmpty)
    }

    @Test("sheets have names that spreadsheets take, each its own")
    func names() throws {
        let name = String(repeating: "x", count: 40)
        let bytes = try Self.bytes(
            ["a/b", "A b", name, name, "vedette_lists", " "].map { ($0, Self.table([Self.column("P5")], [])) })
        let sheets = try XLSXWorkbook(BytesSource(bytes), limits: ArchiveLimits()).sheets
        #expect(
            sheets.map(\.name) == [
                "a b", "A b-2", String(name.prefix(31)), name.prefix(29) + "-2", "vedette_lists-2", "Sheet",
            ])
        #expect(sheets.allSatisfy { !$0.isHidden })
    }

    @Test("what a workbook cannot hold is said, and nothing of it is given")
    func unfit() throws {
        let long = ExportCell(String(repeating: "x", count: 32_768))
        #expect(throws: UnfitTable.self) { try Self.bytes([("a", Self.table([Self.column("P4")], [[long]]))]) }
        let wide = [ExportCell](repeating: ExportCell("x"), count: 16_385)
        #expect(throws: UnfitTable.self) { try Self.bytes([("a", Self.table([Self.column("P4")], [wide]))]) }
        let rows = [[ExportCell("a"), ExportCell("b")], [ExportCell("c"), ExportCell("d")]]
        func write(_ maximumCells: Int, _ folder: String = "/dev/shm") throws {
            let sheet = ExportSheet(name: "a") { Self.table([Self.column("P4")], rows) }
            _ = try WorkbookWriter.write(
                [sheet], in: .zh, temporaryFolder: folder, maximumCells: maximumCells)
        }
        try write(5)
        #expect(throws: Unfit.tooManyCells) { try write(4) }
        #expect(throws: Unfit.noRoom) { try write(5, "/no/such/folder") }
    }
}
