import SurveillanceKit
import Tabular

/// Which column of a file holds which field, and what the header is found to lack or to have too much.
struct HeaderMatch: Sendable {
    /// For each column of the file the index of its field, or -1.
    let columnFields: [Int32]
    /// For each field its column, or -1.
    let fieldColumns: [Int32]
    /// The file cannot be taken: a required column is missing, or the header is none.
    let isRejected: Bool
    /// No column is known at all: rows are counted, not checked.
    let isHopeless: Bool
    /// It is no table at all, so its lines are no rows.
    let isForeign: Bool
    /// It is a correction form that comes back: cells that a spreadsheet would run have an apostrophe before them.
    let isForm: Bool
    /// The column that says of each row what to do with its record, or -1.
    let actionColumn: Int
    let findings: [HeaderFinding]

    struct HeaderFinding: Sendable {
        var template: FindingTemplate
        var column: Int
        /// The row it is about, where that is not the header's.
        var row: Int?
    }

    /// Matches labels by name, in upper or lower case, in any order.
    ///
    /// - Parameters:
    ///   - notes: what was passed over or noticed before the header.
    ///   - beginning: the file's first lines, which show what a file is that is no table.
    init(_ labels: [String], to type: CompiledFileType, notes: [HeaderFinding] = [], beginning: String = "") {
        var columnFields = [Int32](repeating: -1, count: labels.count)
        var fieldColumns = [Int32](repeating: -1, count: type.fields.count)
        var findings = notes
        var unknown: [Int] = []
        var blank: [Int] = []
        var action = -1
        let names = Dictionary(
            type.fileType.fields.enumerated().map { ($1.name.lowercased(), $0) },
            uniquingKeysWith: { first, _ in first })
        for (column, label) in labels.enumerated() {
            if label.isEmpty {
                // One comma too many at the end is a habit of exporters.
                if column < labels.count - 1 { blank.append(column) }
            } else if let field = names[label.lowercased()] {
                if fieldColumns[field] >= 0 {
                    findings.append(HeaderMatch.duplicateLabel(label, column, Int(fieldColumns[field]), field))
                } else {
                    fieldColumns[field] = Int32(column)
                    columnFields[column] = Int32(field)
                }
            } else if label.lowercased() == RowAction.column {
                if action < 0 { action = column } else { unknown.append(column) }
            } else if !CorrectionColumns.names.contains(label.lowercased()) {
                unknown.append(column)
            }
        }
        actionColumn = action
        isForm = labels.contains { CorrectionColumns.names.contains($0.lowercased()) }
        isHopeless = fieldColumns.allSatisfy { $0 < 0 }
        if isHopeless {
            let shape = labels.isEmpty ? nil : TableShape(labels, of: type, beginning: beginning)
            isForeign = shape?.isForeign ?? false
            self.findings = notes + [HeaderMatch.noHeader(labels, type, shape)]
            isRejected = true
        } else {
            isForeign = false
            if let first = blank.first { findings.append(HeaderMatch.blankLabels(blank.count, first)) }
            let missing = fieldColumns.indices.filter { fieldColumns[$0] < 0 }
            let required = missing.filter { HeaderMatch.isNeeded(type.fields[$0].field) }
            for field in required { findings.append(HeaderMatch.missingRequired(type.fields[field].field, field)) }
            let optional = missing.filter { !required.contains($0) }
            if !optional.isEmpty {
                findings.append(HeaderMatch.missingOptional(optional.map { type.fields[$0].field }))
            }
            if !unknown.isEmpty {
                findings.append(HeaderMatch.unknownLabels(unknown.map { ($0, labels[$0]) }, unknown[0]))
            }
            self.findings = findings
            isRejected = findings.contains { $0.template.severity == .error }
        }
        self.columnFields = columnFields
        self.fieldColumns = fieldColumns
    }

    /// The header of a file that could not be read as a table: nothing but the finding that says so.
    init(finding: FindingTemplate, of type: CompiledFileType) {
        columnFields = []
        fieldColumns = [Int32](repeating: -1, count: type.fields.count)
        isRejected = true
        isHopeless = true
        isForeign = false
        isForm = false
        actionColumn = -1
        findings = [HeaderFinding(template: finding, column: -1)]
    }

    /// The same header with some fields' columns alone.
    init(_ header: HeaderMatch, fields: Set<Int>) {
        columnFields = header.columnFields.map { fields.contains(Int($0)) ? $0 : -1 }
        fieldColumns = header.fieldColumns.enumerated().map { fields.contains($0.offset) ? $0.element : -1 }
        isRejected = header.isRejected
        isHopeless = header.isHopeless
        isForeign = header.isForeign
        isForm = header.isForm
        actionColumn = header.actionColumn
        findings = []
    }

    /// A required column whose empty cells would be errors. One whose empty cells only warn may be left out with the same warning.
    private static func isNeeded(_ field: Field) -> Bool {
        field.constraints.isRequired && !field.warnings.contains(.required)
    }

    private static func noHeader(
        _ labels: [String], _ type: CompiledFileType, _ shape: TableShape?
    ) -> HeaderFinding {
        let example = type.fileType.fields.prefix(3).map(\.name).joined(separator: ",")
        let message =
            shape?.message(example: example)
            ?? BilingualText(
                zh: "第一行不是表头：没有一个列名属于 \(type.id)。第一行须为字段代码，如 \(example)",
                en:
                    "the first row is no header: none of its columns belongs to \(type.id); it must name the fields, as in \(example)"
            )
        return HeaderFinding(
            template: FindingTemplate(severity: .error, code: .missingLabel, message: message), column: -1)
    }

    private static func missingRequired(_ field: Field, _ index: Int) -> HeaderFinding {
        HeaderFinding(
            template: FindingTemplate(
                severity: .error, code: .missingLabel, field: index, expected: ExpectedText.describe(field),
                message: BilingualText(
                    zh: "表头缺少必填列 \(field.name)（\(field.title.zh)），整个文件不能接收",
                    en:
                        "the header lacks the required column \(field.name) (\(field.title.en)); the file cannot be taken"
                )),
            column: -1)
    }

    private static func missingOptional(_ fields: [Field]) -> HeaderFinding {
        let names = fields.map(\.name).joined(separator: ", ")
        return HeaderFinding(
            template: FindingTemplate(
                severity: .warning, code: .missingLabel,
                message: BilingualText(
                    zh: "表头缺少 \(fields.count) 个非必填列：\(names)",
                    en: "the header lacks \(fields.count.counted("optional column")): \(names)")),
            column: -1)
    }

    private static func unknownLabels(_ labels: [(column: Int, label: String)], _ column: Int) -> HeaderFinding {
        let shown = labels.prefix(20).map { column, label in
            ColumnLetters.of(column) + (Mask.shown(label: label).map { " (\($0))" } ?? "")
        }.joined(separator: ", ")
        return HeaderFinding(
            template: FindingTemplate(
                severity: .warning, code: .extraLabel,
                message: BilingualText(
                    zh: "有 \(labels.count) 列不在标准中，已忽略：\(shown)",
                    en: "\(labels.count.counted("column")) not in the standard, ignored: \(shown)")
            ),
            column: column)
    }

    private static func blankLabels(_ count: Int, _ first: Int) -> HeaderFinding {
        HeaderFinding(
            template: FindingTemplate(
                severity: .warning, code: .blankLabel,
                message: count == 1
                    ? BilingualText(zh: "该列没有列名，已忽略", en: "the column has no name and was ignored")
                    : BilingualText(
                        zh: "从该列起有 \(count) 列没有列名，已忽略",
                        en: "\(count.counted("column")) without a name from here on, ignored")),
            column: first)
    }

    private static func duplicateLabel(_ label: String, _ column: Int, _ first: Int, _ field: Int) -> HeaderFinding {
        let letter = ColumnLetters.of(first)
        return HeaderFinding(
            template: FindingTemplate(
                severity: .error, code: .duplicateLabel, field: field,
                message: BilingualText(
                    zh: "列 \(label) 出现两次（第一次在 \(letter) 列），无法判断以哪一列为准",
                    en: "column \(label) stands twice (first in \(letter)); which one counts cannot be told")),
            column: column)
    }
}

/// The columns that a download of rejected rows adds; they are passed over when the file comes back mended.
public enum CorrectionColumns {
    public static let names: Set<String> = ["vedette_row", "vedette_cells", "vedette_findings"]
}

/// A column's letters as a spreadsheet shows them.
public enum ColumnLetters {
    /// - Parameter column: counted from 0.
    public static func of(_ column: Int) -> String {
        var letters: [UInt8] = []
        append(column, to: &letters)
        return String(decoding: letters, as: UTF8.self)
    }

    static func append(_ column: Int, to output: inout [UInt8]) {
        if column >= 26 { append(column / 26 - 1, to: &output) }
        output.append(UInt8(ascii: "A") + UInt8(column % 26))
    }
}
