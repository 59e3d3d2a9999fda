/// A table small enough to be held as text: code lists, registers, corrected cells. Never a hospital's report.
public enum SmallTable {
    /// A row and the physical line in which it begins, counted from 1.
    public struct Row: Sendable {
        public var line: Int
        public var cells: [String]
    }

    /// The cells of every row, the header first.
    public static func cells(_ source: any ByteSource) throws(TableError) -> [[String]] {
        try rows(source).map(\.cells)
    }

    /// Every row that has something in it, the header first.
    public static func rows(_ source: any ByteSource) throws(TableError) -> [Row] {
        var reader = TableReader(source)
        let block = TableReader.makeBlock()
        var rows: [Row] = []
        while let texts = try reader.readTexts(into: block) {
            for row in texts where row.cells.contains(where: { !$0.isEmpty }) {
                rows.append(Row(line: row.line, cells: row.cells))
            }
        }
        return rows
    }
}

/// A row as text, for tables whose cells are wanted as strings.
public struct TextRow: Sendable {
    /// As a spreadsheet counts.
    public var number: Int
    /// The physical line in which it begins, counted from 1.
    public var line: Int
    public var cells: [String]
}

extension TableReader {
    /// Reads the next rows as text; nil at the end.
    public mutating func readTexts(into block: RecordBlock) throws(TableError) -> [TextRow]? {
        guard try read(into: block) else { return nil }
        let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: TableReader.labelScratch(block))
        defer { scratch.deallocate() }
        return (0..<block.rowCount).map { index in
            var cursor = block.cursor(ofRow: index)
            var cells: [String] = []
            while let cell = cursor.next() {
                let text =
                    cell.isQuoted ? CellText.unquoted(cell.bytes, scratch: scratch) : CellText.trimmed(cell.bytes)
                cells.append(String(decoding: text, as: UTF8.self))
            }
            return TextRow(number: block.firstRow + index, line: block.line(ofRow: index), cells: cells)
        }
    }
}
