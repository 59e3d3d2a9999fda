/// One thing that is wrong in a report: where it is, what was found there and what was expected, told to the person who can mend it.
///
/// `row` counts as a spreadsheet does (the header is row 1), `line` counts physical lines of the file, and both are nil for a
/// finding about a whole file. `value` is already masked where the field's sensitivity asks for it.
public struct Finding: Codable, Hashable, Sendable {
    public var file: String
    public var program: String?
    public var fileType: String?
    public var row: Int?
    public var line: Int?
    /// The column's letter as a spreadsheet shows it: A, B, … Z, AA.
    public var column: String?
    /// The field's code, `P7506`.
    public var field: String?
    public var title: BilingualText?
    public var severity: Severity
    public var code: FindingCode
    /// The id of the program's rule, where one was broken.
    public var rule: String?
    /// The cell as it stands, masked where it may identify a patient.
    public var value: String?
    public var expected: BilingualText?
    /// What the value was most likely meant to be, given only where that is certain.
    public var suggestion: String?
    public var message: BilingualText

    public init(
        file: String, program: String? = nil, fileType: String? = nil, row: Int? = nil, line: Int? = nil,
        column: String? = nil, field: String? = nil, title: BilingualText? = nil, severity: Severity,
        code: FindingCode, rule: String? = nil, value: String? = nil, expected: BilingualText? = nil,
        suggestion: String? = nil, message: BilingualText
    ) {
        self.file = file
        self.program = program
        self.fileType = fileType
        self.row = row
        self.line = line
        self.column = column
        self.field = field
        self.title = title
        self.severity = severity
        self.code = code
        self.rule = rule
        self.value = value
        self.expected = expected
        self.suggestion = suggestion
        self.message = message
    }
}
