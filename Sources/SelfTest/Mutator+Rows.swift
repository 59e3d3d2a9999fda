import Seeding
import SurveillanceKit

extension Mutator {
    /// One text holds what is no text.
    mutating func badText(_ kind: String, _ mark: String, _ code: FindingCode) -> Mutant? {
        let table = anyTable()
        let fileType = package.tables[table].fileType
        let candidates = fileType.fields.indices.filter { fileType.fields[$0].name != fileType.institutionField }
        guard !candidates.isEmpty else { return nil }
        let field = random.pick(candidates)
        let row = anyRow(of: table)
        package.tables[table].rows[row][field] = "x" + mark + "y"
        let fate: Fate = parentFields(table).contains(fileType.fields[field].name) ? .absent : .rejected
        return Mutant(
            kind: kind, package: package,
            expected: [expect(table, row: row, field: field, code)] + children(of: [row], in: table, fate))
    }

    /// A quote that closes too early, or never: the row cannot be read, and no other row suffers.
    mutating func badQuote(closes: Bool) -> Mutant? {
        let table = anyTable()
        let row = anyRow(of: table)
        let column = random.below(package.tables[table].columns.count)
        package.tables[table].raw[[row, column]] =
            closes ? random.pick(["\"ab\"c", " \"\"x", "\"a\" \"b\""]) : random.pick(["\"ab", "\"", "\t\"ab"])
        let field = package.tables[table].columns[column]
        return Mutant(
            kind: closes ? "quote-behind" : "quote-open", package: package,
            expected: [expect(table, row: row, field: field, .sourceError)] + children(of: [row], in: table, .absent))
    }

    /// A quote amid an unquoted text is part of it.
    mutating func quoteAmid() -> Mutant? {
        let table = anyTable()
        let fileType = package.tables[table].fileType
        let held = keyFields(table)
        let free = Set(fieldsWithoutRules(table))
        let columns = package.tables[table].columns.indices.filter { column in
            let field = fileType.fields[package.tables[table].columns[column]]
            return free.contains(package.tables[table].columns[column]) && !held.contains(field.name)
                && field.type == .string
                && field.codeList == nil && field.constraints.pattern == nil && field.constraints.enumeration.isEmpty
                && field.constraints.maximumLength ?? 9 >= 5
        }
        guard !columns.isEmpty else { return nil }
        package.tables[table].raw[[anyRow(of: table), random.pick(columns)]] = random.pick([
            "x\"y\"z", "5\" x", "x\"\"y",
        ])
        return Mutant(kind: "quote-amid", package: package, expected: [])
    }

    /// A line end that has no quotes round it tears a row in two.
    mutating func strayNewline() -> Mutant? {
        let table = anyTable()
        let columns = package.tables[table].columns
        guard columns.count > 4 else { return nil }
        let row = anyRow(of: table)
        let column = 2 + random.below(columns.count - 3)
        package.tables[table].raw[[row, column]] = "ab" + package.tables[table].form.lineEnd + "cd"
        let rest = columns.count - column + (package.tables[table].form.hasTrailingComma ? 1 : 0)
        let expected = [
            expect(table, row: row, field: columns[column + 1], .missingCell),
            expect(table, row: row + 1, field: columns[rest], .missingCell),
        ]
        return Mutant(
            kind: "stray-newline", package: package, expected: expected + children(of: [row], in: table, .absent))
    }

    /// A cell is left out and all behind it move to the left.
    mutating func missingCell() -> Mutant? {
        let table = anyTable()
        package.tables[table].form.hasTrailingComma = false
        let needed = package.tables[table].columns.indices.filter { column in
            let field = package.tables[table].fileType.fields[package.tables[table].columns[column]]
            return field.constraints.isRequired && !field.warnings.contains(.required)
        }
        guard package.tables[table].columns.count > 2, !needed.isEmpty else { return nil }
        // An optional last cell may be left out with its comma.
        package.tables[table].columns.swapAt(random.pick(needed), package.tables[table].columns.count - 1)
        let columns = package.tables[table].columns
        let row = anyRow(of: table)
        package.tables[table].dropped = [[row, random.below(columns.count)]]
        return Mutant(
            kind: "missing-cell", package: package,
            expected: [expect(table, row: row, field: columns.last, .missingCell)]
                + children(of: [row], in: table, .absent))
    }

    /// A separator that has no quotes round it moves all behind it to the right.
    mutating func shiftedColumn() -> Mutant? {
        let table = anyTable()
        package.tables[table].form.hasTrailingComma = false
        let row = anyRow(of: table)
        // With an empty last cell the row would only seem to end with a comma too many.
        let values = package.tables[table].rows[row]
        guard let filled = package.tables[table].columns.lastIndex(where: { !values[$0].isEmpty }) else { return nil }
        let last = package.tables[table].columns.count - 1
        package.tables[table].columns.swapAt(filled, last)
        package.tables[table].raw[[row, random.below(last)]] = "x,y"
        return Mutant(
            kind: "shifted-column", package: package,
            expected: [expect(table, row: row, .extraCell)] + children(of: [row], in: table, .absent))
    }

    /// A line with nothing in it stands before a row.
    mutating func blankLine() -> Mutant? {
        let table = anyTable()
        let row = anyRow(of: table)
        let line = random.oneIn(2) ? "" : String(repeating: ",", count: package.tables[table].columns.count - 1)
        package.tables[table].before[row] = line + package.tables[table].form.lineEnd
        return Mutant(kind: "blank-line", package: package, expected: [expect(table, row: row, .blankRow, .warning)])
    }
}
