import SurveillanceKit
import Tabular

/// What a row of a file with the column `_action` does with the record of its key.
enum RowAction {
    /// The column's name, in lower case.
    static let column = "_action"
    private static let withdrawal = Array("withdraw".utf8)

    /// It is reported, as in every file without the column.
    case report
    /// It is withdrawn: the row needs its key alone.
    case withdraw
    case unknown

    init(_ index: Int, of rows: RecordRows, column: Int) {
        self = .report
        for cell in rows.filledCells(ofRow: index) where cell.column == column {
            let text = CellText.trimmed(cell.bytes(from: rows.start))
            let word = text.filter { $0 != UInt8(ascii: "\"") }.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
            if !word.isEmpty { self = word == RowAction.withdrawal ? .withdraw : .unknown }
        }
    }
}
