import Portal
import SurveillanceKit
import Synchronization

/// How many institutions have rows for a day, kept for half a minute: counting them reads a row of each institution.
final class FilledDays: Sendable {
    private struct Key: Hashable {
        var day: CivilDate
        var scope: Scope
    }

    private let counted = Mutex<[Key: (at: Instant, found: [DutyFilled])]>([:])
    private static let millisecondsKept: Int64 = 30_000
    private static let mostKept = 64

    func known(_ day: CivilDate, _ scope: Scope, at now: Instant) -> [DutyFilled]? {
        counted.withLock { counted in
            guard let entry = counted[Key(day: day, scope: scope)] else { return nil }
            return (0..<FilledDays.millisecondsKept).contains(now.milliseconds(since: entry.at)) ? entry.found : nil
        }
    }

    func note(_ found: [DutyFilled], _ day: CivilDate, _ scope: Scope, at now: Instant) {
        counted.withLock { counted in
            if counted.count >= FilledDays.mostKept { counted = [:] }
            counted[Key(day: day, scope: scope)] = (now, found)
        }
    }
}
