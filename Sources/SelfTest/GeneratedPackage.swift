public import SurveillanceKit

/// A made-up table: values by field, and how they are written.
public struct GeneratedTable: Sendable {
    public var fileType: FileType
    public var fileName: String
    public var form: TableForm
    /// For each column of the file the index of its field.
    public var columns: [Int]
    /// For each row the values by the field's index.
    public var rows: [[String]]
    /// For each row the row of `parentTable` it belongs to.
    public var parents: [Int] = []
    public var parentTable: Int?
    /// Labels that stand in place of the fields' own, by column.
    public var labels: [Int: String] = [:]
    /// Text that stands for a cell as it is, quotes and all, by row and column.
    public var raw: [[Int]: String] = [:]
    /// Text put before a row's line as it is.
    public var before: [Int: String] = [:]
    /// Cells that are left out together with the separator behind them, by row and column.
    public var dropped: Set<[Int]> = []
    /// Parts the cells.
    public var separator = ","
    public var hasHeader = true
    /// A line before the header, below the rows, and text at the very end.
    public var preamble: String?
    public var footer: String?
    public var ending = ""
    /// Commas too many at the end of every line.
    public var extraCommas = 0
    /// The last cell of every row is left out, and the separator before it.
    public var leavesOutLastCell = false
    public var lines = Lines.plain
    /// The file has no byte at all.
    public var isVoid = false

    /// How its lines are written.
    public enum Lines: Sendable {
        case plain
        /// Each as one quoted cell.
        case quoted
        /// Without line ends.
        case glued
    }

    /// A table without rows yet, its columns in the schema's order.
    public init(_ fileType: FileType, fileName: String, form: TableForm = TableForm()) {
        self.fileType = fileType
        self.fileName = fileName
        self.form = form
        columns = Array(fileType.fields.indices)
        rows = []
    }

    /// A row's number as a spreadsheet counts.
    public func number(ofRow index: Int) -> Int { index + 2 }

    /// What a row holds in a field; nil where it is blank or a placeholder.
    func value(_ name: String, ofRow row: Int) -> String? {
        guard let field = fileType.fieldIndex(name) else { return nil }
        let text = rows[row][field]
        return text.isEmpty || fileType.fields[field].placeholders.contains(text) ? nil : text
    }

    public func text() -> String {
        if isVoid { return "" }
        var text = preamble.map { $0 + form.lineEnd } ?? ""
        if hasHeader { text += line(columns.indices.map { labels[$0] ?? label(columns[$0]) }) }
        for index in rows.indices {
            if hasHeader || index > 0 { text += lineEnd }
            text += before[index] ?? ""
            let shown = leavesOutLastCell ? columns.indices.dropLast() : columns.indices[...]
            text += line(
                shown.filter { !dropped.contains([index, $0]) }.map { raw[[index, $0]] ?? cell(index, $0) })
        }
        if let footer { text += form.lineEnd + footer }
        if form.endsWithLineEnd || form.endsWithBlankLines { text += lineEnd }
        if form.endsWithBlankLines { text += lineEnd + lineEnd }
        return text + ending
    }

    private var lineEnd: String { lines == .glued ? "" : form.lineEnd }

    private func line(_ cells: [String]) -> String {
        var line = cells.joined(separator: separator)
        if form.hasTrailingComma { line += separator }
        line += String(repeating: ",", count: extraCommas)
        return lines == .quoted ? "\"" + line.replacing("\"", with: "\"\"") + "\"" : line
    }

    public func bytes() -> [UInt8] { isVoid ? [] : form.bytes(of: text()) }

    private func label(_ field: Int) -> String {
        let name = fileType.fields[field].name
        return form.hasLowerCaseHeader ? name.lowercased() : name
    }

    private func cell(_ row: Int, _ column: Int) -> String {
        let field = columns[column]
        var value = rows[row][field]
        if form.hasSlashedDates, [.date, .datetime].contains(fileType.fields[field].type) {
            value = GeneratedTable.slashed(value)
        }
        let place = row &* 31 &+ column &* 7
        let isQuoted =
            switch form.quoting {
            case .whereNeeded: value.unicodeScalars.contains { ",;\t\"\n\r".unicodeScalars.contains($0) }
            case .always: true
            case .sometimes:
                place % 3 == 0 || value.unicodeScalars.contains { ",;\t\"\n\r".unicodeScalars.contains($0) }
            }
        if isQuoted { value = "\"" + value.replacing("\"", with: "\"\"") + "\"" }
        if form.isPadded, place % 2 == 0 { value = (place % 4 == 0 ? "\t" : " ") + value + " " }
        return value
    }

    /// `2026-03-05 08:01:02` as `2026/3/5 8:01:02`; anything else as it is.
    static func slashed(_ text: String) -> String {
        let parts = text.split(separator: " ")
        let day = parts.first?.split(separator: "-").map(String.init) ?? []
        guard day.count == 3, day.allSatisfy({ Int($0) != nil }), day[0].count == 4 else { return text }
        func short(_ text: String) -> String { String(Int(text) ?? 0) }
        var slashed = "\(day[0])/\(short(day[1]))/\(short(day[2]))"
        if parts.count == 2 {
            let time = parts[1].split(separator: ":").map(String.init)
            guard time.count == 3, Int(time[0]) != nil else { return text }
            slashed += " \(short(time[0])):\(time[1]):\(time[2])"
        }
        return parts.count > 2 ? text : slashed
    }
}

/// A made-up package: tables in the order of their program's file types.
public struct GeneratedPackage: Sendable {
    public var tables: [GeneratedTable]

    public func files() -> [(name: String, bytes: [UInt8])] { tables.map { ($0.fileName, $0.bytes()) } }
}
