import Glibc
public import SurveillanceKit

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
    /// What the rows come from where the file is a workbook; the decoder has nothing to read then.
    private let sheet: SheetText?
    /// What the file is by its bytes.
    public let format: TableFormat
    private var nameNotes: [WorkbookNote] = []
    private let limits: TableLimits
    private let expectedBytes: Int
    /// Bytes read beyond the last whole row.
    private var carry: [UInt8] = []
    private var sourceEnded = false
    private var isBeforeHeader: Bool
    private let dropsPadding: Bool
    private var nextRow = 1
    private var nextLine = 1

    /// Where bytes of the decoded text that need a word stand, as far as no block has held them yet.
    private var faultOffsets: [Int] = []
    private var oddLineOffsets: [Int] = []
    private var decodedCount = 0
    /// Decoded bytes at the end of the file that are in no block.
    private var droppedCount = 0

    /// The file's charset, once it is known; nil while there was only ASCII.
    public var charset: Charset? { sheet == nil ? decoder.charset : .utf8 }
    /// The file begins with UTF-8's mark and is GB18030 nevertheless, as which it was read.
    public var hasWrongMark: Bool { decoder.hasWrongMark }
    /// The file is UTF-16 without a mark, as which it was read.
    public var lacksMark: Bool { decoder.lacksMark }
    /// Lines before the header that are no row; they were passed over.
    public private(set) var headLines: [HeadLine] = []
    /// Bytes 0x1A (Ctrl-Z) and 0x00 at the file's very end; they were passed over.
    public private(set) var paddingCount = 0
    /// All has been read.
    public var hasEnded: Bool { sheet?.hasEnded ?? (sourceEnded && carry.isEmpty) }
    /// What is to be said of a workbook, as far as it has been read, and of a name that is not its kind's.
    public var workbookNotes: [WorkbookNote] { nameNotes + (sheet?.notes ?? []) }

    static let blockBytes = 256 << 10

    /// - Parameters:
    ///   - source: the file's bytes as they are; their charset is found here.
    ///   - findsHeader: what stands before the header and is no row is passed over, and padding behind the last row.
    public init(_ source: any ByteSource, limits: TableLimits = TableLimits(), findsHeader: Bool = false) {
        isBeforeHeader = findsHeader
        dropsPadding = findsHeader
        decoder = TextDecoder(source)
        sheet = nil
        format = .csv
        expectedBytes = source.expectedBytes ?? 0
        self.limits = limits
    }

    /// Reads a sheet of a workbook, with the header found as in a file of text.
    ///
    /// - Parameters:
    ///   - labels: of the columns that the table should have, in lower case: they tell a workbook's sheets apart.
    ///   - takesFirstSheet: of several sheets with such a table the first is read, and the others are told.
    ///   - sheet: the place of the only sheet that counts, from 0.
    public init(
        workbook source: any RandomAccessSource, format: TableFormat, labels: Set<String>,
        limits: TableLimits = TableLimits(), archiveLimits: ArchiveLimits = ArchiveLimits(),
        takesFirstSheet: Bool = false, sheet: Int? = nil
    ) {
        isBeforeHeader = true
        dropsPadding = false
        decoder = TextDecoder(BytesSource([]))
        self.sheet = SheetText(
            source, labels: labels, limits: archiveLimits, takesFirst: takesFirstSheet, place: sheet)
        self.format = format
        expectedBytes = 0
        self.limits = limits
    }

    mutating func note(_ note: WorkbookNote) { nameNotes.append(note) }

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
        let isFirst = nextRow == 1 || isBeforeHeader
        guard try readRows(into: block) else { return false }
        while isBeforeHeader {
            dropHeadLines(of: block)
            if isBeforeHeader, try !readRows(into: block) { return false }
        }
        guard isFirst else { return true }
        // Columns without a name at the end cost nothing: a sheet that is formatted to its edge has 16,384.
        guard (block.filledCells(ofRow: 0).last?.column ?? 0) < limits.maximumColumns else {
            throw .tooManyColumns(maximum: limits.maximumColumns)
        }
        return true
    }

    /// Of a damaged workbook under another name it helps more to know what it is than where it breaks.
    private func called(_ error: TableError) -> TableError {
        guard nextRow == 1, format == .xls, nameNotes.contains(.workbookNamedCSV), case .workbook(.damaged) = error
        else { return error }
        return .document(.excel)
    }

    private mutating func readRows(into block: RecordBlock) throws(TableError) -> Bool {
        block.clear()
        if let sheet {
            do { return try readRows(of: sheet, into: block) } catch { throw called(error) }
        }
        takeCarry(into: block)
        block.firstRow = nextRow
        block.firstLine = nextLine
        while true {
            try fill(block)
            if nextRow == 1, let document = decoder.document { throw .document(document) }
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
        finish(block)
        guard nextRow - 1 <= limits.maximumRows else { throw .tooManyRows(maximum: limits.maximumRows) }
        return true
    }

    /// The rows of a sheet are lines of their own, whatever line ends stand in their cells.
    private mutating func readRows(of sheet: SheetText, into block: RecordBlock) throws(TableError) -> Bool {
        block.firstRow = nextRow
        block.firstLine = nextRow
        try sheet.fill(block, limits: limits)
        guard block.count > 0 else { return false }
        _ = RecordSplitter.split(block, isEnd: true)
        for row in 0..<block.rowCount { block.rows[row].line = UInt32(row) }
        block.lineCount = block.rowCount
        finish(block)
        guard nextRow - 1 <= limits.maximumRows else { throw .tooManyRows(maximum: limits.maximumRows) }
        return true
    }

    /// Takes blank lines and known hints to programs off the start of the file, so that the block's first row is the header.
    private mutating func dropHeadLines(of block: RecordBlock) {
        var dropped = 0
        while dropped < block.rowCount {
            if let kind = HeadLine.Kind(block, row: dropped) {
                headLines.append(HeadLine(row: block.firstRow + dropped, line: block.line(ofRow: dropped), kind: kind))
            } else if !block.filledCells(ofRow: dropped).allSatisfy({
                CellText.trimmed($0.bytes(from: block.start)).isEmpty
            }) {
                isBeforeHeader = false
                break
            }
            dropped += 1
        }
        block.dropRows(dropped)
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
        while !sourceEnded {
            guard block.count < block.capacity else {
                // What fills the file's end up is told from text by what follows it, if anything.
                guard dropsPadding, TableReader.isPadding(block.bytes[block.count - 1]) else { return }
                guard block.capacity >= limits.maximumRowBytes else {
                    block.grow(to: min(block.capacity * 2, limits.maximumRowBytes))
                    continue
                }
                try skipPadding(of: block)
                break
            }
            let room = UnsafeMutableRawBufferPointer(
                start: block.bytes + block.count, count: block.capacity - block.count)
            let read = try readSource(into: room)
            if read == 0 { sourceEnded = true } else { block.count += read }
        }
        if sourceEnded, dropsPadding { dropPadding(of: block) }
    }

    /// Takes Ctrl-Z and zero bytes off the file's end, with line ends among them.
    private mutating func dropPadding(of block: RecordBlock) {
        guard block.count > 0 else { return }
        var start = block.count
        var kept = block.count
        while start > 0 {
            let byte = block.bytes[start - 1]
            guard TableReader.isPadding(byte) || byte == 0x0A || byte == 0x0D || byte == 0x20 else { break }
            start -= 1
            if TableReader.isPadding(byte) { kept = start }
        }
        for at in kept..<block.count where TableReader.isPadding(block.bytes[at]) { paddingCount += 1 }
        droppedCount = block.count - kept
        block.count = kept
    }

    /// Reads on to the source's end, where the block is as long as a row may be and ends in padding. Text behind it makes a row too long.
    private mutating func skipPadding(of block: RecordBlock) throws(TableError) {
        var scratch = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let read = try scratch.withUnsafeMutableBytes { buffer in
                Result { () throws(TableError) in try readSource(into: buffer) }
            }.get()
            guard read > 0 else { break }
            guard scratch[..<read].allSatisfy(TableReader.isPadding) else {
                throw .rowTooLong(row: nextRow, maximumBytes: limits.maximumRowBytes)
            }
            paddingCount += read
            decodedCount -= read
        }
        sourceEnded = true
    }

    private static func isPadding(_ byte: UInt8) -> Bool { byte == 0 || byte == 0x1A }

    private mutating func readSource(into room: UnsafeMutableRawBufferPointer) throws(TableError) -> Int {
        do {
            let count = try decoder.read(into: room)
            decodedCount += count
            if !decoder.faults.isEmpty { faultOffsets += decoder.faults.map(\.outputOffset) }
            if !decoder.oddLines.isEmpty { oddLineOffsets += decoder.oddLines }
            return count
        } catch { throw .source(error) }
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
        if !faultOffsets.isEmpty || !oddLineOffsets.isEmpty { placeOddBytes(in: block) }
        carry.append(
            contentsOf: UnsafeBufferPointer(start: block.bytes + block.usedCount, count: block.count - block.usedCount))
        nextRow += block.rowCount
        nextLine += block.lineCount
        // A character that an earlier step of the export lost is as lost as one that is lost here.
        let odd = OddBytes.find(in: block.bytes, count: block.usedCount)
        block.mayHoldReplacements =
            odd.contains(.zeroOrReplacement) && charset != nil && TableReader.holdsReplacement(block)
        block.holdsZeroBytes = odd.contains(.zeroOrReplacement) && memchr(block.bytes, 0, block.usedCount) != nil
        block.mayHoldLostText = odd.contains(.lost) || block.mayHoldReplacements
    }

    /// Tells the block which of its bytes could not be decoded, and which of its rows are of another charset than the file's.
    private mutating func placeOddBytes(in block: RecordBlock) {
        // Padding that was dropped stands behind all that counts here.
        let start = decodedCount - block.count - (sourceEnded ? droppedCount : 0)
        let end = start + block.usedCount
        let faults = faultOffsets.prefix { $0 < end }
        block.setFaults(faults.map { UInt32(max(0, $0 - start)) })
        faultOffsets.removeFirst(faults.count)
        let odd = oddLineOffsets.prefix { $0 < end }
        block.oddRows = TableReader.rows(of: block, at: odd.map { max(0, $0 - start) })
        oddLineOffsets.removeFirst(odd.count)
    }

    /// The rows that hold the bytes at some offsets, which ascend.
    private static func rows(of block: RecordBlock, at offsets: [Int]) -> [Int] {
        var rows: [Int] = []
        var row = 0
        var line = 0
        var at = 0
        for offset in offsets {
            while at < min(offset, block.usedCount) {
                let byte = block.bytes[at]
                if byte == 0x0A || (byte == 0x0D && block.bytes[at + 1] != 0x0A) { line += 1 }
                at += 1
            }
            while row + 1 < block.rowCount, block.rows[row + 1].line <= UInt32(line) { row += 1 }
            if rows.last != row { rows.append(row) }
        }
        return rows
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
