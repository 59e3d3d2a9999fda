public import SurveillanceKit

/// Something about an institution's code that is wrong, or that a reviewer should look at.
public struct CodeFinding: Hashable, Sendable {
    public var kind: Kind
    public var severity: Severity
    /// Where in the normalised code: the first character is 1. nil for the code as a whole.
    public var position: Int?
    /// The character that belongs there, where that can be told.
    public var expected: Character?
    public var message: BilingualText

    /// An error is a slip of the pen that its writer can mend; a warning is for the reviewer to judge.
    public enum Severity: String, CaseIterable, Sendable { case error, warning }

    public enum Kind: String, CaseIterable, Sendable {
        case wrongCheckCharacter = "wrong-check-character"
        case foreignCharacter = "foreign-character"
        case temporary
        case privateRange = "private-range"
        case unknownRegion = "unknown-region"
        case unknownEconomicType = "unknown-economic-type"
        case unknownCategory = "unknown-category"
        case unknownManagementClass = "unknown-management-class"
        case unknownAuthority = "unknown-authority"
        case otherShape = "other-shape"
    }

    init(
        _ kind: Kind, _ severity: Severity, at position: Int? = nil, expected: Character? = nil, zh: String, en: String
    ) {
        self.kind = kind
        self.severity = severity
        self.position = position
        self.expected = expected
        message = BilingualText(zh: zh, en: en)
    }
}
