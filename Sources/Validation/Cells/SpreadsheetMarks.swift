import SurveillanceKit
import Tabular

/// Whether a file shows that a spreadsheet has opened and saved it: several of its marks together, one of them a strong one.
struct SpreadsheetMarks {
    private let counts: [SpreadsheetMark: Int]
    private let isWorkbook: Bool

    /// - Parameters:
    ///   - notes: what was found while cells were read.
    ///   - block: rows of the file, in which weaker marks are looked for; nil where they are gone.
    ///   - isWorkbook: the file is a spreadsheet's own, so that one strong mark is enough.
    /// - Returns: nil where there is no strong mark, or no other beside it.
    init?(
        _ notes: CellNotes?, in block: RecordBlock?, _ header: HeaderMatch, _ type: CompiledFileType, isWorkbook: Bool
    ) {
        guard let notes, notes.marks.keys.contains(where: \.isStrong) else { return nil }
        var counts = notes.marks
        if let block { SpreadsheetMarks.count(in: block, header, type, &counts) }
        guard counts.count > 1 || isWorkbook else { return nil }
        self.counts = counts
        self.isWorkbook = isWorkbook
    }

    /// Counts what only means something beside a strong mark.
    private static func count(
        in block: RecordBlock, _ header: HeaderMatch, _ type: CompiledFileType, _ counts: inout [SpreadsheetMark: Int]
    ) {
        let rows = block.view
        for row in min(1, rows.count)..<rows.count {
            if rows.cellCount(ofRow: row) < header.columnFields.count { counts[.shortRows, default: 0] += 1 }
            for cell in rows.filledCells(ofRow: row) where cell.column < header.columnFields.count {
                let field = Int(header.columnFields[cell.column])
                guard field >= 0, [.day, .moment].contains(type.fields[field].check.kind) else { continue }
                let text = cell.bytes(from: rows.start)
                if text.first.map({ $0 &- 0x30 <= 9 }) == true, text.contains(UInt8(ascii: "/")) {
                    counts[.slashDates, default: 0] += 1
                }
                if text.count > 4, text.suffix(5).elementsEqual(" 0:00".utf8) { counts[.midnight, default: 0] += 1 }
            }
        }
    }

    var template: FindingTemplate {
        let marks = SpreadsheetMark.allCases.compactMap { mark in counts[mark].map { mark.text($0) } }
        let zh = marks.map(\.zh).joined(separator: "，")
        let en = marks.map(\.en).joined(separator: ", ")
        if isWorkbook {
            return FindingTemplate(
                severity: .warning, code: .rewrittenFile,
                expected: BilingualText(zh: "所有单元格均为“文本”的工作簿", en: "a workbook whose cells are all text"),
                message: BilingualText(
                    zh: "表格软件改写了单元格的内容（\(zh)），以下问题多由此而来。填写或粘贴之前，先把所有列设为“文本”；"
                        + "导出程序应把每个单元格写成文本。已经丢失的数字无法恢复，请从系统重新导出",
                    en:
                        "the spreadsheet has changed what cells hold (\(en)); most of what follows comes of it. Set all columns to "
                        + "Text before anything is typed or pasted, and let the export write each cell as text. Lost digits do not "
                        + "come back: export the file again"))
        }
        return FindingTemplate(
            severity: .warning, code: .rewrittenFile,
            expected: BilingualText(zh: "系统导出的原文件", en: "the file as the system exported it"),
            message: BilingualText(
                zh: "文件被 Excel 一类的表格软件打开后另存过（\(zh)），以下问题多由此而来。请直接上报系统导出的原文件；"
                    + "必须打开时用“数据 → 从文本/CSV”，把所有列设为“文本”",
                en:
                    "a spreadsheet has opened and saved this file (\(en)); most of what follows comes of it. Send the file as the "
                    + "system exported it; if it must be opened, use Data → From Text/CSV with all columns as text"))
    }
}
