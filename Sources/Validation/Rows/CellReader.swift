import Expressions
import Glibc
import SurveillanceKit
import Tabular

/// Reads the cells of a row and judges each by its field's check. The hottest loop there is: it visits filled cells only.
final class CellReader {
    enum Reading {
        case whole
        case blank
        /// As `whole`, with fewer cells than the header has columns; those it lacks were read as empty.
        case short
        /// As `short`, and nothing shows that it is right so.
        case endsEarly
        /// It has the one finding that it cannot be read.
        case broken
        /// It is no row, and has the one finding that says so.
        case passedOver

        /// Whether its cells stand where they belong.
        var isWhole: Bool { self == .whole || self == .short || self == .endsEarly }
    }

    private let type: CompiledFileType
    private let row: RowCells
    private let isHopeless: Bool
    private let isForm: Bool
    private let columnCount: Int
    /// The field in each column, or -1.
    private let fields: UnsafeMutablePointer<Int32>
    private let checks: UnsafeMutablePointer<FieldCheck>
    /// Stands for a length where the cell takes a code from a list.
    private static let plainCode = -2
    /// Where the cell is what the institution's own code or name is, byte for byte.
    private static let plainInstitution = -3
    private static let plainName = -4
    /// Counted down from it: the length up to which a number that is dropped is right.
    private static let numberLength = -5
    /// Counted down from it: the length up to which a text is right in which no odd bytes are seen.
    private static let identifierLength = -(1 << 20)
    /// For each field the length in bytes up to which a text of two bytes or more is right, one of the values above, or -1.
    private let plainLengths: UnsafeMutablePointer<Int32>
    /// The code every row must carry in the institution's field, where both are known.
    private let institution: UnsafeMutableBufferPointer<UInt8>
    private let institutionField: Int
    /// What every row should call the institution.
    private let institutionName: UnsafeMutableBufferPointer<UInt8>
    private let institutionNameField: Int
    /// For each byte whether a text that begins with it has to be looked at: a word for nothing, an apostrophe.
    private let suspects: UnsafeMutablePointer<UInt8>
    private let repair: CellRepair
    /// Every text is looked at closely.
    private let watchesEveryText: Bool
    /// Cells of the row stand in memory of the repair's.
    private var hasRepaired = false
    /// Knows its other names and codes.
    private let registered: RegisteredInstitution?
    private var scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
    /// Scratch memory that was too small; cells of the row may still stand in it.
    private var retired: [UnsafeMutableBufferPointer<UInt8>] = []
    private var lost: [Int: (count: Int, row: Int)] = [:]

    init(
        type: CompiledFileType, header: HeaderMatch, institution code: [UInt8]?, institutionName name: [UInt8]?,
        registered: RegisteredInstitution? = nil, row: RowCells, receivedOn day: CivilDate,
        watchesText: Bool = false
    ) {
        watchesEveryText = watchesText
        self.type = type
        repair = CellRepair(type, receivedOn: day)
        self.row = row
        self.registered = registered
        isHopeless = header.isHopeless
        isForm = header.isForm
        columnCount = header.columnFields.count
        fields = .allocate(capacity: columnCount)
        fields.initialize(from: header.columnFields, count: columnCount)
        checks = .allocate(capacity: type.fields.count)
        for (index, field) in type.fields.enumerated() {
            (checks + index).initialize(to: field.check)
            checks[index].latest = field.dates.latest(receivedOn: day)
        }
        suspects = .allocate(capacity: 256)
        suspects.initialize(repeating: 0, count: 256)
        type.missingWords.mark(in: suspects)
        for byte in "'`=\"".utf8 { suspects[Int(byte)] = MissingWords.certainMark }
        plainLengths = .allocate(capacity: type.fields.count)
        for (index, field) in type.fields.enumerated() {
            (plainLengths + index).initialize(
                to: field.check.isPlainCode ? Int32(CellReader.plainCode) : CellReader.plainLength(field.check))
        }
        institution = .allocate(capacity: code?.count ?? 0)
        _ = institution.initialize(from: code ?? [])
        institutionName = .allocate(capacity: name?.count ?? 0)
        _ = institutionName.initialize(from: name ?? [])
        institutionNameField = name == nil ? -1 : type.institutionNameField ?? -1
        institutionField = code == nil ? -1 : type.institutionField ?? -1
        for (field, own, plain) in [
            (institutionNameField, institutionName, CellReader.plainName),
            (institutionField, institution, CellReader.plainInstitution),
        ] where field >= 0 {
            let text = UnsafeBufferPointer(own)
            let isPlain =
                type.fields[field].isRight(text) && suspects[Int(text[0])] == 0 && !LostText.isLost(text)
                && (checks[field].identifier == .none || IdentifierText.isPlain(text, checks[field].oddText))
            checks[field].needsFurther = true
            plainLengths[field] = isPlain ? Int32(plain) : -1
        }
    }

    deinit {
        fields.deallocate()
        checks.deallocate()
        plainLengths.deallocate()
        suspects.deallocate()
        institution.deallocate()
        institutionName.deallocate()
        scratch.deallocate()
        for memory in retired { memory.deallocate() }
    }

    private static func plainLength(_ check: FieldCheck) -> Int32 {
        let length = check.plainLength
        switch check.identifier {
        case _ where length < 0, .none: return length
        case .number: return Int32(numberLength) - min(length, 1 << 19)
        case .code, .key: return Int32(identifierLength) - min(length, 1 << 19)
        }
    }

    /// What was read otherwise than it stands since it was last asked for.
    func takeNotes() -> CellNotes? { repair.takeNotes() }

    /// Counts what was read otherwise in the row that has just been read, unless its cells do not stand where they belong.
    @inline(__always)
    func settleNotes(isWhole: Bool) {
        if hasRepaired { repair.settleNotes(isWhole: isWhole) }
    }

    @inline(__always)
    func read(_ index: Int, of block: RecordRows, into findings: inout RowFindings) -> Reading {
        row.beginRow()
        let reading = readCells(index, of: block, into: &findings)
        row.endRow()
        return reading
    }

    @inline(__always)
    private func readCells(_ index: Int, of block: RecordRows, into findings: inout RowFindings) -> Reading {
        if hasRepaired { forgetRepairs() }
        if isHopeless { return isBlank(block.filledCells(ofRow: index), block.start) ? .blank : .whole }
        let start = block.start
        // One test a cell tells whether anything unusual has to be looked at.
        let watchesText = block.watchesText
        let watchesLostText = watchesEveryText || block.watchesLostText
        let isUnusual = isForm || watchesText || watchesLostText
        var scratchUsed = 0
        var holdsUnknown = false
        for cell in readable(block.filledCells(ofRow: index)) {
            let column = cell.column
            var text = cell.bytes(from: start)
            if cell.isPlain {
                text = CellText.trimmed(text)
            } else if cell.isMalformed {
                return malformed(column, &findings)
            } else {
                text = unquoted(text, &scratchUsed)
            }
            if text.count == 0 { continue }
            if isUnusual, isForm, text[0] == FormulaGuard.mark { text = FormulaGuard.unguarded(text) }
            let field = Int(fields[column])
            if field < 0 {
                holdsUnknown = true
                continue
            }
            row.fill(field, text, .value)
            if isPlainlyRight(text, field) {
                guard isUnusual else { continue }
                if !watchesText {
                    if watchesLostText { countIfLost(text, field, row: index) }
                    continue
                }
            }
            let fault = judge(field, text, watchesText: watchesText, in: block)
            if fault != nil || checks[field].isOpenText {
                lookCloser(field, text, fault, row: index, in: block, &findings)
            }
        }
        // A cell that was repaired may be empty now, and held something.
        let sawSomething = row.holdsAny || holdsUnknown || hasRepaired
        if block.cellCount(ofRow: index) != columnCount {
            return differentCount(index, of: block, sawSomething: sawSomething, &findings)
        }
        return sawSomething ? .whole : .blank
    }

    /// The cells that stand in a column of the header's.
    @inline(__always)
    private func readable(_ cells: UnsafeBufferPointer<FilledCell>) -> UnsafeBufferPointer<FilledCell> {
        var count = cells.count
        while count > 0, cells[count &- 1].column >= columnCount { count &-= 1 }
        return UnsafeBufferPointer(start: cells.baseAddress, count: count)
    }

    /// What is wrong may be right without what a spreadsheet has put in; any text may be a word for nothing, or lost.
    @inline(never)
    private func lookCloser(
        _ field: Int, _ text: UnsafeBufferPointer<UInt8>, _ fault: CellFault?, row: Int, in block: RecordRows,
        _ findings: inout RowFindings
    ) {
        if fault != nil || isSuspicious(text, field) { reconsider(field, text, fault, in: block, &findings) }
        if fault == nil, watchesEveryText || block.watchesLostText { countIfLost(text, field, row: row) }
    }

    @inline(never)
    private func countIfLost(_ text: UnsafeBufferPointer<UInt8>, _ field: Int, row: Int) {
        if checks[field].kind == .text, LostText.isLost(text) { lost[field, default: (0, row)].count += 1 }
    }

    /// What most cells are: a text that is not too long, or a code of the list.
    @inline(__always)
    private func isPlainlyRight(_ text: UnsafeBufferPointer<UInt8>, _ field: Int) -> Bool {
        let length = Int(plainLengths[field])
        if text.count <= length { return text.count > 1 && suspects[Int(text[0])] == 0 }
        if length == CellReader.plainCode { return text[0] != 0x2D && checks[field].codes.contains(text) }
        return length < CellReader.plainCode && isPlainIdentifier(text, field, length)
    }

    /// Apart from the loop, which is fast as long as it is small.
    @inline(never)
    private func isPlainIdentifier(_ text: UnsafeBufferPointer<UInt8>, _ field: Int, _ length: Int) -> Bool {
        if length <= CellReader.identifierLength {
            return text.count <= CellReader.identifierLength &- length && text.count > 1 && !beginsOddly(text)
                && IdentifierText.isPlain(text, checks[field].oddText)
        }
        if length == CellReader.plainName { return CellReader.isSame(text, institutionName) }
        if length == CellReader.plainInstitution { return CellReader.isSame(text, institution) }
        // Only lost digits matter: an exponent has two of them, `6.22E+18`.
        return text.count <= CellReader.numberLength &- length && text.count > 2 && suspects[Int(text[0])] == 0
            && text[text.count &- 3] != UInt8(ascii: "+")
    }

    /// Whether a text may be a word for nothing, or begins with a mark such as an apostrophe.
    @inline(__always)
    private func beginsOddly(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let mark = suspects[Int(text[0])]
        guard mark != 0 else { return false }
        // Behind a letter of those there is a digit in most codes, and in no word for nothing.
        if mark == MissingWords.commonMark, text.count > 1, text[1] &- 0x30 <= 9 { return false }
        return mark == MissingWords.certainMark || MissingWords.mayBegin(text)
    }

    /// Whether a text that breaks no constraint may be a word for nothing, or hold what a spreadsheet or a tool has put in.
    private func isSuspicious(_ text: UnsafeBufferPointer<UInt8>, _ field: Int) -> Bool {
        let check = checks + field
        return beginsOddly(text)
            || (check.pointee.identifier != .none && !IdentifierText.isPlain(text, check.pointee.oddText))
    }

    /// Looks at a cell once more that is wrong as it stands, or suspicious: it may be empty, or right without what does not belong to it.
    @inline(never)
    private func reconsider(
        _ field: Int, _ text: UnsafeBufferPointer<UInt8>, _ fault: CellFault?, in block: RecordRows,
        _ findings: inout RowFindings
    ) {
        if fault == nil, row[field].pointee.state == .placeholder { return }
        if let fault, fault == .zeroByte || fault == .encoding { return report(fault, field, text, &findings) }
        hasRepaired = true
        let outcome = repair.look(at: text, of: field, fault, bits: &row[field].pointee.bits) { [self] text in
            judge(field, text, watchesText: false, in: block)
        }
        switch outcome {
        case .right: return
        case .text(let text): row[field].pointee.text = text
        case .blank: row.empty(field)
        case .fault(let fault):
            report(fault, field, text, &findings)
            if fault.isBlank, row[field].pointee.state != .invalid { row.empty(field) }
        }
    }

    @inline(never)
    private func forgetRepairs() {
        repair.forgetTexts()
        row.forgetEmptied()
        hasRepaired = false
    }

    @inline(__always)
    private func judge(
        _ field: Int, _ text: UnsafeBufferPointer<UInt8>, watchesText: Bool, in block: RecordRows
    ) -> CellFault? {
        let check = checks + field
        if check.pointee.acceptsPlaceholder, isPlaceholder(text, field) {
            row[field].pointee.state = .placeholder
            row[field].pointee.bits = 0
            return nil
        }
        if watchesText, let fault = block.fault(of: text) { return fault }
        if let fault = FieldCheck.judge(text, by: check, bits: &row[field].pointee.bits) {
            // A bound code is right whatever its length.
            return field == institutionField && registered?.hasCode(text) == true ? nil : fault
        }
        return check.pointee.needsFurther ? judgeFurther(field, text) : nil
    }

    /// What no check of the cell alone can tell, and what it seldom has to.
    @inline(never)
    private func judgeFurther(_ field: Int, _ text: UnsafeBufferPointer<UInt8>) -> CellFault? {
        if type.fields[field].check.needsFurther, let fault = type.fields[field].judgeFurther(text) { return fault }
        if field == institutionField, !CellReader.isSame(text, institution), registered?.hasCode(text) != true {
            return .institution
        }
        if field == institutionNameField, !CellReader.isSame(text, institutionName), !text.elementsEqual("-".utf8),
            registered?.isCalled(text) != true
        {
            return .institutionName
        }
        return nil
    }

    @inline(__always)
    private func isPlaceholder(_ text: UnsafeBufferPointer<UInt8>, _ field: Int) -> Bool {
        checks[field].hasOtherPlaceholders
            ? type.fields[field].isPlaceholder(text) : text.count == 1 && text[0] == UInt8(ascii: "-")
    }

    private static func isSame(
        _ text: UnsafeBufferPointer<UInt8>, _ other: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        guard text.count == other.count, let left = text.baseAddress, let right = other.baseAddress else {
            return false
        }
        return memcmp(left, right, text.count) == 0
    }

    /// A cell with an error is kept out of the rules; one with a warning takes part.
    @inline(never)
    private func report(
        _ fault: CellFault, _ field: Int, _ text: UnsafeBufferPointer<UInt8>, _ findings: inout RowFindings
    ) {
        let template = FindingTemplates.index(field: field, fault)
        if type.templates.isError[template] { row.invalidate(field) }
        findings.report(template, field: field, text)
    }

    /// For each field whose cells have lost characters the number of rows and the first of them, since this was last asked.
    func takeLost() -> [Int: (count: Int, row: Int)] {
        defer { lost = [:] }
        return lost
    }

    // MARK: Quotes

    @inline(never)
    private func unquoted(_ bytes: UnsafeBufferPointer<UInt8>, _ scratchUsed: inout Int) -> UnsafeBufferPointer<UInt8> {
        if scratchUsed + bytes.count > scratch.count {
            retired.append(scratch)
            scratch = .allocate(capacity: max(scratch.count * 2, bytes.count * 2))
            scratchUsed = 0
        }
        let rest = UnsafeMutableBufferPointer(rebasing: scratch[scratchUsed...])
        scratchUsed += bytes.count
        return CellText.unquoted(bytes, scratch: rest)
    }

    private func malformed(_ column: Int, _ findings: inout RowFindings) -> Reading {
        let field = Int(fields[column])
        let template =
            field < 0 ? type.templates.malformedQuotes : FindingTemplates.index(field: field, .malformedQuotes)
        findings.replaceRow(with: template, column: column)
        return .broken
    }

    // MARK: Rows unlike the header

    /// Blank lines pass, one comma too many passes, a cell too many that holds something cannot be read.
    ///
    /// Whether a comma too many or too few has shifted the row, the whole row tells: `RowChecker` looks at that.
    @inline(never)
    private func differentCount(
        _ index: Int, of block: RecordRows, sawSomething: Bool, _ findings: inout RowFindings
    ) -> Reading {
        var scratchUsed = 0
        for cell in block.filledCells(ofRow: index) where cell.column >= columnCount {
            if !unquoted(cell.bytes(from: block.start), &scratchUsed).isEmpty {
                findings.replaceRow(with: type.templates.extraCell, column: cell.column)
                return .broken
            }
        }
        guard sawSomething else { return .blank }
        let missing = (block.cellCount(ofRow: index)..<max(columnCount, block.cellCount(ofRow: index))).first {
            fields[$0] >= 0
        }
        return missing == nil ? .whole : .short
    }

    private func isBlank(_ cells: UnsafeBufferPointer<FilledCell>, _ start: UnsafePointer<UInt8>) -> Bool {
        cells.allSatisfy { CellText.trimmed($0.bytes(from: start)).isEmpty }
    }
}
