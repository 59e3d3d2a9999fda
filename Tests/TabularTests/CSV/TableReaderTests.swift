import Tabular
import Testing

@Suite("Tables as they arrive")
struct TableReaderTests {
    private func cells(_ text: String) throws -> [[String?]] { try ReadRow.all(text).map(\.cells) }

    @Test("rows end with LF, CR or CRLF, and the last needs no end", arguments: ["\n", "\r", "\r\n"])
    func lineEnds(end: String) throws {
        #expect(try cells("a,b\(end)1,2\(end)") == [["a", "b"], ["1", "2"]])
        #expect(try cells("a,b\(end)1,2") == [["a", "b"], ["1", "2"]])
        #expect(try cells("a,b\(end)1,") == [["a", "b"], ["1", ""]])
    }

    @Test("a quoted cell holds separators, line ends and doubled quotes")
    func quoted() throws {
        #expect(try cells(#"a,"1,""2"" "# + "\n3\",b\n") == [["a", "1,\"2\" \n3", "b"]])
    }

    @Test("blanks and TABs round a cell are not its own, with quotes or without")
    func blanks() throws {
        #expect(try cells("\t1 , \"2\" \t,\u{3000}3\u{A0}\n") == [["1", "2", "3"]])
    }

    @Test("a quote amid an unquoted cell is text")
    func strayQuote() throws { #expect(try cells("5\" tube,\"x\"\n") == [["5\" tube", "x"]]) }

    @Test("something behind a closing quote makes that cell malformed, and no other")
    func malformed() throws { #expect(try cells("a,\"b\"c,d\ne\n") == [["a", nil, "d"], ["e"]]) }

    @Test("rows count as a spreadsheet counts, lines as an editor does")
    func positions() throws {
        let rows = try ReadRow.all("h\n\"1\n\n2\"\n3\r\n\n4")
        #expect(rows.map(\.number) == [1, 2, 3, 4, 5])
        #expect(rows.map(\.line) == [1, 2, 5, 6, 7])
    }

    @Test("a quote that never closes costs the cells from there to the line's end, and reading goes on")
    func openQuote() throws {
        let rows = try ReadRow.all("h,i\n1,\"2\n3,4\n5,6\n")
        #expect(rows.map(\.cells) == [["h", "i"], ["1", nil], ["3", "4"], ["5", "6"]])
        #expect(rows.map(\.line) == [1, 2, 3, 4])
    }

    @Test("a quote that opens behind a cell of several lines breaks its own line only")
    func openQuoteBehindLines() throws {
        let rows = try ReadRow.all("\"a\nb\",\"c\nd,e\n")
        #expect(rows.map(\.cells) == [["a\nb", nil], ["d", "e"]])
        #expect(rows.map(\.line) == [1, 3])
    }

    @Test("a row longer than the limit is told with its number")
    func rowTooLong() throws {
        var limits = TableLimits()
        limits.maximumRowBytes = 300_000
        let text = "h\n1\n" + String(repeating: "x,", count: 200_000) + "\n"
        do {
            _ = try ReadRow.all(of: BytesSource(Array(text.utf8)), limits: limits)
            Issue.record("it was read")
        } catch TableError.rowTooLong(let row, let maximum) {
            #expect(row == 3)
            #expect(maximum == 300_000)
        }
    }

    @Test("more rows than the limit are refused; as many as it says are read")
    func tooManyRows() throws {
        var limits = TableLimits()
        limits.maximumRows = 5
        let four = BytesSource(Array("h\n1\n2\n3\n4\n".utf8))
        #expect(try ReadRow.all(of: four, limits: limits).count == 5)
        let five = BytesSource(Array("h\n1\n2\n3\n4\n5\n".utf8))
        #expect(throws: TableError.self) { try ReadRow.all(of: five, limits: limits) }
    }

    @Test("more columns than the limit are refused")
    func tooManyColumns() throws {
        var limits = TableLimits()
        limits.maximumColumns = 3
        #expect(try ReadRow.all(of: BytesSource(Array("a,b,c\n1,2,3\n".utf8)), limits: limits).count == 2)
        #expect(throws: TableError.self) { try ReadRow.all(of: BytesSource(Array("a,b,c,d\n".utf8)), limits: limits) }
    }

    @Test("a stray quote costs its own row, not all up to the next quoted cell")
    func strayOpening() throws {
        let rows = try ReadRow.all("h,i\n1,\"2\n3,4\n5,\"6,7\"\n")
        #expect(rows.map(\.cells) == [["h", "i"], ["1", nil], ["3", "4"], ["5", "6,7"]])
        #expect(rows.map(\.line) == [1, 2, 3, 4])
    }

    @Test("quotes that close only far behind are not searched for again from every line")
    func searchIsLinear() throws {
        let count = 200_000
        let text = "h\n" + String(repeating: "x,\"y\n", count: count) + "end"
        var reader = TableReader(RaggedSource(Array(text.utf8), largest: 1 << 16, seed: 1))
        let block = TableReader.makeBlock()
        var rows = 0
        while try reader.read(into: block) { rows += block.rowCount }
        #expect(rows == count + 2)
    }

    @Test("an empty file has no rows; a blank line is one of one empty cell")
    func nothing() throws {
        #expect(try cells("") == [])
        #expect(try cells("\n\na") == [[""], [""], ["a"]])
    }
}
