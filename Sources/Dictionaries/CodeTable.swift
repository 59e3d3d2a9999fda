public import SurveillanceKit

/// A table of codes that an institution has uploaded, without its rows.
public struct CodeTable: Hashable, Sendable {
    public var id: String
    public var institution: String
    /// The dictionary's id: `icd-diagnosis`.
    public var category: String
    /// The first and the last day on which its codes are used.
    public var days: ClosedRange<CivilDate>
    public var rows: Int
    public var receivedAt: Instant
    public var receivedBy: String
    public var removal: Removal?

    public struct Removal: Hashable, Sendable {
        public var at: Instant
        public var by: String
        public var reason: String

        public init(at: Instant, by: String, reason: String) {
            self.at = at
            self.by = by
            self.reason = reason
        }
    }

    public init(
        id: String, institution: String, category: String, days: ClosedRange<CivilDate>, rows: Int,
        receivedAt: Instant, receivedBy: String, removal: Removal? = nil
    ) {
        self.id = id
        self.institution = institution
        self.category = category
        self.days = days
        self.rows = rows
        self.receivedAt = receivedAt
        self.receivedBy = receivedBy
        self.removal = removal
    }
}

extension CodeTable {
    /// The tables whose days overlap with some days. Removed ones do not count.
    public static func overlapping(_ days: ClosedRange<CivilDate>, among tables: [CodeTable]) -> [CodeTable] {
        tables.filter { $0.removal == nil && $0.days.overlaps(days) }
    }

    /// The days between the first and the last one of some tables of one category that none of them covers. Removed ones do not count.
    public static func gaps(between tables: [CodeTable]) -> [ClosedRange<CivilDate>] {
        let days = tables.filter { $0.removal == nil }.map(\.days).sorted { $0.lowerBound < $1.lowerBound }
        var gaps: [ClosedRange<CivilDate>] = []
        var covered = days.first?.upperBound
        for next in days.dropFirst() {
            if let last = covered, last.advanced(byDays: 1) < next.lowerBound {
                gaps.append(last.advanced(byDays: 1)...next.lowerBound.advanced(byDays: -1))
            }
            covered = max(covered ?? next.upperBound, next.upperBound)
        }
        return gaps
    }
}
