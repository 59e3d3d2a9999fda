/// Texts that database tools and spreadsheets write below a table.
///
/// Source: sqlcmd (`(6 rows affected)`, `(6 行受影响)`), psql (`(67 rows)`), SQL*Plus (`6 rows selected.`), MySQL (`6 rows in set`), and
/// Chinese report tools (`共6条`, 合计, 制表人：…, 导出时间：…).
enum FooterText {
    private static let totals: Set<String> = [
        "合计", "总计", "小计", "共计", "累计", "汇总", "总数", "合計", "總計", "小計", "本页合计", "本页小计", "total", "totals", "subtotal",
        "sum",
        "grandtotal",
    ]
    private static let labels: Set<String> = [
        "制表", "制表人", "制表时间", "制表日期", "填表人", "填报人", "填表日期", "审核人", "导出时间", "导出日期", "导出人", "打印时间", "打印日期", "打印人", "统计时间",
        "统计人", "报表时间", "生成时间", "记录数", "总记录数", "总条数", "总行数", "行数", "合计", "总计", "共计", "说明", "备注", "注", "exported",
        "generated",
        "printed", "completiontime", "elapsed", "已用时间", "numberofrows", "exportedat", "generatedat", "rowcount", "rows",
        "total", "totalrows", "note", "records",
    ]

    /// `合计`, `合 计：`, `合计（6人）`, `Total`.
    static func isTotal(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count >= 3, text.count <= 48, let first = text.first,
            [0xE5, 0xE6, 0xE7, 0x47, 0x53, 0x54].contains(
                first >= 0x80 ? first : first & 0xDF)
        else { return false }
        let plain = plain(text)
        if totals.contains(plain) { return true }
        guard let stop = plain.firstIndex(where: { "（(：:".contains($0) }) else { return false }
        return totals.contains(String(plain[..<stop]))
    }

    static func isFooter(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count >= 2, text.count <= 400 else { return false }
        var plain = plain(text)
        if ["--", "/*", "//", "sql>", "mysql>", "#"].contains(where: plain.hasPrefix) { return true }
        if ["end", "eof", "<end>", "<eof>", "[eof]", "[end]", "完", "结束", "以下空白", "(以下空白)", "（以下空白）"].contains(plain) {
            return true
        }
        plain = String(plain.drop { "(（[【<*".contains($0) })
        if let colon = plain.firstIndex(where: { "：:=".contains($0) }), labels.contains(String(plain[..<colon])) {
            return true
        }
        return isCount(plain)
    }

    private static let beforeCount = [
        "queryok,", "queryok", "共有", "总共", "共计", "合计", "总计", "共", "已选择", "已导出", "导出", "查询到", "命中", "total",
    ]
    /// What follows the number, without brackets, stops and further digits.
    private static let afterCount: Set<String> = [
        "row", "rows", "rowaffected", "rowsaffected", "rowselected", "rowsselected", "rowinsetsec", "rowsinsetsec",
        "rowinset", "rowsinset", "rowreturned", "rowsreturned", "rowsfetched", "rowsexported", "rowsfound",
        "rowsaffectedsec", "rowsaffectedsecs", "record", "records", "recordsfound", "recordselected", "recordsselected",
        "行", "行受影响", "行数据", "行记录", "行已选择", "行于数据集", "条", "条记录", "条数据", "条信息", "条结果", "笔", "笔记录", "笔数据",
        "个", "个记录", "个结果", "人", "人次", "例", "例病例",
    ]

    /// A number of rows, with what tools say of it: `6 rows affected)`, `6 行受影响)`, `共6条记录`, `合计6人`, `Query OK, 6 rows affected (0.01 sec)`.
    private static func isCount(_ plain: String) -> Bool {
        var rest = Substring(plain)
        if let prefix = beforeCount.first(where: rest.hasPrefix) { rest = rest.dropFirst(prefix.count) }
        rest = rest.drop { ":：".contains($0) }
        let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "," }
        guard !digits.isEmpty, digits.count <= 12 else { return false }
        return afterCount.contains(
            rest.dropFirst(digits.count).filter { !"()（）[]】<>*.。,，".contains($0) && !$0.isNumber })
    }

    /// The text in lower case, without blanks.
    private static func plain(_ text: ArraySlice<UInt8>) -> String {
        String(decoding: text, as: UTF8.self).lowercased().filter { !$0.isWhitespace }
    }
}
