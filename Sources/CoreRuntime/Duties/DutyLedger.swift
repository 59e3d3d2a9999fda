import Database
import Intake
import SurveillanceKit
import Synchronization
import Timeliness
import TimelinessStore

/// Judges obligations in a server: from memory what is due these days, from the store what lies further back.
///
/// Before each answer the ledger asks the store for what was written since the last one, also by another process; that is one look at an
/// index where nothing was. Memory holds the last days alone, and boards are kept until a deadline passes.
final class DutyLedger: Sendable {
    let database: any SQLDatabase
    /// When it is for judging: see `DutyClock`.
    let clock: DutyClock
    private let state: Mutex<State>

    private struct State {
        var rules: DutyRules
        var roster: DutyRoster
        /// What administrators have set.
        var administrators: [DutyOverrides] = []
        /// Nil until it is asked for first.
        var memory: DutyMemory?
        var days: [Day] = []
        /// Raised with each roster: what was read for another one is of no use.
        var generation = 0
        var trimmedOn: CivilDate?
    }

    private struct Day {
        var states: DayStates
        /// By the place of the program: whether its receipts are in memory.
        var isCovered: [Bool]
    }

    /// As many boards are kept as people look at.
    private static let mostDays = 8

    init(_ rules: DutyRules, database: any SQLDatabase, clock: DutyClock) throws(DutyError) {
        self.database = database
        self.clock = clock
        state = Mutex(State(rules: rules, roster: try rules.roster()))
    }

    private var rules: DutyRules { state.withLock(\.rules) }

    /// The rules that are in force in this moment.
    var roster: DutyRoster { state.withLock(\.roster) }

    var calendar: WorkCalendar { rules.calendar }

    /// What administrators have set and is in force.
    var administrators: [DutyOverrides] { state.withLock(\.administrators) }

    /// The rules, and up to which change of the store is known.
    var rosterAndChange: (DutyRoster, Int64) { state.withLock { ($0.roster, $0.memory?.change ?? 0) } }

    /// Judges by other rules from now on.
    ///
    /// - Parameter overrides: all that administrators have set; what the deployment's files set stays beside it.
    /// - Throws: what keeps a program from being judged; the rules before stay in force then.
    func replaceOverrides(_ overrides: [DutyOverrides]) throws(DutyError) {
        try replace(rules, overrides)
    }

    /// Judges these institutions from now on.
    ///
    /// - Throws: what keeps a program from being judged; those before stay then.
    func replaceInstitutions(_ institutions: [Institution]) throws(DutyError) {
        var other = rules
        other.institutions = institutions
        try replace(other, administrators)
    }

    private func replace(_ rules: DutyRules, _ overrides: [DutyOverrides]) throws(DutyError) {
        let roster = try rules.roster(administrators: overrides)
        state.withLock { state in
            state = State(
                rules: rules, roster: roster, administrators: overrides, generation: state.generation + 1)
        }
    }

    /// The book of one program with other rules of administrators, to compare with.
    func book(
        of program: String, with overrides: [DutyOverrides], _ isWanted: (Institution) -> Bool = { _ in true }
    ) throws(DutyError) -> DutyBook {
        try DutyBook(
            rules.programs.filter { $0.id == program }, overrides: rules.configured + overrides,
            calendar: rules.calendar, institutions: rules.institutions.filter(isWanted))
    }

    // MARK: Keeping up

    /// Takes in what was written since the last time.
    ///
    /// - Returns: the moment for which judgements are to be made.
    @discardableResult
    func refresh() async throws -> Instant {
        let now = clock.now()
        struct Known: Sendable {
            var roster: DutyRoster
            var generation: Int
            var change: Int64?
            var since: [Instant]
            /// Of the days that are kept, tables of programs whose receipts are not in memory.
            var uncovered: [(day: CivilDate, tables: [DutyPeriods?])]
        }
        let known = state.withLock { state in
            Known(
                roster: state.roster, generation: state.generation, change: state.memory?.change,
                since: state.memory?.since ?? [],
                uncovered: state.days.map { day in
                    (day.states.day, zip(day.states.tables, day.isCovered).map { $1 ? nil : $0 })
                })
        }
        guard let change = known.change else {
            let memory = try await database.read { try DutyMemory(known.roster, at: now, in: $0) }
            state.withLock { state in
                guard state.generation == known.generation, state.memory == nil else { return }
                state.memory = memory
            }
            return now
        }
        struct News: Sendable {
            var change: Int64
            var duties: [DutyMemory.Reread]
            var uncovered: [(day: CivilDate, duty: DutyMemory.Reread)] = []
        }
        let news = try await database.read { connection in
            let (last, duties) = try DutyMemory.reread(
                after: change, since: known.since, known.roster, in: connection)
            var news = News(change: last, duties: duties)
            for duty in duties {
                for (day, tables) in known.uncovered {
                    guard let table = tables[duty.program] else { continue }
                    let receipts = try DutyLedger.receipts(
                        duty.institution, duty.program, table, known.roster, in: connection)
                    news.uncovered.append(
                        (
                            day,
                            DutyMemory.Reread(
                                institution: duty.institution, program: duty.program, receipts: receipts)
                        ))
                }
            }
            return news
        }
        state.withLock { state in
            guard state.generation == known.generation else { return }
            let today = known.roster.book.programs.first?.zone.day(at: now)
            if state.trimmedOn != today {
                state.trimmedOn = today
                state.memory?.trim(state.roster, at: now)
            }
            guard state.memory?.apply((news.change, news.duties)) ?? false else { return }
            let roster = state.roster
            for place in state.days.indices {
                for duty in news.duties where state.days[place].isCovered[duty.program] {
                    state.days[place].states.update(roster, duty.institution, duty.program, duty.receipts, at: now)
                }
                for (day, duty) in news.uncovered where day == state.days[place].states.day {
                    state.days[place].states.update(roster, duty.institution, duty.program, duty.receipts, at: now)
                }
            }
        }
        return now
    }

    /// What an institution has sent for a program that may decide by a table, from the store.
    static func receipts(
        _ institution: Int, _ program: Int, _ table: DutyPeriods, _ roster: DutyRoster, in connection: any Connection
    ) throws -> DutyReceipts {
        let duties = roster.book.programs[program]
        return DutyReceipts(
            try DutyLog.receipts(
                of: roster.book.institutions[institution].code, for: duties.program, since: duties.opens(table),
                firsts: duties.firstInstants, in: connection))
    }

    // MARK: A day

    /// The states of everything that falls due on a day, as they are now.
    func states(on day: CivilDate) async throws -> (states: DayStates, roster: DutyRoster, at: Instant) {
        let now = try await refresh()
        let kept = state.withLock { state in
            state.days.first { $0.states.day == day && $0.states.at <= now && now < $0.states.changesAt }
                .map { ($0.states, state.roster, now) }
        }
        if let kept { return kept }
        let source = try await source(dueOn: day...day)
        let states = DayStates(source.roster, day: day, at: now) { source.receipts(of: $0) }
        state.withLock { state in
            // What was written meanwhile is missing in it.
            guard state.generation == source.generation, state.memory?.change == source.change else { return }
            state.days.removeAll { $0.states.day == day }
            state.days.append(Day(states: states, isCovered: source.isCovered))
            if state.days.count > DutyLedger.mostDays { state.days.removeFirst() }
        }
        return (states, source.roster, now)
    }

    /// What every institution has sent that may decide what falls due on some days.
    struct Source: Sendable {
        var roster: DutyRoster
        var tables: [DutyPeriods?]
        var unjudged: [DutyError]
        var generation: Int
        var change: Int64?
        var isCovered: [Bool]
        fileprivate var memory: DutyMemory?
        /// By program, then institution: what is not in memory.
        fileprivate var read: [Int: [Int: DutyReceipts]] = [:]

        func receipts(_ institution: Int, _ program: Int) -> DutyReceipts {
            if isCovered[program], let memory { return memory.receipts(institution, program) }
            return read[program]?[institution] ?? .none
        }

        /// Those of one program, by the place of the institution.
        func receipts(of program: Int) -> (Int) -> DutyReceipts {
            if isCovered[program], let memory {
                let all = memory.receipts(of: program)
                return { all[$0] }
            }
            let all = read[program] ?? [:]
            return { all[$0] ?? .none }
        }
    }

    func source(dueOn days: ClosedRange<CivilDate>, programs: Set<Int>? = nil) async throws -> Source {
        var source = state.withLock { state in
            Source(
                roster: state.roster, tables: [], unjudged: [], generation: state.generation,
                change: state.memory?.change, isCovered: [], memory: state.memory)
        }
        (source.tables, source.unjudged) = source.roster.tables(dueOn: days)
        let roster = source.roster
        let tables = source.tables
        source.isCovered = roster.book.programs.enumerated().map { place, duties in
            guard let memory = source.memory, let table = tables[place] else { return tables[place] == nil }
            return memory.covers(place, duties, table)
        }
        let uncovered = roster.book.programs.indices.filter {
            !source.isCovered[$0] && programs?.contains($0) ?? true
        }
        guard !uncovered.isEmpty else { return source }
        source.read = try await database.read { connection in
            try DutyLedger.read(uncovered, tables, roster, in: connection)
        }
        return source
    }

    private static func read(
        _ programs: [Int], _ tables: [DutyPeriods?], _ roster: DutyRoster, in connection: any Connection
    ) throws -> [Int: [Int: DutyReceipts]] {
        var found: [Int: [Int: [DutyReceipt]]] = [:]
        var times: [Int: Range<Instant>] = [:]
        for program in programs {
            guard let table = tables[program] else { continue }
            let duties = roster.book.programs[program]
            times[program] = duties.opens(table)..<max(duties.opens(table), duties.closes(table))
        }
        guard let first = times.values.map(\.lowerBound).min(), let last = times.values.map(\.upperBound).max() else {
            return [:]
        }
        try DutyLog.forEachCounting(receivedIn: first..<last, in: connection) { code, id, receipt in
            guard let program = roster.place(ofProgram: id), times[program]?.contains(receipt.receivedAt) ?? false,
                let institution = roster.place(ofInstitution: code)
            else { return }
            found[program, default: [:]][institution, default: []].append(receipt)
        }
        for program in times.keys {
            guard let table = tables[program], let since = times[program]?.lowerBound else { continue }
            let duties = roster.book.programs[program]
            guard duties.needsFirsts(table) else { continue }
            for (place, institution) in roster.book.institutions.enumerated() {
                let firsts = try DutyLog.firsts(
                    of: institution.code, for: duties.program, at: duties.firstInstants, before: since, in: connection)
                if !firsts.isEmpty { found[program, default: [:]][place, default: []] += firsts }
            }
        }
        return found.mapValues { $0.mapValues { DutyReceipts($0) } }
    }
}
