/// What every engine has and each calls by another name. Statements are written with these, and are else the same everywhere.
public struct SQLDialect: Hashable, Sendable {
    /// The type of a column of bytes.
    public let blob: String
    /// The column by whose number a table's rows are found; the number is given with the row.
    public let number: String
    /// What stands behind a table's columns where its rows are to lie in the order of its primary key, narrow tables of look-ups; empty
    /// where the engine has nothing of the kind.
    public let clustered: String
    /// Whether a column of texts takes bytes, too, and gives each value back as what it was.
    public let mixesTextAndBytes: Bool

    public init(blob: String, number: String, clustered: String, mixesTextAndBytes: Bool) {
        self.blob = blob
        self.number = number
        self.clustered = clustered
        self.mixesTextAndBytes = mixesTextAndBytes
    }

    public static let sqlite = SQLDialect(
        blob: "BLOB", number: "INTEGER PRIMARY KEY", clustered: " WITHOUT ROWID", mixesTextAndBytes: true)
}
