import SurveillanceKit
import Tabular
import Validation

/// Which columns of a file stand in its correction form, and what its rows hold there.
struct CorrectionColumnsPlan {
    /// For each column of the header whether it is kept. Those of an earlier form are not: they are made anew.
    private let isKept: [Bool]
    /// By label in lower case, the column of the form in which a kept column stands.
    private let places: [String: Int]
    private let fields: [String: Field]
    /// The file is a form itself, whose guarded cells have an apostrophe already.
    private let isForm: Bool

    /// - Parameter fields: of the file's type, with their codes to choose from.
    init(header: RowCursor, fields: [Field]) {
        var header = header
        var isKept: [Bool] = []
        var isForm = false
        var isLastBlank = false
        var places: [String: Int] = [:]
        var place = CorrectionColumnsPlan.added.count
        while let cell = header.next() {
            let label = CorrectionColumnsPlan.text(cell)
            let isAdded = CorrectionColumns.names.contains(label.lowercased())
            isKept.append(!isAdded)
            if !isAdded {
                if places[label.lowercased()] == nil { places[label.lowercased()] = place }
                place += 1
            }
            isForm = isForm || isAdded
            isLastBlank = label.isEmpty
        }
        // One comma too many at the end is let pass, a nameless column amid others is not.
        if isLastBlank { isKept[isKept.count - 1] = false }
        self.isKept = isKept
        self.isForm = isForm
        self.places = places
        self.fields = Dictionary(fields.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The columns before the sender's own.
    private static let added = ["vedette_row", "vedette_cells", "vedette_findings"]

    func columns(_ header: RowCursor) -> [ExportColumn] {
        CorrectionColumnsPlan.added.map { ExportColumn(BilingualText(zh: $0, en: $0)) }
            + kept(header).cells.map { cell in
                guard let field = fields[CorrectionColumnsPlan.plain(cell.text)] else {
                    return ExportColumn(BilingualText(zh: cell.text, en: cell.text), isQuoted: cell.isQuoted)
                }
                return ExportColumn(field, title: cell.text, isQuoted: cell.isQuoted)
            }
    }

    /// The added cells, the row's own under their labels, then what the row has beyond the header: a row with a cell too many is still one.
    /// A row that ends too early is filled up, as any spreadsheet does.
    func cells(_ row: RowCursor, number: Int, _ found: RowFindings.Found) -> [ExportCell] {
        var (kept, rest) = kept(row)
        for field in found.fields {
            guard let index = places[field.lowercased()].map({ $0 - CorrectionColumnsPlan.added.count }),
                kept.indices.contains(index)
            else { continue }
            kept[index].isWrong = true
        }
        let added = [
            ExportCell(String(number)), ExportCell(found.fields.map(named).joined(separator: " ")),
            ExportCell(String(decoding: found.text, as: UTF8.self), isQuoted: true),
        ]
        let isMore = rest.contains { !CorrectionColumnsPlan.text($0).isEmpty }
        return added + kept + (isMore ? rest.map(cell) : [])
    }

    /// `P6(L)`: a field and its column in the form.
    private func named(_ field: String) -> String {
        field + (places[field.lowercased()].map { "(\(ColumnLetters.of($0)))" } ?? "")
    }

    private func kept(_ row: RowCursor) -> (cells: [ExportCell], rest: [RawCell]) {
        var row = row
        var cells: [ExportCell] = []
        cells.reserveCapacity(isKept.count + 2)
        for keeps in isKept {
            let raw = row.next()
            if keeps { cells.append(raw.map(cell) ?? ExportCell("")) }
        }
        var rest: [RawCell] = []
        while let raw = row.next() { rest.append(raw) }
        return (cells, rest)
    }

    /// A cell as it stands in the file: in quotes where it was, or where its quotes are not RFC 4180's. What a spreadsheet would run is
    /// in quotes, too; of a form its apostrophe is left out here, which the exporter puts before it again.
    private func cell(_ raw: RawCell) -> ExportCell {
        var content = CorrectionColumnsPlan.content(raw)
        let isGuarded = FormulaGuard.concerns(content)
        if isGuarded, isForm, content.first == FormulaGuard.mark { content.removeFirst() }
        return ExportCell(
            String(decoding: content, as: UTF8.self), isQuoted: raw.isQuoted || raw.isMalformed || isGuarded)
    }

    private static func plain(_ label: String) -> String {
        label.trimmed.lowercased()
    }

    /// What stands in a cell, blanks round it included.
    private static func content(_ cell: RawCell) -> [UInt8] {
        guard cell.isQuoted, !cell.isMalformed else { return Array(cell.bytes) }
        var content: [UInt8] = []
        var isSecondQuote = false
        for byte in CellText.trimmed(cell.bytes).dropFirst().dropLast() {
            isSecondQuote = byte == UInt8(ascii: "\"") && !isSecondQuote
            if !isSecondQuote { content.append(byte) }
        }
        return content
    }

    private static func text(_ cell: RawCell) -> String {
        var text = String(decoding: CellText.trimmed(cell.bytes), as: UTF8.self)
        if cell.isQuoted, !cell.isMalformed {
            text = String(text.dropFirst().dropLast())
        }
        return text.allSatisfy(\.isWhitespace) ? "" : text
    }
}
