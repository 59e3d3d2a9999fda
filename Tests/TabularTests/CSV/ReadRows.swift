import PlainTables
import Seeding
import Tabular
import TestKit

/// A source of UTF-8, by its mark, that gives as many bytes at a time as it pleases.
struct RaggedSource: ByteSource {
    private let bytes: [UInt8]
    private var position = 0
    private var random: Randomness
    private let largest: Int

    init(_ bytes: [UInt8], largest: Int, seed: UInt64) {
        self.bytes = [0xEF, 0xBB, 0xBF] + bytes
        self.largest = largest
        random = Randomness(seed: seed)
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let count = min(1 + random.below(largest), buffer.count, bytes.count - position)
        for index in 0..<count { buffer[index] = bytes[position + index] }
        position += count
        return count
    }
}

/// A row as `TableReader` gives it, copied out of its block.
struct ReadRow: Equatable, CustomStringConvertible {
    var number: Int
    var line: Int
    /// nil for a malformed cell.
    var cells: [String?]

    var description: String { "\(number)/\(line) \(cells.map { $0.map { "[\($0)]" } ?? "✗" }.joined())" }

    init(number: Int, line: Int, cells: [String?]) {
        self.number = number
        self.line = line
        self.cells = cells
    }

    init(_ row: PlainCSV.Row) {
        self.init(
            number: row.number, line: row.line,
            cells: row.cells.map { $0.isMalformed ? nil : String(decoding: $0.text, as: UTF8.self) })
    }

    private static var wide: TableLimits {
        var limits = TableLimits()
        limits.maximumColumns = 1 << 20
        return limits
    }

    static func all(of source: any ByteSource, limits: TableLimits = wide) throws -> [ReadRow] {
        var reader = TableReader(source, limits: limits)
        let block = TableReader.makeBlock()
        var rows: [ReadRow] = []
        while try reader.read(into: block) {
            let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: TableReader.labelScratch(block))
            defer { scratch.deallocate() }
            for index in 0..<block.rowCount {
                var cursor = block.cursor(ofRow: index)
                var cells: [String?] = []
                while let cell = cursor.next() {
                    let text =
                        cell.isQuoted ? CellText.unquoted(cell.bytes, scratch: scratch) : CellText.trimmed(cell.bytes)
                    cells.append(cell.isMalformed ? nil : String(decoding: text, as: UTF8.self))
                }
                rows.append(ReadRow(number: block.firstRow + index, line: block.line(ofRow: index), cells: cells))
            }
        }
        return rows
    }

    static func all(_ text: String) throws -> [ReadRow] { try all(of: BytesSource(Array(text.utf8))) }
    static func plainly(_ bytes: [UInt8]) -> [ReadRow] { PlainCSV.rows(bytes).map(ReadRow.init) }
}
