/// What a correction form is called: the part before the first `_` is the file type, so that it is sent under its own name; the rest says
/// what it corrects.
public enum CorrectionFileName {
    private static let middle = "_corrections_"

    /// - Parameters:
    ///   - origin: what it belongs to, a submission's id or a file's name; reduced to letters, digits, `-`, `_` and `.`.
    ///   - number: from 2 where an origin has several files of the type.
    public static func name(
        fileType: String, origin: String, number: Int = 1, format: TableFormat = .csv
    ) -> String {
        let plain = origin.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" }
        return "\(fileType)\(middle)\(String(plain))" + (number > 1 ? "-\(number)" : "") + ".\(format.rawValue)"
    }

    /// What all forms of a submission together are called.
    public static func bundle(origin: String) -> String { "\(bundleStart)\(origin).zip" }

    /// What the workbook with all forms of a submission is called, a sheet for each of them.
    public static func workbook(origin: String) -> String { "\(bundleStart)\(origin).xlsx" }

    /// What the sheet of a form is called in such a workbook: `fever_corrections`, and `fever_corrections-2` for a second file of the type.
    /// A sheet's name has 31 characters at most. Source: Excel specifications and limits.
    public static func sheet(fileType: String, number: Int = 1) -> String {
        let end = sheetEnd + (number > 1 ? "-\(number)" : "")
        return fileType.prefix(31 - end.count) + end
    }

    private static let bundleStart = "corrections_"
    private static let sheetEnd = "_corrections"

    /// Whether a workbook's name is the one that `workbook` gives, whatever a browser has appended to it.
    public static func isWorkbook(_ fileName: String) -> Bool {
        let name = fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        return TableFormat.isWorkbook(named: fileName) && name.lowercased().hasPrefix(bundleStart)
    }

    /// Whether a sheet's name is one that `sheet` gives.
    public static func isSheet(_ name: String) -> Bool { name.contains(sheetEnd) }

    /// The name of a form whose first line of words was lost: by the sheet's name, and the id in the workbook's.
    public static func name(ofSheet sheet: String, in workbook: String, format: TableFormat) -> String? {
        guard let end = sheet.firstRange(of: sheetEnd), end.lowerBound > sheet.startIndex else { return nil }
        let file = workbook.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        guard file.lowercased().hasPrefix(bundleStart) else { return nil }
        let origin = file.dropFirst(bundleStart.count).prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return name(fileType: String(sheet[..<end.lowerBound]), origin: String(origin), format: format)
    }

    /// What follows the file type in a form's name, as far as letters and digits go: a submission's id. Folders before the name count for
    /// nothing, and neither does what a browser appends, such as ` (1)`.
    public static func origin(of fileName: String) -> String? {
        let name = fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        guard let range = name.firstRange(of: middle), range.lowerBound > name.startIndex else { return nil }
        let origin = name[range.upperBound...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return origin.isEmpty ? nil : String(origin)
    }
}
