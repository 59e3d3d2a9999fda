public import SurveillanceKit

/// What a person should know of a workbook that was read.
public struct WorkbookNote: Hashable, Sendable {
    public var code: FindingCode
    public var message: BilingualText

    private init(_ code: FindingCode, zh: String, en: String) {
        self.code = code
        message = BilingualText(zh: zh, en: en)
    }

    /// - Parameters:
    ///   - places: of the sheets, from 1: a name may hold a patient's.
    static func otherSheets(_ places: [Int], read: Int) -> WorkbookNote {
        WorkbookNote(
            .passedOver, zh: "工作簿有多张有内容的工作表，只读取了第 \(read) 张；\(SheetPlaces(places).zh)没有读取",
            en: "the workbook has several sheets with content; sheet \(read) was read, \(SheetPlaces(places).en) not")
    }

    static func hiddenSheets(_ places: [Int], read: Int) -> WorkbookNote {
        WorkbookNote(
            .passedOver, zh: "工作簿有隐藏的工作表（\(SheetPlaces(places).zh)），没有读取；读取的是第 \(read) 张",
            en: "the workbook has hidden sheets (\(SheetPlaces(places).en)), which were not read; sheet \(read) was")
    }

    static func mergedCells(_ ranges: [String], count: Int) -> WorkbookNote {
        let more = count > ranges.count
        return WorkbookNote(
            .sourceError,
            zh:
                "有 \(count) 处合并单元格（\(ranges.joined(separator: "、"))\(more ? "……" : "")）：合并后只有左上角一格有内容，其余按空值读取。请取消合并并逐格填写",
            en:
                "\(count) merged cells (\(ranges.joined(separator: ", "))\(more ? ", …" : "")): only the upper left one holds its content, the others were read as empty; unmerge them and fill each cell"
        )
    }

    static let macros = WorkbookNote(
        .passedOver, zh: "工作簿含有宏；宏没有运行，只读取了单元格",
        en: "the workbook holds macros; they were not run, and only its cells were read")

    static let externalLinks = WorkbookNote(
        .passedOver, zh: "工作簿链接了其他文件；没有打开它们，公式按保存时的结果读取",
        en: "the workbook links other files; they were not opened, and formulas were read as they were saved")

    static let csvNamedWorkbook = WorkbookNote(
        .passedOver, zh: "文件名像 Excel 工作簿，内容却是 CSV 文本；已按 CSV 读取，请核对导出程序的文件名",
        en:
            "the file is called as a workbook, but its content is CSV; it was read as CSV. Look at the name that the export gives"
    )

    static let workbookNamedCSV = WorkbookNote(
        .passedOver, zh: "文件名是 CSV，内容却是 Excel 工作簿；已按工作簿读取，请核对文件名",
        en: "the file is called CSV, but it is an Excel workbook; it was read as one. Look at its name")
}

/// Sheets by their place, from 1, as words of a sentence.
struct SheetPlaces {
    let zh: String
    let en: String

    init(_ places: [Int]) {
        let shown = places.prefix(5).map(String.init)
        let hasMore = places.count > shown.count
        zh = "第 " + shown.joined(separator: "、") + " 张" + (hasMore ? "等" : "")
        en = (places.count == 1 ? "sheet " : "sheets ") + shown.joined(separator: ", ") + (hasMore ? " and more" : "")
    }
}
