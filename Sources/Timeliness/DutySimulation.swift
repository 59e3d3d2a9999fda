public import SurveillanceKit

/// What would be different under another set of rules.
public struct DutyDifference: Hashable, Sendable {
    /// Nil where nothing was owed before.
    public var before: Obligation?
    /// Nil where nothing is owed any more.
    public var after: Obligation?
}

extension DutyBook {
    /// Lists the obligations that another book's rules would judge otherwise: another state, another deadline, owed or no longer owed.
    ///
    /// - Parameter other: the same institutions and programs under the new rules.
    public func differences(
        to other: DutyBook, dueOn days: ClosedRange<CivilDate>, at now: Instant,
        receipts: (_ institution: String, _ program: String) -> DutyReceipts
    ) throws(DutyError) -> [DutyDifference] {
        var differences: [DutyDifference] = []
        let around = compared(to: other, dueOn: days)
        var (old, new) = (try tables(dueOn: around), try other.tables(dueOn: around))
        for place in old.indices { old[place].hasEveryOnce = true }
        for place in new.indices { new[place].hasEveryOnce = true }
        for institution in institutions {
            var before: [Key: Obligation] = [:]
            var after: [Key: Obligation] = [:]
            try forEach(of: institution, old, at: now, receipts: receipts) { found, _ in before[Key(found)] = found }
            try other.forEach(of: institution, new, at: now, receipts: receipts) { found, _ in
                after[Key(found)] = found
            }
            for key in Set(before.keys).union(after.keys).sorted() {
                let (was, becomes) = (before[key], after[key])
                guard was != becomes, [was, becomes].contains(where: { $0.map { days.contains($0.dueDay) } ?? false })
                else {
                    continue
                }
                differences.append(DutyDifference(before: was, after: becomes))
            }
        }
        return differences
    }

    private static let daysAround = 62

    /// The days that a comparison looks at: more than are asked for where a week's or a month's deadline may move out of them.
    public func compared(to other: DutyBook, dueOn days: ClosedRange<CivilDate>) -> ClosedRange<CivilDate> {
        let moves = (programs + other.programs).contains { duties in
            duties.slots.contains { $0.kind == .weekly || $0.kind == .monthly }
        }
        let more = moves ? DutyBook.daysAround : 0
        return days.lowerBound.advanced(byDays: -more)...days.upperBound.advanced(byDays: more)
    }

    /// What stays the same where rules change. A first report is one, whenever it is due.
    private struct Key: Hashable, Comparable {
        var program: String
        var day: Int
        var kind: String

        init(_ obligation: Obligation) {
            program = obligation.program
            kind = obligation.kind.rawValue + (obligation.name ?? "")
            day = obligation.kind.isRecurring ? obligation.to.daysSince1970 : 0
        }

        static func < (left: Key, right: Key) -> Bool {
            (left.program, left.day, left.kind) < (right.program, right.day, right.kind)
        }
    }
}
