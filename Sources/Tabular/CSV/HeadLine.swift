/// A line before a table's header that speaks to a program and is no row.
public struct HeadLine: Sendable {
    public enum Kind: Sendable {
        /// `sep=,`, by which Excel knows the separator.
        case separator
        /// `#TYPE System.Data.DataRow`, which PowerShell's Export-Csv writes.
        case powerShellType
        /// The first line of a correction form, and whether a spreadsheet has rewritten it.
        case correctionNote(isRewritten: Bool)
    }

    /// As a spreadsheet counts.
    public let row: Int
    /// The physical line.
    public let line: Int
    public let kind: Kind
}

extension HeadLine.Kind {
    init?(_ block: RecordBlock, row: Int) {
        let cells = block.filledCells(ofRow: row)
        if let isRewritten = CorrectionNote.isRewritten(HeadLine.Kind.texts(of: cells, in: block)) {
            self = .correctionNote(isRewritten: isRewritten)
            return
        }
        guard let cell = cells.first, cell.column == 0, cells.count == 1, !cell.isMalformed else { return nil }
        var text = String(decoding: CellText.trimmed(cell.bytes(from: block.start)), as: UTF8.self).lowercased()
        if cell.isQuoted { text = text.trimmingQuotes }
        if text.hasPrefix("sep="), text.utf8.count <= 8, block.cellCount(ofRow: row) <= 2 {
            self = .separator
        } else if text.hasPrefix("#type ") {
            self = .powerShellType
        } else {
            return nil
        }
    }

    /// The filled cells of a line as text, where its first one begins as a correction form's note does.
    private static func texts(
        of cells: UnsafeBufferPointer<FilledCell>, in block: RecordBlock
    ) -> [(column: Int, text: String)] {
        func text(_ cell: FilledCell) -> String {
            let text = String(decoding: CellText.trimmed(cell.bytes(from: block.start)), as: UTF8.self)
            return cell.isQuoted ? text.trimmingQuotes : text
        }
        guard let first = cells.first, text(first).hasPrefix(CorrectionNote.mark) else { return [] }
        return cells.map { (Int($0.column), text($0)) }.filter { !$0.text.isEmpty }
    }
}

extension String {
    fileprivate var trimmingQuotes: String {
        count >= 2 && hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : self
    }
}
