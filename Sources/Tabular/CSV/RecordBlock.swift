/// Whole rows of a table, as they stand in one buffer: a row is a view into it and a cell a range of it.
///
/// One block is filled by one `RecordSplitter` and then read by whoever checks it; blocks are reused, so nothing may keep a pointer
/// into one beyond its turn. The buffer ends with `padding` readable bytes, so that loops may load eight bytes at any cell.
public final class RecordBlock {
    /// Where a row begins.
    public struct Row {
        /// Offset of the row's first byte.
        var start: UInt32
        /// Index of its first cell in `cellEnds`.
        var firstCell: UInt32
        /// Physical lines between the block's first and the row's.
        var line: UInt32
    }

    static let padding = 64

    var bytes: UnsafeMutablePointer<UInt8>
    var capacity: Int
    /// Bytes held, of which the first `usedCount` are the block's rows.
    var count = 0
    var usedCount = 0
    /// For each cell the offset of the separator behind it, with `quoted` or `malformed` in the high bits.
    var cellEnds: UnsafeMutablePointer<UInt32>
    var cellCapacity: Int
    var cellCount = 0
    var rows: [Row] = []

    /// The first row's number as a spreadsheet counts (the header is row 1), and its physical line.
    public internal(set) var firstRow = 0
    public internal(set) var firstLine = 0
    /// Physical lines that the rows take up.
    var lineCount = 0
    /// The text may hold U+FFFD in place of bytes that could not be decoded.
    public internal(set) var mayHoldReplacements = false
    /// The text holds zero bytes.
    public internal(set) var holdsZeroBytes = false

    static let quoted: UInt32 = 1 << 31
    static let malformed: UInt32 = 1 << 30
    static let offsetMask: UInt32 = (1 << 30) - 1

    init(capacity: Int) {
        self.capacity = capacity
        bytes = .allocate(capacity: capacity + RecordBlock.padding)
        bytes.initialize(repeating: 0, count: capacity + RecordBlock.padding)
        cellCapacity = capacity / 4
        cellEnds = .allocate(capacity: cellCapacity)
    }

    deinit {
        bytes.deallocate()
        cellEnds.deallocate()
    }

    func clear() {
        count = 0
        usedCount = 0
        cellCount = 0
        rows.removeAll(keepingCapacity: true)
    }

    /// Makes room for longer rows, keeping what is held.
    func grow(to newCapacity: Int) {
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: newCapacity + RecordBlock.padding)
        larger.initialize(repeating: 0, count: newCapacity + RecordBlock.padding)
        larger.update(from: bytes, count: count)
        bytes.deallocate()
        bytes = larger
        capacity = newCapacity
    }

    func growCells() {
        let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: cellCapacity * 2)
        larger.update(from: cellEnds, count: cellCount)
        cellEnds.deallocate()
        cellEnds = larger
        cellCapacity *= 2
    }

    public var rowCount: Int { rows.count }

    public func line(ofRow index: Int) -> Int { firstLine + Int(rows[index].line) }

    public func cellCount(ofRow index: Int) -> Int {
        let next = index + 1 < rows.count ? Int(rows[index + 1].firstCell) : cellCount
        return next - Int(rows[index].firstCell)
    }

    /// The whole of a row as a cursor over its cells, for loops that visit every cell.
    public func cursor(ofRow index: Int) -> RowCursor {
        RowCursor(
            base: UnsafePointer(bytes), ends: UnsafePointer(cellEnds + Int(rows[index].firstCell)),
            cellCount: cellCount(ofRow: index), start: rows[index].start)
    }
}

/// Walks the cells of one row from left to right.
public struct RowCursor {
    let base: UnsafePointer<UInt8>
    let ends: UnsafePointer<UInt32>
    public let cellCount: Int
    var start: UInt32
    var index = 0

    init(base: UnsafePointer<UInt8>, ends: UnsafePointer<UInt32>, cellCount: Int, start: UInt32) {
        self.base = base
        self.ends = ends
        self.cellCount = cellCount
        self.start = start
    }

    /// The next cell as it stands in the file, or nil after the last.
    @inline(__always)
    public mutating func next() -> RawCell? {
        guard index < cellCount else { return nil }
        let packed = ends[index]
        let end = packed & RecordBlock.offsetMask
        let cell = RawCell(
            bytes: UnsafeBufferPointer(start: base + Int(start), count: Int(end - start)),
            isQuoted: packed & RecordBlock.quoted != 0, isMalformed: packed & RecordBlock.malformed != 0)
        start = end + 1
        index += 1
        return cell
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
