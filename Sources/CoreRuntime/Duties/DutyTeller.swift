import Database
import Notices
import SurveillanceKit
import Synchronization
import Timeliness
import TimelinessStore

/// Looks at every deadline as it passes, and at reminders before it.
final class DutyTeller: Sendable {
    private let ledger: DutyLedger
    private let programs: [String: Program]
    private let state = Mutex(State())

    private struct State {
        /// Since this start everything has been told of up to here; nil before the first run.
        var toldUpTo: Instant?
        /// What was received in time and had not been processed when its deadline passed.
        var unsettled: Set<Waiting> = []
    }

    private struct Waiting: Hashable {
        var institution: String
        var program: String
        var day: CivilDate
    }

    private static let mostDaysBack = 2

    init(_ ledger: DutyLedger, _ programs: [Program]) {
        self.ledger = ledger
        self.programs = Dictionary(programs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Tells of every deadline and reminder since the last run.
    ///
    /// - Parameter pending: what has been received and not been processed, by institution.
    /// - Returns: when the next one is.
    func tell(pending: [String: [DutyReceipt]]) async throws -> Instant? {
        let now = try await ledger.refresh()
        let database = ledger.database
        let stored = try await database.read { try DutyNotices.mark(in: $0) }
        let (begun, unsettled) = state.withLock { ($0.toldUpTo, $0.unsettled) }
        // A first start tells of nothing that lies before it; another one looks again at what the last may not have come to.
        let earliest = now.advanced(byDays: -DutyTeller.mostDaysBack)
        let from = begun ?? stored.map { max(min($0, now), earliest) } ?? now
        let (roster, change) = ledger.rosterAndChange
        let zone = roster.book.programs.first?.zone
        guard let today = zone?.day(at: now), from <= now else { return nil }
        var told: [(kind: NoticeKind, obligation: Obligation)] = []
        var waiting: Set<Waiting> = []
        var next: Instant?
        let lead = -DutyNotices.reminderMinutes * 60_000
        for back in -1...DutyTeller.mostDaysBack {
            let day = today.advanced(byDays: -back)
            let (tables, _) = roster.tables(dueOn: day...day)
            let moments = zip(roster.book.programs, tables).map { duties, table in table.map(duties.deadlines) ?? [] }
            let passing = moments.indices.filter { place in
                moments[place].contains { deadline in
                    (from < deadline.over && deadline.over <= now)
                        || (from < deadline.at.advanced(by: lead) && deadline.at.advanced(by: lead) <= now)
                }
            }
            for deadline in moments.joined() {
                for moment in [deadline.over, deadline.at.advanced(by: lead)] where moment > now {
                    next = min(next ?? moment, moment)
                }
            }
            let looked = Set(unsettled.filter { $0.day == day }.compactMap { roster.place(ofProgram: $0.program) })
            let programs = Set(passing).union(looked)
            guard !programs.isEmpty else { continue }
            let source = try await ledger.source(dueOn: day...day, programs: programs)
            for program in programs {
                guard let table = source.tables[program] else { continue }
                let duties = roster.book.programs[program]
                for (place, institution) in roster.book.institutions.enumerated() {
                    var receipts = source.receipts(place, program)
                    if let more = pending[institution.code] { receipts = DutyReceipts(receipts.all + more) }
                    for (obligation, over) in source.roster.dues(place, program, receipts, table, at: now) {
                        let own = Waiting(institution: institution.code, program: duties.program, day: day)
                        switch obligation.state {
                        case .missing where obligation.isPending: waiting.insert(own)
                        case .missing:
                            guard unsettled.contains(own) || (from < over && over <= now) else { continue }
                            told.append((.missed, obligation))
                        case .due where !obligation.isPending && obligation.dueAt > now:
                            let at = obligation.dueAt.advanced(by: lead)
                            guard from < at, at <= now else { continue }
                            told.append((.reminder, obligation))
                        default: break
                        }
                    }
                }
            }
        }
        waiting.formUnion(try await write(told, judgedAt: change, at: now, in: database, roster))
        if stored == nil { try await database.write { try DutyNotices.setMark(now, in: $0) } }
        let unsettledNow = waiting
        state.withLock { $0 = State(toldUpTo: now, unsettled: unsettledNow) }
        return next
    }

    /// Some notices a transaction, so that receipts need not wait for all.
    ///
    /// - Returns: those for which something was written since they were judged: the next run judges them again.
    private func write(
        _ told: [(kind: NoticeKind, obligation: Obligation)], judgedAt change: Int64, at now: Instant,
        in database: any SQLDatabase, _ roster: DutyRoster
    ) async throws -> Set<Waiting> {
        var moved: Set<Waiting> = []
        for start in stride(from: 0, to: told.count, by: DutyTeller.perTransaction) {
            let part = Array(told[start..<min(start + DutyTeller.perTransaction, told.count)])
            let passedOver = try await database.write { [programs] transaction -> Set<Waiting> in
                let changed = Set(
                    try DutyLog.changed(after: change, in: transaction).map { "\($0.program)/\($0.institution)" })
                var passedOver: Set<Waiting> = []
                for (kind, obligation) in part {
                    guard let program = programs[obligation.program],
                        let zone = roster.book.program(obligation.program)?.zone,
                        let place = roster.place(ofInstitution: obligation.institution)
                    else { continue }
                    guard !changed.contains("\(obligation.program)/\(obligation.institution)") else {
                        passedOver.insert(
                            Waiting(
                                institution: obligation.institution, program: obligation.program,
                                day: obligation.dueDay))
                        continue
                    }
                    try DutyNotices.tell(
                        kind, DutyNotices.subject(obligation, roster.book.institutions[place], program, zone), at: now,
                        in: transaction)
                }
                return passedOver
            }
            moved.formUnion(passedOver)
        }
        return moved
    }

    private static let perTransaction = 500
}
