import SurveillanceKit

/// Findings as CSV: UTF-8 with a byte-order mark and CRLF, as spreadsheets in China open it by a double click.
enum FindingsTable {
    static func head(in language: Language) -> [UInt8] {
        let names: [BilingualText] = [
            BilingualText(zh: "文件", en: "file"), BilingualText(zh: "行", en: "row"),
            BilingualText(zh: "物理行", en: "line"),
            BilingualText(zh: "列", en: "column"), BilingualText(zh: "字段", en: "field"),
            BilingualText(zh: "字段名称", en: "title"), BilingualText(zh: "级别", en: "severity"),
            BilingualText(zh: "问题", en: "message"), BilingualText(zh: "应为", en: "expected"),
            BilingualText(zh: "当前值", en: "value"), BilingualText(zh: "问题代码", en: "code"),
            BilingualText(zh: "规则", en: "rule"),
        ]
        var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
        append(names.map { $0[language] }, to: &bytes)
        return bytes
    }

    static func append(_ finding: Finding, in language: Language, to bytes: inout [UInt8]) {
        let cells: [String?] = [
            finding.file, finding.row.map(String.init), finding.line.map(String.init), finding.column, finding.field,
            finding.title?[language], finding.severity.title[language], finding.message[language],
            finding.expected?[language], finding.value, finding.code.rawValue, finding.rule,
        ]
        append(cells.map { $0 ?? "" }, to: &bytes)
    }

    private static func append(_ cells: [String], to bytes: inout [UInt8]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(cell: cell, to: &bytes)
        }
        bytes += [0x0D, 0x0A]
    }

    /// Writes a cell that no spreadsheet runs: what begins like a formula gets an apostrophe before it.
    ///
    /// Nobody reads this table back, so signed numbers and TABs are guarded too, which the correction form leaves as they came.
    /// Source: OWASP, "CSV Injection".
    static func append(cell: String, to bytes: inout [UInt8]) {
        let begins = cell.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        let text = begins || FormulaGuard.concerns(cell.utf8) ? "'" + cell : cell
        let needsQuotes = text.utf8.contains {
            $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: ",") || $0 == 0x0A || $0 == 0x0D
        }
        guard needsQuotes else {
            bytes += text.utf8
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
