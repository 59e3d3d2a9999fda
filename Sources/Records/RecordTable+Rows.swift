import Database
import Deidentification
import SurveillanceKit

/// What a record or a row holds, in the order of the table's columns.
extension RecordTable {
    /// Of the record that a statement of `selectRecord` stands on; its fields begin at the third column.
    func values(of select: any Statement) -> RecordValues {
        RecordValues(names: names, values: columns.indices.map { StoredValue(select.value(at: $0 + 2)) })
    }

    /// The hash of what a row holds in one of the sets by which children look for it; nil where a part is blank.
    func linkKey(_ set: Int, _ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch) -> RecordKey? {
        let held = lookupPlaces[set].compactMap { place -> StoredValue? in
            guard place >= 0 else { return nil }
            let field = UInt16(columns[place].field)
            return row.cells.first { batch.cells[Int($0)].field == field }.map { batch.value(of: batch.cells[Int($0)]) }
        }
        return held.count == lookups[set].count ? batch.links.key(set: set, of: held) : nil
    }
}
