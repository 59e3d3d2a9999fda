import Seeding
import SurveillanceKit

/// Faults that spreadsheets, databases and tools put into single cells.
extension Mutator {
    private static let words = [
        "NULL", "null", "(null)", "\\N", "nan", "None", "undefined", "#N/A", "#REF!", "#DIV/0!", "Invalid date",
        "<NULL>",
    ]

    /// A cell holds a word for nothing: missing where it is required, empty elsewhere.
    mutating func wordForNothing() -> Mutant? {
        let word = random.pick(Mutator.words)
        return emptied("word-for-nothing", word, emptyCode: nil) { field, fileType in
            !fileType.institutionFields.contains(field.name) && field.codeList?.isKnown != true
                && field.separators.isEmpty
        }
    }

    /// A date stands on a day that systems write for nothing: told at its cell, and empty where it is optional.
    mutating func placeholderDate() -> Mutant? {
        let day = random.pick(["0001-01-01", "1753-01-01", "1899-12-30", "9999-12-31", "0000-00-00"])
        return emptied("placeholder-date", day, emptyCode: .constraintError) { field, _ in
            field.type == .date || field.type == .datetime
        }
    }

    /// - Parameter emptyCode: the code of the warning at a cell that is read as empty; nil where the file has one for all of them.
    private mutating func emptied(
        _ kind: String, _ text: String, emptyCode: FindingCode?, _ isWanted: (Field, FileType) -> Bool
    ) -> Mutant? {
        let table = anyTable()
        let fileType = package.tables[table].fileType
        let withoutRules = Set(fieldsWithoutRules(table))
        let fields = fileType.fields.indices.filter { index in
            let field = fileType.fields[index]
            let isError =
                Mutator.isKey(field, of: fileType, in: program)
                || field.constraints.isRequired && !field.warnings.contains(.required)
            return isWanted(field, fileType) && (isError || withoutRules.contains(index))
        }
        guard let index = fields.randomElement(using: &random) else { return nil }
        let field = fileType.fields[index]
        let row = anyRow(of: table)
        package.tables[table].rows[row][index] = text
        let isKey = Mutator.isKey(field, of: fileType, in: program)
        let isError = isKey || field.constraints.isRequired && !field.warnings.contains(.required)
        var expected: [ExpectedFinding] = []
        if isError {
            expected = [expect(table, row: row, field: index, .constraintError)]
            expected += children(of: [row], in: table, parentFields(table).contains(field.name) ? .absent : .rejected)
        } else if field.constraints.isRequired {
            expected = [expect(table, row: row, field: index, .constraintError, .warning)]
        } else if let emptyCode {
            expected = [expect(table, row: row, field: index, emptyCode, .warning)]
        } else {
            expected = [expect(table, row: nil, .constraintError, .warning)]
        }
        return Mutant(kind: kind, package: package, expected: expected, tolerated: [rewrittenFile(table)])
    }

    /// A key has an apostrophe before it, stands in `="…"` or in full width: the same key, and one warning for the file.
    mutating func artefact() -> Mutant? {
        guard let (table, index, row) = anyIdentifier() else { return nil }
        let text = package.tables[table].rows[row][index]
        let wide = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                        ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar
                }))
        package.tables[table].rows[row][index] = random.pick(["'" + text, "’" + text, "=\"" + text + "\"", wide])
        return Mutant(
            kind: "artefact", package: package, expected: [expect(table, row: nil, .rewrittenCell, .warning)])
    }

    /// A key is in scientific notation: nobody knows which it was.
    mutating func lostDigits() -> Mutant? {
        guard let (table, index, row) = anyIdentifier() else { return nil }
        let name = package.tables[table].fileType.fields[index].name
        package.tables[table].rows[row][index] = "6.22202E+18"
        var expected = [expect(table, row: row, field: index, .rewrittenCell)]
        expected += children(of: [row], in: table, parentFields(table).contains(name) ? .absent : .rejected)
        return Mutant(kind: "lost-digits", package: package, expected: expected, tolerated: [rewrittenFile(table)])
    }

    /// A time has lost its seconds: an error in a key, read as `:00` elsewhere.
    mutating func noSeconds() -> Mutant? {
        let table = anyTable()
        let fileType = package.tables[table].fileType
        let withoutRules = Set(fieldsWithoutRules(table))
        let fields = fileType.fields.indices.filter { index in
            let field = fileType.fields[index]
            return field.type == .datetime && !field.acceptsBareDate
                && (withoutRules.contains(index) || Mutator.isKey(field, of: fileType, in: program))
        }
        guard let index = fields.randomElement(using: &random) else { return nil }
        let field = fileType.fields[index]
        let row = anyRow(of: table)
        package.tables[table].rows[row][index] = random.pick(["2025-03-05 08:01", "2025/3/5 8:01"])
        var expected: [ExpectedFinding] = []
        if Mutator.isKey(field, of: fileType, in: program) {
            expected = [expect(table, row: row, field: index, .typeError)]
            expected += children(of: [row], in: table, parentFields(table).contains(field.name) ? .absent : .rejected)
        } else {
            expected = [expect(table, row: nil, .rewrittenCell, .warning)]
        }
        return Mutant(kind: "no-seconds", package: package, expected: expected, tolerated: [rewrittenFile(table)])
    }

    /// A date lies after the day of receipt.
    mutating func futureDate() -> Mutant? {
        let table = anyTable()
        let fileType = package.tables[table].fileType
        let fields = fileType.fields.indices.filter { index in
            let field = fileType.fields[index]
            // A field with a rule about today has that rule, and its own kind of fault.
            return (field.type == .date || field.type == .datetime) && field.future == nil
                && !fileType.rules.contains { $0.field == field.name && $0.readsToday }
        }
        guard let index = fields.randomElement(using: &random) else { return nil }
        let field = fileType.fields[index]
        let row = anyRow(of: table)
        let day = random.pick(["2027-03-05", "2062-11-01", "2026-12-31"])
        package.tables[table].rows[row][index] = field.type == .date ? day : day + " 08:00:00"
        var expected = [expect(table, row: row, field: index, .constraintError)]
        expected += children(of: [row], in: table, parentFields(table).contains(field.name) ? .absent : .rejected)
        return Mutant(kind: "future-date", package: package, expected: expected)
    }

    private func rewrittenFile(_ table: Int) -> ExpectedFinding { expect(table, row: nil, .rewrittenFile, .warning) }

    /// A cell of a text by which records are told apart or found.
    private mutating func anyIdentifier() -> (table: Int, field: Int, row: Int)? {
        let table = anyTable()
        let fileType = package.tables[table].fileType
        let row = anyRow(of: table)
        let fields = fileType.fields.indices.filter { index in
            let field = fileType.fields[index]
            let text = package.tables[table].rows[row][index]
            return field.type == .string && field.codeList == nil && text.count > 1 && text.allSatisfy(\.isASCII)
                && !text.contains(".") && !fileType.institutionFields.contains(field.name)
                && Mutator.isKey(field, of: fileType, in: program)
        }
        guard let index = fields.randomElement(using: &random) else { return nil }
        return (table, index, row)
    }

    /// Whether rows are told apart or found by the field, by its own file or by children.
    private static func isKey(_ field: Field, of fileType: FileType, in program: Program) -> Bool {
        let links = program.fileTypes.flatMap(\.foreignKeys).flatMap(\.links)
        return fileType.primaryKey.contains(field.name)
            || fileType.foreignKeys.flatMap(\.links).contains { $0.fields.contains(field.name) }
            || links.contains { $0.fileType == fileType.id && $0.parentFields.contains(field.name) }
    }
}
