/// What came of one file of a package: how many rows there were, how many stand, how much was found.
public struct FileReport: Hashable, Sendable {
    /// The file's name in its package.
    public var name: String
    /// Nil where no program knows the file.
    public var program: String?
    public var fileType: String?
    public var rows: Int
    public var accepted: Int
    public var rejected: Int
    /// Findings that reject a row or a file.
    public var errors: Int
    public var warnings: Int
    /// What is neither an error nor a warning.
    public var notes: [FileNote]

    public init(
        name: String, program: String? = nil, fileType: String? = nil, rows: Int = 0, accepted: Int = 0,
        rejected: Int = 0, errors: Int = 0, warnings: Int = 0, notes: [FileNote] = []
    ) {
        self.name = name
        self.program = program
        self.fileType = fileType
        self.rows = rows
        self.accepted = accepted
        self.rejected = rejected
        self.errors = errors
        self.warnings = warnings
        self.notes = notes
    }
}

/// Coded as the summary of `vedette check --format json` prints it, the name as `file`.
extension FileReport: Codable {
    private enum CodingKeys: String, CodingKey {
        case name = "file"
        case program, fileType, rows, accepted, rejected, errors, warnings, notes
    }

    private enum EarlierKeys: CodingKey {
        case name
    }

    /// Reads the name under `name` too, as outcomes of submissions kept it before.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let earlier = try decoder.container(keyedBy: EarlierKeys.self)
        let earlierName = try earlier.decodeIfPresent(String.self, forKey: .name)
        self.init(
            name: try earlierName ?? container.decode(String.self, forKey: .name),
            program: try container.decodeIfPresent(String.self, forKey: .program),
            fileType: try container.decodeIfPresent(String.self, forKey: .fileType),
            rows: try container.decode(Int.self, forKey: .rows),
            accepted: try container.decode(Int.self, forKey: .accepted),
            rejected: try container.decode(Int.self, forKey: .rejected),
            errors: try container.decode(Int.self, forKey: .errors),
            warnings: try container.decode(Int.self, forKey: .warnings),
            notes: try container.decodeIfPresent([FileNote].self, forKey: .notes) ?? [])
    }

    /// Leaves `notes` out where there are none.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encodeIfPresent(program, forKey: .program)
        try container.encodeIfPresent(fileType, forKey: .fileType)
        try container.encode(rows, forKey: .rows)
        try container.encode(accepted, forKey: .accepted)
        try container.encode(rejected, forKey: .rejected)
        try container.encode(errors, forKey: .errors)
        try container.encode(warnings, forKey: .warnings)
        if !notes.isEmpty { try container.encode(notes, forKey: .notes) }
    }
}
