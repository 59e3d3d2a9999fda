public import PluginKit
public import SurveillanceKit
import Synchronization

/// Excel workbooks: every cell is text, codes are offered as drop-down lists, and cells in which something was found are red.
///
/// A workbook is written whole before its first piece, in memory alone. A cell of a workbook holds text that no spreadsheet runs; where the
/// file comes back, a cell that begins like a formula has the apostrophe that a CSV has, since people save one as the other.
public struct XLSXExporter: WorkbookExporter {
    public static let kind = PluginKind.export
    public static let name = "xlsx"
    public static let summary = BilingualText(
        zh: "将表格写成 Excel 工作簿：单元格均为文本，代码可下拉选择，有误的单元格标红",
        en: "writes tables as Excel workbooks: all cells text, codes to choose from, wrong cells in red")
    public static let settings = [
        PluginSetting(
            "temporaryFolder", .path,
            BilingualText(
                zh: "写工作簿时存放各部分的文件夹，应在内存中（默认 /dev/shm）",
                en: "where the parts of a workbook lie while it is written; it should be memory (default: /dev/shm)"))
    ]
    public static let isAlwaysOn = true
    public static let title = BilingualText(zh: "Excel 工作簿", en: "Excel workbook")
    public static let fileExtension = "xlsx"
    public static let mediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    private static let pieceBytes = 65_536
    private let temporaryFolder: String

    public init() { temporaryFolder = Self.defaultFolder }

    public init(_ settings: PluginSettings) throws {
        temporaryFolder = settings.path("temporaryFolder") ?? Self.defaultFolder
    }

    private static let defaultFolder = "/dev/shm"

    public func file(of table: ExportTable, in language: Language) throws -> ExportedFile {
        try workbook(of: [ExportSheet(name: table.title[language]) { table }], in: language)
    }

    public func workbook(of sheets: [ExportSheet], in language: Language) throws -> ExportedFile {
        let progress = Mutex<WrittenWorkbook?>(nil)
        return ExportedFile(fileExtension: Self.fileExtension, mediaType: Self.mediaType) {
            [temporaryFolder] in
            try progress.withLock { written in
                if written == nil {
                    written = try WorkbookWriter.write(sheets, in: language, temporaryFolder: temporaryFolder)
                }
                return try written?.next(Self.pieceBytes)
            }
        }
    }
}
