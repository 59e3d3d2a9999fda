/// The rows of one sheet, read from its part as they are asked for. Source: ECMA-376 part 1, 18.3.1.
final class XLSXSheet: SheetRows {
    /// What all sheets of a workbook share.
    struct Context {
        var strings: SharedStrings
        var formats: [CellFormat]
        var number: CellNumber
        /// Whoever wrote the workbook leaves all formulas to be calculated by who opens it.
        var isUncalculated: Bool
    }

    /// How a cell's text is meant. Source: 18.18.11 (ST_CellType).
    private enum Kind {
        case number, shared, inline, text, boolean, error
    }

    private struct Names {
        var sheetData, row, cell, value, formula, inline, text, phonetic, merged: XMLPart.Name
        var reference, style, type: XMLPart.Name

        init(_ part: XMLPart) throws(TableError) {
            sheetData = try part.intern("sheetData")
            row = try part.intern("row")
            cell = try part.intern("c")
            value = try part.intern("v")
            formula = try part.intern("f")
            inline = try part.intern("is")
            text = try part.intern("t")
            phonetic = try part.intern("rPh")
            merged = try part.intern("mergeCell")
            (reference, style, type) = (try part.intern("r"), try part.intern("s"), text)
        }
    }

    private struct Cell {
        var column = 0
        var format = CellFormat.number
        var kind = Kind.number
        var hasFormula = false
        var hasValue = false
    }

    private let part: XMLPart
    private let place: Int
    private let context: Context
    private let names: Names
    private var merged = MergedCells()
    private var isInData = false
    private var lastRow = 0
    /// The text of the cell that is read, before it is known how it ends; with a zero byte behind it.
    private var content: [UInt8] = []

    init(_ part: XMLPart, place: Int, _ context: Context) throws(TableError) {
        self.part = part
        self.place = place
        self.context = context
        names = try Names(part)
    }

    var notes: [WorkbookNote] { merged.note.map { [$0] } ?? [] }

    func next(into row: inout SheetRow) throws(TableError) -> Bool {
        while true {
            switch try part.next() {
            case .end: return false
            case .open:
                if part.element == names.sheetData {
                    isInData = true
                } else if part.element == names.merged {
                    if let range = part.attribute("ref") { merged.add(range) }
                } else if isInData, part.element == names.row {
                    row.begin(try rowNumber())
                    try readCells(into: &row)
                    if !row.cells.isEmpty { return true }
                }
            case .close:
                if part.element == names.sheetData { isInData = false }
            case .text: continue
            }
        }
    }

    private var damaged: TableError { .workbook(.damaged(part: part.name)) }

    /// A row says its number, or is the one behind the last.
    private func rowNumber() throws(TableError) -> Int {
        var number: Int? = lastRow + 1
        part.attributes { name, value in
            if name == names.reference { number = XLSXSheet.integer(value) }
        }
        guard let number, number > lastRow, number <= SheetLimits.rows else { throw damaged }
        lastRow = number
        return number
    }

    private func readCells(into row: inout SheetRow) throws(TableError) {
        var lastColumn = -1
        while true {
            switch try part.next() {
            case .end: throw damaged
            case .open:
                guard part.element == names.cell else { continue }
                var cell = Cell(column: lastColumn + 1)
                try readHead(of: &cell)
                guard cell.column > lastColumn, cell.column < SheetLimits.columns else { throw damaged }
                lastColumn = cell.column
                try readCell(&cell, into: &row)
            case .close:
                if part.element == names.row { return }
            case .text: continue
            }
        }
    }

    private func readHead(of cell: inout Cell) throws(TableError) {
        var isRight = true
        part.attributes { name, value in
            if name == names.reference {
                let place = CellName(value)
                isRight = isRight && place?.row == lastRow
                cell.column = place?.column ?? 0
            } else if name == names.style {
                let style = XLSXSheet.integer(value) ?? -1
                cell.format = context.formats.indices.contains(style) ? context.formats[style] : .number
            } else if name == names.type {
                cell.kind = XLSXSheet.kind(value)
            }
        }
        guard isRight else { throw damaged }
    }

    private static func kind(_ text: UnsafeBufferPointer<UInt8>) -> Kind {
        switch text.first {
        case UInt8(ascii: "s"): text.count == 1 ? .shared : .text
        case UInt8(ascii: "i"): .inline
        case UInt8(ascii: "b"): .boolean
        case UInt8(ascii: "e"): .error
        // `d`, a date as ISO 8601 has it.
        case UInt8(ascii: "d"): .text
        default: .number
        }
    }

    /// Reads a cell to its end: its value or its own text, and whether a formula gave it.
    private func readCell(_ cell: inout Cell, into row: inout SheetRow) throws(TableError) {
        content.removeAll(keepingCapacity: true)
        var isInText = false
        var phonetics = 0
        reading: while true {
            switch try part.next() {
            case .end: throw damaged
            case .open:
                if part.element == names.value {
                    isInText = true
                    // `<v></v>` is an empty text that was calculated, `<v/>` none.
                    cell.hasValue = !part.isEmpty
                } else if part.element == names.text {
                    isInText = cell.kind == .inline
                } else if part.element == names.formula {
                    cell.hasFormula = true
                } else if part.element == names.phonetic {
                    phonetics += 1
                }
            case .close:
                if part.element == names.cell { break reading }
                if part.element == names.value || part.element == names.text {
                    isInText = false
                } else if part.element == names.phonetic {
                    phonetics -= 1
                }
            case .text:
                guard isInText, phonetics == 0 else { continue }
                content.append(contentsOf: part.text)
                guard content.count <= SheetLimits.sharedBytes else { throw damaged }
            }
        }
        if cell.hasFormula, context.isUncalculated || (!cell.hasValue && cell.kind != .text) {
            let name = CellName(column: cell.column, row: lastRow)
            throw .workbook(.formulaWithoutValue(sheet: place, cell: name.text))
        }
        try add(cell, to: &row)
    }

    private func add(_ cell: Cell, to row: inout SheetRow) throws(TableError) {
        switch cell.kind {
        case .shared:
            guard !content.isEmpty else { return }
            guard let index = content.withUnsafeBufferPointer({ XLSXSheet.integer($0) }),
                let text = context.strings[index]
            else { throw damaged }
            row.add(cell.column) { $0.append(contentsOf: text) }
        case .inline, .text:
            row.add(cell.column) { text in
                let start = text.count
                text.append(contentsOf: content)
                EscapedText.decode(&text, from: start)
            }
        case .error: row.add(cell.column) { $0.append(contentsOf: content) }
        case .boolean:
            let word = content == [UInt8(ascii: "1")] ? "TRUE" : content == [UInt8(ascii: "0")] ? "FALSE" : nil
            row.add(cell.column) { text in
                if let word { text.append(contentsOf: word.utf8) } else { text.append(contentsOf: content) }
            }
        case .number:
            guard !content.isEmpty else { return }
            content.append(0)
            row.add(cell.column) { text in
                content.withUnsafeBufferPointer { bytes in
                    context.number.append(
                        UnsafeBufferPointer(rebasing: bytes[..<(bytes.count - 1)]), cell.format, to: &text)
                }
            }
        }
    }

    /// A whole number of at most nine digits.
    private static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard (1...9).contains(text.count) else { return nil }
        var value = 0
        for byte in text {
            guard byte &- 0x30 <= 9 else { return nil }
            value = value * 10 + Int(byte &- 0x30)
        }
        return value
    }
}
