/// Finds rows and cells in a buffer of UTF-8, after RFC 4180 and what real exporters make of it.
///
/// Rows end with CRLF, LF or CR. A cell is quoted when a quote is the first thing in it but blanks and TABs; inside, a doubled quote
/// is a quote, and separators and line ends are text. A quote in the middle of an unquoted cell is text. Something behind the closing
/// quote marks the cell as malformed; it then ends with its line, so that a stray quote costs its own row and not all up to the next.
struct RecordSplitter {
    /// What stands after the last whole row of a block.
    enum Ending {
        /// The rest, from `usedCount`, is the beginning of a row that goes on, or rows beyond the most a block takes.
        case needsMore
        /// As `needsMore`, and the row goes on inside a quoted cell that has not closed yet.
        case openQuote(OpenRow)
    }

    /// A row up to a quote that has not closed. Its cells before that are still in the block, behind those that count.
    struct OpenRow {
        var cellCount: Int
        var filledCount: Int
        /// Where the cell with the open quote begins.
        var start: Int
    }

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let space = UInt8(ascii: " ")
    private static let tab = UInt8(ascii: "\t")

    /// Splits the `count` bytes the block holds; at the end of the file the last row needs no line end.
    ///
    /// - Complexity: O(bytes), with about ten instructions for eight bytes and as many for each cell that holds something.
    static func split(_ block: RecordBlock, isEnd: Bool) -> Ending {
        let base = UnsafePointer(block.bytes)
        let count = block.count
        var rows = RowWriter(block)
        var position = 0
        scan: while position < count {
            // The padding behind the bytes holds what it will; only the bytes that are there count.
            let present = count - position < 64 ? 1 << UInt64(count - position) - 1 : UInt64.max
            let masks = SeparatorMask(base + position)
            var commas = masks.commas & present
            var others = masks.belowHash & present
            var resume = position + 64
            while others != 0 {
                let at = position &+ others.trailingZeroBitCount
                let before = (others &- 1) & ~others
                others &= others &- 1
                let byte = base[at]
                if byte == lineFeed || byte == carriageReturn {
                    rows.endCells(commas & before, from: position)
                    commas &= ~before
                    guard let next = lineEnd(base, at, count, isEnd) else { break scan }
                    rows.endCell(at: at)
                    rows.endRow(next: next)
                    if rows.isFull { break scan }
                    if next > at + 1 {
                        // The LF is the next of the others, or the first byte behind these.
                        if next <= position + 64 { others &= others &- 1 } else { resume = next }
                    }
                } else if byte == quote {
                    rows.endCells(commas & before, from: position)
                    commas &= ~before
                    guard onlyBlanks(base, from: rows.cellStart, to: at) else { continue }
                    guard let cell = quotedCell(base, from: at, count: count) else {
                        return rows.finish(block, openQuote: true)
                    }
                    if cell.end == count, !isEnd { break scan }
                    let isLast = cell.end == count || base[cell.end] != comma
                    guard let next = isLast ? lineEnd(base, cell.end, count, isEnd) : cell.end + 1 else { break scan }
                    rows.endCell(at: cell.end, marks: FilledCell.quoted | (cell.isMalformed ? FilledCell.malformed : 0))
                    rows.line &+= cell.lines
                    if isLast { rows.endRow(next: next) }
                    if rows.isFull { break scan }
                    commas = 0
                    resume = next
                    break
                }
            }
            rows.endCells(commas, from: position)
            position = resume
        }
        // The last row of a file need not end with a line end.
        if isEnd, !rows.isFull, rows.rowStart < count {
            if rows.cellStart < count || rows.column > 0 { rows.endCell(at: count) }
            rows.endRow(next: count)
        }
        return rows.finish(block, openQuote: false)
    }

    /// Where the next row begins behind the line end at an offset, which may be the file's end; nil where a CR may go on with a LF.
    @inline(__always)
    private static func lineEnd(_ base: UnsafePointer<UInt8>, _ at: Int, _ count: Int, _ isEnd: Bool) -> Int? {
        guard at < count else { return count }
        guard base[at] == carriageReturn else { return at + 1 }
        if at + 1 == count { return isEnd ? count : nil }
        return base[at + 1] == lineFeed ? at + 2 : at + 1
    }

    private struct QuotedCell {
        /// The offset of the separator or line end behind it, or `count` where the file ends.
        var end: Int
        var isMalformed = false
        /// Line ends inside it.
        var lines: UInt32 = 0
    }

    /// The cell that opens with the quote at an offset; nil while it is open.
    private static func quotedCell(_ base: UnsafePointer<UInt8>, from open: Int, count: Int) -> QuotedCell? {
        var at = open + 1
        var lines: UInt32 = 0
        var firstLineEnd: Int?
        while true {
            at = SeparatorMask.nextQuoteOrLineEnd(base, from: at, count: count)
            guard at < count else { return nil }
            let byte = base[at]
            if byte == quote {
                guard at + 1 < count, base[at + 1] == quote else { break }
                at += 1
            } else {
                if firstLineEnd == nil { firstLineEnd = at }
                if byte == lineFeed || !(at + 1 < count && base[at + 1] == lineFeed) { lines += 1 }
            }
            at += 1
        }
        at += 1
        var isMalformed = false
        while at < count {
            let byte = base[at]
            if byte == comma || byte == lineFeed || byte == carriageReturn { break }
            if byte != space, byte != tab {
                if let firstLineEnd { return QuotedCell(end: firstLineEnd, isMalformed: true) }
                isMalformed = true
            }
            at += 1
        }
        return QuotedCell(end: at, isMalformed: isMalformed, lines: lines)
    }

    @inline(__always)
    private static func onlyBlanks(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Bool {
        var at = start
        while at < end {
            guard base[at] == space || base[at] == tab else { return false }
            at += 1
        }
        return true
    }
}

/// Puts down cells and rows one after the other. Plain values and memory of the block's, so that the loop keeps them in registers.
private struct RowWriter {
    private let cells: UnsafeMutablePointer<FilledCell>
    private let rows: UnsafeMutablePointer<RecordRow>
    private var filledCount = 0
    private var rowCount = 0
    private var rowFirstCell = 0
    private var rowLine: UInt32 = 0
    var line: UInt32 = 0
    /// The cells of the row so far.
    private(set) var column: UInt32 = 0
    private(set) var rowStart = 0
    private(set) var cellStart = 0

    init(_ block: RecordBlock) {
        cells = block.cells
        rows = block.rows
    }

    var isFull: Bool {
        @inline(__always) get { rowCount == RecordBlock.maximumRows }
    }

    /// Ends the cell the splitter is in, and puts it down unless it is empty.
    @inline(__always)
    mutating func endCell(at end: Int, marks: UInt32 = 0) {
        if end > cellStart {
            cells[filledCount] = FilledCell(
                start: UInt32(truncatingIfNeeded: cellStart), end: UInt32(truncatingIfNeeded: end), column: column,
                marks: marks)
            filledCount &+= 1
        }
        column &+= 1
        cellStart = end &+ 1
    }

    /// Ends a cell at each comma, given as a bit for each of the 64 bytes from a position on.
    ///
    /// A run of commas is a run of empty cells, which are only counted: what is visited are the commas behind something.
    @inline(never)
    mutating func endCells(_ commas: UInt64, from position: Int) {
        guard commas != 0 else { return }
        var start = cellStart
        var column = column
        var filled = filledCount
        var behindSeparator = commas &<< 1
        let offset = start &- position
        if offset >= 0 {
            behindSeparator |= 1 &<< UInt64(truncatingIfNeeded: offset)
            let empty = (~(commas &>> UInt64(truncatingIfNeeded: offset))).trailingZeroBitCount
            column &+= UInt32(truncatingIfNeeded: empty)
            start &+= empty
        }
        var ends = commas & ~behindSeparator
        while ends != 0 {
            let bit = ends.trailingZeroBitCount
            cells[filled] = FilledCell(
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: position &+ bit),
                column: column,
                marks: 0)
            filled &+= 1
            let empty = (~((commas &>> UInt64(truncatingIfNeeded: bit)) &>> 1)).trailingZeroBitCount
            column &+= UInt32(truncatingIfNeeded: empty &+ 1)
            start = position &+ bit &+ 1 &+ empty
            ends &= ends &- 1
        }
        self.column = column
        cellStart = start
        filledCount = filled
    }

    @inline(__always)
    mutating func endRow(next: Int) {
        rows[rowCount] = RecordRow(
            firstCell: UInt32(truncatingIfNeeded: rowFirstCell), cellCount: column, line: rowLine)
        rowCount &+= 1
        line &+= 1
        rowFirstCell = filledCount
        rowLine = line
        column = 0
        rowStart = next
        cellStart = next
    }

    /// Tells the block what it holds; the cells of a row that has not ended do not count.
    func finish(_ block: RecordBlock, openQuote: Bool) -> RecordSplitter.Ending {
        block.rowCount = rowCount
        block.cellCount = rowFirstCell
        block.usedCount = rowStart
        block.lineCount = Int(rowLine)
        guard openQuote else { return .needsMore }
        return .openQuote(
            RecordSplitter.OpenRow(cellCount: Int(column), filledCount: filledCount - rowFirstCell, start: cellStart))
    }
}
