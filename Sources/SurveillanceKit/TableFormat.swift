/// A kind of file in which a table may be sent.
public enum TableFormat: String, Hashable, Sendable, CaseIterable {
    case csv
    /// An Excel workbook since 2007, ECMA-376.
    case xlsx
    /// An Excel workbook of 97 to 2003, BIFF8.
    case xls

    /// Whether files of a name are sent as tables, by its ending: `.csv`, `.xlsx`, `.xlsm`, `.xls`.
    public static func isTable(named name: String) -> Bool {
        let lowered = name.lowercased()
        return [".csv", ".xlsx", ".xlsm", ".xls"].contains(where: lowered.hasSuffix)
    }

    /// Whether a name is a workbook's, by its ending.
    public static func isWorkbook(named name: String) -> Bool {
        isTable(named: name) && !name.lowercased().hasSuffix(".csv")
    }
}
