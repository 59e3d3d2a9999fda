import Database
import Notices
import Portal
import SurveillanceKit
import Synchronization
import Timeliness
import TimelinessStore

/// Notices feeds that fell silent or shrank, before the deadline: reports that have not come by when they always do, and days that hold far
/// fewer rows than usual.
final class FeedWatch: Sendable {
    private let ledger: DutyLedger
    private let programs: [String: Program]
    private let coverage: CoverageReader
    private let state = Mutex(State())

    private struct State {
        var day: CivilDate?
        /// By program and institution: by when the day's first report has always come, in minutes of the civil day, rounded up.
        var habits: [[UInt16]] = []
        /// Who has been told today.
        var told: Set<String> = []
        /// Up to which change submissions have been looked at; nil before the first run.
        var change: Int64?
    }

    private static let unknown = UInt16.max

    init(_ ledger: DutyLedger, _ programs: [Program], _ coverage: CoverageReader) {
        self.ledger = ledger
        self.programs = Dictionary(programs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.coverage = coverage
    }

    func look(pending: [String: [DutyReceipt]]) async throws {
        let now = try await ledger.refresh()
        let roster = ledger.roster
        guard let zone = roster.book.programs.first?.zone else { return }
        let today = zone.day(at: now)
        try await learn(roster, today, zone)
        try await lookForSilence(roster, pending, at: now)
        try await lookForShortDays(roster, at: now)
    }

    // MARK: Reports that do not come

    /// Once a day: when each institution's reports have come.
    private func learn(_ roster: DutyRoster, _ today: CivilDate, _ zone: CivilZone) async throws {
        let shape = (roster.book.programs.count, roster.book.institutions.count)
        let isKnown = state.withLock {
            $0.day == today && $0.habits.count == shape.0 && $0.habits.first?.count == shape.1
        }
        guard !isKnown else { return }
        let days = ArrivalHabit.mostDays
        let first = today.advanced(byDays: -days)
        let habits = try await ledger.database.read { connection in
            // The first minute of each day at which something came, for every institution and program.
            var minutes = roster.book.programs.map { _ in [UInt16](repeating: FeedWatch.unknown, count: days * shape.1)
            }
            let span = zone.instant(first, .midnight)..<zone.instant(today, .midnight)
            try DutyLog.forEachCounting(receivedIn: span, in: connection) { institution, program, receipt in
                guard let program = roster.place(ofProgram: program),
                    let place = roster.place(ofInstitution: institution)
                else { return }
                let zone = roster.book.programs[program].zone
                let day = zone.day(at: receipt.receivedAt)
                let number = day.daysSince1970 - first.daysSince1970
                guard (0..<days).contains(number) else { return }
                let since = receipt.receivedAt.milliseconds(since: zone.instant(day, .midnight))
                let minute = UInt16(clamping: since / 60_000)
                minutes[program][place * days + number] = min(minutes[program][place * days + number], minute)
            }
            return minutes.map { minutes in
                (0..<shape.1).map { place -> UInt16 in
                    let own = minutes[place * days..<(place + 1) * days].filter { $0 != FeedWatch.unknown }
                    let latest = ArrivalHabit(own.map { Int($0) * 60_000 }).latest
                    return latest.map { UInt16(clamping: ($0 + 59_999) / 60_000) } ?? FeedWatch.unknown
                }
            }
        }
        state.withLock { ($0.day, $0.habits, $0.told) = (today, habits, []) }
    }

    private func lookForSilence(
        _ roster: DutyRoster, _ pending: [String: [DutyReceipt]], at now: Instant
    ) async throws {
        let (habits, told) = state.withLock { ($0.habits, $0.told) }
        for (program, duties) in roster.book.programs.enumerated() {
            guard let declared = programs[duties.program] else { continue }
            let today = duties.zone.day(at: now)
            let minute = now.milliseconds(since: duties.zone.instant(today, .midnight)) / 60_000
            let source = try await ledger.source(dueOn: today...today, programs: [program])
            guard let table = source.tables[program] else { continue }
            let receipts = source.receipts(of: program)
            for (place, institution) in roster.book.institutions.enumerated() {
                // Whoever has always reported by now, and has sent nothing that waits.
                guard Int64(habits[program][place]) <= minute, pending[institution.code] == nil,
                    !told.contains("\(duties.program)/\(institution.code)")
                else { continue }
                for duty in source.roster.obligations(place, program, receipts(place), table, at: now)
                where duty.state == .due && (duty.kind == .daily || duty.kind == .workingDays) {
                    let days = try await coverage.days(of: institution.code, declared, upTo: today)
                    state.withLock { _ = $0.told.insert("\(duties.program)/\(institution.code)") }
                    guard let usual = days.last?.expected, usual >= 1 else { continue }
                    try await tell(
                        duty, on: today...today, institution, declared, duties.zone, rows: days.last?.rows ?? 0,
                        usual: Int(usual.rounded()), at: now)
                }
            }
        }
    }

    // MARK: Days that hold too little

    private func lookForShortDays(_ roster: DutyRoster, at now: Instant) async throws {
        let known = state.withLock(\.change)
        let (last, changed) = try await ledger.database.read { connection in
            let last = try DutyLog.lastChange(in: connection)
            return (last, try known.map { try DutyLog.changed(after: $0, in: connection) } ?? [])
        }
        for (id, changed) in Dictionary(grouping: changed, by: \.program) {
            guard let program = roster.place(ofProgram: id), let declared = programs[id] else { continue }
            let duties = roster.book.programs[program]
            let today = duties.zone.day(at: now)
            let source = try await ledger.source(dueOn: today...today, programs: [program])
            guard let table = source.tables[program] else { continue }
            let receipts = source.receipts(of: program)
            for (code, _) in changed {
                guard let place = roster.place(ofInstitution: code),
                    let duty = source.roster.obligations(place, program, receipts(place), table, at: now)
                        .first(where: { $0.dueAt > now && $0.state != .exempt })
                else { continue }
                for day in try await coverage.days(of: code, declared, upTo: today) {
                    guard let verdict = day.verdict, verdict.isAlarm, let usual = day.expected else { continue }
                    try await tell(
                        duty, on: day.day...day.day, roster.book.institutions[place], declared, duties.zone,
                        rows: day.rows, usual: Int(usual.rounded()), at: now)
                }
            }
        }
        state.withLock { $0.change = last }
    }

    /// The key of the notice is its day, so it is told once.
    private func tell(
        _ duty: Obligation, on days: ClosedRange<CivilDate>, _ institution: Institution, _ program: Program,
        _ zone: CivilZone, rows: Int, usual: Int, at now: Instant
    ) async throws {
        let subject = DutyNotices.subject(
            institution, program, zone, rule: duty.name ?? duty.kind.rawValue, days, dueAt: duty.dueAt)
        let notice = Notice.feedSilent(subject, rows: rows, usual: usual, at: now)
        try await ledger.database.write { _ = try Outbox.add(notice, in: $0) }
    }
}
