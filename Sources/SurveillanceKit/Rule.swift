/// What must hold of every row beyond its single cells.
///
/// A rule is either an expression over the row's fields, or a named check of one field's cell, tried only `when` an expression
/// holds. A rule is broken when the expression is false; one that cannot be decided (an empty field in a comparison) is not broken.
/// A rule whose fields did not parse is skipped: one mistake gives one finding.
public struct Rule: Sendable {
    public var id: String
    public var test: Test
    /// The field the finding points at.
    public var field: String
    public var severity: Severity
    public var code: FindingCode
    public var message: BilingualText
    public var expected: BilingualText?

    public enum Test: Sendable {
        case expression(String)
        case check(String, when: String?)
    }

    public init(
        id: String, test: Test, field: String, severity: Severity, code: FindingCode, message: BilingualText,
        expected: BilingualText? = nil
    ) {
        self.id = id
        self.test = test
        self.field = field
        self.severity = severity
        self.code = code
        self.message = message
        self.expected = expected
    }
}
