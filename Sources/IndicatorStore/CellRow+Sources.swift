import Database
import Deidentification
import Indicators
import Records
import SurveillanceKit

extension CellRow {
    /// Fills the row from one that is being stored. Its texts lie in `text`, the batch's.
    func fill(_ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, _ text: UnsafeBufferPointer<UInt8>) {
        clear()
        for index in row.cells {
            let cell = batch.cells[Int(index)]
            let field = Int(cell.field)
            guard shape(of: field) != nil else { continue }
            switch cell.kind {
            case .text:
                set(
                    field,
                    borrowing: UnsafeBufferPointer(rebasing: text[Int(cell.bits)..<Int(cell.bits) + Int(cell.count)]))
            case .integer: set(field, Int64(bitPattern: cell.bits))
            case .number: set(field, Double(bitPattern: cell.bits))
            }
        }
    }

    /// A field that is asked for.
    struct AskedField {
        var field: Int
        var name: String
        var isPseudonym: Bool
    }

    var askedFields: [AskedField] {
        reading.fileType.storedFields.enumerated().compactMap { field, declared in
            shape(of: field) == nil
                ? nil
                : AskedField(field: field, name: declared.name, isPseudonym: declared.deidentify == .pseudonym)
        }
    }

    /// Fills the row from a query's columns, which are those of `askedFields` from a column on.
    func fill(_ select: any Statement, _ fields: [AskedField], from column: Int) {
        clear()
        for (place, asked) in fields.enumerated() where !select.isNull(at: column + place) {
            switch shape(of: asked.field) {
            case .text? where asked.isPseudonym:
                PseudonymBytes.withText(select, at: column + place) { set(asked.field, copying: $0) }
            case .text?: select.withBytes(at: column + place) { set(asked.field, copying: $0) }
            case .integer?: set(asked.field, select.integer(at: column + place))
            case .number?: set(asked.field, select.real(at: column + place))
            case nil: break
            }
        }
    }
}
