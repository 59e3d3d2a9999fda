/// Finds rows and cells in a buffer of UTF-8, after RFC 4180 and what real exporters make of it.
///
/// Rows end with CRLF, LF or CR. A cell is quoted when a quote is the first thing in it but blanks and TABs; inside, a doubled quote
/// is a quote, and separators and line ends are text. A quote in the middle of an unquoted cell is text. Something behind the closing
/// quote marks the cell as malformed; it then ends with its line, so that a stray quote costs its own row and not all up to the next.
struct RecordSplitter {
    /// What stands after the last whole row of a block.
    enum Ending {
        /// The rest, from `usedCount`, is the beginning of a row that goes on.
        case needsMore
        /// As `needsMore`, and the row goes on inside a quoted cell that has not closed yet; behind so many whole cells, whose
        /// ends are still in the block.
        case openQuote(cells: Int)
    }

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let space = UInt8(ascii: " ")
    private static let tab = UInt8(ascii: "\t")

    /// Splits the `count` bytes the block holds; at the end of the file the last row needs no line end.
    ///
    /// - Complexity: O(bytes), about one step for eight bytes and one for each separator.
    static func split(_ block: RecordBlock, isEnd: Bool) -> Ending {
        let base = UnsafePointer(block.bytes)
        let count = block.count
        var position = 0
        var rowStart = 0
        var rowFirstCell = 0
        var line: UInt32 = 0
        var rowLine: UInt32 = 0
        var cellStart = 0
        block.usedCount = 0
        block.lineCount = 0

        @inline(__always) func room() {
            if block.cellCount + 16 > block.cellCapacity { block.growCells() }
        }

        func endRow(at end: Int, next: Int) {
            block.rows.append(
                RecordBlock.Row(start: UInt32(rowStart), firstCell: UInt32(rowFirstCell), line: rowLine))
            rowStart = next
            cellStart = next
            rowFirstCell = block.cellCount
            rowLine = line
            block.usedCount = next
            block.lineCount = Int(line)
        }

        while true {
            room()
            var candidates: UInt64
            if position + 8 <= count {
                let word = UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self)
                if word == 0x2C2C_2C2C_2C2C_2C2C {
                    let cells = block.cellEnds + block.cellCount
                    for offset in 0..<8 { cells[offset] = UInt32(truncatingIfNeeded: position + offset) }
                    block.cellCount += 8
                    position += 8
                    cellStart = position
                    continue
                }
                candidates = bytesBelowDash(word)
            } else if position < count {
                // The padding holds what it will; only the bytes that are there count.
                let word = UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self)
                candidates = bytesBelowDash(word) & ((1 << (UInt64(count - position) * 8)) - 1)
            } else {
                break
            }
            var resume = position + 8
            while candidates != 0 {
                let at = position + candidates.trailingZeroBitCount >> 3
                candidates &= candidates - 1
                let byte = base[at]
                if byte == comma {
                    block.cellEnds[block.cellCount] = UInt32(truncatingIfNeeded: at)
                    block.cellCount += 1
                    cellStart = at + 1
                } else if byte == lineFeed || byte == carriageReturn {
                    var next = at + 1
                    if byte == carriageReturn {
                        if next == count, !isEnd { return rollBack(block, to: rowFirstCell, .needsMore) }
                        if next < count, base[next] == lineFeed { next += 1 }
                    }
                    block.cellEnds[block.cellCount] = UInt32(truncatingIfNeeded: at)
                    block.cellCount += 1
                    line += 1
                    endRow(at: at, next: next)
                    if next > at + 1 {
                        // The LF is the next candidate, or the first byte of the next word.
                        if next <= position + 8 { candidates &= candidates - 1 } else { resume = next }
                    }
                } else if byte == quote, onlyBlanks(base, from: cellStart, to: at) {
                    guard let cell = quotedCell(base, from: at, count: count, isEnd: isEnd, line: &line) else {
                        return rollBack(block, to: rowFirstCell, .openQuote(cells: block.cellCount - rowFirstCell))
                    }
                    if cell.end == count, !isEnd { return rollBack(block, to: rowFirstCell, .needsMore) }
                    room()
                    let flags = RecordBlock.quoted | (cell.isMalformed ? RecordBlock.malformed : 0)
                    block.cellEnds[block.cellCount] = UInt32(truncatingIfNeeded: cell.end) | flags
                    block.cellCount += 1
                    if cell.end < count, base[cell.end] == comma {
                        cellStart = cell.end + 1
                        resume = cellStart
                        if cellStart == count, !isEnd { return rollBack(block, to: rowFirstCell, .needsMore) }
                    } else {
                        var next = cell.end + 1
                        if cell.end < count, base[cell.end] == carriageReturn {
                            if next == count, !isEnd { return rollBack(block, to: rowFirstCell, .needsMore) }
                            if next < count, base[next] == lineFeed { next += 1 }
                        }
                        next = min(next, count)
                        line += 1
                        endRow(at: cell.end, next: next)
                        resume = next
                    }
                    candidates = 0
                }
            }
            position = resume
        }
        // The last row of a file need not end with a line end.
        if isEnd, rowStart < count {
            if cellStart < count || block.cellCount > rowFirstCell {
                room()
                block.cellEnds[block.cellCount] = UInt32(count)
                block.cellCount += 1
            }
            endRow(at: count, next: count)
            return .needsMore
        }
        return rollBack(block, to: rowFirstCell, .needsMore)
    }

    /// A quoted cell's end: the offset of the separator or line end behind it, or `count` where the file ends; nil while it is open.
    private static func quotedCell(
        _ base: UnsafePointer<UInt8>, from open: Int, count: Int, isEnd: Bool, line: inout UInt32
    ) -> (end: Int, isMalformed: Bool)? {
        var at = open + 1
        let lineBefore = line
        var firstLineEnd: Int?
        while at < count {
            let byte = base[at]
            if byte == quote {
                if at + 1 < count, base[at + 1] == quote {
                    at += 2
                    continue
                }
                break
            }
            if byte == lineFeed || byte == carriageReturn {
                if firstLineEnd == nil { firstLineEnd = at }
                if byte == lineFeed || !(at + 1 < count && base[at + 1] == lineFeed) { line += 1 }
            }
            at += 1
        }
        guard at < count else { return nil }
        at += 1
        var isMalformed = false
        while at < count {
            let byte = base[at]
            if byte == comma || byte == lineFeed || byte == carriageReturn { break }
            if byte != space, byte != tab {
                if let firstLineEnd {
                    line = lineBefore
                    return (firstLineEnd, true)
                }
                isMalformed = true
            }
            at += 1
        }
        return (at, isMalformed)
    }

    /// One high bit for each byte of the word that is below `-`: separators, quotes, line ends, and the few blanks and signs beside them.
    @inline(__always)
    private static func bytesBelowDash(_ word: UInt64) -> UInt64 {
        let high: UInt64 = 0x8080_8080_8080_8080
        return ~((word | high) &- 0x2D2D_2D2D_2D2D_2D2D) & ~word & high
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

    private static func rollBack(_ block: RecordBlock, to firstCell: Int, _ ending: Ending) -> Ending {
        block.cellCount = firstCell
        return ending
    }
}
