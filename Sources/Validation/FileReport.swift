import SurveillanceKit

/// What came of one file: how many rows there were, how many stand, how much was found.
public struct FileReport: Codable, Hashable, Sendable {
    public var file: String
    public var program: String?
    public var fileType: String?
    public var rows: Int
    public var accepted: Int
    public var rejected: Int
    public var errors: Int
    public var warnings: Int

    /// Nothing of the file is taken: it could not be read to its end, or too much of it was wrong.
    public private(set) var isRefused = false

    private enum CodingKeys: CodingKey {
        case file, program, fileType, rows, accepted, rejected, errors, warnings
    }

    mutating func refuse() {
        isRefused = true
        accepted = 0
        rejected = rows
    }

    public init(
        file: String, program: String? = nil, fileType: String? = nil, rows: Int = 0, accepted: Int = 0,
        rejected: Int = 0, errors: Int = 0, warnings: Int = 0
    ) {
        self.file = file
        self.program = program
        self.fileType = fileType
        self.rows = rows
        self.accepted = accepted
        self.rejected = rejected
        self.errors = errors
        self.warnings = warnings
    }
}
