public import SurveillanceKit

/// Why a table could not be read to its end. Each is a fault of the file and becomes a finding.
public enum TableError: Error, Sendable {
    case source(SourceError)
    case rowTooLong(row: Int, maximumBytes: Int)
    case tooManyRows(maximum: Int)
    case tooManyColumns(maximum: Int)
    /// No text at all.
    case document(DocumentFormat)
    /// A workbook that is not read, or not further.
    case workbook(WorkbookFault)

    /// What the sender is told, or nil where reading failed here and the try is repeated.
    public var fault: (code: FindingCode, message: BilingualText)? {
        if case .source(let error) = self { return error.fault }
        if case .document = self { return (.unknownFile, message) }
        if case .workbook(let fault) = self { return (fault.code, fault.message) }
        return (.sourceError, message)
    }

    private var message: BilingualText {
        switch self {
        case .source(let error):
            error.fault?.message ?? BilingualText(zh: "读取失败", en: "reading failed")
        case .rowTooLong(let row, let maximumBytes):
            BilingualText(
                zh: "第 \(row) 行超过 \(maximumBytes) 字节，文件从此处起无法读取。请检查是否丢失了换行（用 curl 上报须用 --data-binary），或缺少引号",
                en:
                    "row \(row) is longer than \(maximumBytes) bytes and the file cannot be read from there on; look for lost line ends (curl needs --data-binary) or a missing quote"
            )
        case .tooManyRows(let maximum):
            BilingualText(
                zh: "文件超过 \(maximum) 行，请拆分后分别上报",
                en: "the file has more than \(maximum) rows; send it in parts")
        case .tooManyColumns(let maximum):
            BilingualText(
                zh: "表头超过 \(maximum) 列。请检查是否丢失了换行（用 curl 上报须用 --data-binary）",
                en:
                    "the header has more than \(maximum) columns; look for lost line ends (curl needs --data-binary)")
        case .document(let format): format.message
        case .workbook(let fault): fault.message
        }
    }
}
