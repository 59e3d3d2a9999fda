import SurveillanceKit

/// What a kind of finding at one place always says; a finding itself adds only row, line and value.
struct FindingTemplate: Sendable {
    var severity: Severity
    var code: FindingCode
    var rule: String?
    var field: Int?
    var expected: BilingualText?
    /// `{}` stands for the finding's number, such as the row a key was first seen in, and `{row is|rows are}` for what fits it.
    var message: BilingualText
    var showsValue = true
    /// The value is a word that no patient has, and is never masked.
    var isPlainValue = false
}

/// A finding in its smallest form: a million of them take a few megabytes.
struct RawFinding: Sendable {
    /// The row as a spreadsheet counts, or 0 for a finding about the whole file.
    var row: Int32
    var line: Int32
    /// The column in the file, or -1.
    var column: Int32
    /// Index of the template.
    var template: Int32
    /// Number the message speaks of.
    var number: Int32
    /// The value's place in the batch's text.
    var valueStart: UInt32
    var valueCount: UInt32
}
