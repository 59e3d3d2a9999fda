/// Findings gathered by cause: what is one thing to mend is one group, however many rows it stands in.
///
/// Memory is bounded: a group keeps its first rows and its first finding, and causes beyond a limit are counted without their values.
public struct FindingGroups: Sendable {
    public struct Group: Sendable {
        public let cause: FindingCause
        public private(set) var count = 0
        /// The first rows it stands in.
        public private(set) var rows: [Int] = []
        /// What they have in common, told by the first of them: row, line and column are the first one's, a value is there only
        /// where all have it.
        public private(set) var finding: Finding

        /// The value that all have so far, as it is written.
        private var value: [UInt8]?

        fileprivate init(_ finding: Finding, _ cause: FindingCause, value: ArraySlice<UInt8>?) {
            self.cause = cause
            self.finding = finding
            self.value = value.map(Array.init)
        }

        fileprivate mutating func add(_ line: FindingLine) {
            count += 1
            if let value, line[.value]?.elementsEqual(value) != true {
                self.value = nil
                finding.value = nil
                finding.suggestion = nil
            }
            if rows.count < FindingGroups.rowsKept, let row = line.row, rows.last != row { rows.append(row) }
        }
    }

    static let rowsKept = 8
    private let causesKept: Int
    private var groups: [FindingCause: Group] = [:]
    /// How many findings were gathered.
    public private(set) var count = 0

    public init() { self.init(causesKept: 10_000) }

    init(causesKept: Int) { self.causesKept = causesKept }

    /// - Parameter line: a finding's line of JSON, without the line's end; what is none is passed over.
    public mutating func add(_ line: ArraySlice<UInt8>) {
        guard let line = FindingLine(line) else { return }
        let (exact, broad) = FindingCause.of(line)
        count += 1
        let isKnown = groups[exact] != nil
        let cause = isKnown || groups.count < causesKept ? exact : broad
        if groups[cause] == nil, let finding = line.finding {
            groups[cause] = Group(finding, cause, value: line[.value])
        }
        groups[cause]?.add(line)
    }

    /// All causes: errors before warnings, then most findings first.
    public func sorted() -> [Group] { groups.values.sorted(by: FindingGroups.precedes) }

    /// One file's causes, in the same order.
    public func groups(ofFile file: String) -> [Group] {
        groups.values.filter { $0.finding.file == file }.sorted(by: FindingGroups.precedes)
    }

    private static func precedes(_ left: Group, _ right: Group) -> Bool {
        // What explains most of the others is said before them.
        let (leftExplains, rightExplains) = (
            left.finding.code == .rewrittenFile, right.finding.code == .rewrittenFile
        )
        if leftExplains != rightExplains { return leftExplains }
        if left.finding.severity != right.finding.severity { return left.finding.severity > right.finding.severity }
        if left.count != right.count { return left.count > right.count }
        let (leftRow, rightRow) = (left.rows.first ?? 0, right.rows.first ?? 0)
        return leftRow != rightRow ? leftRow < rightRow : left.cause.bits < right.cause.bits
    }
}
