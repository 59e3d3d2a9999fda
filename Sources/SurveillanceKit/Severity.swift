/// What a finding costs: an error rejects its row, a warning does not.
public enum Severity: String, Codable, CaseIterable, Comparable, Sendable {
    case warning
    case error

    public static func < (left: Severity, right: Severity) -> Bool { left == .warning && right == .error }
}
