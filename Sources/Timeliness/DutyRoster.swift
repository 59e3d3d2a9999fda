public import SurveillanceKit

/// A book of duties with every institution made ready for judging once.
///
/// An institution of which the register lacks what a condition needs, and a program whose calendar ends, are named and spoil nothing else.
public struct DutyRoster: Sendable {
    public let book: DutyBook
    /// By the place of the program, then of the institution; nil where a condition cannot be decided.
    let ready: [[Ready?]]
    private let undecided: [Undecided]
    /// The regions of the register, and by the place of each institution the place of its region.
    let regions: [String]
    let regionPlaces: [Int]
    private let institutionPlaces: [String: Int]
    private let programPlaces: [String: Int]

    /// An institution made ready, by reference: copying its many parts would cost more than judging it.
    final class Ready: Sendable {
        let institution: DutyInstitution

        init(_ institution: DutyInstitution) { self.institution = institution }
    }

    private struct Undecided: Sendable {
        var institution: Int
        var program: Int
        var error: DutyError
    }

    public init(_ book: DutyBook) {
        self.book = book
        var ready: [[Ready?]] = []
        var undecided: [Undecided] = []
        for (program, duties) in book.programs.enumerated() {
            guard duties.hasDeadlines else {
                ready.append(Array(repeating: nil, count: book.institutions.count))
                continue
            }
            ready.append(
                book.institutions.enumerated().map { place, institution in
                    do throws(DutyError) {
                        return Ready(try duties.institution(institution))
                    } catch {
                        undecided.append(Undecided(institution: place, program: program, error: error))
                        return nil
                    }
                })
        }
        self.ready = ready
        var places: [String: Int] = [:]
        var regions: [String] = []
        regionPlaces = book.institutions.map { institution in
            if let known = places[institution.region] { return known }
            places[institution.region] = regions.count
            regions.append(institution.region)
            return regions.count - 1
        }
        self.regions = regions
        self.undecided = undecided
        institutionPlaces = Dictionary(
            book.institutions.enumerated().map { ($0.element.code, $0.offset) }, uniquingKeysWith: { first, _ in first }
        )
        programPlaces = Dictionary(
            book.programs.enumerated().map { ($0.element.program, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    /// The places of an institution and a program in the book.
    public func place(ofInstitution code: String) -> Int? { institutionPlaces[code] }
    public func place(ofProgram id: String) -> Int? { programPlaces[id] }

    /// The periods of every program that fall due on some days; nil where a program has none, or they cannot be known.
    public func tables(dueOn days: ClosedRange<CivilDate>) -> (tables: [DutyPeriods?], unjudged: [DutyError]) {
        var unjudged: [DutyError] = []
        let tables = book.programs.map { duties -> DutyPeriods? in
            guard duties.hasDeadlines else { return nil }
            do throws(DutyError) {
                return try duties.periods(dueOn: days)
            } catch {
                unjudged.append(error)
                return nil
            }
        }
        return (tables, unjudged)
    }

    /// What of the register keeps institutions from being judged.
    ///
    /// - Parameters:
    ///   - program: nil for all.
    ///   - isWanted: by the place of the institution.
    public func undecided(program: Int? = nil, isWanted: (Int) -> Bool) -> [DutyError] {
        undecided.filter { (program ?? $0.program) == $0.program && isWanted($0.institution) }.map(\.error)
    }

    /// Judges what one institution owes one program.
    public func judge(
        _ institution: Int, _ program: Int, _ receipts: DutyReceipts, _ table: DutyPeriods, at now: Instant,
        _ body: (Judgement) -> Void
    ) {
        guard let owing = ready[program][institution] else { return }
        book.programs[program].judge(owing.institution, receipts, table, at: now, body)
    }

    /// As `judge`, in words and days.
    public func obligations(
        _ institution: Int, _ program: Int, _ receipts: DutyReceipts, _ table: DutyPeriods, at now: Instant
    ) -> [Obligation] {
        guard let owing = ready[program][institution] else { return [] }
        let duties = book.programs[program]
        var found: [Obligation] = []
        duties.judge(owing.institution, receipts, table, at: now) {
            found.append(Obligation($0, of: owing.institution, duties))
        }
        return found
    }
}

extension DutyRoster {
    /// A program amid a page, by reference as `Ready`.
    private final class Source {
        let duties: ProgramDuties
        let ready: [Ready?]
        let table: DutyPeriods
        let receipts: (Int) -> DutyReceipts

        init(
            _ duties: ProgramDuties, _ ready: [Ready?], _ table: DutyPeriods,
            _ receipts: @escaping (Int) -> DutyReceipts
        ) {
            (self.duties, self.ready, self.table, self.receipts) = (duties, ready, table, receipts)
        }
    }

    /// The first obligations by deadline, then by institution; of many only as many as are wanted are put into words.
    ///
    /// - Parameters:
    ///   - institutions: their places, ascending.
    ///   - programs: their places, ascending, each with its table.
    ///   - receipts: by the place of the program, then of the institution.
    ///   - states: empty for every state.
    ///   - isWanted: false for those that an earlier page had.
    ///   - isBefore: the order of one institution's.
    public func first(
        _ limit: Int, of institutions: [Int], _ programs: [(place: Int, table: DutyPeriods)], at now: Instant,
        states: Set<Obligation.State>, receipts: (_ program: Int) -> (_ institution: Int) -> DutyReceipts,
        isWanted: (Obligation) -> Bool, isBefore: (Obligation, Obligation) -> Bool
    ) -> [Obligation] {
        var byDeadline: [Int64: [Obligation]] = [:]
        let sources = programs.map {
            Source(book.programs[$0.place], ready[$0.place], $0.table, receipts($0.place))
        }
        var own: [Obligation] = []
        for place in institutions {
            own.removeAll(keepingCapacity: true)
            for source in sources {
                guard let owing = source.ready[place] else { continue }
                source.duties.judge(owing.institution, source.receipts(place), source.table, at: now) { judgement in
                    guard states.isEmpty || states.contains(judgement.state),
                        byDeadline[judgement.dueAt]?.count ?? 0 < limit
                    else { return }
                    let obligation = Obligation(judgement, of: owing.institution, source.duties)
                    if isWanted(obligation) { own.append(obligation) }
                }
            }
            if own.count > 1 { own.sort(by: isBefore) }
            for obligation in own { byDeadline[obligation.dueAt.milliseconds, default: []].append(obligation) }
        }
        return Array(byDeadline.sorted { $0.key < $1.key }.lazy.flatMap(\.value).prefix(limit))
    }

    /// As `obligations`, each with the first moment after its deadline and its grace.
    public func dues(
        _ institution: Int, _ program: Int, _ receipts: DutyReceipts, _ table: DutyPeriods, at now: Instant
    ) -> [(obligation: Obligation, over: Instant)] {
        guard let owing = ready[program][institution] else { return [] }
        let duties = book.programs[program]
        var found: [(Obligation, Instant)] = []
        duties.judge(owing.institution, receipts, table, at: now) {
            found.append((Obligation($0, of: owing.institution, duties), $0.over))
        }
        return found
    }
}

extension ProgramDuties {
    /// The deadlines that fall on the table's days, for any class of institutions, each with the first moment after it and its grace.
    public func deadlines(_ table: DutyPeriods) -> [(at: Instant, over: Instant)] {
        var found: [(Instant, Instant)] = []
        for period in table.periods {
            for due in table.dues[period.firstDue..<(period.firstDue + period.dueCount)]
            where table.days.contains(due.day) {
                found.append(
                    (
                        Instant(milliseconds: due.at),
                        Instant(milliseconds: due.at + period.graceMilliseconds + 1)
                    ))
            }
        }
        for rule in rules where rule.kind == .firstReport || rule.kind == .once {
            for due in rule.due {
                guard case .date(let day) = due.point, table.days.contains(day.daysSince1970) else { continue }
                let at = zone.instant(day, due.time)
                found.append((at, at.advanced(by: Int64(rule.graceMinutes) * 60_000 + 1)))
            }
        }
        return found
    }

    /// From when on something that is received can be for a period of the table or for a report that comes once; of the latter only what
    /// came on the day of its deadline or later is meant, see `needsFirsts`.
    public func opens(_ table: DutyPeriods) -> Instant {
        let first = zone.instant(CivilDate(daysSince1970: table.days.lowerBound), .midnight)
        return table.periods.map { Instant(milliseconds: $0.opens) }.min().map { min($0, first) } ?? first
    }

    /// From when on receipts are needed to explain what falls due on a day.
    public func explains(since day: CivilDate) throws(DutyError) -> Instant {
        let first = opens(try periods(dueOn: day...day))
        let isOnce = rules.contains { rule in
            rule.due.contains { if case .date(let own) = $0.point { own == day } else { false } }
        }
        return isOnce ? firstInstants.first.map { min($0, first) } ?? first : first
    }

    /// Until when it can.
    public func closes(_ table: DutyPeriods) -> Instant {
        let last = zone.instant(CivilDate(daysSince1970: table.days.upperBound + 2), .midnight)
        return table.periods.map { Instant(milliseconds: $0.closes) }.max().map { max($0, last) } ?? last
    }

    /// Moments since which the first receipt that counts may decide something, however long ago it came.
    public var firstInstants: [Instant] {
        let moments = rules.compactMap { rule -> Instant? in
            guard rule.kind == .firstReport || rule.kind == .once, case .since(let since) = rule.covers else {
                return nil
            }
            return zone.instant(max(since, CivilDate(daysSince1970: start)), .midnight)
        }
        return Set(moments).sorted()
    }

    /// Whether a judgement by the table may depend on the first receipts: true until some days after the last report that comes once was due.
    public func needsFirsts(_ table: DutyPeriods) -> Bool {
        let last = rules.flatMap { rule -> [Int] in
            guard rule.kind == .firstReport || rule.kind == .once else { return [] }
            return rule.due.compactMap { if case .date(let day) = $0.point { day.daysSince1970 } else { nil } }
        }.max()
        guard let last else { return false }
        return table.hasEveryOnce || table.days.lowerBound <= last || table.periods.contains { $0.to <= last }
    }

    /// For how many days before today receipts are worth keeping at hand: what is due today, yesterday and the day before.
    public var daysAtHand: Int {
        var days = 3
        for slot in slots {
            switch slot.kind {
            case .weekly: days = max(days, 10)
            case .monthly: days = max(days, 34)
            case .daily, .workingDays, .firstReport, .once, .afterEvent: break
            }
        }
        return days
    }
}
