/// The sheet of a workbook that is read as the table, opened, with the rows that the choice has read already.
///
/// Hidden sheets are never read. Of several visible ones with rows, the one whose header has a label of the wanted table is it; two of
/// them are a fault, since half of a report would be lost without anybody noticing.
struct SheetChoice {
    let rows: any SheetRows
    let first: [SheetRow]
    let notes: [WorkbookNote]

    /// In how many rows from the top a header is looked for: a note or a hint may stand before it.
    private static let headRows = 20

    private struct Candidate {
        var place: Int
        var rows: any SheetRows
        var first: [SheetRow]
        var isWanted: Bool
    }

    /// - Parameters:
    ///   - labels: of the wanted table's columns, in lower case.
    ///   - takesFirst: several such sheets are no fault; the first is read.
    ///   - place: of the only sheet that counts, where the others are tables of their own.
    init?(
        in workbook: any Workbook, labels: Set<String>, takesFirst: Bool = false, place: Int? = nil
    ) throws(TableError) {
        var candidates: [Candidate] = []
        var hidden: [Int] = []
        for (index, tab) in workbook.sheets.enumerated() {
            if tab.isCodeLists || (place != nil && place != index) { continue }
            if tab.isHidden {
                hidden.append(index + 1)
                continue
            }
            let rows = try workbook.open(index)
            var first: [SheetRow] = []
            var row = SheetRow()
            while first.count < SheetChoice.headRows, try rows.next(into: &row) { first.append(row) }
            guard !first.isEmpty else { continue }
            let isWanted = first.contains { SheetChoice.holds($0, oneOf: labels) }
            candidates.append(Candidate(place: index + 1, rows: rows, first: first, isWanted: isWanted))
        }
        let wanted = candidates.filter(\.isWanted)
        if wanted.count > 1, !takesFirst { throw .workbook(.severalTables(wanted.map(\.place))) }
        guard let chosen = wanted.first ?? candidates.first else {
            if hidden.isEmpty { return nil }
            throw .workbook(.noVisibleRows(hidden: hidden))
        }
        rows = chosen.rows
        first = chosen.first
        var notes = workbook.notes
        let others = candidates.map(\.place).filter { $0 != chosen.place }
        if !others.isEmpty { notes.append(.otherSheets(others, read: chosen.place)) }
        if !hidden.isEmpty { notes.append(.hiddenSheets(hidden, read: chosen.place)) }
        self.notes = notes
    }

    private static func holds(_ row: SheetRow, oneOf labels: Set<String>) -> Bool {
        row.cells.contains { cell in
            let text = row.text[cell.text].withUnsafeBufferPointer { CellText.trimmed($0).map { $0 } }
            return labels.contains(String(decoding: text, as: UTF8.self).lowercased())
        }
    }
}
