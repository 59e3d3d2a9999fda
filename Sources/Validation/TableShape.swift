import SurveillanceKit

/// How a table is written whose first row names the fields and is no header of a CSV nevertheless.
enum TableShape {
    case separatedBy(String)
    /// Each row, commas and all, in one pair of quotes.
    case rowsInQuotes
    /// Quotes that CSV does not know round each cell.
    case quotedBy(String)
    case html, excelXML, xml, json

    /// Nil where the first row gives no certain answer.
    ///
    /// - Parameter beginning: some of the file's text; its first line where that is all there is.
    init?(_ labels: [String], of type: CompiledFileType, beginning: String) {
        let names = Set(type.fileType.fields.map { $0.name.lowercased() })
        func namesFields(_ parts: [some StringProtocol]) -> Bool {
            let known = parts.count { names.contains(TableShape.bare($0)) }
            return known > 1 || (known == 1 && parts.filter { !$0.isEmpty }.count == 1)
        }
        let line = labels.joined(separator: ",")
        if let markup = TableShape.markup(beginning.isEmpty ? line : beginning) {
            self = markup
            return
        }
        let quotes = ["'", "‘", "’", "“", "”", "`"]
        if let quote = quotes.first(where: { labels[0].hasPrefix($0) }), namesFields(labels) {
            self = .quotedBy(quote)
            return
        }
        for separator in ["，", "；", ";", "\t", "|", "、", "^", "\u{1}", "\u{2}", "~", "#", ":", ","] {
            guard labels[0].contains(separator) else { continue }
            let parts = (separator == "," ? labels[0] : line).components(by: separator)
            guard namesFields(parts) else { continue }
            self = separator == "," ? .rowsInQuotes : .separatedBy(separator)
            return
        }
        // What stands between is no field of this type, but parts them like one.
        guard labels.count <= 2, let separator = labels[0].first(where: { ";\t|，；".contains($0) }) else { return nil }
        self = .separatedBy(String(separator))
    }

    private static func markup(_ line: String) -> TableShape? {
        let start = line.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased()
        if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") || start.hasPrefix("<table")
            || start.hasPrefix("<meta") || start.hasPrefix("<head") || start.hasPrefix("<style")
            || start.hasPrefix("<body") || start.hasPrefix("<div") || start.hasPrefix("<script")
        {
            return .html
        }
        if start.hasPrefix("<?mso-application") || start.hasPrefix("<workbook") || start.hasPrefix("<ss:workbook") {
            return .excelXML
        }
        if start.hasPrefix("<") {
            return start.contains("excel.sheet") || start.contains("office:spreadsheet") ? .excelXML : .xml
        }
        if start.hasPrefix("{") || start.hasPrefix("[") { return .json }
        return nil
    }

    /// A label without what is put round it.
    private static func bare(_ label: some StringProtocol) -> String {
        label.trimming { $0.isWhitespace || "'\"‘’“”`".contains($0) }.lowercased()
    }

    func message(example: String) -> BilingualText {
        switch self {
        case .separatedBy(let separator):
            let (zh, en) = TableShape.name(of: separator)
            return BilingualText(
                zh: "列以\(zh)分隔，须改用英文逗号，如 \(example)",
                en: "columns must be parted by commas, as in \(example); here \(en) stand between them")
        case .rowsInQuotes:
            return BilingualText(
                zh: "每一行都整行放在一对引号里，只读出一列。请重新导出，只给需要的单元格加引号，如 \(example)",
                en:
                    "each row stands in one pair of quotes, so only one column can be read; export again with quotes round single cells at most, as in \(example)"
            )
        case .quotedBy(let quote):
            return BilingualText(
                zh: "单元格用 \(quote) 括起。请改用英文双引号，或不加引号，如 \(example)",
                en: "cells are quoted by \(quote); use double quotes or none, as in \(example)")
        case .html:
            return BilingualText(
                zh: "这是网页（HTML）表格，只是命名为 .csv。请用 Excel 打开后另存为 CSV（逗号分隔）上报",
                en: "this is a web page (HTML) under the name of a CSV; open it in Excel, save it as CSV and send that")
        case .excelXML:
            return BilingualText(
                zh: "这是 Excel 的 XML 表格，只是命名为 .csv。请用 Excel 打开后另存为 CSV（逗号分隔）上报",
                en:
                    "this is an Excel XML spreadsheet under the name of a CSV; open it in Excel, save it as CSV and send that"
            )
        case .xml:
            return BilingualText(
                zh: "这是 XML 文件，不是 CSV。请导出 CSV 后上报", en: "this is XML and no CSV; export CSV and send that")
        case .json:
            return BilingualText(
                zh: "这是 JSON 文件，不是 CSV。请导出 CSV 后上报", en: "this is JSON and no CSV; export CSV and send that")
        }
    }

    /// Whether the file is no table at all, so that its lines are no rows.
    var isForeign: Bool {
        switch self {
        case .html, .excelXML, .xml, .json: true
        default: false
        }
    }

    private static func name(of separator: String) -> (zh: String, en: String) {
        switch separator {
        case "，": ("中文逗号（，）", "Chinese commas (，)")
        case "；": ("中文分号（；）", "Chinese semicolons (；)")
        case ";": ("分号（;）", "semicolons (;)")
        case "\t": ("制表符（TAB）", "TABs")
        case "|": ("竖线（|）", "vertical bars (|)")
        case "、": ("顿号（、）", "Chinese enumeration commas (、)")
        case "\u{1}", "\u{2}": ("控制字符", "control characters")
        default: ("“\(separator)”", "'\(separator)'")
        }
    }
}

extension String {
    fileprivate func components(by separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}

extension StringProtocol {
    fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> String {
        let start = drop(while: isTrimmed)
        guard let end = start.lastIndex(where: { !isTrimmed($0) }) else { return "" }
        return String(start[...end])
    }
}
