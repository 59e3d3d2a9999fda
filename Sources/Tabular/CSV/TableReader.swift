import Glibc

/// How much one table may ask for. Beyond it the file is refused with a finding.
public struct TableLimits: Hashable, Sendable {
    /// The longest row in bytes of UTF-8.
    public var maximumRowBytes = 1 << 20
    public var maximumRows = 5_000_000
    public var maximumColumns = 4096

    public init() {}
}

/// Reads a table block by block, whatever its charset, in memory that does not grow with the file.
public struct TableReader {
    private var decoder: TextDecoder
    private let limits: TableLimits
    private let expectedBytes: Int
    /// Bytes read beyond the last whole row.
    private var carry: [UInt8] = []
    private var sourceEnded = false
    private var nextRow = 1
    private var nextLine = 1

    /// The file's charset, once it is known; nil while there was only ASCII.
    public var charset: Charset? { decoder.charset }

    static let blockBytes = 256 << 10

    /// - Parameter source: the file's bytes as they are; their charset is found here.
    public init(_ source: any ByteSource, limits: TableLimits = TableLimits()) {
        decoder = TextDecoder(source)
        expectedBytes = source.expectedBytes ?? 0
        self.limits = limits
    }

    /// How many rows the table will have if they are as long as those of a block; 0 where that cannot be told.
    public func expectedRows(like block: RecordBlock) -> Int {
        block.usedCount > 0 ? min(expectedBytes / block.usedCount * block.rowCount, limits.maximumRows) : 0
    }

    public static func makeBlock() -> RecordBlock { RecordBlock(capacity: blockBytes) }

    /// Room enough to unquote any cell of the block.
    public static func labelScratch(_ block: RecordBlock) -> Int { block.capacity }

    /// Fills the block with the next rows and says whether there were any.
    ///
    /// A quote that never closes would swallow the rest of the file: the line it stands in becomes one malformed row, and reading
    /// goes on with the next.
    public mutating func read(into block: RecordBlock) throws(TableError) -> Bool {
        block.clear()
        takeCarry(into: block)
        block.firstRow = nextRow
        block.firstLine = nextLine
        while true {
            try fill(block)
            guard block.count > 0 else { return false }
            let ending = RecordSplitter.split(block, isEnd: sourceEnded)
            if block.usedCount == 0 {
                if !sourceEnded, block.capacity < limits.maximumRowBytes {
                    block.grow(to: min(block.capacity * 2, limits.maximumRowBytes))
                    continue
                }
                guard case .openQuote(let row) = ending else {
                    throw .rowTooLong(row: nextRow, maximumBytes: limits.maximumRowBytes)
                }
                takeBrokenLine(of: block, row)
            }
            break
        }
        if block.firstRow == 1, block.rowCount > 0, block.cellCount(ofRow: 0) > limits.maximumColumns {
            throw .tooManyColumns(maximum: limits.maximumColumns)
        }
        finish(block)
        guard nextRow - 1 <= limits.maximumRows else { throw .tooManyRows(maximum: limits.maximumRows) }
        return true
    }

    private mutating func takeCarry(into block: RecordBlock) {
        if carry.count > block.capacity { block.grow(to: carry.count * 2) }
        carry.withUnsafeBufferPointer { bytes in
            if let start = bytes.baseAddress { block.bytes.update(from: start, count: bytes.count) }
        }
        block.count = carry.count
        carry.removeAll(keepingCapacity: true)
    }

    private mutating func fill(_ block: RecordBlock) throws(TableError) {
        while !sourceEnded, block.count < block.capacity {
            let room = UnsafeMutableRawBufferPointer(
                start: block.bytes + block.count, count: block.capacity - block.count)
            let read = try readSource(into: room)
            if read == 0 { sourceEnded = true } else { block.count += read }
        }
    }

    private mutating func readSource(into room: UnsafeMutableRawBufferPointer) throws(TableError) -> Int {
        do { return try decoder.read(into: room) } catch { throw .source(error) }
    }

    /// Makes a row of the cells before the quote that never closes, and of the rest of its line.
    private func takeBrokenLine(of block: RecordBlock, _ row: RecordSplitter.OpenRow) {
        var end = row.start
        while end < block.count, block.bytes[end] != 0x0A, block.bytes[end] != 0x0D { end += 1 }
        var next = end
        if next < block.count {
            next += block.bytes[end] == 0x0D && end + 1 < block.count && block.bytes[end + 1] == 0x0A ? 2 : 1
        }
        block.cells[row.filledCount] = FilledCell(
            start: UInt32(row.start), end: UInt32(end), column: UInt32(row.cellCount), marks: FilledCell.malformed)
        block.cellCount = row.filledCount + 1
        block.rows[0] = RecordRow(firstCell: 0, cellCount: UInt32(row.cellCount) + 1, line: 0)
        block.rowCount = 1
        block.usedCount = next
        // Quoted cells before it may hold line ends of their own.
        block.lineCount = 1
        for at in 0..<row.start
        where block.bytes[at] == 0x0A || (block.bytes[at] == 0x0D && block.bytes[at + 1] != 0x0A) {
            block.lineCount += 1
        }
    }

    private mutating func finish(_ block: RecordBlock) {
        carry.append(
            contentsOf: UnsafeBufferPointer(start: block.bytes + block.usedCount, count: block.count - block.usedCount))
        nextRow += block.rowCount
        nextLine += block.lineCount
        // A character that an earlier step of the export lost is as lost as one that is lost here.
        let mayHoldSomething = OddBytes.mayStand(in: block.bytes, count: block.usedCount)
        block.mayHoldReplacements =
            mayHoldSomething && decoder.charset != nil && TableReader.holdsReplacement(block)
        block.holdsZeroBytes = mayHoldSomething && memchr(block.bytes, 0, block.usedCount) != nil
    }

    private static func holdsReplacement(_ block: RecordBlock) -> Bool {
        var at = 0
        while at < block.usedCount, let found = memchr(block.bytes + at, 0xEF, block.usedCount - at) {
            // The padding behind the rows makes looking ahead safe.
            let first = found.assumingMemoryBound(to: UInt8.self)
            if first[1] == 0xBF, first[2] == 0xBD { return true }
            at = first - UnsafeMutablePointer(block.bytes) + 1
        }
        return false
    }
}
