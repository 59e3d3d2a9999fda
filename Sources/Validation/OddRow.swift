import SurveillanceKit

/// What a line amid the rows is, where it is none: a by-product of spreadsheets, database tools and joined files.
enum OddRow: Int, CaseIterable {
    case headerAgain
    /// A header that names other columns, or in another order, than the file's.
    case otherHeader
    case titles
    case dashes
    case total
    case footer

    var template: FindingTemplate {
        let (zh, en) = words
        return FindingTemplate(
            severity: self == .otherHeader ? .error : .warning, code: self == .otherHeader ? .sourceError : .passedOver,
            message: BilingualText(zh: zh, en: en), showsValue: false)
    }

    private var words: (zh: String, en: String) {
        switch self {
        case .headerAgain:
            ("表头在此又出现一次，该行已跳过，不影响其他行", "the header again; the row was passed over and nothing need be done")
        case .otherHeader:
            (
                "此处又有一行表头，列或列序与第一个表头不同，从该行起均未接收：请把两个文件分开上报",
                "another header stands here, with other columns or in another order; no row from here on was taken. Send the two files apart"
            )
        case .titles:
            ("该行是列的中文名称（标题行），不是数据，已跳过", "a row of titles and no data; it was passed over and nothing need be done")
        case .dashes:
            ("该行是分隔线，不是数据，已跳过", "a row of dashes and no data; it was passed over and nothing need be done")
        case .total:
            ("该行是合计行，不是一条记录，已跳过", "a row of totals and no record; it was passed over and nothing need be done")
        case .footer:
            (
                "该行是导出工具写的尾注，不是数据，已跳过",
                "a footer of the exporting program and no data; it was passed over and nothing need be done"
            )
        }
    }
}
