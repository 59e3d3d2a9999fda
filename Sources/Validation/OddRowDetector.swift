import Expressions
import SurveillanceKit
import Tabular

/// Tells lines that are no rows from rows that are wrong. Asked only of rows in which something has been found.
///
/// A row with its key filled is a row, whatever its remarks say; so a line counts as a total or a footer only where it cannot be a record.
struct OddRowDetector: Sendable {
    /// For each column its label in lower case, and the titles of its field.
    private let labels: [[UInt8]]
    private let titles: [[[UInt8]]]
    private let names: Set<[UInt8]>
    private let columnFields: [Int32]
    private let fields: [Field]
    /// The fields that tell one record from another: the key without the institution; without a key the fields that every row fills.
    private let identifying: [Int]
    private let isKeyed: Bool
    private let filledLabels: Int
    /// How each label begins, apart from the labels, so that a look at it counts no references.
    private let beginnings: [Beginning]

    /// A label's first byte in lower case and its length in bytes; -9, which no text comes near, where it is empty.
    private struct Beginning: BitwiseCopyable {
        let byte: UInt8
        let count: Int32
    }

    init(_ labels: [String], type: CompiledFileType, header: HeaderMatch) {
        self.labels = labels.map { Array($0.lowercased().utf8) }
        columnFields = header.columnFields
        fields = type.fileType.fields
        names = Set(fields.map { Array($0.name.lowercased().utf8) })
        titles = header.columnFields.map { field in
            guard field >= 0 else { return [] }
            let title = type.fileType.fields[Int(field)].title
            return [title.zh, title.en].map { OddRowDetector.plain(Array($0.utf8)) }.filter { !$0.isEmpty }
        }
        let key = type.fileType.primaryKey.compactMap(type.fileType.fieldIndex).filter { $0 != type.institutionField }
        isKeyed = !key.isEmpty
        let all = type.fileType.fields
        identifying =
            key.isEmpty ? all.indices.filter { all[$0].constraints.isRequired && header.fieldColumns[$0] >= 0 } : key
        filledLabels = labels.count { !$0.isEmpty }
        beginnings = self.labels.map {
            Beginning(byte: ($0.first ?? 0) | 0x20, count: $0.isEmpty ? -9 : Int32($0.count))
        }
    }

    /// Whether a row begins as the header does: the one thing that is worth asking of rows in which nothing was found.
    @inline(__always)
    func mayBeHeader(_ index: Int, of rows: RecordRows) -> Bool {
        guard let cell = rows.filledCells(ofRow: index).first, cell.column < beginnings.count else {
            return false
        }
        let label = beginnings[cell.column]
        let text = cell.bytes(from: rows.start)
        return text.count >= label.count && text.count <= label.count + 2
            && (text[0] == 0x22 || text[0] | 0x20 == label.byte)
    }

    /// - Parameter isFirst: whether the row is the first one behind the header, where a second row of titles stands.
    @inline(never)
    func kind(of index: Int, in rows: RecordRows, _ row: RowCells, isFirst: Bool) -> OddRow? {
        let cells = rows.filledCells(ofRow: index)
        guard let first = cells.first else { return nil }
        let text = text(first, rows)
        if let kind = header(cells, first: text, rows) { return kind }
        if isDashes(text), cells.allSatisfy({ isDashes(self.text($0, rows)) }),
            cells.contains(where: { self.text($0, rows).count > 1 })
        {
            return .dashes
        }
        if isTitles(cells, rows) || isFirst && looksLikeTitles(row) { return .titles }
        guard cells.count == 1 || lacksIdentity(row) else { return nil }
        if cells.count <= 3, cells.count < max(2, labels.count), FooterText.isFooter(text) { return .footer }
        if cells.prefix(4).contains(where: { FooterText.isTotal(self.text($0, rows)) }) { return .total }
        return nil
    }

    private func text(_ cell: FilledCell, _ rows: RecordRows) -> ArraySlice<UInt8> {
        let trimmed = Array(CellText.trimmed(cell.bytes(from: rows.start)))
        guard cell.isQuoted, trimmed.count >= 2, trimmed.last == 0x22 else { return trimmed[...] }
        return Array(trimmed.dropFirst().dropLast().withUnsafeBufferPointer { Array(CellText.trimmed($0)) })[...]
    }

    private func header(
        _ cells: UnsafeBufferPointer<FilledCell>, first: ArraySlice<UInt8>, _ rows: RecordRows
    ) -> OddRow? {
        guard first.count <= 64,
            names.contains(OddRowDetector.lowered(first)) || labels.contains(OddRowDetector.lowered(first))
        else { return nil }
        var same = 0
        var known = 0
        for cell in cells {
            let text = OddRowDetector.lowered(text(cell, rows))
            if cell.column < labels.count, labels[cell.column] == text { same += 1 }
            if names.contains(text) { known += 1 }
        }
        if same == cells.count, same * 2 > filledLabels { return .headerAgain }
        return known >= 2 && known * 5 >= cells.count * 4 ? .otherHeader : nil
    }

    private func isTitles(_ cells: UnsafeBufferPointer<FilledCell>, _ rows: RecordRows) -> Bool {
        func matches(_ cell: FilledCell) -> Bool {
            guard cell.column < titles.count, !titles[cell.column].isEmpty else { return false }
            let text = OddRowDetector.plain(Array(text(cell, rows)))
            return titles[cell.column].contains(text)
        }
        guard cells.prefix(4).contains(where: matches) else { return false }
        let count = cells.count(where: matches)
        return count >= 2 && count * 2 >= cells.count
    }

    /// Titles in the hospital's own words: no digit in the key, none in any day or moment, and no number at all.
    private func looksLikeTitles(_ row: RowCells) -> Bool {
        var judged = 0
        var isTitles = true
        row.forEachFilled { index in
            let field = fields[index]
            let text = row[index].pointee.text
            switch field.type {
            case .date, .datetime:
                judged += 1
                if text.contains(where: OddRowDetector.isDigit) || text.count < 3 { isTitles = false }
            case .number, .integer:
                judged += 1
                if text.allSatisfy({ OddRowDetector.isDigit($0) || $0 == 0x2E || $0 == 0x2D }) { isTitles = false }
            case .string, .boolean:
                if identifying.contains(index), text.contains(where: OddRowDetector.isDigit) { isTitles = false }
            }
        }
        return isTitles && judged >= 2
    }

    /// Whether the row lacks what makes it a record: a part of its key, or most of what every row fills.
    private func lacksIdentity(_ row: RowCells) -> Bool {
        let missing = identifying.count { field in
            row.filled[field >> 6] & (1 << UInt64(field & 63)) == 0
                || FooterText.isTotal(Array(row[field].pointee.text)[...])
        }
        return isKeyed ? missing > 0 : missing * 2 > identifying.count
    }

    private func isDashes(_ text: ArraySlice<UInt8>) -> Bool {
        !text.isEmpty && text.allSatisfy { [0x2D, 0x2B, 0x3D, 0x5F, 0x2A, 0x20, 0x7C].contains($0) }
            && text.first != 0x20
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func lowered(_ text: ArraySlice<UInt8>) -> [UInt8] {
        text.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    }

    /// A title without blanks, brackets and what stands in them.
    private static func plain(_ text: [UInt8]) -> [UInt8] {
        let string = String(decoding: text, as: UTF8.self)
        let short = string.prefix { !"(（[【*".contains($0) }
        return Array(short.lowercased().filter { !$0.isWhitespace && !"*：:".contains($0) }.utf8)
    }
}
