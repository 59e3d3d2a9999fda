import ShangMi
import SurveillanceKit

@testable import Deidentification
@testable import Validation

/// Rows as the check hands them on, made by hand.
enum Rows {
    /// - Parameter rows: for each row its cells by field; every value is a text.
    static func batch(_ rows: [[String: String]], _ type: CompiledFileType) -> CheckedBatch {
        var batch = CheckedBatch(type: type)
        for (number, row) in rows.enumerated() {
            let (first, start) = (batch.cells.count, batch.text.count)
            for (index, field) in type.fileType.fields.enumerated() {
                guard let text = row[field.name] else { continue }
                batch.cells.append(
                    CheckedCell(
                        field: UInt16(index), isPlaceholder: false, textStart: UInt32(batch.text.count),
                        textCount: UInt32(text.utf8.count), bits: 0))
                batch.text += text.utf8
                batch.text += ",".utf8
            }
            batch.rows.append(
                CheckedBatch.Row(
                    number: number + 2, cells: first..<batch.cells.count, source: start..<batch.text.count))
        }
        batch.sourceCount = batch.text.count
        return batch
    }

    static func identity(_ row: [String: String], _ type: CompiledFileType, _ key: SymmetricKey) throws -> RowIdentity {
        try RowHashes(type, institution: "450100001", key: key).identities(of: batch([row], type))[0]
    }
}
