import ShangMi
import SurveillanceKit
import Validation

/// Turns checked rows into rows that name nobody, as each field's policy (`deidentify`) says.
///
/// Names, telephone numbers and addresses are dropped; card and record numbers, by which files link, become pseudonyms; of a birth date
/// the year stays, of a postcode the county; free text loses the row's own names and every long number, every other text the row's own
/// names and what has the shape of a person's number.
public struct Deidentifier: ~Copyable {
    private let type: CompiledFileType
    private let institution: String
    private let keyFields: [Int]
    private let isIdentifying: [Bool]
    private let isKey: [Bool]
    private let visitFields: VisitNames.Fields
    private let visits: VisitNames
    private var identifiers = RowIdentifiers()
    private var freeText = FreeText()
    private var pseudonyms: Pseudonyms
    private var digest: SM3

    /// - Parameters:
    ///   - key: the pseudonym key; it never changes, or records would no longer meet their earlier selves.
    ///   - visits: what other files of the package say of who the patients are.
    public init(
        _ type: CompiledFileType, institution: String, key: SymmetricKey, visits: VisitNames = VisitNames()
    ) throws(ShangMiError) {
        let digest = try SM3()
        let pseudonyms = try Pseudonyms(program: type.program.id, institution: institution, key: key)
        self.digest = digest
        self.pseudonyms = pseudonyms
        self.type = type
        self.institution = institution
        self.visits = visits
        visitFields = VisitNames.Fields(type.fileType, in: type.program)
        keyFields = type.fileType.primaryKey.compactMap(type.fileType.fieldIndex)
        isIdentifying = type.fileType.fields.map {
            $0.sensitivity == .direct && ($0.deidentify == .drop || $0.deidentify == .pseudonym)
        }
        let keys = Set(type.fileType.primaryKey + type.fileType.foreignKeys.flatMap(\.links).flatMap(\.fields))
        isKey = type.fileType.fields.map { keys.contains($0.name) }
    }

    public mutating func apply(_ batch: CheckedBatch) -> DeidentifiedBatch {
        var result = DeidentifiedBatch(program: type.program, fileType: type.fileType, institution: institution)
        result.rows.reserveCapacity(batch.rows.count)
        result.cells.reserveCapacity(batch.cells.count)
        for row in batch.rows {
            let first = result.cells.count
            let cells = batch.cells[row.cells]
            identifiers.removeAll()
            for cell in cells where isIdentifying[Int(cell.field)] && !cell.isPlaceholder {
                identifiers.add(batch.text(of: cell))
            }
            if visitFields.isUsed { visits.complete(&identifiers, cells, of: batch, visitFields) }
            for cell in cells where !cell.isPlaceholder {
                if let value = value(of: cell, in: batch, text: &result.text) {
                    result.cells.append(.init(field: Int(cell.field), value: value))
                }
            }
            let kept = first..<result.cells.count
            let key = hash(result.cells[kept].filter { keyFields.contains($0.field) }, result.text)
            let content = hash(Array(result.cells[kept]), result.text)
            result.rows.append(.init(number: row.number, cells: kept, key: key, content: content))
        }
        return result
    }

    private mutating func value(
        of cell: CheckedCell, in batch: CheckedBatch, text: inout [UInt8]
    ) -> DeidentifiedBatch.Value? {
        let field = type.fileType.fields[Int(cell.field)]
        let start = text.count
        switch field.deidentify {
        case .drop:
            return nil
        case .keep:
            return kept(cell, of: field, in: batch, text: &text)
        case .pseudonym:
            pseudonyms.append(batch.text(of: cell), to: &text)
        case .year:
            let days = (Double(Int64(bitPattern: cell.bits)) / 86_400).rounded(.down)
            return .integer(Int64(CivilDate(daysSince1970: Int(days)).yearMonthDay.year))
        case .area:
            text += batch.text(of: cell).prefix(4)
        case .scrub:
            freeText.scrub(batch.text(of: cell), identifiers: identifiers, .anyLong, into: &text)
        }
        return .text(start..<text.count)
    }

    /// A kept text is a code or a word; but people write anything into anything, so what names the patient is taken out here too. A key
    /// must go on telling rows apart: it becomes a pseudonym then.
    private mutating func kept(
        _ cell: CheckedCell, of field: Field, in batch: CheckedBatch, text: inout [UInt8]
    ) -> DeidentifiedBatch.Value {
        let start = text.count
        switch field.type {
        case .string:
            let cut = freeText.scrub(batch.text(of: cell), identifiers: identifiers, .shape, into: &text)
            if cut && isKey[Int(cell.field)] {
                text.removeSubrange(start...)
                pseudonyms.append(batch.text(of: cell), to: &text)
            }
        case .integer, .boolean: return .integer(Int64(bitPattern: cell.bits))
        case .number: return .number(Double(bitPattern: cell.bits))
        case .date: text += CivilText.text(Int64(bitPattern: cell.bits), withTime: false).utf8
        case .datetime: text += CivilText.text(Int64(bitPattern: cell.bits), withTime: true).utf8
        }
        return .text(start..<text.count)
    }

    /// 16 bytes of SM3 over fields and values; a value's kind and length are part of it.
    private mutating func hash(_ cells: [DeidentifiedBatch.Cell], _ text: [UInt8]) -> [UInt8] {
        var message: [UInt8] = []
        func append(_ number: UInt64) { withUnsafeBytes(of: number.littleEndian) { message.append(contentsOf: $0) } }
        for cell in cells {
            append(UInt64(cell.field))
            switch cell.value {
            case .text(let range):
                append(UInt64(range.count))
                message += text[range]
            case .integer(let value): append(UInt64(bitPattern: value))
            case .number(let value): append(value.bitPattern)
            }
        }
        digest.update(message)
        return Array(digest.finish().bytes.prefix(16))
    }
}
