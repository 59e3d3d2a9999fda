/// What a row and the parent that it belongs to must agree in, or what the parent must be for the row to belong to it.
///
/// The parent is the row that stands in the same package, or else the one that is stored. Without one, and where a value on either side is
/// blank, a placeholder, unreadable or not stored as it was, the rule cannot be decided and is not broken; so it is where several such
/// parents disagree.
public struct ParentRule: Hashable, Sendable {
    public var id: String
    public var test: Test
    /// The row's field, at which the finding points.
    public var field: String
    public var parentField: String
    public var severity: Severity
    public var message: BilingualText
    public var expected: BilingualText?

    public enum Test: Hashable, Sendable {
        /// `field` holds what the parent's `parentField` holds, compared by value.
        case same
        /// The parent's field holds one of these codes.
        case among([String])
        /// The parent's field holds none of these codes.
        case notAmong([String])
    }

    public init(
        id: String, test: Test, field: String, parentField: String, severity: Severity, message: BilingualText,
        expected: BilingualText? = nil
    ) {
        self.id = id
        self.test = test
        self.field = field
        self.parentField = parentField
        self.severity = severity
        self.message = message
        self.expected = expected
    }
}
