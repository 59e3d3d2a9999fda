/// Findings gathered by cause: what is one thing to mend is one group, however many rows it stands in and whatever they hold.
///
/// Memory is bounded: a group keeps its first rows, its first finding and its first different values.
public struct FindingGroups: Sendable {
    /// A value and how many of a group's findings have it.
    public struct Value: Hashable, Sendable {
        /// As findings show it: masked where it may identify a patient.
        public var value: String
        public var count: Int
    }

    public struct Group: Sendable {
        public let cause: FindingCause
        public private(set) var count = 0
        /// The first rows it stands in.
        public private(set) var rows: [Int] = []
        /// What they have in common, told by the first of them: row, line and column are the first one's, a value is there only
        /// where all have it, and a number in the message that differs is `…`.
        public private(set) var finding: Finding
        /// How many findings have a value that is not among `values`, because there are too many different ones.
        public private(set) var otherValues = 0

        private var counts: [[UInt8]: Int] = [:]
        /// The message that all have so far, as it is written; nil where they differ in numbers.
        private var message: [UInt8]?
        private var messagesDiffering = 0

        fileprivate init(_ finding: Finding, _ cause: FindingCause, _ line: FindingLine) {
            self.cause = cause
            self.finding = finding
            message = line[.message].map(Array.init)
        }

        /// The different values, most frequent first, with how many findings have each.
        public var values: [Value] {
            counts.map { Value(value: FindingLine.unquoted($0.key), count: $0.value) }
                .sorted { ($1.count, $0.value) < ($0.count, $1.value) }
        }

        fileprivate mutating func add(_ line: FindingLine) {
            count += 1
            if let value = line[.value] { note(value) }
            let isAlone = otherValues == 0 && counts.count == 1 && counts.values.first == count
            if !isAlone, finding.value != nil {
                finding.value = nil
                finding.suggestion = nil
            }
            if line[.message]?.elementsEqual(message ?? []) != true { differ(line) }
            if rows.count < FindingGroups.rowsKept, let row = line.row, rows.last != row { rows.append(row) }
        }

        private mutating func note(_ value: ArraySlice<UInt8>) {
            let value = Array(value)
            if counts[value] != nil || counts.count < FindingGroups.valuesKept {
                counts[value, default: 0] += 1
            } else {
                otherValues += 1
            }
        }

        private mutating func differ(_ line: FindingLine) {
            message = nil
            messagesDiffering += 1
            // By then a number that is not the same everywhere is gone from the message.
            guard messagesDiffering < FindingGroups.messagesCompared, let zh = line.text(.message, .zh),
                let en = line.text(.message, .en)
            else { return }
            finding.message = BilingualText(
                zh: finding.message.zh.withoutNumbersUnlike(zh), en: finding.message.en.withoutNumbersUnlike(en))
        }
    }

    static let rowsKept = 8
    static let valuesKept = 100
    static let messagesCompared = 1000
    private var groups: [FindingCause: Group] = [:]
    /// How many findings were gathered.
    public private(set) var count = 0

    public init() {}

    /// - Parameter line: a finding's line of JSON, without the line's end; what is none is passed over.
    public mutating func add(_ line: ArraySlice<UInt8>) {
        guard let line = FindingLine(line) else { return }
        let cause = FindingCause(of: line)
        count += 1
        if groups[cause] == nil, let finding = line.finding { groups[cause] = Group(finding, cause, line) }
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

extension String {
    /// The text with `…` for each number in which another text, otherwise alike, differs.
    fileprivate func withoutNumbersUnlike(_ other: String) -> String {
        let (own, others) = (String.parts(self), String.parts(other))
        guard own.count == others.count else { return self }
        return zip(own, others).map { own, other in own == other ? own : "…" }.joined()
    }

    /// Numbers and what stands between them, in order. `…` stands for a number.
    private static func parts(_ text: String) -> [String] {
        var parts: [String] = []
        var wasNumber: Bool?
        for character in text {
            let isNumber = character.isASCII && character.isNumber || character == "…"
            if isNumber == wasNumber {
                parts[parts.count - 1].append(character)
            } else {
                parts.append(String(character))
            }
            wasNumber = isNumber
        }
        return parts
    }
}
