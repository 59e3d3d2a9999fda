import PlainTables
public import SurveillanceKit
import Validation

/// A table with marks ❶, ❷, … where findings belong. The marks are taken out before anything reads it.
///
/// A mark belongs to the cell it stands in, or at the end of; its field is the header's label of that column.
public struct MarkedCSV {
    public let text: String
    private let places: [(mark: Character, place: String)]

    private static let marks: [Character] = ["❶", "❷", "❸", "❹", "❺", "❻", "❼", "❽", "❾", "❿"]

    public init(_ source: String) {
        var bytes: [UInt8] = []
        var offsets: [(mark: Character, offset: Int)] = []
        for scalar in source.unicodeScalars {
            let character = Character(scalar)
            if MarkedCSV.marks.contains(character) {
                offsets.append((character, bytes.count))
            } else {
                bytes += Array(String(scalar).utf8)
            }
        }
        text = String(decoding: bytes, as: UTF8.self)
        let rows = PlainCSV.rows(bytes)
        let labels = (rows.first?.cells ?? []).map { String(decoding: $0.text, as: UTF8.self).uppercased() }
        places = offsets.map { mark, offset in
            for row in rows {
                for (column, cell) in row.cells.enumerated()
                where cell.range.contains(offset) || cell.range.upperBound == offset {
                    let field = column < labels.count ? labels[column] : "-"
                    return (mark, Place.text(row: row.number, column: ColumnLetters.of(column), field: field))
                }
            }
            return (mark, "nowhere")
        }
    }

    public var bytes: [UInt8] { Array(text.utf8) }

    /// Findings as `Place.text` writes them, from `"❶ type-error"`: the mark, the code, and `warning` where it is one.
    ///
    /// What begins with no mark is taken as it stands: `"row 1: extra-label warning"`, `"file: missing-label P5"`.
    public func expecting(_ expectations: String...) -> [String] {
        expectations.map { expectation in
            guard let mark = expectation.first, MarkedCSV.marks.contains(mark) else { return expectation }
            let place = places.first { $0.mark == mark }?.place ?? "no mark \(mark)"
            return place + expectation.dropFirst()
        }.sorted()
    }
}

/// Where a finding stands, what it is, in a line that a failing test can print.
public enum Place {
    public static func text(row: Int, column: String, field: String) -> String { "row \(row) \(column) \(field):" }

    public static func text(_ finding: Finding) -> String {
        var text = "file:"
        if let row = finding.row {
            text = "row \(row):"
            if let column = finding.column { text = Place.text(row: row, column: column, field: finding.field ?? "-") }
        }
        text += " \(finding.rule ?? finding.code.rawValue)"
        if finding.row == nil, let field = finding.field { text += " \(field)" }
        return text + (finding.severity == .warning ? " warning" : "")
    }
}
