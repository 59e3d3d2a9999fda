import Seeding
import SurveillanceKit

extension Mutator {
    private func isNeeded(_ field: Field) -> Bool {
        field.constraints.isRequired && !field.warnings.contains(.required)
    }

    private func allRows(_ table: Int) -> [Int] { Array(package.tables[table].rows.indices) }

    /// A column is missing from header and rows.
    mutating func missingColumn() -> Mutant? {
        let table = anyTable()
        guard package.tables[table].columns.count > 1 else { return nil }
        let column = random.below(package.tables[table].columns.count)
        let index = package.tables[table].columns.remove(at: column)
        let field = package.tables[table].fileType.fields[index]
        guard isNeeded(field) else {
            return Mutant(
                kind: "missing-column", package: package, expected: [expect(table, row: nil, .missingLabel, .warning)])
        }
        let fate: Fate = parentFields(table).contains(field.name) ? .absent : .rejected
        return Mutant(
            kind: "missing-column", package: package,
            expected: [expect(table, row: nil, field: index, .missingLabel)]
                + children(of: allRows(table), in: table, fate))
    }

    /// An optional column is called something else.
    mutating func unknownColumn() -> Mutant? {
        let table = anyTable()
        guard let column = optionalColumns(table).randomElement(using: &random) else { return nil }
        package.tables[table].labels[column] = "own_\(column)"
        return Mutant(
            kind: "unknown-column", package: package,
            expected: [expect(table, row: -1, .extraLabel, .warning), expect(table, row: nil, .missingLabel, .warning)])
    }

    /// An optional column is called as another one before it.
    mutating func duplicateColumn() -> Mutant? {
        let table = anyTable()
        guard let column = optionalColumns(table).last, column > 0 else { return nil }
        let other = package.tables[table].columns[random.below(column)]
        package.tables[table].labels[column] = package.tables[table].fileType.fields[other].name
        return Mutant(
            kind: "duplicate-column", package: package,
            expected: [
                expect(table, row: -1, field: other, .duplicateLabel), expect(table, row: nil, .missingLabel, .warning),
            ] + children(of: allRows(table), in: table, .rejected))
    }

    private func optionalColumns(_ table: Int) -> [Int] {
        let target = package.tables[table]
        return target.columns.indices.filter { !isNeeded(target.fileType.fields[target.columns[$0]]) }
    }

    /// The cells are parted by something else than commas.
    mutating func wrongSeparator() -> Mutant? {
        let table = anyTable()
        guard package.tables[table].columns.count > 1 else { return nil }
        package.tables[table].separator = random.pick([";", "\t", "|"])
        return hopeless("separator", table)
    }

    /// The first row is a row.
    mutating func noHeader() -> Mutant? {
        let table = anyTable()
        package.tables[table].hasHeader = false
        return hopeless("no-header", table)
    }

    private func hopeless(_ kind: String, _ table: Int) -> Mutant {
        Mutant(
            kind: kind, package: package,
            expected: [expect(table, row: nil, .missingLabel)] + children(of: allRows(table), in: table, .absent))
    }

    /// A header and nothing else; without a line end it may be all rows in one line.
    mutating func noRows() -> Mutant? {
        let table = anyTable()
        let form = package.tables[table].form
        let severity: Severity = form.endsWithLineEnd || form.endsWithBlankLines ? .warning : .error
        let expected =
            [expect(table, row: nil, .emptyFile, severity)] + children(of: allRows(table), in: table, .absent)
        package.tables[table].rows = []
        return Mutant(kind: "no-rows", package: package, expected: expected)
    }

    mutating func emptyFile() -> Mutant? {
        let table = anyTable()
        package.tables[table].isVoid = true
        return Mutant(
            kind: "empty-file", package: package,
            expected: [expect(table, row: nil, .emptyFile)] + children(of: allRows(table), in: table, .absent))
    }

    /// A table comes a second time under another name: each row is stored once.
    mutating func fileTwice() -> Mutant? {
        let table = anyTable()
        var copy = package.tables[table]
        copy.fileName = "\(copy.fileType.id)_copy.csv"
        guard copy.fileName != package.tables[table].fileName else { return nil }
        let key = copy.fileType.primaryKey.first
        let expected = [package.tables[table].fileName, copy.fileName].flatMap { file in
            copy.rows.indices.map { row in
                ExpectedFinding(
                    file: file, row: copy.number(ofRow: row), field: key, code: .primaryKey, severity: .warning)
            }
        }
        return Mutant(
            kind: "file-twice", package: package, expected: expected, extraFiles: [(copy.fileName, copy.bytes())])
    }

    /// The files come in a zip whose names have folders, parted by a slash or, as old .NET writes them, a backslash: nothing is wrong.
    mutating func zipFolder() -> Mutant? {
        var mutant = Mutant(kind: "zip-folder", package: package, expected: [])
        mutant.folder = random.pick(["1108\\", "上报\\1108\\", "1108/"])
        return mutant
    }

    mutating func unknownFile() -> Mutant? {
        let name = random.pick(["mystery_1.csv", "readme.txt", "report.xlsx", "截图.png", "说明.docx"])
        // A workbook or another table may hold rows; a note or a picture is none.
        let severity: Severity = ["mystery_1.csv", "report.xlsx"].contains(name) ? .error : .warning
        let expected = ExpectedFinding(file: name, row: nil, field: nil, code: .unknownFile, severity: severity)
        return Mutant(
            kind: "unknown-file", package: package, expected: [expected], extraFiles: [(name, Array("a,b\n1,2\n".utf8))]
        )
    }
}
