/// Turns a sheet's rows into the text of a table, a block at a time: a line for each row, a separator for each column.
///
/// What is said of rows, cells and whole files is then the same as for CSV, word for word and row for row. Rows that are missing in
/// the sheet are blank lines, so that a row keeps the number that the spreadsheet shows.
///
/// A class, since what reads the sheet cannot be copied.
final class SheetText {
    private enum Stage {
        case closed(any RandomAccessSource)
        case open(any SheetRows)
        case ended(any SheetRows)
        case empty
    }

    private var stage: Stage
    private let labels: Set<String>
    private let takesFirst: Bool
    private let place: Int?
    private let limits: ArchiveLimits
    private var choiceNotes: [WorkbookNote] = []
    /// Rows that have been read and not been written yet, the first of them last.
    private var waiting: [SheetRow] = []
    private var row = SheetRow()
    /// The text of `row`, whose first `written` bytes stand in a block; rows before it that are missing come first.
    private var line: [UInt8] = []
    private var isLineReady = false
    /// The number of the next row that a block gets.
    private var nextRow = 1
    /// Columns of the header: each row is as wide, whatever the sheet leaves out at its end.
    private var width = 0
    private var total = 0

    init(
        _ source: any RandomAccessSource, labels: Set<String>, limits: ArchiveLimits, takesFirst: Bool = false,
        place: Int? = nil
    ) {
        stage = .closed(source)
        self.labels = labels
        self.takesFirst = takesFirst
        self.place = place
        self.limits = limits
    }

    var hasEnded: Bool {
        switch stage {
        case .ended, .empty: true
        case .closed, .open: false
        }
    }

    var notes: [WorkbookNote] {
        switch stage {
        case .open(let rows), .ended(let rows): choiceNotes + rows.notes
        case .closed, .empty: choiceNotes
        }
    }

    /// Fills the block's bytes with the lines of the next rows.
    func fill(_ block: RecordBlock, limits: TableLimits) throws(TableError) {
        var rows = 0
        while rows < RecordBlock.maximumRows {
            guard try prepareLine(limits) else { return }
            while nextRow < row.number {
                guard rows < RecordBlock.maximumRows, block.count < block.capacity else { return }
                block.bytes[block.count] = UInt8(ascii: "\n")
                block.count += 1
                nextRow += 1
                rows += 1
            }
            guard rows < RecordBlock.maximumRows else { return }
            if line.count > block.capacity - block.count {
                guard block.count == 0 else { return }
                block.grow(to: min(max(line.count, block.capacity * 2), max(limits.maximumRowBytes, line.count)))
            }
            line.withUnsafeBufferPointer { bytes in
                if let start = bytes.baseAddress { (block.bytes + block.count).update(from: start, count: bytes.count) }
            }
            block.count += line.count
            nextRow += 1
            rows += 1
            isLineReady = false
        }
    }

    /// Has the next row's line ready; false at the sheet's end.
    private func prepareLine(_ tableLimits: TableLimits) throws(TableError) -> Bool {
        if isLineReady { return true }
        guard try readRow() else { return false }
        guard row.text.count <= tableLimits.maximumRowBytes else {
            throw .rowTooLong(row: row.number, maximumBytes: tableLimits.maximumRowBytes)
        }
        writeLine()
        total += line.count
        guard total <= limits.maximumEntrySize else {
            throw .workbook(.tooLarge(maximumBytes: limits.maximumEntrySize))
        }
        isLineReady = true
        return true
    }

    private func readRow() throws(TableError) -> Bool {
        if case .closed(let source) = stage {
            guard
                let choice = try SheetChoice(
                    in: try WorkbookOpener.open(source, limits: limits), labels: labels, takesFirst: takesFirst,
                    place: place)
            else {
                stage = .empty
                return false
            }
            choiceNotes = choice.notes
            stage = .open(choice.rows)
            waiting = choice.first.reversed()
        }
        if let first = waiting.popLast() {
            row = first
            return true
        }
        guard case .open(let rows) = stage else { return false }
        guard try rows.next(into: &row) else {
            stage = .ended(rows)
            return false
        }
        return true
    }

    private func writeLine() {
        line.removeAll(keepingCapacity: true)
        if width == 0, !isHint { width = (row.cells.last?.column ?? 0) + 1 }
        var column = 0
        for cell in row.cells {
            while column < cell.column {
                line.append(UInt8(ascii: ","))
                column += 1
            }
            append(row.text[cell.text])
        }
        while column + 1 < width {
            line.append(UInt8(ascii: ","))
            column += 1
        }
        line.append(UInt8(ascii: "\n"))
    }

    /// Whether the row is one of those that `HeadLine` knows, and so before the header.
    private var isHint: Bool {
        guard let first = row.cells.first, first.column == 0 else { return false }
        let text = String(decoding: row.text[first.text].prefix(16), as: UTF8.self).lowercased()
        return [CorrectionNote.mark, "sep=", "#type "].contains(where: text.hasPrefix)
    }

    private func append(_ text: ArraySlice<UInt8>) {
        guard text.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else {
            line.append(contentsOf: text)
            return
        }
        line.append(0x22)
        for byte in text {
            if byte == 0x22 { line.append(0x22) }
            line.append(byte)
        }
        line.append(0x22)
    }
}
