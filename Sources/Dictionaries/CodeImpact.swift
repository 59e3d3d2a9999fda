public import SurveillanceKit

/// What a new table of codes means for the rows that are stored already, before it is put to use.
public struct CodeImpact: Hashable, Sendable {
    /// A code, and in how many of the rows it stands.
    public struct Used: Hashable, Sendable {
        public var code: String
        public var rows: Int

        public init(code: String, rows: Int) {
            self.code = code
            self.rows = rows
        }
    }

    /// The event days of the rows that were looked at.
    public var days: ClosedRange<CivilDate>
    /// Stored rows of these days with a code of the category.
    public var rows = 0
    /// Of these, rows of which something is found now and nothing will be, and the reverse.
    public var cleared = 0
    public var warned = 0
    /// Rows of which something is found that the program takes for an error, and that is not found now. They stay stored; sent again, they are rejected.
    public var rejected = 0
    /// The codes of the rows that are not in the new table, and those that are and stand for no national code, the most used first.
    public var missing: [Used] = []
    public var unmapped: [Used] = []

    /// As many codes of a kind are listed.
    public static let mostListed = 20
    /// So many days before today are looked at.
    public static let days = 30

    public init(days: ClosedRange<CivilDate>) { self.days = days }
}
