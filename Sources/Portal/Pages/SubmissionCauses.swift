import SurveillanceKit

/// What was found in a submission, in the order in which a person deals with it: what is to be corrected, what follows
/// from it by itself, and what is only to be looked at.
struct SubmissionCauses: Sendable {
    /// Beyond so many findings a page would take too long; the API groups all of them.
    static let findingsGrouped = 500_000
    private static let parentsCounted = 100_000

    /// Rows in which nothing is wrong but that a row they belong to was rejected.
    struct Consequence: Sendable {
        /// The rows that wait, by their own file.
        var rows: [String: Int] = [:]
        /// The parents' rows.
        var parents: Set<Int> = []

        var count: Int { rows.values.reduce(0, +) }
    }

    private(set) var errors: [FindingGroups.Group] = []
    private(set) var warnings: [FindingGroups.Group] = []
    /// By the parents' file type.
    private(set) var consequences: [String: Consequence] = [:]
    /// Correction forms that a spreadsheet has rewritten, by their names: one diagnosis for all of them, the first of `errors`.
    private(set) var rewrittenForms: [String] = []
    /// Whether there were more findings than are grouped.
    private(set) var isCut = false

    init() {}

    init(_ lines: FindingLines, maximum: Int = SubmissionCauses.findingsGrouped) throws {
        var groups = FindingGroups()
        var seen = 0
        while let bytes = try lines.next() {
            guard seen < maximum else {
                isCut = true
                break
            }
            seen += 1
            if let line = FindingLine(bytes), let parent = RejectedParent(line) {
                note(line, parent)
            } else {
                groups.add(bytes)
            }
        }
        let sorted = groups.sorted()
        let all = sorted.filter { $0.finding.severity == .error }
        let rewritten = all.filter { $0.finding.code == .rewrittenFile }
        rewrittenForms = rewritten.compactMap(\.finding.file).sorted()
        errors = rewritten.prefix(1) + all.filter { $0.finding.code != .rewrittenFile }
        warnings = sorted.filter { $0.finding.severity == .warning }
    }

    var isEmpty: Bool { errors.isEmpty && warnings.isEmpty && consequences.isEmpty }

    private mutating func note(_ line: FindingLine, _ parent: RejectedParent) {
        consequences[parent.fileType, default: Consequence()].rows[line.text(.file) ?? "", default: 0] += 1
        guard (consequences[parent.fileType]?.parents.count ?? 0) < SubmissionCauses.parentsCounted else { return }
        consequences[parent.fileType]?.parents.insert(parent.row)
    }
}
