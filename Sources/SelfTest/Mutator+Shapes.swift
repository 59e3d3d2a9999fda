import Seeding
import SurveillanceKit

/// What spreadsheets, database tools and transfers do to a whole file. Most of it costs no row.
extension Mutator {
    /// A line that is no row stands amid the rows: the header again, titles, dashes or a total.
    mutating func lineAmid() -> Mutant? {
        let table = anyTable()
        let target = package.tables[table]
        guard target.columns.count > 3 else { return nil }
        let fields = target.columns.map { target.fileType.fields[$0] }
        let total = ["合计"] + Array(repeating: "", count: fields.count - 1)
        let cells = random.pick([
            fields.map(\.name), fields.map { "\"\($0.title.zh)\"" }, fields.map { _ in "----" }, ["--------"], total,
        ])
        let row = anyRow(of: table)
        package.tables[table].before[row] = cells.joined(separator: ",") + target.form.lineEnd
        return Mutant(
            kind: "line-amid", package: package, expected: [expect(table, row: row, .passedOver, .warning)])
    }

    /// A line that a tool writes below the rows.
    mutating func footer() -> Mutant? {
        let table = anyTable()
        guard package.tables[table].columns.count > 3 else { return nil }
        package.tables[table].footer = random.pick([
            "(6 rows affected)", "(6 行受影响)", "共6条", "(67 rows)", "6 rows selected.", "-- end", "制表人：张三",
        ])
        let rows = package.tables[table].rows.count
        return Mutant(kind: "footer", package: package, expected: [expect(table, row: rows, .passedOver, .warning)])
    }

    /// A line for a program stands before the header.
    mutating func headLine() -> Mutant? {
        let table = anyTable()
        package.tables[table].preamble = random.pick(["sep=,", "#TYPE System.Data.DataRow"])
        return Mutant(kind: "head-line", package: package, expected: [expect(table, row: -1, .passedOver, .warning)])
    }

    /// Ctrl-Z or zero bytes end the file.
    mutating func endMark() -> Mutant? {
        let table = anyTable()
        package.tables[table].ending = random.pick(["\u{1A}", "\0\0\0\0", "\u{1A}\r\n"])
        return Mutant(kind: "end-mark", package: package, expected: [expect(table, row: nil, .passedOver, .warning)])
    }

    /// Columns without name or content stand behind the last.
    mutating func blankColumns() -> Mutant? {
        let table = anyTable()
        package.tables[table].extraCommas = 2 + random.below(199)
        return Mutant(
            kind: "blank-columns", package: package, expected: [expect(table, row: -1, .blankLabel, .warning)])
    }

    /// The last column is empty throughout, and a spreadsheet has left its comma out of every row.
    mutating func leftOutCommas() -> Mutant? {
        let table = anyTable()
        let fileType = package.tables[table].fileType
        let free = fieldsWithoutRules(table).filter {
            !fileType.fields[$0].constraints.isRequired && !keyFields(table).contains(fileType.fields[$0].name)
                && fileType.fields[$0].name != fileType.institutionNameField
        }
        guard package.tables[table].rows.count > 2, package.tables[table].columns.count > 3, !free.isEmpty,
            let column = package.tables[table].columns.firstIndex(of: random.pick(free))
        else { return nil }
        package.tables[table].form.hasTrailingComma = false
        package.tables[table].columns.append(package.tables[table].columns.remove(at: column))
        package.tables[table].leavesOutLastCell = true
        return Mutant(kind: "left-out-commas", package: package, expected: [])
    }

    /// A text's characters have become question marks or the like before the file came.
    mutating func lostText() -> Mutant? {
        let table = anyTable()
        let fileType = package.tables[table].fileType
        let held = keyFields(table)
        let fields = fieldsWithoutRules(table).filter { index in
            let field = fileType.fields[index]
            return !held.contains(field.name) && field.type == .string && field.codeList == nil
                && field.constraints.pattern == nil && field.constraints.enumeration.isEmpty
                && field.constraints.maximumLength ?? 9 >= 8 && field.constraints.minimumLength ?? 0 <= 4
                && field.name != fileType.institutionField && field.name != fileType.institutionNameField
        }
        guard !fields.isEmpty else { return nil }
        let field = random.pick(fields)
        let row = anyRow(of: table)
        package.tables[table].rows[row][field] = random.pick(["????", "锟斤拷锟", "烫烫烫烫", "ï»¿x"])
        return Mutant(
            kind: "lost-text", package: package,
            expected: [expect(table, row: row, field: field, .encodingError, .warning)])
    }

    /// All line ends are gone, as `curl -d` sends a file.
    mutating func lostLineEnds() -> Mutant? {
        let table = anyTable()
        guard package.tables[table].columns.count > 1 else { return nil }
        package.tables[table].lines = .glued
        return Mutant(
            kind: "lost-line-ends", package: package,
            expected: [expect(table, row: nil, .emptyFile)]
                + children(of: Array(package.tables[table].rows.indices), in: table, .absent))
    }

    /// Each row, commas and all, is one quoted cell.
    mutating func rowsInQuotes() -> Mutant? {
        let table = anyTable()
        guard package.tables[table].columns.count > 2 else { return nil }
        package.tables[table].lines = .quoted
        return Mutant(
            kind: "rows-in-quotes", package: package,
            expected: [expect(table, row: nil, .missingLabel)]
                + children(of: Array(package.tables[table].rows.indices), in: table, .absent))
    }
}
