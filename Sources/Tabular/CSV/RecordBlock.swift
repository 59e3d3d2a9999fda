/// Whole rows of a table, as they stand in one buffer: a row is a view into it and a cell a range of it.
///
/// Only cells that hold something are kept, each with its column: most cells of a report are empty and so cost nothing further on. One
/// block is filled by one `RecordSplitter` and then read by whoever checks it; blocks are reused, so nothing may keep a pointer into one
/// beyond its turn. The buffer ends with `padding` readable bytes, so that loops may load a whole word at any cell.
public final class RecordBlock {
    static let padding = 64
    /// A block ends after so many rows even where more would fit: what is kept for each row stays bounded with it.
    static let maximumRows = 4096

    var bytes: UnsafeMutablePointer<UInt8>
    var capacity: Int
    /// Bytes held, of which the first `usedCount` are the block's rows.
    var count = 0
    var usedCount = 0
    /// The cells that hold something, row by row. Room for as many as `capacity` bytes can make: each takes two bytes or more.
    var cells: UnsafeMutablePointer<FilledCell>
    var cellCount = 0
    let rows: UnsafeMutablePointer<RecordRow>
    public internal(set) var rowCount = 0

    /// The first row's number as a spreadsheet counts (the header is row 1), and its physical line.
    public internal(set) var firstRow = 0
    public internal(set) var firstLine = 0
    /// Physical lines that the rows take up.
    var lineCount = 0
    /// The text may hold U+FFFD in place of bytes that could not be decoded.
    public internal(set) var mayHoldReplacements = false
    /// Cells may hold text that had lost its characters before it came: `????`, `锟斤拷`, U+FFFD.
    public internal(set) var mayHoldLostText = false
    /// The text holds zero bytes.
    public internal(set) var holdsZeroBytes = false
    /// Rows of another charset than the file's, counted from 0.
    public internal(set) var oddRows: [Int] = []
    /// Where U+FFFD stands for bytes that could not be decoded, ascending; elsewhere it was in the file.
    private var faults = UnsafeMutableBufferPointer<UInt32>(start: nil, count: 0)

    init(capacity: Int) {
        self.capacity = capacity
        bytes = RecordBlock.allocateBytes(capacity)
        cells = RecordBlock.allocateCells(capacity)
        rows = .allocate(capacity: RecordBlock.maximumRows)
    }

    deinit {
        bytes.deallocate()
        cells.deallocate()
        rows.deallocate()
        faults.deallocate()
    }

    func setFaults(_ offsets: [UInt32]) {
        faults.deallocate()
        faults = .allocate(capacity: offsets.count)
        _ = faults.initialize(from: offsets)
    }

    /// Takes the first rows off.
    func dropRows(_ count: Int) {
        guard count > 0 else { return }
        for row in count..<max(count, rowCount) { rows[row - count] = rows[row] }
        rowCount -= count
        firstRow += count
        if !oddRows.isEmpty { oddRows = oddRows.filter { $0 >= count }.map { $0 - count } }
    }

    private static func allocateBytes(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + padding)
        bytes.initialize(repeating: 0, count: capacity + padding)
        return bytes
    }

    /// Memory that is not written to costs nothing, so there is always room for the most cells there can be.
    private static func allocateCells(_ capacity: Int) -> UnsafeMutablePointer<FilledCell> {
        .allocate(capacity: capacity / 2 + 2)
    }

    func clear() {
        count = 0
        usedCount = 0
        cellCount = 0
        rowCount = 0
        if !oddRows.isEmpty { oddRows = [] }
        if faults.count > 0 { setFaults([]) }
    }

    /// Makes room for longer rows, keeping the bytes held; they have to be split again.
    func grow(to newCapacity: Int) {
        let larger = RecordBlock.allocateBytes(newCapacity)
        larger.update(from: bytes, count: count)
        bytes.deallocate()
        bytes = larger
        cells.deallocate()
        cells = RecordBlock.allocateCells(newCapacity)
        cellCount = 0
        rowCount = 0
        capacity = newCapacity
    }

    /// The rows as plain values.
    public var view: RecordRows {
        RecordRows(
            start: start, cells: UnsafePointer(cells), rows: UnsafePointer(rows), count: rowCount, cellCount: cellCount,
            firstRow: firstRow, firstLine: firstLine, watchesText: mayHoldReplacements || holdsZeroBytes,
            watchesLostText: mayHoldLostText,
            faults: UnsafeBufferPointer(faults), byteCount: usedCount)
    }

    public func line(ofRow index: Int) -> Int { view.line(ofRow: index) }

    /// How many cells a row has, empty ones too.
    public func cellCount(ofRow index: Int) -> Int { view.cellCount(ofRow: index) }

    /// The cells of a row that hold something, from left to right: for loops that cannot afford to visit the empty ones.
    public func filledCells(ofRow index: Int) -> UnsafeBufferPointer<FilledCell> { view.filledCells(ofRow: index) }

    /// What the offsets of cells count from.
    public var start: UnsafePointer<UInt8> { UnsafePointer(bytes) }

    /// The first rows' text, 2 KB at most.
    public var beginning: String {
        String(decoding: UnsafeBufferPointer(start: start, count: min(usedCount, 2048)), as: UTF8.self)
    }

    /// Whether cells may hold text that a whole file holds or none of it: text that was read in a wrong charset (`鍙戠儹`, `å\u{8F}‘`), or
    /// memory that was never filled (`烫烫烫`).
    public var mayHoldGarbledText: Bool {
        GarbledText.mayStand(in: UnsafeBufferPointer(start: start, count: usedCount))
    }

    /// The rows end with a line end, the last one too.
    public var endsWithLineEnd: Bool { usedCount > 0 && (bytes[usedCount - 1] == 0x0A || bytes[usedCount - 1] == 0x0D) }

    /// All cells of a row, empty ones too.
    public func cursor(ofRow index: Int) -> RowCursor {
        RowCursor(base: start, cells: filledCells(ofRow: index), cellCount: cellCount(ofRow: index))
    }
}

/// A row that has been split.
@usableFromInline
struct RecordRow: BitwiseCopyable {
    /// Index of its first cell that holds something.
    @usableFromInline var firstCell: UInt32
    /// How many cells it has, empty ones too.
    @usableFromInline var cellCount: UInt32
    /// Physical lines between the block's first and the row's.
    @usableFromInline var line: UInt32
}

/// The rows of a block as plain values, so that a loop over them counts no references and checks no exclusivity. Good until the block
/// is filled again.
public struct RecordRows {
    /// What the offsets of cells count from.
    public let start: UnsafePointer<UInt8>
    @usableFromInline let cells: UnsafePointer<FilledCell>
    @usableFromInline let rows: UnsafePointer<RecordRow>
    public let count: Int
    @usableFromInline let cellCount: Int
    /// The first row's number as a spreadsheet counts.
    public let firstRow: Int
    @usableFromInline let firstLine: Int
    /// The text may hold zero bytes, or U+FFFD in place of bytes that could not be decoded.
    public let watchesText: Bool
    /// Cells may hold text that had lost its characters before it came.
    public let watchesLostText: Bool
    /// Where U+FFFD stands for bytes that could not be decoded, as offsets from `start`, ascending; elsewhere it was in the file.
    public let faults: UnsafeBufferPointer<UInt32>
    /// How many bytes from `start` on are the rows'.
    public let byteCount: Int
    /// How many cells of all rows hold something.
    public var filledCount: Int { cellCount }

    public func holdsFault(at offset: UInt32) -> Bool {
        var low = 0
        var high = faults.count
        while low < high {
            let middle = (low + high) / 2
            if faults[middle] < offset { low = middle + 1 } else { high = middle }
        }
        return low < faults.count && faults[low] == offset
    }

    @inlinable
    @inline(__always)
    public func line(ofRow index: Int) -> Int { firstLine &+ Int(rows[index].line) }

    /// How many cells a row has, empty ones too.
    @inlinable
    @inline(__always)
    public func cellCount(ofRow index: Int) -> Int { Int(rows[index].cellCount) }

    /// The cells of a row that hold something, from left to right.
    @inlinable
    @inline(__always)
    public func filledCells(ofRow index: Int) -> UnsafeBufferPointer<FilledCell> {
        let first = Int(rows[index].firstCell)
        let end = index &+ 1 < count ? Int(rows[index &+ 1].firstCell) : cellCount
        return UnsafeBufferPointer(start: cells + first, count: end &- first)
    }
}

/// A cell that holds something: where its bytes stand in the block, quotes and blanks included.
public struct FilledCell: BitwiseCopyable {
    public let start: UInt32
    public let end: UInt32
    private let columnAndMarks: UInt32

    static let quoted: UInt32 = 1 << 31
    static let malformed: UInt32 = 1 << 30

    /// - Parameter marks: `quoted`, `malformed`, both or none.
    @inline(__always)
    init(start: UInt32, end: UInt32, column: UInt32, marks: UInt32) {
        self.start = start
        self.end = end
        columnAndMarks = column | marks
    }

    /// The column, counted from 0.
    @inline(__always)
    public var column: Int { Int(columnAndMarks & (FilledCell.malformed - 1)) }
    /// The cell opens with a quote; its quotes are still there and doubled ones still double.
    @inline(__always)
    public var isQuoted: Bool { columnAndMarks & FilledCell.quoted != 0 }
    /// Something other than blanks follows the closing quote.
    @inline(__always)
    public var isMalformed: Bool { columnAndMarks & FilledCell.malformed != 0 }
    /// Neither quoted nor malformed.
    @inline(__always)
    public var isPlain: Bool { columnAndMarks < FilledCell.malformed }

    @inline(__always)
    public func bytes(from start: UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: start + Int(self.start), count: Int(end &- self.start))
    }
}

/// Walks all cells of one row from left to right.
public struct RowCursor {
    private let base: UnsafePointer<UInt8>
    private let cells: UnsafeBufferPointer<FilledCell>
    public let cellCount: Int
    private var column = 0
    private var filled = 0

    init(base: UnsafePointer<UInt8>, cells: UnsafeBufferPointer<FilledCell>, cellCount: Int) {
        self.base = base
        self.cells = cells
        self.cellCount = cellCount
    }

    /// The next cell as it stands in the file, or nil after the last.
    public mutating func next() -> RawCell? {
        guard column < cellCount else { return nil }
        defer { column += 1 }
        guard filled < cells.count, cells[filled].column == column else {
            return RawCell(bytes: UnsafeBufferPointer(start: base, count: 0), isQuoted: false, isMalformed: false)
        }
        let cell = cells[filled]
        filled += 1
        return RawCell(bytes: cell.bytes(from: base), isQuoted: cell.isQuoted, isMalformed: cell.isMalformed)
    }
}

/// A cell's bytes between its separators, quotes and blanks included.
public struct RawCell {
    public var bytes: UnsafeBufferPointer<UInt8>
    /// The cell opens with a quote; its quotes are still there and doubled ones still double.
    public var isQuoted: Bool
    /// Something other than blanks follows the closing quote.
    public var isMalformed: Bool
}
