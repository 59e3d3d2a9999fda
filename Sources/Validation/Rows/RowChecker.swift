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
        /// What is registered of the institution that reports.
        var registered: RegisteredInstitution?
        var seed: KeySeed
        var wantsRows: Bool
        var makeBlockWork: (@Sendable (CompiledFileType) -> any BlockWork)?
        /// The institution's own tables of codes.
        var codes: (any CodeBook)?
        /// Key sets that anybody will look into.
        var keySets: [Int]
        /// Those of them of which children ask values.
        var comparedSets: Set<Int> = []
        /// The day of the check, as `CompiledExpression.on(day:)` takes it.
        var today: Int64
        /// The day of receipt, in the program's zone.
        var receivedOn: CivilDate
        /// The file's first rows hold garbled text: each text is looked at closely.
        var watchesText = false
        /// How many cells most rows have: an exporter may end every one of them with a comma too many.
        var usualCellCount = 0
        /// The header's number among the file's rows, as a spreadsheet counts.
        var headerRow = 1
        /// Made once for all that check the file: it lowers and compares every title.
        var oddRows: OddRowDetector
    }

    private let type: CompiledFileType
    private let header: HeaderMatch
    private let wantsRows: Bool
    private let hasLinks: Bool
    /// Rejected rows are handed on to the block work, so that it knows what a package has: the program says which days one holds.
    private let knowsRejected: Bool
    private let columnCount: Int
    /// Rows with more or fewer cells than this are not so by their exporter's habit.
    private let usualCellCount: Int
    private let cells: RowCells
    /// A bit for each field that every row must fill.
    private let required: UnsafeMutablePointer<UInt64>
    private let reader: CellReader
    /// Reads rows that withdraw their record, where the file has the column for it.
    private let withdrawals: CellReader?
    private let keyFields: [Int]
    private let rules: RuleRunner
    private let keys: RowKeys
    private let values: RowValues
    private let hasValues: Bool
    private let work: (any BlockWork)?
    private var codes: CodeUseCheck?
    private let derived: DerivedCodes?
    private let oddRows: OddRowDetector
    private let headerRow: Int

    init(type: CompiledFileType, header: HeaderMatch, options: Options) {
        self.type = type
        self.header = header
        wantsRows = options.wantsRows
        hasLinks = type.linkCount > 0
        knowsRejected =
            options.makeBlockWork != nil
            && type.program.coverage.map { type.fileType.fieldIndex($0.by) != nil } == true
        cells = RowCells(fieldCount: type.fields.count)
        required = .allocate(capacity: cells.wordCount)
        required.initialize(repeating: 0, count: cells.wordCount)
        for (index, field) in type.fields.enumerated() where field.check.isRequired && header.fieldColumns[index] >= 0 {
            required[index >> 6] |= 1 << UInt64(index & 63)
        }
        reader = CellReader(
            type: type, header: header, institution: options.institution, institutionName: options.institutionName,
            registered: options.registered, row: cells, receivedOn: options.receivedOn,
            watchesText: options.watchesText)
        keyFields = type.fileType.primaryKey.compactMap(type.fileType.fieldIndex)
        let needed = Set(keyFields + [type.institutionField].compactMap(\.self))
        withdrawals =
            header.actionColumn < 0
            ? nil
            : CellReader(
                type: type, header: HeaderMatch(header, fields: needed), institution: options.institution,
                institutionName: nil, registered: options.registered, row: cells, receivedOn: options.receivedOn)
        columnCount = header.columnFields.count
        usualCellCount = max(options.usualCellCount, header.columnFields.count)
        rules = RuleRunner(type: type, header: header, row: cells, today: options.today)
        keys = RowKeys(type: type, keySets: options.keySets, seed: options.seed)
        values = RowValues(
            type: type, keySets: options.keySets, comparedSets: options.comparedSets, seed: options.seed)
        hasValues = values.count > 0
        codes = CodeUseCheck(options.codes, type, header)
        derived = options.wantsRows ? DerivedCodes(options.codes, type, header) : nil
        work = options.wantsRows ? options.makeBlockWork?(type) : nil
        oddRows = options.oddRows
        headerRow = options.headerRow
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
        var findings = RowFindings(type: type, header: header)
        let rows = block.view
        if wantsRows { result.batch = CheckedBatch(type: type, of: rows, columns: header.columnFields) }
        for index in first..<max(first, rows.count) {
            let line = Int32(truncatingIfNeeded: rows.line(ofRow: index))
            findings.beginRow()
            let action = withdrawals == nil ? .report : RowAction(index, of: rows, column: header.actionColumn)
            var state =
                action == .report ? check(index, of: rows, &findings) : act(action, index, of: rows, &findings)
            var isOtherHeader = false
            if action != .report {
            } else if findings.hasAny || oddRows.mayBeHeader(index, of: rows), let odd = oddKind(index, rows, state) {
                findings.replaceRow(with: type.templates.index(odd), column: -1)
                isOtherHeader = odd == .otherHeader
                state = isOtherHeader ? .broken : .passedOver
            }
            let isWhole = state.isWhole
            reader.settleNotes(isWhole: isWhole)
            let hasError = findings.endRow(rows.firstRow + index, line: line)
            let verdict: CheckedBlock.RowState =
                state == .blank
                ? .blank
                : state == .passedOver
                    ? .passedOver : state == .broken || hasError || header.isRejected ? .rejected : .standing
            if isWhole {
                keys.append(cells.cells, to: &result.hashes)
            } else {
                keys.appendNone(to: &result.hashes)
            }
            if hasValues {
                if isWhole {
                    values.append(cells.cells, to: &result.values)
                } else {
                    values.appendUnknown(to: &result.values)
                }
            }
            let isKept = verdict == .standing || (isWhole && verdict == .rejected && (hasLinks || knowsRejected))
            let place = isKept && wantsRows ? result.batch?.append(row: index, of: rows, cells) : nil
            if action == .withdraw, let place { result.batch?.rows[place].isWithdrawal = true }
            if action == .report, place != nil, let derived, var batch = result.batch.take() {
                derived.add(from: cells, to: &batch)
                result.batch = batch
            }
            result.rows.append(
                CheckedBlock.Row(
                    state: verdict, line: line, place: Int32(place ?? -1), endsEarly: state == .endsEarly,
                    isOtherHeader: isOtherHeader, isWithdrawal: action == .withdraw))
        }
        result.lost = reader.takeLost().map { field, rows in
            CheckedBlock.LostColumn(field: field, rows: rows.count, first: rows.row - first)
        }
        result.oddRows = block.oddRows.map { $0 - first }.filter { $0 >= 0 }
        result.findings = findings.all
        result.text = findings.text
        result.notes = reader.takeNotes()
        if let notes = codes?.takeNotes() {
            result.notes = result.notes ?? CellNotes()
            result.notes?.add(notes)
        }
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

    /// A row that withdraws its record: its key is read, and the institution's code where it is given. No rule is asked.
    @inline(never)
    private func act(
        _ action: RowAction, _ index: Int, of rows: RecordRows, _ findings: inout RowFindings
    ) -> CellReader.Reading {
        guard action == .withdraw, let withdrawals else {
            cells.beginRow()
            cells.endRow()
            findings.replaceRow(with: type.templates.unknownAction, column: header.actionColumn)
            return .broken
        }
        let reading = withdrawals.read(index, of: rows, into: &findings)
        withdrawals.settleNotes(isWhole: false)
        // The cell of the action itself is none of the fields', so a row with nothing else is read as blank.
        guard reading == .whole || reading == .short || reading == .blank else { return reading }
        for field in keyFields where type.fields[field].check.isRequired && cells[field].pointee.state == .blank {
            findings.report(FindingTemplates.index(field: field, .required), field: field, nil)
        }
        return .whole
    }

    /// From a row to its findings: cells by their fields, what is missing, then the rules.
    @inline(__always)
    private func check(_ index: Int, of rows: RecordRows, _ findings: inout RowFindings) -> CellReader.Reading {
        let reading = reader.read(index, of: rows, into: &findings)
        guard reading == .whole || reading == .short else { return reading }
        for word in 0..<cells.wordCount {
            let missing = required[word] & ~cells.filled[word]
            if missing & ~cells.emptied[word] != 0 {
                reportMissing(missing & ~cells.emptied[word], firstField: word * 64, &findings)
            }
        }
        rules.run { rule, field in
            let cell = cells.cells + field
            findings.report(
                type.templates.index(rule: rule), field: field, cell.pointee.state == .blank ? nil : cell.pointee.text)
        }
        if codes != nil { codes?.check(cells, &findings) }
        if reading == .short { return settleShort(index, of: rows, &findings) }
        let count = rows.cellCount(ofRow: index)
        return count == usualCellCount || !isShifted(count, &findings) ? .whole : .broken
    }

    private func oddKind(_ index: Int, _ rows: RecordRows, _ state: CellReader.Reading) -> OddRow? {
        guard !header.isHopeless, state != .blank else { return nil }
        return oddRows.kind(of: index, in: rows, cells, isFirst: rows.firstRow + index == headerRow + 1)
    }

    /// A row that ends before the header does. Spreadsheets leave out the last commas of rows where all cells there are empty, sixteen
    /// rows at a time: such a row is complete. One that is alone so may have been torn by a line end or have lost a comma: then the
    /// pieces beside it, or what is found in its cells, show it.
    ///
    /// Source: Microsoft KB 77295.
    @inline(never)
    private func settleShort(_ index: Int, of rows: RecordRows, _ findings: inout RowFindings) -> CellReader.Reading {
        let count = rows.cellCount(ofRow: index)
        let run = runOfSameCount(index, of: rows)
        let isPiece = isPiece(index, of: rows)
        // The last row may stand alone in its sixteen.
        let isLastOfBlocks = index + 1 == rows.count && (rows.firstRow + index) % 16 == 1
        let isHabit = run > 2 || ((run == 2 || isLastOfBlocks) && !isPiece)
        if isHabit, !isPiece || findings.rowErrorCount == 0 { return .short }
        if !isPiece, !findings.hasAny { return .endsEarly }
        guard let missing = (count..<columnCount).first(where: { header.columnFields[$0] >= 0 }) else { return .whole }
        findings.replaceRow(
            with: FindingTemplates.index(field: Int(header.columnFields[missing]), .missingCell), column: missing)
        return .broken
    }

    /// How many rows in a row have as many cells as this one, three at most.
    private func runOfSameCount(_ index: Int, of rows: RecordRows) -> Int {
        let count = rows.cellCount(ofRow: index)
        func isSame(_ other: Int) -> Bool { other >= 0 && other < rows.count && rows.cellCount(ofRow: other) == count }
        let before = isSame(index - 1) ? (isSame(index - 2) ? 2 : 1) : 0
        let behind = isSame(index + 1) ? (isSame(index + 2) ? 2 : 1) : 0
        return min(3, before + behind + 1)
    }

    /// Whether this row and the short ones beside it, one behind the other, have as many cells as one row should.
    private func isPiece(_ index: Int, of rows: RecordRows) -> Bool {
        for start in stride(from: index, through: max(0, index - 7), by: -1) {
            guard rows.cellCount(ofRow: start) < columnCount else { return false }
            var cells = 0
            for end in start..<min(rows.count, start + 8) {
                let count = rows.cellCount(ofRow: end)
                guard count < columnCount else { break }
                cells += count - 1
                if end > start, end >= index, cells + 1 == columnCount || cells + 1 == usualCellCount { return true }
                if cells + 1 > usualCellCount { break }
            }
        }
        return false
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
    /// A batch for rows of a block, whose bytes it takes over as they are.
    init(type: CompiledFileType, of block: RecordRows, columns: [Int32]) {
        self.init(type: type)
        self.columns = columns
        text = Array(UnsafeBufferPointer(start: block.start, count: block.byteCount))
        sourceCount = text.count
        rows.reserveCapacity(block.count)
        cells.reserveCapacity(block.filledCount)
    }

    /// Adds a row's cells and answers its place.
    mutating func append(row index: Int, of block: RecordRows, _ source: RowCells) -> Int {
        let filled = block.filledCells(ofRow: index)
        let first = cells.count
        source.forEachFilled { field in
            let cell = source[field]
            let bytes = cell.pointee.text
            cells.append(
                CheckedCell(
                    field: UInt16(field), isPlaceholder: cell.pointee.state == .placeholder,
                    textStart: place(of: bytes, in: block), textCount: UInt32(bytes.count), bits: cell.pointee.bits))
        }
        rows.append(
            Row(
                number: block.firstRow + index, cells: first..<cells.count,
                source: Int(filled.first?.start ?? 0)..<Int(filled.last?.end ?? 0),
                firstColumn: filled.first?.column ?? 0))
        return rows.count - 1
    }

    /// Where a cell's text stands in `text`; it is added there where it is not of the block.
    @inline(__always)
    private mutating func place(of bytes: UnsafeBufferPointer<UInt8>, in block: RecordRows) -> UInt32 {
        guard let base = bytes.baseAddress else { return 0 }
        // Compared as numbers: memory elsewhere may lie on either side.
        let offset = Int(bitPattern: base) &- Int(bitPattern: block.start)
        if offset >= 0, offset &+ bytes.count <= sourceCount { return UInt32(truncatingIfNeeded: offset) }
        text.append(contentsOf: bytes)
        return UInt32(text.count - bytes.count)
    }
}
