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

    /// Takes a table of the account's institution out of use.
    ///
    /// - Returns: nil where there is no such table in use.
    func removeCodeTable(
        _ id: String, of category: String, reason: String, by account: Account, from address: String
    ) async throws -> CodeTable?

    /// The rows of a table of the account's institution, in the form of the template; nil where there is none.
    func codes(
        of id: String, in category: String, by account: Account, from address: String
    ) async throws -> ExportTable?
}

/// A code file as it came, and the days on which its codes are used.
public struct CodeTableUpload: Sendable {
    public var dictionary: CodeDictionary
    public var institution: String
    public var fileName: String
    public var bytes: [UInt8]
    public var days: ClosedRange<CivilDate>

    public init(
        dictionary: CodeDictionary, institution: String, fileName: String, bytes: [UInt8],
        days: ClosedRange<CivilDate>
    ) {
        self.dictionary = dictionary
        self.institution = institution
        self.fileName = fileName
        self.bytes = bytes
        self.days = days
    }
}
