/// A document that people print on A4, sign and stamp, or keep: a title and blocks below each other.
public struct PrintedDocument: Sendable {
    public enum Block: Sendable {
        case heading(String)
        case paragraph(String)
        case numbered([String])
        case facts([Fact])
        case table(Table)
        /// What is filled in by hand, each with a line to write on: a signature, a stamp, a date.
        case blanks([String])
    }

    public struct Fact: Sendable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public struct Table: Sendable {
        public var columns: [String]
        /// Each as long as `columns`.
        public var rows: [[String]]
        /// How wide the columns are beside each other.
        public var shares: [Double]

        public init(columns: [String], rows: [[String]], shares: [Double]) {
            self.columns = columns
            self.rows = rows
            self.shares = shares
        }
    }

    public var title: String
    public var blocks: [Block]
    /// Stands at the foot of every page.
    public var codeLine: String
    /// The modules of a QR code that stands beside the title, row by row; true is dark.
    public var code: [[Bool]]
    /// What the file says of its making.
    public var at: Instant

    public init(title: String, blocks: [Block], codeLine: String = "", code: [[Bool]] = [], at: Instant) {
        self.title = title
        self.blocks = blocks
        self.codeLine = codeLine
        self.code = code
        self.at = at
    }
}
