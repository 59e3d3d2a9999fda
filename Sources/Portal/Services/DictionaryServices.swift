public import Accounts
public import Dictionaries
public import SurveillanceKit

/// The institutions' tables of codes. Each change, and each download, stands in the audit trail.
public protocol DictionaryServices: Sendable {
    /// An institution's tables by category and first day, with those that were removed.
    func codeTables(of institution: String) async throws -> [CodeTable]

    /// Reads a code file and keeps it.
    ///
    /// - Throws: `DictionaryRefusal` where it cannot be taken; nothing is kept then.
    func addCodeTable(
        _ upload: CodeTableUpload, by account: Account, from address: String
    ) async throws -> (table: CodeTable, warnings: [BilingualText])

    /// Reads a code file and says what it would mean for the rows that are stored, without putting it to use.
    ///
    /// - Parameter keeps: it is kept for a day, to be put to use by `confirm`.
    /// - Throws: `DictionaryRefusal` where it could not be taken.
    func preview(
        _ upload: CodeTableUpload, on today: CivilDate, keeps: Bool, by account: Account, from address: String
    ) async throws -> CodePreview

    /// Puts a table to use that was looked at before.
    ///
    /// - Returns: nil where the account's institution has none of that id, or no longer.
    /// - Throws: `DictionaryRefusal` where another table has come meanwhile.
    func confirm(_ id: String, by account: Account, from address: String) async throws -> CodeTable?

    /// Takes a table of the account's institution out of use.
    ///
    /// - Returns: nil where there is no such table in use.
    func removeCodeTable(
        _ id: String, of category: String, reason: String, by account: Account, from address: String
    ) async throws -> CodeTable?

    /// The codes of an institution's table of a day that stand for no national code, in its order, with candidates.
    func unmapped(
        _ category: String, of institution: String, on day: CivilDate, offset: Int, limit: Int
    ) async throws -> UnmappedCodes

    /// Keeps what the account's institution has decided about codes of its table of a day. What cannot be kept is told; the rest is kept.
    func decide(
        _ mappings: [CodeMapping], in category: String, on day: CivilDate, by account: Account, from address: String
    ) async throws -> MappingOutcome

    /// The rows of a table of the account's institution, in the form of the template; nil where there is none.
    func codes(
        of id: String, in category: String, by account: Account, from address: String
    ) async throws -> ExportTable?
}

/// A code file that was looked at: the table that it would be, what is to be said of it, and what it would mean.
public struct CodePreview: Sendable {
    public var table: CodeTable
    public var warnings: [BilingualText]
    public var impact: CodeImpact

    public init(table: CodeTable, warnings: [BilingualText], impact: CodeImpact) {
        self.table = table
        self.warnings = warnings
        self.impact = impact
    }
}

/// A code file as it came, and the days on which its codes are used.
public struct CodeTableUpload: Sendable {
    public var dictionary: CodeDictionary
    public var institution: String
    public var fileName: String
    public var bytes: [UInt8]
    public var days: ClosedRange<CivilDate>
    /// Labels that the sender tells with the file; they are remembered once it is taken.
    public var own: OwnLabels

    public init(
        dictionary: CodeDictionary, institution: String, fileName: String, bytes: [UInt8],
        days: ClosedRange<CivilDate>, own: OwnLabels = OwnLabels()
    ) {
        self.own = own
        self.dictionary = dictionary
        self.institution = institution
        self.fileName = fileName
        self.bytes = bytes
        self.days = days
    }
}
