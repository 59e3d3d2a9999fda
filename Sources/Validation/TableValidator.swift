import Dispatch
public import SurveillanceKit
public import Tabular

/// Validates every row of one file against its type and hands on what may go further and what was found, in reading order.
///
/// One thread reads and splits; blocks of rows are checked side by side; their results are put together in the file's order, where
/// keys and parents are compared.
///
/// - Complexity: O(rows × (filled cells + rules)), in memory that does not grow with the file but for 24 bytes a row for its key.
public struct TableValidator {
    private let type: CompiledFileType
    private let file: String
    private let context: ValidationContext
    /// File types of the same package, whose links may ask for this file's keys.
    private let companions: [CompiledFileType]
    /// The institution that most rows of the package's files name, where several do.
    private let usualInstitution: [UInt8]?
    /// Other files of the same type in the package, read before for their keys.
    private let rivals: [Rival]
    /// Whether this run is the one that reads the keys for the others.
    private let isForRivals: Bool

    public init(
        _ type: CompiledFileType, file: String, companions: [CompiledFileType], context: ValidationContext,
        usualInstitution: [UInt8]? = nil
    ) {
        self.init(
            type, file: file, companions: companions, context: context, usualInstitution: usualInstitution, rivals: [])
    }

    init(
        _ type: CompiledFileType, file: String, companions: [CompiledFileType], context: ValidationContext,
        usualInstitution: [UInt8]?, rivals: [Rival], isForRivals: Bool = false
    ) {
        self.rivals = rivals
        self.isForRivals = isForRivals
        self.type = type
        self.file = file
        self.context = context
        self.companions = companions
        self.usualInstitution = usualInstitution
    }

    /// Reads the table to its end. What the reader throws has become a finding; only the sink's errors come out.
    ///
    /// - Returns: `isRefused` where nothing of the file is taken: it could not be read to its end, or too much of it was wrong.
    public func run(
        _ reader: inout TableReader, keys: inout PackageKeys, sink: inout some ValidationSink
    ) throws -> (report: FileReport, isRefused: Bool) {
        var report = FileReport(name: file, program: type.program.id, fileType: type.id)
        let first = TableReader.makeBlock()
        let hasHeader: Bool
        do throws(TableError) {
            hasHeader = try reader.read(into: first)
        } catch {
            try unreadable(error, &report, &sink)
            return (report, true)
        }
        guard hasHeader else {
            try empty(&report, &sink, hasHeader: false)
            return (report, false)
        }
        if let rewritten = FileNotes.rewrittenForm(reader) {
            try fileFinding(rewritten, &report, &sink)
            return (report, true)
        }
        let told = reader.workbookNotes
        let labels = TableValidator.labels(of: first)
        if let lost = LostLineEnds.fault(labels, in: first, of: type, isWhole: reader.hasEnded) {
            try fileFinding(lost, &report, &sink)
            return (report, false)
        }
        let header = HeaderMatch(
            labels, to: type, notes: FileNotes.beforeHeader(reader), beginning: first.beginning)
        let renderer = FindingRenderer(
            file: file, type: type, header: header, more: Rival.templates(rivals, of: type),
            institution: context.registered)
        try announce(header, renderer, row: first.firstRow, line: first.line(ofRow: 0), &report, &sink)
        if header.isForeign { return (report, false) }
        let options = RowChecker.Options(
            institution: context.institution.map { Array($0.utf8) } ?? usualInstitution
                ?? commonest(type.institutionField, in: first, header),
            institutionName: context.registered?.name.map { Array($0.utf8) }
                ?? commonest(type.institutionNameField, in: first, header),
            registered: context.registered,
            seed: context.seed, wantsRows: context.wantsRows,
            makeBlockWork: context.makeBlockWork, codes: context.codes,
            keySets: neededKeySets(), comparedSets: comparedKeySets(), today: today,
            receivedOn: type.program.day(at: context.receivedAt), watchesText: first.mayHoldGarbledText,
            usualCellCount: usualCellCount(in: first),
            headerRow: first.firstRow, oddRows: OddRowDetector(labels, type: type, header: header))
        var merger = BlockMerger(
            type: type, header: header, renderer: renderer, options: options,
            expectedRows: reader.expectedRows(like: first), keys: keys, context: context, rivals: rivals)
        var failure: TableError?
        var isPastFirst = false
        var isRewritten = false
        let isWorkbook = reader.format != .csv
        let line = CheckingLine(threads: context.threads) { RowChecker(type: type, header: header, options: options) }
        try line.run(first: first, from: 1) { block in
            guard failure == nil else { return false }
            do throws(TableError) {
                return try reader.read(into: block)
            } catch {
                failure = error
                return false
            }
        } merge: { checked in
            // What explains the rest is said first. The first block is still there when its own result comes.
            if !isPastFirst,
                let marks = SpreadsheetMarks(
                    checked.notes, in: first, header, type, isWorkbook: isWorkbook)
            {
                try fileFinding(marks.template, &report, &sink)
                isRewritten = true
            }
            isPastFirst = true
            try merger.merge(checked, sink: &sink)
        }
        try merger.finish(into: &report, sink: &sink)
        if !isRewritten,
            let marks = SpreadsheetMarks(
                merger.cellNotes, in: nil, header, type, isWorkbook: isWorkbook)
        {
            try fileFinding(marks.template, &report, &sink)
        }
        if let template = merger.emptyColumns.template { try fileFinding(template, &report, &sink) }
        for template in merger.cellNotes.templates(in: type.fileType) { try fileFinding(template, &report, &sink) }
        if failure == nil {
            for note in FileNotes.atEnd(reader, told: told) { try fileFinding(note, &report, &sink) }
        }
        let missing = CodeUseCheck.missing(from: context.codes, type, header)
        if !missing.isEmpty, report.rows > 0 { report.notes.append(FileNote(noTableOf: missing)) }
        var isRefused = false
        if let failure {
            try unreadable(failure, &report, &sink)
            isRefused = true
        } else if report.rows == 0, !header.isHopeless {
            try empty(&report, &sink, hasHeader: true)
        } else if exceedsShare(report) {
            try refuse(&report, &sink)
            isRefused = true
        }
        keys.add(merger.keys(isRefused: isRefused), of: type)
        return (report, isRefused)
    }

    static func labels(of block: RecordBlock) -> [String] {
        var labels: [String] = []
        var cursor = block.cursor(ofRow: 0)
        let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: TableReader.labelScratch(block))
        defer { scratch.deallocate() }
        while let cell = cursor.next() {
            let text = cell.isQuoted ? CellText.unquoted(cell.bytes, scratch: scratch) : CellText.trimmed(cell.bytes)
            labels.append(String(decoding: text, as: UTF8.self))
        }
        return labels
    }

    /// What most of the first rows have; the fewer where two are as common.
    private func usualCellCount(in block: RecordBlock) -> Int {
        var counts: [Int: Int] = [:]
        for row in 1..<max(1, min(block.rowCount, 50)) { counts[block.cellCount(ofRow: row), default: 0] += 1 }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    }

    /// What most of the first block's rows hold in a field.
    private func commonest(_ field: Int?, in block: RecordBlock, _ header: HeaderMatch) -> [UInt8]? {
        var census = ValueCensus()
        census.count(field, in: block, header, isIdentifier: field == type.institutionField)
        return census.commonest
    }

    /// The primary key, and the key sets that links of the package's files look into.
    private func neededKeySets() -> [Int] {
        var sets: Set<Int> = type.fileType.primaryKey.isEmpty ? [] : [0]
        for companion in companions {
            for link in companion.foreignKeys.flatMap(\.links) where link.parent == type.id {
                sets.insert(link.parentSet)
            }
        }
        if !rivals.isEmpty || isForRivals { sets.insert(type.wholeRowSet) }
        return sets.sorted()
    }

    /// Those of which rules of the package's files ask values.
    private func comparedKeySets() -> Set<Int> {
        Set(
            companions.flatMap(\.foreignKeys).flatMap(\.links).filter { $0.parent == type.id && !$0.rules.isEmpty }
                .map(\.parentSet))
    }

    private var today: Int64 {
        type.readsToday ? Int64(type.program.day(at: context.receivedAt).daysSince1970) * 86_400 : 0
    }

    private func announce(
        _ header: HeaderMatch, _ renderer: FindingRenderer, row: Int = 1, line: Int = 1, _ report: inout FileReport,
        _ sink: inout some ValidationSink
    ) throws {
        guard !header.findings.isEmpty else { return }
        let findings = header.findings.enumerated().map { index, finding in
            RawFinding(
                row: Int32(finding.row ?? (finding.column >= 0 ? row : 0)), line: Int32(finding.row ?? line),
                column: Int32(finding.column),
                template: Int32(renderer.headerTemplate(index)), number: 0, valueStart: 0, valueCount: 0)
        }
        let batch = FindingBatch(lines: FindingLines(renderer), renderer: renderer, findings: findings, text: [])
        report.errors += batch.count(of: .error)
        report.warnings += batch.count(of: .warning)
        try sink.found(batch)
    }

    /// A program may refuse a file of which too much is wrong, rather than keep the rest.
    private func exceedsShare(_ report: FileReport) -> Bool {
        guard let maximum = type.fileType.maximumRejectedShare else { return false }
        return Double(report.rejected) > maximum * Double(report.rows)
    }

    private func refuse(_ report: inout FileReport, _ sink: inout some ValidationSink) throws {
        let percent = ExpectedText.number(((type.fileType.maximumRejectedShare ?? 0) * 100).rounded())
        try fileFinding(
            FindingTemplate(
                severity: .error, code: .constraintError,
                message: BilingualText(
                    zh: "退回的行超过 \(percent)%，整个文件未接收。请改正后重报",
                    en:
                        "more than \(percent) % of the rows were rejected, so nothing of the file was taken; correct it and send it again"
                )),
            &report, &sink)
        report.takeNothing()
    }

    private func empty(_ report: inout FileReport, _ sink: inout some ValidationSink, hasHeader: Bool) throws {
        let message =
            hasHeader
            ? BilingualText(
                zh: "文件只有表头，没有数据行：本文件没有上报任何记录", en: "the file has a header and no rows: nothing is reported with it")
            : BilingualText(zh: "文件是空的（0 字节内容）", en: "the file is empty")
        try fileFinding(
            FindingTemplate(severity: hasHeader ? .warning : .error, code: .emptyFile, message: message), &report, &sink
        )
    }

    private func unreadable(
        _ error: TableError, _ report: inout FileReport, _ sink: inout some ValidationSink
    ) throws {
        guard let fault = error.fault else { throw error }
        try fileFinding(FindingTemplate(severity: .error, code: fault.code, message: fault.message), &report, &sink)
        report.takeNothing()
    }

    private func fileFinding(
        _ template: FindingTemplate, _ report: inout FileReport, _ sink: inout some ValidationSink
    ) throws {
        let header = HeaderMatch(finding: template, of: type)
        let renderer = FindingRenderer(file: file, type: type, header: header)
        try announce(header, renderer, &report, &sink)
    }
}

extension FileReport {
    /// Counts every row as rejected.
    fileprivate mutating func takeNothing() {
        accepted = 0
        rejected = rows
    }
}
