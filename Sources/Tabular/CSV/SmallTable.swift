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
        while try reader.read(into: block) {
            let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: TableReader.labelScratch(block))
            defer { scratch.deallocate() }
            for index in 0..<block.rowCount {
                var cursor = block.cursor(ofRow: index)
                var cells: [String] = []
                while let cell = cursor.next() {
                    let text =
                        cell.isQuoted ? CellText.unquoted(cell.bytes, scratch: scratch) : CellText.trimmed(cell.bytes)
                    cells.append(String(decoding: text, as: UTF8.self))
                }
                if cells.contains(where: { !$0.isEmpty }) {
                    rows.append(Row(line: block.line(ofRow: index), cells: cells))
                }
            }
        }
        return rows
    }
}
