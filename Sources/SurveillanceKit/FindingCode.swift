/// The kinds of finding. Frictionless's error types where it has one; ours for what never became a table.
///
/// Source: Frictionless Framework, "Errors" (framework.frictionlessdata.io/docs/errors).
public enum FindingCode: String, Codable, CaseIterable, Sendable {
    /// A cell does not have its field's type: not a number, not a date.
    case typeError = "type-error"
    /// A cell has its type and breaks a constraint: required, length, range, pattern, code list, named check.
    case constraintError = "constraint-error"
    /// A rule of the program over several fields is broken; `Finding.rule` names it.
    case ruleError = "rule-error"
    /// A spreadsheet or a tool has changed what a cell holds: read as it was meant (a warning), or lost (an error).
    case rewrittenCell = "rewritten-cell"
    /// Several marks together show that a spreadsheet has opened and saved the file.
    case rewrittenFile = "rewritten-file"
    /// A code is not in the institution's own table that is in use on the event day.
    case codeNotInLocalTable = "code-not-in-local-table"
    /// A code's name is not the one of the institution's own table.
    case codeNameMismatch = "code-name-mismatch"
    /// A code of the institution's own table that stands for no code of the national list.
    case codeNotNational = "code-not-national"
    /// A row ends before the last column.
    case missingCell = "missing-cell"
    /// A row goes on after the last column, with something in it.
    case extraCell = "extra-cell"
    /// A row without anything in it, amid others.
    case blankRow = "blank-row"
    /// The same key stands twice in one file.
    case primaryKey = "primary-key"
    /// A row's parent is neither in the package nor in what is stored.
    case foreignKey = "foreign-key"
    /// A column of the schema is missing from the header.
    case missingLabel = "missing-label"
    /// The header has a column that the schema does not know.
    case extraLabel = "extra-label"
    /// The header names the same column twice.
    case duplicateLabel = "duplicate-label"
    /// The header has a column without a name.
    case blankLabel = "blank-label"
    /// Bytes that are no text in the file's charset.
    case encodingError = "encoding-error"
    /// The file is text, but no table: a quote that never closes, a zero byte.
    case sourceError = "source-error"
    /// The archive cannot be read, or not safely.
    case archiveError = "archive-error"
    /// No program knows the file by its name.
    case unknownFile = "unknown-file"
    /// A line or file that is no data, passed over; nothing need be done.
    case passedOver = "passed-over"
    /// The program takes reports from a later day on; the file was received before it.
    case programNotStarted = "program-not-started"
    /// The file's program is set aside at present, because its own folder has mistakes; the file was not looked at.
    case programSetAside = "program-set-aside"
    /// A file without bytes, or a header without rows.
    case emptyFile = "empty-file"
}
