import SurveillanceKit
import Validation

/// Findings gathered by cause: the same file, field, rule and value are one thing to mend, however many rows it stands in.
///
/// Memory is bounded: a cause keeps its first rows, and causes beyond a limit are counted by field and rule alone.
public struct FindingGroups: ValidationSink {
    public struct Group: Sendable {
        public var sample: Finding
        public var count: Int
        /// The first rows it stands in.
        public var rows: [Int]
    }

    private struct Cause: Hashable {
        var file: String
        var code: FindingCode
        var field: String?
        var rule: String?
        var value: String?
    }

    static let rowsKept = 8
    private static let causesKept = 10_000
    private var groups: [Cause: Group] = [:]

    public init() {}

    public mutating func begin(file: Int) {}
    public mutating func refuse(file: Int) {}
    public mutating func checked(_ batch: CheckedBatch) {}
    public mutating func found(_ findings: FindingBatch) { findings.forEach { found($0) } }

    public mutating func found(_ finding: Finding) {
        var cause = Cause(
            file: finding.file, code: finding.code, field: finding.field, rule: finding.rule, value: finding.value)
        if groups.count >= FindingGroups.causesKept, groups[cause] == nil { cause.value = nil }
        groups[cause, default: Group(sample: finding, count: 0, rows: [])].count += 1
        if let row = finding.row, (groups[cause]?.rows.count ?? 0) < FindingGroups.rowsKept {
            groups[cause]?.rows.append(row)
        }
    }

    /// One file's causes: errors before warnings, then most rows first.
    public func groups(ofFile file: String) -> [Group] {
        groups.values.filter { $0.sample.file == file }.sorted { left, right in
            if left.sample.severity != right.sample.severity { return left.sample.severity > right.sample.severity }
            if left.count != right.count { return left.count > right.count }
            return (left.sample.row ?? 0, left.sample.field ?? "") < (right.sample.row ?? 0, right.sample.field ?? "")
        }
    }
}
