/// The reporting institution's tables of codes, by which reported codes are checked.
public protocol CodeBook: Sendable {
    /// Whether the institution has a table of a dictionary, whatever its days.
    func hasTable(of dictionary: String) -> Bool

    /// What the table that is in use on a day says of a code.
    ///
    /// - Parameters:
    ///   - dictionary: the category, `icd-diagnosis`.
    ///   - day: in days since 1970.
    func look(up code: UnsafeBufferPointer<UInt8>, in dictionary: String, on day: Int) -> CodeAnswer

    /// The national code that a reported one stands for: by the table that is in use on the day where it has the code, by the national list
    /// where the code is one of it; nil where it stands for none.
    func national(of code: UnsafeBufferPointer<UInt8>, in dictionary: String, on day: Int) -> [UInt8]?

    /// Whether a code's names in the table are such that one is the text; asked of codes that are in it.
    func names(
        of code: UnsafeBufferPointer<UInt8>, in dictionary: String, on day: Int,
        include text: UnsafeBufferPointer<UInt8>
    )
        -> Bool
}

public enum CodeAnswer: Sendable {
    case known
    /// It is in the table, and stands for no code of the national list.
    case notNational
    case unknown
    /// No table of the dictionary is in use on the day.
    case noTable
}
