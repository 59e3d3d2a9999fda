import Expressions
import SurveillanceKit
import Tabular

/// Checks the rows of one file, a block at a time. One checker belongs to one thread; several share what is compiled.
///
/// Every check and every rule is tried on every row, so that a hospital can mend a file in one sitting. A cell gives at most one
/// finding, a rule is decided without the cells that did not parse, and a row with too many or too few cells gives that one finding: what
/// stands in its cells cannot be told.
///
/// - Complexity: O(filled cells + rules that these leave) for a row, without allocation for rows that are right.
final class RowChecker {
    struct Options: Sendable {
        /// The reporting institution's code, or the one of the file's first row where nobody has said.
        var institution: [UInt8]?
        /// What most of the first rows call the institution.
        var institutionName: [UInt8]?
        var seed: KeySeed
        var wantsRows: Bool
        var makeBlockWork: (@Sendable (CompiledFileType) -> any BlockWork)?
        /// Key sets that anybody will look into.
        var keySets: [Int]
        /// Those of them of which children ask values.
        var comparedSets: Set<Int> = []
        /// The day of the check, as `CompiledExpression.on(day:)` takes it.
        var today: Int64
        /// How many cells most rows have: an exporter may end every one of them with a comma too many.
        var usualCellCount = 0
    }

    private let type: CompiledFileType
    private let header: HeaderMatch
    private let wantsRows: Bool
    private let hasLinks: Bool
    private let columnCount: Int
    /// Rows with more or fewer cells than this are not so by their exporter's habit.
    private let usualCellCount: Int
    private let cells: RowCells
    /// A bit for each field that every row must fill.
    private let required: UnsafeMutablePointer<UInt64>
    private let reader: CellReader
    private let rules: RuleRunner
    private let keys: RowKeys
    private let values: RowValues
    private let hasValues: Bool
    private let work: (any BlockWork)?

    init(type: CompiledFileType, header: HeaderMatch, options: Options) {
        self.type = type
        self.header = header
        wantsRows = options.wantsRows
        hasLinks = type.linkCount > 0
        cells = RowCells(fieldCount: type.fields.count)
        required = .allocate(capacity: cells.wordCount)
        required.initialize(repeating: 0, count: cells.wordCount)
        for (index, field) in type.fields.enumerated() where field.check.isRequired && header.fieldColumns[index] >= 0 {
            required[index >> 6] |= 1 << UInt64(index & 63)
        }
        reader = CellReader(
            type: type, header: header, institution: options.institution, institutionName: options.institutionName,
            row: cells)
        columnCount = header.columnFields.count
        usualCellCount = max(options.usualCellCount, header.columnFields.count)
        rules = RuleRunner(type: type, header: header, row: cells, today: options.today)
        keys = RowKeys(type: type, keySets: options.keySets, seed: options.seed)
        values = RowValues(
            type: type, keySets: options.keySets, comparedSets: options.comparedSets, seed: options.seed)
        hasValues = values.count > 0
        work = options.wantsRows ? options.makeBlockWork?(type) : nil
    }

    deinit {
        cells.deallocate()
        required.deallocate()
    }

    func check(_ block: RecordBlock, from first: Int) -> CheckedBlock {
        var result = CheckedBlock(firstRow: block.firstRow + first)
        let count = block.rowCount - first
        result.rows.reserveCapacity(count)
        result.hashes.reserveCapacity(count * keys.count)
        if wantsRows { result.batch = CheckedBatch(type: type) }
        var findings = RowFindings(type: type, header: header)
        let rows = block.view
        for index in first..<max(first, rows.count) {
            let line = Int32(truncatingIfNeeded: rows.line(ofRow: index))
            findings.beginRow()
            let state = check(index, of: rows, &findings)
            let hasError = findings.endRow(rows.firstRow + index, line: line)
            let verdict: CheckedBlock.RowState =
                state == .blank ? .blank : state == .broken || hasError || header.isRejected ? .rejected : .standing
            if state == .whole {
                keys.append(cells.cells, to: &result.hashes)
            } else {
                keys.appendNone(to: &result.hashes)
            }
            if hasValues {
                if state == .whole {
                    values.append(cells.cells, to: &result.values)
                } else {
                    values.appendUnknown(to: &result.values)
                }
            }
            let isKept = verdict == .standing || (state == .whole && hasLinks)
            let place = isKept && wantsRows ? result.batch?.append(row: rows.firstRow + index, cells) : nil
            result.rows.append(CheckedBlock.Row(state: verdict, line: line, place: Int32(place ?? -1)))
        }
        result.findings = findings.all
        result.text = findings.text
        prepare(&result)
        return result
    }

    private func prepare(_ result: inout CheckedBlock) {
        guard let work, let batch = result.batch, !batch.rows.isEmpty else { return }
        do {
            result.batch?.prepared = try work.work(on: batch)
        } catch {
            result.failure = error
        }
    }

    /// From a row to its findings: cells by their fields, what is missing, then the rules.
    @inline(__always)
    private func check(_ index: Int, of rows: RecordRows, _ findings: inout RowFindings) -> CellReader.Reading {
        let reading = reader.read(index, of: rows, into: &findings)
        guard reading == .whole else { return reading }
        for word in 0..<cells.wordCount {
            let missing = required[word] & ~cells.filled[word]
            if missing != 0 { reportMissing(missing, firstField: word * 64, &findings) }
        }
        rules.run { rule, field in
            let cell = cells.cells + field
            findings.report(
                type.templates.index(rule: rule), field: field, cell.pointee.state == .blank ? nil : cell.pointee.text)
        }
        let count = rows.cellCount(ofRow: index)
        return count == usualCellCount || !isShifted(count, &findings) ? .whole : .broken
    }

    /// A comma inside a cell shifts what is behind it, and where the last column is empty only an empty cell stands out; a comma that is
    /// lost in a file whose rows end with one too many does not show at all. Where most rows are otherwise and two things of the row are
    /// wrong, it is that, and its one finding says so.
    @inline(never)
    private func isShifted(_ count: Int, _ findings: inout RowFindings) -> Bool {
        guard count > usualCellCount || (count == columnCount && usualCellCount > columnCount) else { return false }
        guard findings.rowErrorCount > 1 else { return false }
        let last = header.columnFields.lastIndex { $0 >= 0 } ?? 0
        if count > usualCellCount {
            findings.replaceRow(with: type.templates.extraCell, column: columnCount)
        } else {
            findings.replaceRow(
                with: FindingTemplates.index(field: Int(header.columnFields[last]), .missingCell), column: last)
        }
        return true
    }

    @inline(never)
    private func reportMissing(_ bits: UInt64, firstField: Int, _ findings: inout RowFindings) {
        var missing = bits
        while missing != 0 {
            let field = firstField + missing.trailingZeroBitCount
            missing &= missing - 1
            findings.report(FindingTemplates.index(field: field, .required), field: field, nil)
        }
    }
}

extension CompiledFileType {
    /// How many links a row may have, over all foreign keys.
    var linkCount: Int { foreignKeys.reduce(0) { $0 + $1.links.count } }
}

extension CheckedBatch {
    /// Adds a row's cells and answers its place.
    mutating func append(row: Int, _ source: RowCells) -> Int {
        let first = cells.count
        source.forEachFilled { field in
            let cell = source[field]
            cells.append(
                CheckedCell(
                    field: UInt16(field), isPlaceholder: cell.pointee.state == .placeholder,
                    textStart: UInt32(text.count), textCount: UInt32(cell.pointee.text.count), bits: cell.pointee.bits))
            text.append(contentsOf: cell.pointee.text)
        }
        rows.append(Row(number: row, cells: first..<cells.count))
        return rows.count - 1
    }
}
