import Expressions
import SurveillanceKit
import Tabular

/// Checks the rows of one file, a block at a time. One checker belongs to one thread; several share what is compiled.
///
/// Every check and every rule is tried on every row, so that a hospital can mend a file in one sitting. A cell gives at most one
/// finding, a rule whose fields did not parse is skipped, and a row with too many or too few cells gives that one finding: what
/// stands in its cells cannot be told.
///
/// - Complexity: O(cells + rules) for a block, without allocation for rows that are right.
final class RowChecker {
    struct Options: Sendable {
        /// The reporting institution's code, or the one of the file's first row where nobody has said.
        var institution: [UInt8]?
        var seed: KeySeed
        var wantsRows: Bool
        /// Key sets that anybody will look into.
        var keySets: [Int]
    }

    let type: CompiledFileType
    private let header: HeaderMatch
    private let options: Options
    private let fieldCount: Int
    private let wordCount: Int
    private let checks: UnsafeMutablePointer<FieldCheck>
    let cells: UnsafeMutablePointer<Cell>
    /// A bit for each field that is filled in the row, and for each that must be.
    private let filled: UnsafeMutablePointer<UInt64>
    private let required: UnsafeMutablePointer<UInt64>
    private var needsFurther: [Bool]
    private var scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
    private let ruleRunner: RuleRunner
    private var hasInvalid = false
    private var rowFindings = 0

    init(type: CompiledFileType, header: HeaderMatch, options: Options) {
        self.type = type
        self.header = header
        self.options = options
        fieldCount = type.fields.count
        wordCount = (fieldCount + 63) / 64
        checks = .allocate(capacity: fieldCount)
        cells = .allocate(capacity: fieldCount)
        cells.initialize(repeating: .blank, count: fieldCount)
        filled = .allocate(capacity: wordCount)
        filled.initialize(repeating: 0, count: wordCount)
        required = .allocate(capacity: wordCount)
        required.initialize(repeating: 0, count: wordCount)
        needsFurther = type.fields.map { $0.codes != nil || $0.check.hasPattern || $0.check.kind == .codes }
        ruleRunner = RuleRunner(type: type, header: header)
        for (index, field) in type.fields.enumerated() {
            (checks + index).initialize(to: field.check)
            if field.check.isRequired, header.fieldColumns[index] >= 0 {
                required[index >> 6] |= 1 << UInt64(index & 63)
            }
        }
    }

    deinit {
        checks.deallocate()
        cells.deallocate()
        filled.deallocate()
        required.deallocate()
        scratch.deallocate()
    }

    func check(_ block: RecordBlock, from first: Int) -> CheckedBlock {
        var result = CheckedBlock()
        result.firstRow = block.firstRow + first
        let count = block.rowCount - first
        result.states.reserveCapacity(count)
        result.lines.reserveCapacity(count)
        if options.wantsRows { result.batch = CheckedBatch(type: type) }
        for index in first..<block.rowCount { check(index, of: block, into: &result) }
        return result
    }

    private func check(_ index: Int, of block: RecordBlock, into result: inout CheckedBlock) {
        let row = block.firstRow + index
        result.lines.append(Int32(truncatingIfNeeded: block.line(ofRow: index)))
        rowFindings = result.findings.count
        let reading = read(index, of: block, into: &result)
        let hashCount = options.keySets.count + type.linkCount
        guard reading == .whole else {
            result.states.append(reading == .blank ? .blank : .rejected)
            result.batchRows.append(-1)
            for _ in 0..<hashCount { result.hashes.append(KeyHash(low: 0, high: 0)) }
            return
        }
        reportMissing(into: &result)
        ruleRunner.run(cells: cells, filled: filled, hasInvalid: hasInvalid) { rule in
            let field = self.type.rules[rule].field
            self.report(self.type.templates.index(rule: rule), field: field, self.cells[field].text, into: &result)
        }
        var isRejected = header.isRejected
        for position in rowFindings..<result.findings.count {
            result.findings[position].row = Int32(truncatingIfNeeded: row)
            result.findings[position].line = result.lines[result.lines.count - 1]
            if type.templates.all[Int(result.findings[position].template)].severity == .error { isRejected = true }
        }
        if result.findings.count - rowFindings > 1 {
            result.findings[rowFindings...].sort { ($0.column, $0.template) < ($1.column, $1.template) }
        }
        result.states.append(isRejected ? .rejected : .standing)
        hashKeys(into: &result)
        keepRow(row, isRejected: isRejected, into: &result)
    }

    private enum Reading {
        case whole
        case blank
        case broken
    }

    /// Parses the cells of a row. The hot loop: most cells are empty and cost a compare and a store.
    private func read(_ index: Int, of block: RecordBlock, into result: inout CheckedBlock) -> Reading {
        for word in 0..<wordCount { filled[word] = 0 }
        hasInvalid = false
        var cursor = block.cursor(ofRow: index)
        if header.isHopeless { return isBlank(cursor) ? .blank : .whole }
        let columnCount = header.columnFields.count
        let shared = min(cursor.cellCount, columnCount)
        var scratchUsed = 0
        var sawSomething = false
        var column = 0
        let watchesText = block.mayHoldReplacements || block.holdsZeroBytes
        while column < shared, let raw = cursor.next() {
            defer { column += 1 }
            let field = Int(header.columnFields[column])
            if raw.bytes.count == 0 {
                if field >= 0 { cells[field].state = .blank }
                continue
            }
            var text = raw.bytes
            if raw.isQuoted {
                if raw.isMalformed { return broken(.malformedQuotes, column: column, at: index, of: block, into: &result) }
                if scratchUsed + text.count > scratch.count { growScratch(text.count) }
                text = CellText.unquoted(
                    text, scratch: UnsafeMutableBufferPointer(rebasing: scratch[scratchUsed...]))
                scratchUsed += text.count
            } else if raw.isMalformed {
                return broken(.malformedQuotes, column: column, at: index, of: block, into: &result)
            } else {
                text = CellText.trimmed(text)
            }
            if text.count == 0 {
                if field >= 0 { cells[field].state = .blank }
                continue
            }
            sawSomething = true
            guard field >= 0 else { continue }
            filled[field >> 6] |= 1 << UInt64(field & 63)
            cells[field].text = text
            cells[field].state = .value
            if let fault = judge(field, text, watchesText: watchesText) {
                report(FindingTemplates.index(field: field, fault), field: field, text, into: &result)
            }
        }
        if cursor.cellCount != columnCount {
            return differentCount(index, of: block, cursor: cursor, sawSomething: sawSomething, into: &result)
        }
        return sawSomething ? .whole : .blank
    }

    @inline(__always)
    private func judge(_ field: Int, _ text: UnsafeBufferPointer<UInt8>, watchesText: Bool) -> CellFault? {
        let check = checks + field
        if check.pointee.acceptsPlaceholder, isPlaceholder(text, field) {
            cells[field].state = .placeholder
            cells[field].bits = 0
            return nil
        }
        if watchesText, let unreadable = RowChecker.unreadable(text) { return fault(unreadable, field) }
        if let found = check.pointee.judge(text, bits: &cells[field].bits) { return fault(found, field) }
        if needsFurther[field], let found = type.fields[field].judgeFurther(text) { return fault(found, field) }
        if field == type.institutionField, let institution = options.institution,
            !text.elementsEqual(institution)
        {
            return fault(.institution, field)
        }
        return nil
    }

    @inline(__always)
    private func isPlaceholder(_ text: UnsafeBufferPointer<UInt8>, _ field: Int) -> Bool {
        checks[field].hasOtherPlaceholders
            ? type.fields[field].isPlaceholder(text) : text.count == 1 && text[0] == UInt8(ascii: "-")
    }

    /// A cell with an error is kept out of the rules; one with a warning takes part.
    private func fault(_ fault: CellFault, _ field: Int) -> CellFault {
        if type.templates.all[FindingTemplates.index(field: field, fault)].severity == .error {
            cells[field].state = .invalid
            hasInvalid = true
        }
        return fault
    }

    private static func unreadable(_ text: UnsafeBufferPointer<UInt8>) -> CellFault? {
        for (index, byte) in text.enumerated() {
            if byte == 0 { return .zeroByte }
            if byte == 0xEF, index + 2 < text.count, text[index + 1] == 0xBF, text[index + 2] == 0xBD { return .encoding }
        }
        return nil
    }

    /// Rows whose cells do not match the header: blank lines pass, one comma too many passes, the rest cannot be read.
    private func differentCount(
        _ index: Int, of block: RecordBlock, cursor: RowCursor, sawSomething: Bool, into result: inout CheckedBlock
    ) -> Reading {
        var cursor = cursor
        var column = header.columnFields.count
        while let raw = cursor.next() {
            if !CellText.unquoted(raw.bytes, scratch: scratchFor(raw)).isEmpty {
                dropFindings(&result)
                append(type.templates.extraCell, column: column, at: index, of: block, into: &result)
                return .broken
            }
            column += 1
        }
        guard sawSomething else { return .blank }
        let cellCount = block.cellCount(ofRow: index)
        guard cellCount < header.columnFields.count else { return .whole }
        let missing = (cellCount..<header.columnFields.count).first { header.columnFields[$0] >= 0 }
        guard let missing else { return .whole }
        return broken(.missingCell, column: missing, at: index, of: block, into: &result)
    }

    private func isBlank(_ cursor: RowCursor) -> Bool {
        var cursor = cursor
        while let raw = cursor.next() {
            if !CellText.trimmed(raw.bytes).isEmpty { return false }
        }
        return true
    }

    private func scratchFor(_ raw: RawCell) -> UnsafeMutableBufferPointer<UInt8> {
        if raw.bytes.count > scratch.count { growScratch(raw.bytes.count) }
        return scratch
    }

    private func growScratch(_ needed: Int) {
        // Cells already unquoted in this row point into the old buffer: it is kept until the checker goes.
        retired.append(scratch)
        scratch = .allocate(capacity: max(scratch.count * 2, needed * 2))
    }

    private var retired: [UnsafeMutableBufferPointer<UInt8>] = []

    private func broken(
        _ fault: CellFault, column: Int, at index: Int, of block: RecordBlock, into result: inout CheckedBlock
    ) -> Reading {
        dropFindings(&result)
        let field = Int(column < header.columnFields.count ? header.columnFields[column] : -1)
        let template = field < 0 ? type.templates.malformedQuotes : FindingTemplates.index(field: field, fault)
        append(template, column: column, at: index, of: block, into: &result)
        return .broken
    }

    private func dropFindings(_ result: inout CheckedBlock) { result.findings.removeSubrange(rowFindings...) }

    private func append(
        _ template: Int, column: Int, at index: Int, of block: RecordBlock, into result: inout CheckedBlock
    ) {
        result.findings.append(
            RawFinding(
                row: Int32(truncatingIfNeeded: block.firstRow + index), line: result.lines[result.lines.count - 1],
                column: Int32(column), template: Int32(template), number: 0, valueStart: 0, valueCount: 0))
    }

    private func report(
        _ template: Int, field: Int, _ text: UnsafeBufferPointer<UInt8>, into result: inout CheckedBlock
    ) {
        var start = 0
        var count = 0
        if type.templates.all[template].showsValue, cells[field].state != .blank {
            start = result.text.count
            count = min(text.count, 200)
            result.text.append(contentsOf: UnsafeBufferPointer(rebasing: text[..<count]))
        }
        result.findings.append(
            RawFinding(
                row: 0, line: 0, column: header.fieldColumns[field], template: Int32(template), number: 0,
                valueStart: UInt32(start), valueCount: UInt32(count)))
    }

    private func reportMissing(into result: inout CheckedBlock) {
        for word in 0..<wordCount {
            var missing = required[word] & ~filled[word]
            while missing != 0 {
                let field = word * 64 + missing.trailingZeroBitCount
                missing &= missing - 1
                report(
                    FindingTemplates.index(field: field, .required), field: field,
                    UnsafeBufferPointer(start: nil, count: 0), into: &result)
            }
        }
    }

    private func hashKeys(into result: inout CheckedBlock) {
        for set in options.keySets {
            result.hashes.append(hash(type.keySets[set], mayHoldBlanks: set == 0))
        }
        for key in type.foreignKeys {
            for link in key.links { result.hashes.append(hash(link.fields, mayHoldBlanks: false)) }
        }
    }

    /// Zero where a part is unreadable, or blank where every part must be given.
    private func hash(_ fields: [Int], mayHoldBlanks: Bool) -> KeyHash {
        var hasher = KeyHasher(seed: options.seed)
        for field in fields {
            switch cells[field].state {
            case .invalid: return KeyHash(low: 0, high: 0)
            case .blank:
                if !mayHoldBlanks || checks[field].isRequired { return KeyHash(low: 0, high: 0) }
                hasher.combine(0)
            case .placeholder: hasher.combine(cells[field].text)
            case .value:
                switch checks[field].kind {
                case .text, .code, .codes: hasher.combine(cells[field].text)
                default: hasher.combine(cells[field].bits)
                }
            }
        }
        return hasher.finish()
    }

    private func keepRow(_ row: Int, isRejected: Bool, into result: inout CheckedBlock) {
        guard options.wantsRows, !isRejected else {
            result.batchRows.append(-1)
            return
        }
        result.batchRows.append(Int32(result.batch?.rows.count ?? 0))
        result.batch?.append(row: row, cells: cells, filled: filled, fieldCount: fieldCount)
    }
}

extension CompiledFileType {
    /// How many links a row may have, over all foreign keys.
    var linkCount: Int { foreignKeys.reduce(0) { $0 + $1.links.count } }
}

extension CheckedBatch {
    mutating func append(
        row: Int, cells source: UnsafeMutablePointer<Cell>, filled: UnsafeMutablePointer<UInt64>, fieldCount: Int
    ) {
        let first = cells.count
        for word in 0..<(fieldCount + 63) / 64 {
            var bits = filled[word]
            while bits != 0 {
                let field = word * 64 + bits.trailingZeroBitCount
                bits &= bits - 1
                let cell = source[field]
                cells.append(
                    CheckedCell(
                        field: UInt16(field), isPlaceholder: cell.state == .placeholder,
                        textStart: UInt32(text.count), textCount: UInt32(cell.text.count), bits: cell.bits))
                text.append(contentsOf: cell.text)
            }
        }
        rows.append(Row(number: row, cells: first..<cells.count))
    }
}
