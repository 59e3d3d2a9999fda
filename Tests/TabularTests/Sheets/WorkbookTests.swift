import Seeding
import SurveillanceKit
import TestKit
import Testing

@testable import Tabular

@Suite("Workbooks")
struct WorkbookTests {
    @Test(
        "are read cell by cell as their writers meant",
        arguments: [
            "openpyxl.xlsx", "xlsxwriter.xlsx", "xlsxwriter-inline.xlsx", "xlwt.xls", "libreoffice.xlsx",
            "libreoffice.xls",
        ])
    func cells(_ name: String) throws {
        let rows = try SheetKit.rows(SheetKit.bytes(name))
        #expect(rows.map(\.cells).dropFirst().map { $0 } == (try SheetKit.expected()))
        #expect(rows.map(\.row) == Array(1...rows.count))
        // A line break in a cell begins no new line: a workbook's rows have one number.
        #expect(rows.map(\.line) == rows.map(\.row))
    }

    @Test("that count days from 1904 give the same days", arguments: ["openpyxl-1904.xlsx", "xlwt-1904.xls"])
    func from1904(_ name: String) throws {
        let rows = try SheetKit.rows(SheetKit.bytes(name)).map(\.cells)
        let left = try SheetKit.expected().filter { !["first", "chinese-date", "elapsed"].contains($0[0]) }
        #expect(Array(rows.dropFirst()) == left)
        #expect(rows.contains(["moment", "2026-11-08 23:59:59"]))
    }

    @Test("keep rows and columns where the spreadsheet shows them", arguments: ["gaps.xlsx", "gaps.xls"])
    func places(_ name: String) throws {
        let rows = try SheetKit.rows(SheetKit.bytes(name))
        #expect(rows.map(\.row) == [2, 5])
        #expect(rows.map(\.cells) == [["", "b", "", "d"], ["1", "", "", "", "5"]])
    }

    @Test("are read down to the last row there can be")
    func lastRow() throws {
        let rows = try SheetKit.rows(SheetKit.bytes("last-row.xlsx"))
        #expect(rows.map(\.row) == [1, 2, 3, 1_048_576])
        #expect(rows.last?.cells == ["9", "", ""])
    }

    @Test("fill their rows up to the header's width, which a sheet leaves out")
    func width() throws {
        let made = MadeWorkbook(
            """
            <row><c t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><t>b</t></is></c><c><v>3</v></c></row>
            <row><c><v>1</v></c></row><row/><row r="7"><c r="B7"><v>2</v></c><c r="E7"><v>5</v></c></row>
            """)
        let rows = try SheetKit.rows(made.bytes)
        #expect(rows.map(\.cells) == [["a", "b", "3"], ["1", "", ""], ["", "2", "", "", "5"]])
        #expect(rows.map(\.row) == [1, 2, 7])
    }

    @Test(
        "give a formula's value as it was saved, and run nothing",
        arguments: ["formulas.xlsx", "libreoffice-formulas.xlsx"])
    func formulas(_ name: String) throws {
        let rows = try SheetKit.rows(SheetKit.bytes(name)).map(\.cells)
        #expect(
            rows.dropFirst().map { $0 } == [
                ["text", "2026-11-09"], ["number", "2"], ["error", "#DIV/0!"], ["truth", "TRUE"], ["empty", ""],
                ["web", "seen"],
            ])
    }

    @Test(
        "that cannot be read say why",
        arguments: [
            ("cut-off.xlsx", WorkbookFault.archive(.cutOff)),
            ("encrypted.xlsx", .encrypted),
            ("letter.xlsx", .otherDocument),
            ("doctype.xlsx", .documentType(part: "xl/sharedStrings.xml")),
            ("utf-16.xlsx", .damaged(part: "xl/sharedStrings.xml")),
            ("entity.xlsx", .damaged(part: "xl/sharedStrings.xml")),
            ("wrong-index.xlsx", .damaged(part: "xl/worksheets/sheet1.xml")),
            ("backwards.xlsx", .damaged(part: "xl/worksheets/sheet1.xml")),
            ("uncalculated.xlsx", .formulaWithoutValue(sheet: 1, cell: "B4")),
            ("formulas-to-calculate.xlsx", .formulaWithoutValue(sheet: 1, cell: "B2")),
            ("two-tables.xlsx", .severalTables([1, 2])),
            ("only-hidden.xlsx", .noVisibleRows(hidden: [2])),
            ("two-tables.xls", .severalTables([1, 2])),
            ("uncalculated.xls", .formulaWithoutValue(sheet: 1, cell: "B4")),
            ("encrypted.xls", .encrypted),
            ("old.xls", .oldWorkbook),
            ("cut-off.xls", .damaged(part: "OLE2")),
        ])
    func faults(_ name: String, _ fault: WorkbookFault) throws {
        #expect(try SheetKit.fault(SheetKit.bytes(name), labels: ["p900", "p5"]) == fault)
    }

    @Test("with other sheets are read, and what was not read is said")
    func notes() throws {
        let labels: Set<String> = ["p900", "p5"]
        let several = try SheetKit.bytes("several.xlsx")
        #expect(try SheetKit.rows(several, labels: labels).map(\.cells)[0] == ["P900", "P7506", "P5"])
        #expect(try SheetKit.notes(several, labels: labels) == [.otherSheets([1], read: 2)])
        #expect(try SheetKit.notes(SheetKit.bytes("hidden.xlsx"), labels: labels) == [.hiddenSheets([2], read: 1)])
        #expect(try SheetKit.notes(SheetKit.bytes("merged.xlsx")) == [.mergedCells(["A1:B1"], count: 1)])
        #expect(try SheetKit.notes(SheetKit.bytes("macros.xlsm")) == [.macros])
        #expect(try SheetKit.notes(SheetKit.bytes("links.xlsx")) == [.externalLinks])
        #expect(try SheetKit.notes(SheetKit.bytes("openpyxl.xlsx")).isEmpty)
        #expect(try SheetKit.notes(SheetKit.bytes("hidden.xls"), labels: labels) == [.hiddenSheets([2], read: 1)])
        #expect(try SheetKit.notes(SheetKit.bytes("merged.xls")) == [.mergedCells(["A1:B1"], count: 1)])
        #expect(try SheetKit.notes(SheetKit.bytes("xlwt.xls")).isEmpty)
    }

    @Test("of writers that keep to the format less than Excel does are read as Excel reads them")
    func lenient() throws {
        let rows = #"<row><c t="inlineStr"><is><t>a</t></is></c></row>"#
        // A tab of macros leads to no part; an ampersand stands in a tab's name.
        var made = MadeWorkbook(rows)
        made.book = """
            <workbook xmlns:r="x"><sheets><sheet name="Module" sheetId="2" r:id=""/>\
            <sheet name="R&amp;D &#38; &lt;x&gt; &amp;#38;" sheetId="1" r:id="r1"/></sheets></workbook>
            """
        #expect(try SheetKit.rows(made.bytes).map(\.cells) == [["a"]])
        let book = try WorkbookOpener.open(BytesSource(made.bytes), limits: ArchiveLimits())
        #expect(book.sheets.map(\.name) == ["R&D & <x> &#38;"])
        // The head of a part says nothing of its name's charset, which is ASCII.
        var zip = MadeWorkbook(rows).zip
        for index in zip.entries.indices { zip.entries[index].local.flags = 0 }
        #expect(try SheetKit.rows(zip.bytes).map(\.cells) == [["a"]])
        // Parts in lower case, with backslashes between folders.
        zip = MadeWorkbook(rows).zip
        for index in zip.entries.indices {
            let name = String(decoding: zip.entries[index].name, as: UTF8.self).lowercased()
            zip.entries[index].name = Array(name.replacing("/", with: "\\").utf8)
        }
        let package = try UploadedPackage(name: "flu_1.xlsx", source: BytesSource(zip.bytes))
        #expect(package.files.map(\.name) == ["flu_1.xlsx"])
        #expect(try SheetKit.rows(zip.bytes).map(\.cells) == [["a"]])
        // A formula's record as Excel 4 called it, and a format whose text is shorter than it says.
        #expect(
            try SheetKit.rows(SheetKit.bytes("odd-records.xls")).map(\.cells) == [
                ["P900", "P5"], ["3", "2026-11-08"],
            ])
    }

    @Test("without rows are empty")
    func empty() throws { #expect(try SheetKit.rows(SheetKit.bytes("empty.xlsx")).isEmpty) }

    @Test("hold no more shared text than memory has room for")
    func sharedStrings() throws {
        let long = String(repeating: "甲", count: 3_000_000)
        let made = MadeWorkbook(#"<row><c t="s"><v>0</v></c></row>"#, strings: "<si><t>\(long)</t></si>")
        var limits = TableLimits()
        limits.maximumRowBytes = 1 << 20
        var reader = TableReader(workbook: BytesSource(made.bytes), format: .xlsx, labels: [], limits: limits)
        #expect {
            _ = try SheetKit.rows(&reader)
        } throws: { error in
            if case TableError.rowTooLong(row: 1, maximumBytes: 1 << 20) = error { true } else { false }
        }
        // What is long only where a cell repeats it grows no memory, and ends where the table would be larger than any.
        let cells = String(repeating: #"<row><c t="s"><v>0</v></c></row>"#, count: 3_000)
        let bomb = MadeWorkbook(cells, strings: "<si><t>\(long.prefix(10_000))</t></si>")
        var archive = ArchiveLimits()
        archive.maximumEntrySize = 8 << 20
        var second = TableReader(
            workbook: BytesSource(bomb.bytes), format: .xlsx, labels: [], archiveLimits: archive)
        #expect {
            _ = try SheetKit.rows(&second)
        } throws: { error in
            if case TableError.workbook(.tooLarge(maximumBytes: 8_388_608)) = error { true } else { false }
        }
    }

    @Test("pass over pronunciations and decode what XML cannot hold")
    func texts() throws {
        let made = MadeWorkbook(
            """
            <row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><r><t>x</t></r><r><t xml:space="preserve"> y</t></r></is></c>
            <c t="str"><v>a_x005F_x0041_b</v></c><c t="d"><v>2026-11-08T10:30:00</v></c></row>
            """,
            strings: """
                <si><t>东京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>
                <si><r><t>a_x0041_</t></r><r><rPr><b/></rPr><t>_xD800_&lt;&#x7532;</t></r></si>
                """)
        let cells = try #require(SheetKit.rows(made.bytes).first?.cells)
        #expect(cells == ["东京", "aA_xD800_<甲", "x y", "a_x0041_b", "2026-11-08T10:30:00"])
    }

    @Test("are read the same wherever the pieces end in which the parser gets them")
    func pieces() throws {
        let rows = 5_000
        let cells = (0..<rows).map {
            #"<row><c t="inlineStr"><is><t>&amp;\#($0)&#x7532;<![CDATA[<]]></t></is></c><c><v>\#($0)</v></c></row>"#
        }
        let read = try SheetKit.rows(MadeWorkbook(cells.joined()).bytes)
        #expect(read.map(\.cells) == (0..<rows).map { ["&\($0)甲<", "\($0)"] })
    }

    @Test("have elements within one another to a bounded depth, and no value where its element is empty")
    func depth() throws {
        func nested(_ count: Int) -> [UInt8] {
            let open = String(repeating: "<x>", count: count)
            let close = String(repeating: "</x>", count: count)
            return MadeWorkbook(#"<row><c><v>1</v></c></row><row>\#(open)\#(close)</row>"#).bytes
        }
        #expect(try SheetKit.fault(nested(200)) == nil)
        #expect(try SheetKit.fault(nested(300)) == .damaged(part: "xl/sheet.xml"))
        #expect(try SheetKit.fault(nested(200_000)) == .damaged(part: "xl/sheet.xml"))
        for (value, isThere) in [
            ("<v/>", false), ("<v  />", false), ("", false), ("<v></v>", true), ("<v>2</v>", true),
        ] {
            let made = MadeWorkbook(#"<row><c r="A1"><f>1+1</f>\#(value)</c></row>"#)
            #expect(try SheetKit.fault(made.bytes) == (isThere ? nil : .formulaWithoutValue(sheet: 1, cell: "A1")))
        }
    }

    @Test(
        "never break the reader, whatever bytes are changed",
        arguments: [
            "openpyxl.xlsx", "xlsxwriter-inline.xlsx", "encrypted.xlsx", "xlwt.xls", "gaps.xls",
        ])
    func changedBytes(_ name: String) throws {
        let bytes = try SheetKit.bytes(name)
        var random = Randomness(seed: 17)
        for _ in 0..<300 {
            var changed = bytes
            for _ in 0...random.below(4) { changed[random.below(changed.count)] = UInt8(random.below(256)) }
            if random.below(4) == 0 { changed.removeLast(random.below(changed.count)) }
            // Rows or a fault of the file: nothing else may come out.
            do { _ = try SheetKit.rows(changed) } catch let error as TableError { #expect(error.fault != nil) }
        }
    }
}
