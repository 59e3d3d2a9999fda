import SurveillanceKit

/// The line above the header of a correction form: how to open the file without damage, and cells by which damage is recognised.
///
/// A spreadsheet that opens a CSV file by a double click drops leading zeros, rewrites moments and rounds long numbers. It does that to the
/// cells of this line, too, so a form that comes back says for certain whether one has saved it.
public enum CorrectionNote {
    /// What the line begins with.
    public static let mark = "[vedette]"
    /// Cells that a spreadsheet changes when it opens the file by a double click.
    public static let probes = ["001", "2026-01-05 08:05:00", "123456789012345678"]
    /// Empty cells between the words and the probes, so that a spreadsheet has room to show the words.
    public static let gap = 11

    /// The line of a sheet of a workbook, which says first which form the sheet is.
    ///
    /// - Parameter name: of the form, as `CorrectionFileName.name` gives it.
    public static func words(ofForm name: String, _ words: String) -> String { "\(mark) \(name) \(words)" }

    /// The form's name in such a line; nil where it names none.
    static func form(in text: some StringProtocol) -> String? {
        guard text.hasPrefix(mark) else { return nil }
        let name = text.dropFirst(mark.count).drop { $0 == " " }.prefix { !$0.isWhitespace }
        guard name.utf8.count <= 200, !name.contains(where: { $0 == "/" || $0 == "\\" }),
            CorrectionFileName.origin(of: String(name)) != nil
        else { return nil }
        return String(name)
    }

    /// Whether a line's cells are such a line, and a spreadsheet has rewritten it; nil for any other line.
    ///
    /// A probe that somebody has emptied proves nothing.
    static func isRewritten(_ cells: [(column: Int, text: String)]) -> Bool? {
        guard let first = cells.first, first.column == 0, first.text.hasPrefix(mark) else { return nil }
        return cells.dropFirst().contains { cell in
            let index = cell.column - 1 - gap
            return probes.indices.contains(index) && probes[index] != cell.text
        }
    }
}
