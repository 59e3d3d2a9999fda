public import SurveillanceKit

/// Why a byte source stopped before its end.
public enum SourceError: Error, Hashable, Sendable {
    /// What was sent is broken or unsafe. Becomes a finding; the package's other files go on.
    case archive(ArchiveError)
    /// Reading failed here, and what was sent may be sound: the try is repeated, nothing is rejected for it.
    case unreadable(operation: String, reason: String)

    /// What the sender is told, or nil where the sender has done nothing wrong.
    public var fault: (code: FindingCode, message: BilingualText)? {
        switch self {
        case .archive(let error): (.archiveError, error.message)
        case .unreadable: nil
        }
    }
}
