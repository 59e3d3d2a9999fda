public import SurveillanceKit

/// Why a code file is not taken. Nothing of it is kept.
public enum DictionaryRefusal: Error, Hashable, Sendable {
    /// What came is no table that can be read.
    case unreadable(BilingualText)
    /// The header lacks columns; what it has beside those that are known.
    case wrongHeader(missing: [BilingualText], surplus: [String])
    case noRows
    /// Rows that cannot be taken, the first of them, and how many there are.
    case wrongRows([RowFault], count: Int)
    case tooManyRows(maximum: Int)
    case backwards(from: CivilDate, to: CivilDate)
    /// Other tables of the same category are in use on some of the days.
    case overlap([CodeTable], days: ClosedRange<CivilDate>)

    /// What is wrong with a row of the file, as a spreadsheet counts rows.
    public struct RowFault: Hashable, Sendable {
        public var row: Int
        public var message: BilingualText
    }

    /// What it is called in a problem's type.
    public var kind: String {
        switch self {
        case .unreadable: "code-file-unreadable"
        case .wrongHeader: "code-file-header"
        case .noRows: "code-file-empty"
        case .wrongRows: "code-file-rows"
        case .tooManyRows: "code-file-too-long"
        case .backwards: "code-file-period"
        case .overlap: "code-file-overlap"
        }
    }

    /// The sentence that hospitals know from the national systems, and behind it what exactly is wrong.
    public var message: BilingualText {
        switch self {
        case .unreadable(let reason):
            BilingualText(
                zh: "请上传csv、xls、xlsx格式的文件zip压缩包。\(reason.zh)",
                en: "Upload a csv, xls or xlsx file, or a zip of it (请上传csv、xls、xlsx格式的文件zip压缩包): \(reason.en)")
        case .wrongHeader(let missing, let surplus):
            BilingualText(
                zh: "请按照模板格式上传编码。缺少\(missing.map(\.zh).joined(separator: "、"))"
                    + (surplus.isEmpty ? "。" : "；无法识别的列：\(surplus.prefix(20).joined(separator: "、"))。"),
                en:
                    "Upload the codes in the template's form (请按照模板格式上传编码): there is not \(missing.map(\.en).joined(separator: ", nor "))"
                    + (surplus.isEmpty
                        ? "." : "; columns that nothing knows: \(surplus.prefix(20).joined(separator: ", "))."))
        case .noRows:
            BilingualText(
                zh: "请按照模板格式上传编码。表头之后没有编码。",
                en: "Upload the codes in the template's form (请按照模板格式上传编码): there are no codes below the header.")
        case .wrongRows(let faults, let count):
            BilingualText(
                zh: "有 \(count) 行编码有误，整个文件未接收：" + faults.map { "第 \($0.row) 行：\($0.message.zh)" }.joined(separator: "；")
                    + (count > faults.count ? "……" : "。"),
                en: "\(count.counted("row")) of codes are wrong, so nothing of the file was taken: "
                    + faults.map { "row \($0.row): \($0.message.en)" }.joined(separator: "; ")
                    + (count > faults.count ? " …" : "."))
        case .tooManyRows(let maximum):
            BilingualText(zh: "编码超过 \(maximum) 行。", en: "There are more than \(maximum) rows of codes.")
        case .backwards(let from, let to):
            BilingualText(
                zh: "使用期限的开始日期 \(from) 晚于结束日期 \(to)。", en: "The period begins on \(from), after its end on \(to).")
        case .overlap(let others, let days):
            BilingualText(
                zh: "使用期限 \(days.lowerBound) 至 \(days.upperBound) 与已有编码文件重叠："
                    + others.map { DictionaryRefusal.common($0.days, days, in: .zh) }.joined(separator: "；")
                    + "。请修改期限，或先删除已有文件。",
                en: "The period \(days.lowerBound) to \(days.upperBound) overlaps with code files that are there: "
                    + others.map { DictionaryRefusal.common($0.days, days, in: .en) }.joined(separator: "; ")
                    + ". Change the period, or delete the other file first.")
        }
    }

    private static func common(
        _ other: ClosedRange<CivilDate>, _ days: ClosedRange<CivilDate>, in language: Language
    ) -> String {
        let first = max(other.lowerBound, days.lowerBound)
        let last = min(other.upperBound, days.upperBound)
        let count = last.daysSince1970 - first.daysSince1970 + 1
        return language == .zh
            ? "\(other.lowerBound) 至 \(other.upperBound)（重叠 \(first) 至 \(last)，共 \(count) 天）"
            : "\(other.lowerBound) to \(other.upperBound) (both on \(first) to \(last), \(count.counted("day")))"
    }
}
