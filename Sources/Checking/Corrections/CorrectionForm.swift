public import SurveillanceKit
public import Tabular

/// The rejected rows of one file as a table that is mended and uploaded as it is: the row's number in the file as sent, the cells that are
/// wrong, what was found in the row, and behind them all columns as they came. A line above the header says how to open it.
///
/// The file is read a second time, side by side with its findings, which stand in the order of its rows: memory grows with neither.
/// The sender's cells stay as they are, but for an apostrophe before what a spreadsheet would run; see docs/decisions/0010-correction-form.md.
///
/// Unchecked: the table is read from one place at once, as `ExportTable.nextRow` asks.
public final class CorrectionForm: @unchecked Sendable {
    private var reader: TableReader
    private let block = TableReader.makeBlock()
    private let takesAll: Bool
    private let fields: [Field]
    private var findings: RowFindings
    private var columns: CorrectionColumnsPlan?
    /// The next row of the block.
    private var next = 0
    private var count = 0

    private init(
        _ reader: TableReader, file: String, fields: [Field], takesAll: Bool, language: Language,
        findings: @escaping () throws -> ArraySlice<UInt8>?
    ) {
        self.fields = fields
        self.reader = reader
        self.takesAll = takesAll
        self.findings = RowFindings(file: file, language: language, lines: findings)
    }

    /// Reads the header; the rows are read as they are asked for.
    ///
    /// - Parameters:
    ///   - reader: the file's rows as they were sent, none of them read.
    ///   - fields: of its file type.
    ///   - sheet: the form's own name, where it becomes a sheet of a workbook.
    ///   - findings: of the whole package, each as its line of JSON without the line's end. Not used elsewhere any more.
    ///   - takesAll: also the rows without an error.
    public static func table(
        _ reader: TableReader, file: String, fields: [Field], sheet: String? = nil, takesAll: Bool,
        language: Language, findings: @escaping () throws -> ArraySlice<UInt8>?
    ) throws -> ExportTable {
        let form = CorrectionForm(
            reader, file: file, fields: fields, takesAll: takesAll, language: language, findings: findings)
        let columns = try form.readHeader()
        return ExportTable(
            title: BilingualText(zh: "退回行", en: "Rejected rows"), columns: columns,
            note: note(in: language, sheet: sheet),
            comesBack: true
        ) {
            try form.nextRow()
        }
    }

    /// How to deal with the form, and the cells by which damage is recognised when it comes back: whoever turns a sheet's texts into
    /// numbers turns those, too.
    private static func note(in language: Language, sheet: String?) -> [ExportCell] {
        let opening =
            language == .zh
            ? "请勿双击打开。在空白工作簿中用“数据 → 从文本/CSV”打开本文件，把所有列设为“文本”；改好后另存为 CSV UTF-8，原样上传。本行请保留。"
            : "Do not open this file by a double click. In an empty workbook, use Data → From Text/CSV with all columns as text; correct it, save it as CSV UTF-8 and upload it as it is. Keep this line."
        let saving =
            language == .zh
            ? "改正标红的单元格后保存，整个工作簿原样上传。请保留本行和表头，不要转换为数字。"
            : "Correct the cells in red, save the workbook and upload it as it is. Keep this line and the header; convert nothing to numbers."
        let words = sheet.map { CorrectionNote.words(ofForm: $0, saving) } ?? "\(CorrectionNote.mark) \(opening)"
        return [ExportCell(words, isQuoted: true)]
            + Array(repeating: ExportCell(""), count: CorrectionNote.gap) + CorrectionNote.probes.map { ExportCell($0) }
    }

    /// No columns where the file has no header.
    private func readHeader() throws -> [ExportColumn] {
        guard try advance() else { return [] }
        let plan = CorrectionColumnsPlan(header: block.cursor(ofRow: 0), fields: fields)
        columns = plan
        next = 1
        return plan.columns(block.cursor(ofRow: 0))
    }

    private func nextRow() throws -> [ExportCell]? {
        guard let columns else { return nil }
        while try advance() {
            let index = next
            next += 1
            let row = block.firstRow + index
            let found = try findings.of(row)
            guard found.hasError || (takesAll && !block.isBlank(row: index)) else { continue }
            return columns.cells(block.cursor(ofRow: index), number: row, found)
        }
        return nil
    }

    /// Whether there is a next row; reads the next block where this one is at its end.
    private func advance() throws -> Bool {
        while next >= count {
            guard try reader.read(into: block) else { return false }
            (next, count) = (0, block.rowCount)
        }
        return true
    }
}

extension RecordBlock {
    fileprivate func isBlank(row: Int) -> Bool {
        filledCells(ofRow: row).allSatisfy { CellText.trimmed($0.bytes(from: start)).isEmpty }
    }
}
