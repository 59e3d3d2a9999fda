import PluginKit
import SurveillanceKit

/// Why a table does not become a workbook; the CSV has none of these limits.
enum Unfit {
    static let tooManyRows = UnfitTable(
        BilingualText(
            zh: "超过 Excel 的 1,048,576 行，请下载 CSV。", en: "There are more than Excel's 1,048,576 rows; take the CSV."))
    static let tooManyColumns = UnfitTable(
        BilingualText(
            zh: "超过 Excel 的 16,384 列，请下载 CSV。", en: "There are more than Excel's 16,384 columns; take the CSV."))
    static let tooManyCells = UnfitTable(
        BilingualText(
            zh: "超过 \(WorkbookWriter.maximumCells) 个单元格，不适合用工作簿逐格处理，请下载 CSV。",
            en: "There are more than \(WorkbookWriter.maximumCells) cells, too many for a workbook; take the CSV."))
    static let noRoom = UnfitTable(
        BilingualText(
            zh: "服务器目前没有空间写工作簿，请下载 CSV，或稍后再试。",
            en: "The server has no room for a workbook at present; take the CSV, or try again later."))

    static func longText(row: Int, column: Int) -> UnfitTable {
        UnfitTable(
            BilingualText(
                zh: "第 \(row) 行第 \(column + 1) 列的内容超过 Excel 单元格的 32,767 个字符，请下载 CSV。",
                en:
                    "Row \(row), column \(column + 1) has more than the 32,767 characters of Excel's cells; take the CSV."
            ))
    }
}
