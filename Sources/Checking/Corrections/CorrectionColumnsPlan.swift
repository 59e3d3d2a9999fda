import SurveillanceKit
import Tabular
import Validation

/// Which columns of a file stand in its correction form, and how its rows are written there.
struct CorrectionColumnsPlan {
    /// For each column of the header whether it is kept. Those of an earlier form are not: they are made anew.
    private let isKept: [Bool]
    /// The file is a form itself, whose guarded cells have an apostrophe already.
    private let isForm: Bool

    init(header: RowCursor) {
        var header = header
        var isKept: [Bool] = []
        var isForm = false
        var isLastBlank = false
        while let cell = header.next() {
            let label = CorrectionColumnsPlan.text(cell)
            let isAdded = CorrectionColumns.names.contains(label.lowercased())
            isKept.append(!isAdded)
            isForm = isForm || isAdded
            isLastBlank = label.isEmpty
        }
        // One comma too many at the end is let pass, a nameless column amid others is not.
        if isLastBlank { isKept[isKept.count - 1] = false }
        self.isKept = isKept
        self.isForm = isForm
    }

    func appendHeader(_ cells: RowCursor, to piece: inout [UInt8]) {
        appendKept(cells, to: &piece)
        piece += Array(",vedette_row,vedette_findings\r\n".utf8)
    }

    /// Writes a row's cells under their labels, then the added ones, then what the row has beyond the header: a row with a cell too many
    /// is still one, while what is said of it stands where it belongs. A row that ends too early is filled up, as any spreadsheet does.
    func append(_ cells: RowCursor, row: Int, text: [UInt8], to piece: inout [UInt8]) {
        let rest = appendKept(cells, to: &piece)
        piece += Array(",\(row),".utf8)
        CorrectionColumnsPlan.appendQuoted(text, to: &piece)
        if rest.contains(where: { !CorrectionColumnsPlan.text($0).isEmpty }) {
            for cell in rest {
                piece.append(UInt8(ascii: ","))
                append(cell, to: &piece)
            }
        }
        piece += [0x0D, 0x0A]
    }

    /// - Returns: the cells beyond the header.
    @discardableResult
    private func appendKept(_ cells: RowCursor, to piece: inout [UInt8]) -> [RawCell] {
        var cells = cells
        var isFirst = true
        for keeps in isKept {
            let cell = cells.next()
            guard keeps else { continue }
            if !isFirst { piece.append(UInt8(ascii: ",")) }
            isFirst = false
            if let cell { append(cell, to: &piece) }
        }
        var rest: [RawCell] = []
        while let cell = cells.next() { rest.append(cell) }
        return rest
    }

    /// Writes a cell as it stands in the file; where its quotes are not RFC 4180's, in quotes that are, and where a spreadsheet would run it
    /// with an apostrophe, which reading the form takes off again.
    private func append(_ cell: RawCell, to piece: inout [UInt8]) {
        let text = CorrectionColumnsPlan.content(cell)
        if FormulaGuard.concerns(text) {
            let isGuarded = isForm && text.first == FormulaGuard.mark
            CorrectionColumnsPlan.appendQuoted(isGuarded ? text : [FormulaGuard.mark] + text, to: &piece)
        } else if cell.isMalformed || (!cell.isQuoted && cell.bytes.contains(UInt8(ascii: "\""))) {
            CorrectionColumnsPlan.appendQuoted(Array(cell.bytes), to: &piece)
        } else {
            piece.append(contentsOf: cell.isQuoted ? CellText.trimmed(cell.bytes) : cell.bytes)
        }
    }

    private static func appendQuoted(_ text: [UInt8], to piece: inout [UInt8]) {
        piece.append(UInt8(ascii: "\""))
        for byte in text {
            if byte == UInt8(ascii: "\"") { piece.append(byte) }
            piece.append(byte)
        }
        piece.append(UInt8(ascii: "\""))
    }

    /// What stands in a cell, blanks round it included.
    private static func content(_ cell: RawCell) -> [UInt8] {
        guard cell.isQuoted, !cell.isMalformed else { return Array(cell.bytes) }
        var content: [UInt8] = []
        var isSecondQuote = false
        for byte in CellText.trimmed(cell.bytes).dropFirst().dropLast() {
            isSecondQuote = byte == UInt8(ascii: "\"") && !isSecondQuote
            if !isSecondQuote { content.append(byte) }
        }
        return content
    }

    private static func text(_ cell: RawCell) -> String {
        var text = String(decoding: CellText.trimmed(cell.bytes), as: UTF8.self)
        if cell.isQuoted, !cell.isMalformed {
            text = String(text.dropFirst().dropLast())
        }
        return text.allSatisfy(\.isWhitespace) ? "" : text
    }
}
