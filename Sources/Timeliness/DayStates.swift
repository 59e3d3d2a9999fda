public import SurveillanceKit

/// How many obligations that fall due on one day are in each state, for every program and region; kept up to date one institution at a time.
///
/// Between two deadlines only what is received changes it, so a board that is asked for again costs nothing.
public struct DayStates: Sendable {
    public let day: CivilDate
    /// As of when it was judged as a whole.
    public let at: Instant
    /// From then on some states are others, though nothing is received.
    public private(set) var changesAt = Instant.distantFuture
    /// Programs that cannot be judged on this day.
    public let unjudged: [DutyError]
    /// By the place of the program; nil where nothing of it is judged.
    public let tables: [DutyPeriods?]
    /// By the places of program and institution.
    private var counts: [[Packed]]
    /// By the places of program and region.
    private var sums: [[StateCounts]]

    /// Counts of an institution's obligations, ten bits for each state.
    private struct Packed {
        var bits: UInt64 = 0

        mutating func add(_ state: Obligation.State) { bits += 1 << UInt64(10 * state.place) }
    }

    /// - Parameter receipts: by the place of the program, then of the institution.
    public init(
        _ roster: DutyRoster, day: CivilDate, at now: Instant,
        receipts: (_ program: Int) -> (_ institution: Int) -> DutyReceipts
    ) {
        self.day = day
        at = now
        (tables, unjudged) = roster.tables(dueOn: day...day)
        let institutions = roster.book.institutions
        counts = tables.map { $0 == nil ? [] : Array(repeating: Packed(), count: institutions.count) }
        sums = tables.map { $0 == nil ? [] : Array(repeating: StateCounts(), count: roster.regions.count) }
        for (program, table) in tables.enumerated() {
            guard let table else { continue }
            let receipts = receipts(program)
            let (duties, ready) = (roster.book.programs[program], roster.ready[program])
            for place in institutions.indices {
                let packed = judged(duties, ready[place], table, receipts(place), at: now)
                counts[program][place] = packed
                sums[program][roster.regionPlaces[place]].add(packed.bits, sign: 1)
            }
        }
    }

    /// Judges one institution's obligations for one program again, as of the instant at which all were judged.
    public mutating func update(
        _ roster: DutyRoster, _ institution: Int, _ program: Int, _ receipts: DutyReceipts, at now: Instant
    ) {
        guard let table = tables[program] else { return }
        let region = roster.regionPlaces[institution]
        let packed = judged(
            roster.book.programs[program], roster.ready[program][institution], table, receipts, at: now)
        sums[program][region].add(counts[program][institution].bits, sign: -1)
        sums[program][region].add(packed.bits, sign: 1)
        counts[program][institution] = packed
    }

    private mutating func judged(
        _ duties: ProgramDuties, _ owing: DutyRoster.Ready?, _ table: DutyPeriods, _ receipts: DutyReceipts,
        at now: Instant
    ) -> Packed {
        guard let owing else { return Packed() }
        var packed = Packed()
        var next = Instant.distantFuture
        duties.judge(owing.institution, receipts, table, at: now) { judgement in
            packed.add(judgement.state)
            next = min(next, judgement.changesAt)
        }
        if let last = receipts.all.last?.receivedAt, last > now { next = min(next, last) }
        changesAt = min(changesAt, next)
        return packed
    }

    /// The counts of each program and of each part of a scope: provinces of the nation, prefectures of a province, counties below.
    ///
    /// - Parameter levels: those of the institutions that count; empty for all.
    public func rows(
        in scope: Scope, levels: Set<Institution.Level> = [], _ roster: DutyRoster
    ) -> [(program: String, region: String, counts: StateCounts)] {
        var rows: [(String, String, StateCounts)] = []
        for (program, duties) in roster.book.programs.enumerated() where tables[program] != nil {
            var parts: [String: StateCounts] = [:]
            switch scope {
            case _ where !levels.isEmpty:
                for (place, institution) in roster.book.institutions.enumerated() {
                    guard scope.covers(institution: institution.code, in: institution.region),
                        levels.contains(institution.level)
                    else { continue }
                    parts[String(institution.region.prefix(scope.boardDigits)), default: StateCounts()]
                        .add(counts[program][place].bits, sign: 1)
                }
            case .nothing: break
            case .institution(let code):
                guard let place = roster.place(ofInstitution: code) else { break }
                parts[roster.book.institutions[place].region, default: StateCounts()]
                    .add(counts[program][place].bits, sign: 1)
            case .nation:
                for (region, sum) in zip(roster.regions, sums[program]) {
                    parts[String(region.prefix(2)), default: StateCounts()].add(sum)
                }
            case .region(let own):
                for (region, sum) in zip(roster.regions, sums[program]) where own.contains(region) {
                    parts[String(region.prefix(scope.boardDigits)), default: StateCounts()].add(sum)
                }
            }
            for (region, sum) in parts.sorted(by: { $0.key < $1.key }) where !sum.isEmpty {
                rows.append((duties.program, region, sum))
            }
        }
        return rows
    }

    /// The counts of each program over all institutions.
    public func totals(_ roster: DutyRoster) -> [(program: String, counts: StateCounts)] {
        zip(roster.book.programs, sums).map { duties, sums in
            (duties.program, sums.reduce(into: StateCounts()) { $0.add($1) })
        }
    }
}

extension Scope {
    /// How many digits tell the parts of a scope apart on a board.
    fileprivate var boardDigits: Int {
        switch self {
        case .nation: 2
        case .region(let own): min(6, own.prefix.utf8.count + 2)
        case .institution, .nothing: 6
        }
    }
}

/// How many obligations are in each state.
public struct StateCounts: Hashable, Sendable {
    private var numbers = SIMD8<Int>()

    public init() {}

    public subscript(state: Obligation.State) -> Int { numbers[state.place] }

    public var isEmpty: Bool { numbers == SIMD8() }

    /// Only states that some are in.
    public var byState: [Obligation.State: Int] {
        var counts: [Obligation.State: Int] = [:]
        for state in Obligation.State.allCases where self[state] != 0 { counts[state] = self[state] }
        return counts
    }

    public mutating func add(_ state: Obligation.State) { numbers[state.place] += 1 }

    public mutating func add(_ other: StateCounts) {
        numbers &+= other.numbers
    }

    mutating func add(_ bits: UInt64, sign: Int) {
        guard bits != 0 else { return }
        for place in 0..<6 { numbers[place] += sign * Int(bits >> UInt64(10 * place) & 1023) }
    }
}

extension Obligation.State {
    var place: Int {
        switch self {
        case .upcoming: 0
        case .due: 1
        case .inTime: 2
        case .late: 3
        case .missing: 4
        case .exempt: 5
        }
    }
}
