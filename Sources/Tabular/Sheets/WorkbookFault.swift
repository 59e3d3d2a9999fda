import SurveillanceKit

/// Why a workbook is not read. Each is a fault of the file and becomes a finding.
public enum WorkbookFault: Error, Hashable, Sendable {
    /// A zip or compound file of another kind: a text document, a drawing.
    case otherDocument
    /// Encrypted with a password.
    case encrypted
    /// Excel's binary workbook, `.xlsb`.
    case binaryWorkbook
    /// A workbook of Excel 95 or earlier.
    case oldWorkbook
    /// The zip around the parts cannot be trusted.
    case archive(ArchiveError)
    /// A part contradicts the format; `part` names it.
    case damaged(part: String)
    /// A part declares a document type, which no workbook has and attacks need.
    case documentType(part: String)
    /// There is no sheet with rows that a person sees; these are hidden. Sheets are told by their place, since a name may hold a patient's.
    case noVisibleRows(hidden: [Int])
    /// Several sheets hold a table of the wanted kind.
    case severalTables([Int])
    /// A formula was saved without its value.
    case formulaWithoutValue(sheet: Int, cell: String)
    /// A part or its text is larger than anybody's table.
    case tooLarge(maximumBytes: Int)

    var code: FindingCode {
        switch self {
        case .otherDocument, .binaryWorkbook, .oldWorkbook: .unknownFile
        default: .sourceError
        }
    }

    var message: BilingualText {
        switch self {
        case .otherDocument:
            BilingualText(
                zh: "这是办公软件的文件，但不是 Excel 工作簿（.xlsx、.xls）。请另存为 CSV 或 .xlsx 后上报",
                en:
                    "this is a file of an office program and no Excel workbook (.xlsx, .xls); save it as CSV or .xlsx and send that"
            )
        case .encrypted:
            BilingualText(
                zh: "工作簿设了打开密码，无法读取。请在 Excel 中取消密码（文件 → 信息 → 保护工作簿）后重新保存上报",
                en:
                    "the workbook is encrypted with a password and cannot be read; take the password off (File → Info → Protect Workbook), save it and send it again"
            )
        case .binaryWorkbook:
            BilingualText(
                zh: "这是 Excel 二进制工作簿（.xlsb），不接收。请另存为 .xlsx 或 CSV 后上报",
                en: "this is a binary Excel workbook (.xlsb), which is not taken; save it as .xlsx or CSV and send that"
            )
        case .oldWorkbook:
            BilingualText(
                zh: "这是 Excel 95 或更早版本的工作簿，不接收。请另存为 .xlsx 或 CSV 后上报",
                en:
                    "this is a workbook of Excel 95 or earlier, which is not taken; save it as .xlsx or CSV and send that"
            )
        case .archive(let error):
            BilingualText(
                zh: "工作簿已损坏，无法读取（\(error.message.zh)）。请用 Excel 打开，确认内容完整后重新保存上报",
                en:
                    "the workbook is damaged and cannot be read (\(error.message.en)); open it in Excel, look whether all is there, save it and send it again"
            )
        case .damaged(let part):
            BilingualText(
                zh: "工作簿已损坏，无法读取（部件 \(part) 的结构有误）。请用 Excel 打开，确认内容完整后重新保存上报",
                en:
                    "the workbook is damaged and cannot be read (its part \(part) breaks the format); open it in Excel, look whether all is there, save it and send it again"
            )
        case .documentType(let part):
            BilingualText(
                zh: "工作簿的部件 \(part) 含有 <!DOCTYPE> 声明，正常的工作簿没有，因此不接收。请用 Excel 重新保存后上报",
                en:
                    "the workbook's part \(part) declares a <!DOCTYPE>, which no workbook does, so it is not taken; save it with Excel and send it again"
            )
        case .noVisibleRows(let hidden):
            BilingualText(
                zh: "可见的工作表都是空的；隐藏的工作表（\(SheetPlaces(hidden).zh)）不读取。请取消隐藏后重新保存上报",
                en:
                    "all visible sheets are empty, and hidden ones (\(SheetPlaces(hidden).en)) are not read; unhide the sheet, save the workbook and send it again"
            )
        case .severalTables(let places):
            BilingualText(
                zh: "工作簿有 \(places.count) 张工作表都是数据表（\(SheetPlaces(places).zh)），无法判断上报哪一张，整个文件未接收。请每个文件只留一张",
                en:
                    "\(places.count) sheets hold a table (\(SheetPlaces(places).en)), and which one is reported cannot be told, so nothing was taken; keep one in each file"
            )
        case .formulaWithoutValue(let sheet, let cell):
            BilingualText(
                zh: "第 \(sheet) 张工作表的单元格 \(cell) 是公式，文件里没有它的计算结果，因此从此处起没有读取。请用 Excel 打开，把公式“选择性粘贴 → 数值”，保存后上报",
                en:
                    "cell \(cell) of sheet \(sheet) is a formula whose value is not in the file, so it was not read from there on; open it in Excel, paste the formulas as values, save it and send it again"
            )
        case .tooLarge(let maximum):
            BilingualText(
                zh: "工作簿解压后超过 \(maximum >> 20) MB，无法读取。请改用 CSV 或拆分后上报",
                en: "the workbook is larger than \(maximum >> 20) MB when unpacked; send it as CSV or in parts")
        }
    }
}
