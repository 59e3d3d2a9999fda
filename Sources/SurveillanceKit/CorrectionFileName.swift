/// What a correction form is called: the part before the first `_` is the file type, so that it is sent under its own name; the rest says
/// what it corrects.
public enum CorrectionFileName {
    private static let middle = "_corrections_"

    /// - Parameters:
    ///   - origin: what it belongs to, a submission's id or a file's name; reduced to letters, digits, `-`, `_` and `.`.
    ///   - number: from 2 where an origin has several files of the type.
    public static func name(fileType: String, origin: String, number: Int = 1) -> String {
        let plain = origin.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" }
        return "\(fileType)\(middle)\(String(plain))" + (number > 1 ? "-\(number)" : "") + ".csv"
    }

    /// What all forms of a submission together are called.
    public static func bundle(origin: String) -> String { "corrections_\(origin).zip" }

    /// What follows the file type in a form's name, as far as letters and digits go: a submission's id. Folders before the name count for
    /// nothing, and neither does what a browser appends, such as ` (1)`.
    public static func origin(of fileName: String) -> String? {
        let name = fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        guard let range = name.firstRange(of: middle), range.lowerBound > name.startIndex else { return nil }
        let origin = name[range.upperBound...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return origin.isEmpty ? nil : String(origin)
    }
}
