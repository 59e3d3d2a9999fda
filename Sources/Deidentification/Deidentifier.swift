public import ShangMi
import SurveillanceKit
public import Validation

/// Turns checked rows into rows that name nobody, as each field's policy (`deidentify`) says.
///
/// Names, telephone numbers and addresses are dropped; card and record numbers, by which files link, become pseudonyms; of a birth date
/// the year stays, of a postcode the county; free text loses the row's own names and every long number, every other text the row's own
/// names and what has the shape of a person's number.
public struct Deidentifier: ~Copyable {
    private let type: CompiledFileType
    private let institution: String
    private let policies: FieldPolicies
    private let links: LinkHashes
    private let visitFields: VisitNames.Fields
    private let visits: VisitNames
    private var identifiers = RowIdentifiers()
    private var freeText = FreeText()
    private var pseudonyms: Pseudonyms

    /// - Parameters:
    ///   - key: the pseudonym key; it never changes, or records would no longer meet their earlier selves.
    ///   - visits: what other rows of the package say of who the patients are.
    public init(
        _ type: CompiledFileType, institution: String, key: SymmetricKey, visits: VisitNames = VisitNames()
    ) throws(ShangMiError) {
        let pseudonyms = try Pseudonyms(
            program: type.program.id, institution: institution, key: key, fieldCount: type.fileType.fields.count)
        let links = try LinkHashes(type.program, type.fileType, institution: institution, key: key)
        self.pseudonyms = pseudonyms
        self.links = links
        self.type = type
        self.institution = institution
        policies = FieldPolicies(type.fileType)
        self.visits = visits
        visitFields = VisitNames.Fields(type.fileType, in: type.program)
    }

    /// Remembers the names that the rows of a batch give for their visits, and answers which rows have to wait for those of rows before
    /// them: the places of rows without a name of their own.
    public func noteNames(of batch: CheckedBatch) -> [Int] {
        visitFields.isUsed ? visits.note(batch, visitFields) : []
    }

    /// De-identifies some rows of a batch.
    ///
    /// - Parameters:
    ///   - identities: for each row of the batch what it is known by.
    ///   - record: asked for each row what the look-up found: the record, 0 where there is none, nil where nobody has looked; and
    ///     whether the row is left out, because it was stored as it is.
    public mutating func apply(
        _ batch: CheckedBatch, _ identities: [RowIdentity],
        _ record: (Int) -> (record: Int64?, isLeftOut: Bool) = { _ in (nil, false) }
    ) -> DeidentifiedBatch {
        var result = DeidentifiedBatch(
            program: type.program, fileType: type.fileType, institution: institution, links: links)
        // Asked for every cell: no reference to the text is counted for it.
        batch.text.withUnsafeBufferPointer { apply(batch, CellTexts(all: $0), identities, record, to: &result) }
        return result
    }

    /// The texts of a batch's cells, in plain memory.
    private struct CellTexts {
        let all: UnsafeBufferPointer<UInt8>

        @inline(__always)
        func text(of cell: CheckedCell) -> UnsafeBufferPointer<UInt8> {
            UnsafeBufferPointer(rebasing: all[Int(cell.textStart)..<Int(cell.textStart) + Int(cell.textCount)])
        }
    }

    private mutating func apply(
        _ batch: CheckedBatch, _ texts: CellTexts, _ identities: [RowIdentity],
        _ record: (Int) -> (record: Int64?, isLeftOut: Bool), to result: inout DeidentifiedBatch
    ) {
        for (index, row) in batch.rows.enumerated() {
            let found = record(index)
            guard !found.isLeftOut else { continue }
            if result.rows.isEmpty {
                result.rows.reserveCapacity(batch.rows.count - index)
                result.cells.reserveCapacity(batch.cells.count - row.cells.lowerBound)
                result.text.reserveCapacity(batch.text.count)
            }
            let first = Int32(result.cells.count)
            identifiers.removeAll()
            for index in row.cells {
                let cell = batch.cells[index]
                if policies.isIdentifying[Int(cell.field)], !cell.isPlaceholder {
                    identifiers.add(texts.text(of: cell))
                }
            }
            if visitFields.isUsed { visits.complete(&identifiers, batch.cells[row.cells], of: batch, visitFields) }
            for index in row.cells where !batch.cells[index].isPlaceholder {
                append(batch.cells[index], texts, to: &result)
            }
            result.rows.append(
                .init(
                    number: row.number, cells: first..<Int32(result.cells.count), identity: identities[index],
                    record: found.record, isWithdrawal: row.isWithdrawal))
        }
    }

    private mutating func append(_ cell: CheckedCell, _ texts: CellTexts, to result: inout DeidentifiedBatch) {
        let start = result.text.count
        switch policies.policies[Int(cell.field)] {
        case .drop: return
        case .integer:
            result.cells.append(.init(field: cell.field, kind: .integer, count: 0, bits: cell.bits))
            return
        case .number:
            result.cells.append(.init(field: cell.field, kind: .number, count: 0, bits: cell.bits))
            return
        case .year:
            let days = (Double(Int64(bitPattern: cell.bits)) / 86_400).rounded(.down)
            let year = CivilDate(daysSince1970: Int(days)).yearMonthDay.year
            result.cells.append(
                .init(field: cell.field, kind: .integer, count: 0, bits: UInt64(bitPattern: Int64(year))))
            return
        case .date: CivilText.append(Int64(bitPattern: cell.bits), withTime: false, to: &result.text)
        case .datetime: CivilText.append(Int64(bitPattern: cell.bits), withTime: true, to: &result.text)
        case .text, .keyText: appendKept(cell, texts, to: &result.text)
        case .pseudonym: pseudonyms.append(texts.text(of: cell), field: Int(cell.field), to: &result.text)
        case .area: result.text += texts.text(of: cell).prefix(4)
        case .scrub: freeText.scrub(texts.text(of: cell), identifiers: identifiers, .anyLong, into: &result.text)
        }
        result.cells.append(
            .init(
                field: cell.field, kind: .text, count: UInt32(result.text.count - start), bits: UInt64(start)))
    }

    /// A kept text is a code or a word; but people write anything into anything, so what names the patient is taken out here too. A key
    /// must go on telling rows apart: it becomes a pseudonym then.
    private mutating func appendKept(_ cell: CheckedCell, _ texts: CellTexts, to text: inout [UInt8]) {
        let start = text.count
        let cut = freeText.scrub(
            texts.text(of: cell), field: Int(cell.field), identifiers: identifiers, .shape, into: &text)
        if cut, policies.policies[Int(cell.field)] == .keyText {
            text.removeSubrange(start...)
            pseudonyms.append(texts.text(of: cell), field: Int(cell.field), to: &text)
        }
    }
}
