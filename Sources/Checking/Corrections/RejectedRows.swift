public import SurveillanceKit
import Validation

/// Which rows of a file have to be mended and sent again.
public enum RejectedRows: Sendable {
    case none
    /// Those with an error.
    case withErrors
    /// All: nothing of the file was taken, whatever its rows are like.
    case all
    /// The file never became rows; the message says why.
    case unreadable(BilingualText)

    /// - Parameters:
    ///   - findings: of the whole package, each as its line of JSON; read only where the counts do not say it.
    public init(
        rows: Int, accepted: Int, rejected: Int, file: String, findings: () throws -> ArraySlice<UInt8>?
    ) throws {
        if accepted > 0 {
            self = rejected > 0 ? .withErrors : .none
            return
        }
        while let bytes = try findings() {
            guard let line = FindingLine(bytes), line.isError, line.row == nil, line.text(.file) == file else {
                continue
            }
            guard line.code != .constraintError, line[.field] == nil, let finding = line.finding else { continue }
            self = .unreadable(finding.message)
            return
        }
        self = rows > 0 && rejected > 0 ? .all : .none
    }
}
