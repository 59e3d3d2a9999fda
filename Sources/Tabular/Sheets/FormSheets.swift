import SurveillanceKit

/// The sheets of a workbook that is a correction form: each of them is a file of the package, under its form's name.
struct FormSheets {
    struct Sheet {
        var name: String
        /// From 0.
        var place: Int
    }

    let sheets: [Sheet]

    /// A note stands in the first row; whoever has put rows above it has it further down.
    private static let headRows = 5

    /// - Parameter name: of the workbook's file.
    /// - Returns: nil where it is no such workbook, so that it is a table like any other.
    init?(
        named name: String, _ source: any RandomAccessSource, _ format: TableFormat, limits: ArchiveLimits
    ) throws(TableError) {
        let isCalledForm = CorrectionFileName.isWorkbook(name)
        let workbook = try WorkbookOpener.open(source, limits: limits)
        // The list of tabs costs little; a reported table is not read twice.
        guard isCalledForm || workbook.sheets.contains(where: { CorrectionFileName.isSheet($0.name) }) else {
            return nil
        }
        var found: [Sheet] = []
        var isForm = isCalledForm
        for (place, tab) in workbook.sheets.enumerated() where !tab.isHidden {
            let rows = try workbook.open(place)
            var row = SheetRow()
            var isEmpty = true
            var form: String?
            for _ in 0..<FormSheets.headRows where form == nil {
                guard try rows.next(into: &row) else { break }
                isEmpty = false
                form = row.cells.first.flatMap {
                    CorrectionNote.form(in: String(decoding: row.text[$0.text], as: UTF8.self))
                }
            }
            guard !isEmpty else { continue }
            isForm = isForm || form != nil
            let own =
                form.map { FormSheets.stem($0) + ".\(format.rawValue)" }
                ?? CorrectionFileName.name(ofSheet: tab.name, in: name, format: format)
            found.append(Sheet(name: own ?? "sheet-\(place + 1).\(format.rawValue)", place: place))
        }
        guard isForm, !found.isEmpty else { return nil }
        sheets = FormSheets.apart(found)
    }

    private static func stem(_ name: String) -> String {
        name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    }

    /// Sheets that somebody has copied get names of their own.
    private static func apart(_ sheets: [Sheet]) -> [Sheet] {
        var taken: Set<String> = []
        return sheets.map { sheet in
            var sheet = sheet
            let stem = stem(sheet.name)
            let ending = sheet.name.dropFirst(stem.count)
            var number = 2
            while !taken.insert(sheet.name.lowercased()).inserted {
                sheet.name = "\(stem)-\(number)\(ending)"
                number += 1
            }
            return sheet
        }
    }
}
