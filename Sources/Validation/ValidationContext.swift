public import SurveillanceKit
public import Tabular

/// A parent that the package does not have, described so that the store can be asked for it.
public struct ParentKey: Sendable {
    public enum Value: Sendable {
        case text(String)
        /// As `Expressions.Cell.bits`.
        case bits(UInt64)
    }

    /// Whether a field of the parent's holds one of some values: what a rule about parents comes down to.
    public struct Question: Sendable {
        public var field: String
        public var values: [Value]
    }

    public var program: String
    public var fileType: String
    public var fields: [String]
    public var values: [Value]
    /// What rules ask of the parent, should it be there.
    public var questions: [Question]
}

/// What the store says of a parent that it has.
public struct StoredParent: Sendable {
    /// The answer to each question; nil where what is stored does not tell.
    public var answers: [Bool?]

    public init(answers: [Bool?] = []) { self.answers = answers }
}

/// Work on checked rows that is done on the checking threads, side by side, before keys and parents have been compared.
public protocol BlockWork: AnyObject {
    /// What comes out goes on with the batch. Rows may be among them that are rejected afterwards.
    func work(on batch: CheckedBatch) throws -> any Sendable
}

/// What a check needs to know beyond the file itself.
public struct ValidationContext: Sendable {
    /// The code of the institution that reports; nil where nobody has said.
    public var institution: String? { registered?.code }
    /// What is registered of the institution that reports; nil where nobody has said which it is.
    public var registered: RegisteredInstitution?
    /// When the package arrived: `today()` of the rules is its day in the program's zone, so that
    /// a check that is done again ends alike.
    public var receivedAt: Instant
    public var seed: KeySeed
    /// How many threads check rows.
    public var threads: Int
    public var limits: TableLimits
    /// Whether rows that stand are wanted, or findings and counts only.
    public var wantsRows: Bool
    /// Asks the store for a parent, which answers nil where it has none; nil where there is no store to ask, and a missing parent is
    /// only a warning.
    public var findParent: (@Sendable (ParentKey) throws -> StoredParent?)?
    /// Makes what works on the rows of a file; called once for each thread, where rows are wanted.
    public var makeBlockWork: (@Sendable (CompiledFileType) -> any BlockWork)?
    /// The institution's own tables of codes; nil where it has none, or where nobody can say.
    public var codes: (any CodeBook)?

    public init(
        institution: String? = nil, registered: RegisteredInstitution? = nil, receivedAt: Instant, seed: KeySeed,
        threads: Int = 1,
        limits: TableLimits = TableLimits(),
        wantsRows: Bool = false,
        findParent: (@Sendable (ParentKey) throws -> StoredParent?)? = nil,
        makeBlockWork: (@Sendable (CompiledFileType) -> any BlockWork)? = nil,
        codes: (any CodeBook)? = nil
    ) {
        self.registered = registered ?? institution.map { RegisteredInstitution(code: $0) }
        self.receivedAt = receivedAt
        self.seed = seed
        self.threads = threads
        self.limits = limits
        self.wantsRows = wantsRows
        self.findParent = findParent
        self.makeBlockWork = makeBlockWork
        self.codes = codes
    }
}

/// Takes what comes out of a check, in reading order.
public protocol ValidationSink {
    /// The next file of the package, by its place in it.
    mutating func begin(file: Int)
    mutating func found(_ findings: FindingBatch) throws
    /// A finding about a file that never became a table.
    mutating func found(_ finding: Finding) throws
    mutating func checked(_ batch: CheckedBatch) throws
    /// Nothing of the file counts after all.
    mutating func refuse(file: Int)
}
