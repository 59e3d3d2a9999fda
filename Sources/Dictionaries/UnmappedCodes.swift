public import SurveillanceKit

/// The codes of a table that stand for no national code, as far as they were asked for.
public struct UnmappedCodes: Sendable {
    public enum State: String, Sendable {
        /// The deployment has no national list of the category.
        case noNationalList = "no-national-list"
        /// The institution has no table in use today.
        case noTable = "no-table"
        case listed
    }

    public struct Item: Sendable {
        public var entry: CodeEntry
        /// The likeliest first.
        public var candidates: [CodeCandidate]

        public init(entry: CodeEntry, candidates: [CodeCandidate]) {
            self.entry = entry
            self.candidates = candidates
        }
    }

    public var state: State
    /// How many codes of the table stand for none, and how many for one.
    public var total = 0
    public var mapped = 0
    public var items: [Item] = []

    public init(state: State, total: Int = 0, mapped: Int = 0, items: [Item] = []) {
        self.state = state
        self.total = total
        self.mapped = mapped
        self.items = items
    }
}

/// What came of decisions about codes.
public struct MappingOutcome: Sendable {
    public var decided: Int
    /// What was not taken, and why; the others were.
    public var faults: [BilingualText]

    public init(decided: Int, faults: [BilingualText]) {
        self.decided = decided
        self.faults = faults
    }
}

/// What the codes of an institution's tables stand for in the national list.
public struct CodeResolution: Sendable {
    private let decided: [[UInt8]: String]
    private let national: NationalCodes

    /// - Parameter decided: the institution's decisions, by code in the form in which codes are compared.
    public init(decided: [[UInt8]: String], national: NationalCodes) {
        self.decided = decided
        self.national = national
    }

    /// The national code of an entry: the one that its table gives, or that was decided, or its own where it is national; nil for none of them.
    public func national(of entry: CodeEntry) -> CodeEntry? {
        let given = [entry.nationalCode, decided[CodeText.plain(entry.code.utf8)] ?? "", entry.code]
        return given.lazy.filter { !$0.isEmpty }.compactMap(national.entry).first
    }
}
