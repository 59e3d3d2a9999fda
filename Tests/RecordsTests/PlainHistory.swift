import SurveillanceKit

/// What an institution's records are, kept as slowly and plainly as can be: every version of every key in a list.
struct PlainHistory {
    struct Value: Hashable {
        var text: Int
        var day: Int
    }

    struct Version {
        var from: Int64
        var submission: Int
        /// Nil where the record was withdrawn.
        var value: Value?
    }

    enum Row: Hashable {
        case value(Value)
        case withdraw
    }

    struct Change: Hashable {
        var key: Int
        var before: Value?
        var after: Value?
    }

    struct Counts: Hashable {
        var added = 0
        var changed = 0
        var unchanged = 0
        var withdrawn = 0
        var vanished = 0
    }

    static let coveredDays = 3
    private(set) var versions: [Int: [Version]] = [:]
    /// What was sent, in the order of arrival.
    private(set) var submissions: [[Int: Row]] = []
    private(set) var withdrawn: Set<Int> = []

    mutating func send(_ rows: [Int: Row]) -> Int {
        submissions.append(rows)
        return submissions.count - 1
    }

    /// Stores a submission, for the first time or again: what later ones that stand have written stays.
    mutating func store(_ submission: Int, at instant: Int64) -> (changes: [Change], counts: Counts) {
        var changes: [Change] = []
        var counts = Counts()
        let rows = submissions[submission]
        for (key, row) in rows.sorted(by: { $0.key < $1.key }) {
            let current = versions[key]?.last
            var after: Value?
            if case .value(let value) = row { after = value }
            if current?.value == after {
                counts.unchanged += 1
                continue
            }
            if let current, current.submission > submission, !withdrawn.contains(current.submission) {
                counts.unchanged += 1
                continue
            }
            if after == nil {
                counts.withdrawn += 1
            } else if current?.value == nil {
                counts.added += 1
            } else {
                counts.changed += 1
            }
            versions[key, default: []].append(Version(from: instant, submission: submission, value: after))
            changes.append(Change(key: key, before: current?.value, after: after))
        }
        let days = rows.values.compactMap { if case .value(let value) = $0 { value.day } else { nil } }
        if let latest = days.max() {
            let covered = latest - PlainHistory.coveredDays + 1...latest
            counts.vanished = known().filter { rows[$0.key] == nil && covered.contains($0.value.day) }.count
        }
        return (changes, counts)
    }

    /// Every record that the submission wrote last returns to its last version that no withdrawn submission brought.
    mutating func withdraw(_ submission: Int, at instant: Int64) -> [Change] {
        guard withdrawn.insert(submission).inserted else { return [] }
        var changes: [Change] = []
        for key in versions.keys.sorted() {
            guard let all = versions[key], let current = all.last, current.submission == submission else { continue }
            let earlier = all.last { !withdrawn.contains($0.submission) }
            versions[key]?.append(
                Version(from: instant, submission: earlier?.submission ?? submission, value: earlier?.value))
            if current.value != nil || earlier?.value != nil {
                changes.append(Change(key: key, before: current.value, after: earlier?.value))
            }
        }
        return changes
    }

    func known(asOf instant: Int64 = .max) -> [Int: Value] {
        versions.compactMapValues { all in all.last { $0.from <= instant }?.value }
    }

    /// How many records each day has.
    var recordsByDay: [CivilDate: Int] {
        Dictionary(known().values.map { (CivilDate(daysSince1970: $0.day), 1) }, uniquingKeysWith: +)
    }
}
