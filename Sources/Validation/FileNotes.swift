import SurveillanceKit
import Tabular

/// What is said once of a whole file, because it was read although something about it is unusual.
enum FileNotes {
    /// What stands before the header, and what the file's mark says wrongly.
    static func beforeHeader(_ reader: TableReader) -> [HeaderMatch.HeaderFinding] {
        let lines = reader.headLines.compactMap { line in
            headLine(line.kind).map { HeaderMatch.HeaderFinding(template: $0, column: -1, row: line.row) }
        }
        return lines + workbook(reader.workbookNotes).map { HeaderMatch.HeaderFinding(template: $0, column: -1) }
    }

    /// That a spreadsheet has opened and saved a correction form, which explains whatever else is wrong with it; nil where none has.
    static func rewrittenForm(_ reader: TableReader) -> FindingTemplate? {
        let isRewritten = reader.headLines.contains { line in
            if case .correctionNote(isRewritten: true) = line.kind { return true }
            return false
        }
        guard isRewritten else { return nil }
        return FindingTemplate(
            severity: .error, code: .rewrittenFile,
            expected: BilingualText(zh: "按第一行的说明打开并保存的文件", en: "the file as its first line says to open and save it"),
            message: BilingualText(
                zh: "这份改正文件被表格软件直接打开后保存过，长号码、前导零和时间已被改写，因此整个文件没有接收。请重新下载，"
                    + "用“数据 → 从文本/CSV”打开，把所有列设为“文本”，改好后再上传",
                en:
                    "a spreadsheet has opened this correction file by itself and saved it; long numbers, leading zeros and times are "
                    + "rewritten, so nothing of the file was taken. Download it again, open it with Data → From Text/CSV and all "
                    + "columns as text, and upload it when it is corrected"),
            showsValue: false)
    }

    /// What shows only when all has been read.
    ///
    /// - Parameter told: what was said of the workbook before its header.
    static func atEnd(_ reader: TableReader, told: [WorkbookNote]) -> [FindingTemplate] {
        var notes = workbook(reader.workbookNotes.filter { !told.contains($0) })
        if reader.hasWrongMark {
            notes.append(
                note(
                    .encodingError, "文件开头有 UTF-8 标记（BOM），内容却是 GBK；已按 GBK 读取，请核对导出程序的字符编码",
                    "the file begins with the mark of UTF-8, but its text is GBK; it was read as GBK. Look at the export's charset"
                ))
        }
        if reader.lacksMark {
            notes.append(
                note(
                    .passedOver, "文件是没有标记（BOM）的 UTF-16（Unicode）文本，已照此读取，无需处理",
                    "the file is UTF-16 (Unicode) without a mark; it was read as that, and nothing need be done"))
        }
        if reader.paddingCount > 0 {
            notes.append(
                note(
                    .passedOver, "文件末尾的 \(reader.paddingCount) 个 Ctrl-Z（0x1A）或零字节已跳过，无需处理",
                    "\(reader.paddingCount) Ctrl-Z (0x1A) or zero bytes at the file's end were passed over; nothing need be done"
                ))
        }
        return notes
    }

    private static func headLine(_ kind: HeadLine.Kind) -> FindingTemplate? {
        switch kind {
        // The platform's own line; that it was rewritten is told of the whole file.
        case .correctionNote: nil
        case .separator:
            note(
                .passedOver, "表头前的 sep= 行是给 Excel 的提示，已跳过，无需处理",
                "the line 'sep=' before the header is a hint for Excel; it was passed over, and nothing need be done")
        case .powerShellType:
            note(
                .passedOver, "表头前的 #TYPE 行是 PowerShell 写的，已跳过，无需处理",
                "the line '#TYPE' before the header is PowerShell's; it was passed over, and nothing need be done")
        }
    }

    private static func workbook(_ notes: [WorkbookNote]) -> [FindingTemplate] {
        notes.map { FindingTemplate(severity: .warning, code: $0.code, message: $0.message, showsValue: false) }
    }

    private static func note(_ code: FindingCode, _ zh: String, _ en: String) -> FindingTemplate {
        FindingTemplate(severity: .warning, code: code, message: BilingualText(zh: zh, en: en), showsValue: false)
    }
}
