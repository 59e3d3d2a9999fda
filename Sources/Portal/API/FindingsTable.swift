import FoundationEssentials
import SurveillanceKit

/// Findings as a table for a person's spreadsheet.
enum FindingsTable {
    static let columns: [ExportColumn] = [
        BilingualText(zh: "文件", en: "file"), BilingualText(zh: "行", en: "row"),
        BilingualText(zh: "物理行", en: "line"),
        BilingualText(zh: "列", en: "column"), BilingualText(zh: "字段", en: "field"),
        BilingualText(zh: "字段名称", en: "title"), BilingualText(zh: "级别", en: "severity"),
        BilingualText(zh: "问题", en: "message"), BilingualText(zh: "应为", en: "expected"),
        BilingualText(zh: "当前值", en: "value"), BilingualText(zh: "问题代码", en: "code"),
        BilingualText(zh: "规则", en: "rule"),
    ].map { ExportColumn($0) }

    /// - Parameter language: of the words in the cells.
    static func table(_ lines: FindingLines, in language: Language) -> ExportTable {
        let decoder = JSONDecoder()
        return ExportTable(title: BilingualText(zh: "核查结果", en: "Findings"), columns: columns) {
            guard let line = try lines.next() else { return nil }
            return cells(try decoder.decode(Finding.self, from: Data(line)), in: language)
        }
    }

    private static func cells(_ finding: Finding, in language: Language) -> [ExportCell] {
        let cells: [String?] = [
            finding.file, finding.row.map(String.init), finding.line.map(String.init), finding.column, finding.field,
            finding.title?[language], finding.severity.title[language], finding.message[language],
            finding.expected?[language], finding.value, finding.code.rawValue, finding.rule,
        ]
        return cells.map { ExportCell($0 ?? "") }
    }
}
