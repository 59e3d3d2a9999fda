/// The rows of one sheet of a BIFF8 stream.
///
/// Writers put cells down in any order, so the sheet's records are walked once for their places, sorted, and read as rows are asked for.
/// Source: [MS-XLS] 2.4: 20 (BoolErr), 127 (Formula), 148 (Label), 149 (LabelSst), 168 (MergeCells), 175 (MulRk), 180 (Number), 220 (RK).
final class XLSSheet: SheetRows {
    /// What all sheets of a workbook share.
    struct Context {
        var strings: SharedStrings
        var formats: [CellFormat]
        var number: CellNumber
        /// Something has calculated the workbook's formulas before it was saved, and says so.
        var isCalculated: Bool
    }

    private enum Record {
        static let label = 0x0204
        static let richLabel = 0x00D6
        static let shared = 0x00FD
        static let number = 0x0203
        static let packed = 0x027E
        static let severalPacked = 0x00BD
        static let truth = 0x0205
        static let formula = 0x0006
        /// What formulas were called in Excel 3 and 4; spreadsheets that export BIFF8 with these numbers mean the same record.
        static let earlierFormulas: Set<Int> = [0x0206, 0x0406]
        static let text = 0x0207
        static let merged = 0x00E5
        /// Between a formula and its text: a formula that several cells share, an array's, a table's.
        static let betweenFormulaAndText: Set<Int> = [0x04BC, 0x0221, 0x0236]
    }

    /// Row, column, where its record begins, whether that is a packed number alone: in this order the numbers sort.
    private struct Place: Comparable {
        private let bits: UInt64

        init(row: Int, column: Int, start: Int, isPacked: Bool) {
            bits =
                UInt64(row) << 48 | UInt64(column) << 40 | UInt64(start & 0x3FFF_FFFF) << 8 | (isPacked ? 1 : 0)
        }

        var row: Int { Int(bits >> 48) }
        var column: Int { Int(bits >> 40) & 0xFF }
        var start: Int { Int(bits >> 8) & 0x3FFF_FFFF }
        var isPacked: Bool { bits & 1 == 1 }

        static func < (left: Place, right: Place) -> Bool { left.bits < right.bits }
        func isSameCell(as other: Place) -> Bool { bits >> 40 == other.bits >> 40 }
    }

    private let stream: BIFFStream
    private let place: Int
    private let context: Context
    private var cells: [Place] = []
    private var next = 0
    private var merged = MergedCells()

    private static let maximumCells = 1 << 23

    /// - Parameter start: where the sheet's first record begins.
    init(_ stream: BIFFStream, start: Int, place: Int, _ context: Context) throws(TableError) {
        self.stream = stream
        self.place = place
        self.context = context
        guard let first = try stream.record(at: start), first.type == BIFFStream.Kind.begin else {
            throw BIFFStream.damaged
        }
        try findCells(from: first.next)
        for index in cells.indices.dropFirst() where cells[index] < cells[index - 1] {
            cells.sort()
            break
        }
    }

    var notes: [WorkbookNote] { merged.note.map { [$0] } ?? [] }

    private func findCells(from start: Int) throws(TableError) {
        var at = start
        // A drawing's chart stands inside as a stream of its own.
        var depth = 0
        while let record = try stream.record(at: at) {
            at = record.next
            if record.type == BIFFStream.Kind.begin { depth += 1 }
            if record.type == BIFFStream.Kind.end {
                if depth == 0 { return }
                depth -= 1
            }
            guard depth == 0 else { continue }
            switch record.type {
            case Record.label, Record.richLabel, Record.shared, Record.number, Record.truth, Record.formula:
                try note(record)
            case let type where Record.earlierFormulas.contains(type): try note(record)
            case Record.packed:
                try note(record, packedAt: record.data.lowerBound + 4, column: try stream.uint16(record, 2))
            case Record.severalPacked:
                let first = try stream.uint16(record, 2)
                // Six bytes a number, before them row and column, behind them the last column.
                for index in 0..<max(0, (record.data.count - 6) / 6) {
                    try note(record, packedAt: record.data.lowerBound + 4 + index * 6, column: first + index)
                }
            case Record.merged: try noteMerged(record)
            default: continue
            }
        }
    }

    private func note(_ record: BIFFStream.Record, packedAt start: Int? = nil, column: Int? = nil) throws(TableError) {
        let column = if let column { column } else { try stream.uint16(record, 2) }
        guard column < 256 else { throw BIFFStream.damaged }
        cells.append(
            Place(
                row: try stream.uint16(record, 0), column: column, start: start ?? record.start,
                isPacked: start != nil))
        guard cells.count <= XLSSheet.maximumCells else {
            throw .workbook(.tooLarge(maximumBytes: CompoundFile.maximumBytes))
        }
    }

    private func noteMerged(_ record: BIFFStream.Record) throws(TableError) {
        for index in 0..<(try stream.uint16(record, 0)) {
            let at = 2 + index * 8
            let first = CellName(column: try stream.uint16(record, at + 4), row: try stream.uint16(record, at) + 1)
            let last = CellName(column: try stream.uint16(record, at + 6), row: try stream.uint16(record, at + 2) + 1)
            merged.add("\(first.text):\(last.text)")
        }
    }

    func next(into row: inout SheetRow) throws(TableError) -> Bool {
        while next < cells.count {
            let number = cells[next].row
            row.begin(number + 1)
            while next < cells.count, cells[next].row == number {
                let cell = cells[next]
                next += 1
                // Of a cell that was written twice the later writing counts.
                if next < cells.count, cells[next].isSameCell(as: cell) { continue }
                try read(cell, into: &row)
            }
            if !row.cells.isEmpty { return true }
        }
        return false
    }

    private func read(_ cell: Place, into row: inout SheetRow) throws(TableError) {
        if cell.isPacked {
            guard cell.start + 6 <= stream.bytes.count else { throw BIFFStream.damaged }
            add(
                XLSSheet.packed(stream.bytes.uint32(at: cell.start + 2)), cell.column,
                stream.bytes.uint16(at: cell.start), to: &row)
            return
        }
        guard let record = try stream.record(at: cell.start) else { throw BIFFStream.damaged }
        let format = try stream.uint16(record, 4)
        switch record.type {
        case Record.shared:
            guard let text = context.strings[try stream.uint32(record, 6)] else { throw BIFFStream.damaged }
            row.add(cell.column) { $0.append(contentsOf: text) }
        case Record.label, Record.richLabel: try addText(of: record, from: 6, cell.column, to: &row)
        case Record.number: add(try stream.number(record, 6), cell.column, format, to: &row)
        case Record.truth:
            addTruth(try stream.byte(record, 6), isError: try stream.byte(record, 7) != 0, cell.column, to: &row)
        default: try readFormula(record, cell, format, into: &row)
        }
    }

    /// A formula's saved value stands in its record, or as text in one behind it.
    private func readFormula(
        _ record: BIFFStream.Record, _ cell: Place, _ format: Int, into row: inout SheetRow
    ) throws(TableError) {
        // To be calculated when the workbook is opened: whoever wrote it has not.
        guard try stream.uint16(record, 14) & 2 == 0 else { throw uncalculated(cell) }
        guard try stream.uint16(record, 12) == 0xFFFF else {
            add(try stream.number(record, 6), cell.column, format, to: &row)
            return
        }
        let value = try stream.byte(record, 8)
        switch try stream.byte(record, 6) {
        case 0:
            var next = try stream.record(at: record.next)
            while let between = next, Record.betweenFormulaAndText.contains(between.type) {
                next = try stream.record(at: between.next)
            }
            guard let text = next, text.type == Record.text else { throw BIFFStream.damaged }
            try addText(of: text, from: 0, cell.column, to: &row)
        case 1: addTruth(value, isError: false, cell.column, to: &row)
        case 2: addTruth(value, isError: true, cell.column, to: &row)
        default:
            // An empty text is a value, or what writes a library that calculates nothing.
            if !context.isCalculated { throw uncalculated(cell) }
        }
    }

    private func uncalculated(_ cell: Place) -> TableError {
        let name = CellName(column: cell.column, row: cell.row + 1)
        return .workbook(.formulaWithoutValue(sheet: place, cell: name.text))
    }

    private func addText(
        of record: BIFFStream.Record, from offset: Int, _ column: Int, to row: inout SheetRow
    ) throws(TableError) {
        var parts = try stream.parts(of: record)
        try parts.skip(offset)
        var text: [UInt8] = []
        try parts.appendText(to: &text)
        row.add(column) { $0.append(contentsOf: text) }
    }

    private func add(_ value: Double, _ column: Int, _ format: Int, to row: inout SheetRow) {
        let format = context.formats.indices.contains(format) ? context.formats[format] : .number
        row.add(column) { context.number.append(value, format, to: &$0) }
    }

    /// A truth or an error. Source: 2.5.10 (BErr).
    private func addTruth(_ value: UInt8, isError: Bool, _ column: Int, to row: inout SheetRow) {
        let text: String
        if !isError {
            text = value == 0 ? "FALSE" : "TRUE"
        } else {
            let errors: [UInt8: String] = [
                0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
                0x2A: "#N/A",
            ]
            text = errors[value] ?? "#N/A"
        }
        row.add(column) { $0.append(contentsOf: text.utf8) }
    }

    /// A number in 30 bits: the upper ones of a double, or a whole number; a hundredth of it where the lowest bit is set.
    ///
    /// Source: 2.5.217 (RkNumber).
    private static func packed(_ bits: Int) -> Double {
        let value =
            bits & 2 != 0
            ? Double(Int32(truncatingIfNeeded: bits) >> 2) : Double(bitPattern: UInt64(bits & 0xFFFF_FFFC) << 32)
        return bits & 1 != 0 ? value / 100 : value
    }
}
