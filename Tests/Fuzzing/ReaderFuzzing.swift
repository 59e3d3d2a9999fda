import PlainTables
import Tabular

/// The table reader: the same rows however the bytes come in, and, where they are UTF-8, the rows that the plain reader finds.
enum ReaderFuzzing {
    private struct Row: Equatable {
        var number: Int
        var line: Int
        /// nil for a malformed cell.
        var cells: [[UInt8]?]
    }

    /// One for all turns, which libFuzzer takes one after the other: to make a block costs more than to read a short table.
    nonisolated(unsafe) private static let block = TableReader.makeBlock()

    static func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let bytes = Array(input.dropFirst())
        let whole = rows(BytesSource(bytes))
        let inPieces = rows(PieceSource(bytes, largest: Int(first) + 1))
        precondition(whole == inPieces, "read in pieces of \(first), the table is another")
        let marked = [0xEF, 0xBB, 0xBF] + bytes
        guard String(validating: bytes, as: UTF8.self) != nil, let read = rows(BytesSource(marked)) else { return }
        let plain = PlainCSV.rows(bytes).map { row in
            Row(number: row.number, line: row.line, cells: row.cells.map { $0.isMalformed ? nil : $0.text })
        }
        precondition(read == plain, "the plain reader reads another table")
    }

    /// nil where the table is refused.
    private static func rows(_ source: any ByteSource) -> [Row]? {
        var limits = TableLimits()
        limits.maximumColumns = 1 << 20
        var reader = TableReader(source, limits: limits)
        var rows: [Row] = []
        while true {
            do throws(TableError) {
                guard try reader.read(into: block) else { return rows }
            } catch {
                return nil
            }
            let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: TableReader.labelScratch(block))
            defer { scratch.deallocate() }
            for index in 0..<block.rowCount {
                var cursor = block.cursor(ofRow: index)
                var cells: [[UInt8]?] = []
                while let cell = cursor.next() {
                    let text =
                        cell.isQuoted ? CellText.unquoted(cell.bytes, scratch: scratch) : CellText.trimmed(cell.bytes)
                    cells.append(cell.isMalformed ? nil : Array(text))
                }
                rows.append(Row(number: block.firstRow + index, line: block.line(ofRow: index), cells: cells))
            }
        }
    }
}

/// Bytes that come in pieces of changing size.
private struct PieceSource: ByteSource {
    private let bytes: [UInt8]
    private let largest: Int
    private var position = 0
    private var turn = 0

    init(_ bytes: [UInt8], largest: Int) {
        self.bytes = bytes
        self.largest = largest
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        turn += 1
        let count = min(1 + turn * 7 % largest, buffer.count, bytes.count - position)
        for index in 0..<count { buffer[index] = bytes[position + index] }
        position += count
        return count
    }
}
