public import Accounts
public import Intake
public import SurveillanceKit
public import Timeliness

/// Who owes what by when, and what came of it.
///
/// Every answer is for a scope: a hospital sees its own, a province its institutions.
public protocol DutyServices: Sendable {
    /// The zone in which a program's deadlines are told; nil where there is no such program.
    func zone(of program: String) -> CivilZone?

    /// Institutions within a scope, in the order of their codes.
    func institutions(in scope: Scope) -> [Institution]

    /// Obligations as they are now, by deadline, institution, program and kind.
    func obligations(_ query: ObligationQuery, in scope: Scope) async throws -> ObligationPage

    /// What falls due on a day at an institution for a program, each with the rules and facts behind it; where nothing is owed, why.
    ///
    /// - Returns: nil where there is no such program, or no such institution within the scope.
    func explanations(
        of institution: String, _ program: String, dueOn day: CivilDate, in scope: Scope
    ) async throws -> [DutyExplanation]?

    /// How many obligations that fall due on a day are in each state, for each program and region.
    ///
    /// - Parameter levels: those of the institutions that count; empty for all.
    func board(dueOn day: CivilDate, levels: Set<Institution.Level>, in scope: Scope) async throws -> DutyBoard

    /// What the days hold that the programs' reports cover, up to today; programs of which an institution has sent nothing are left out.
    func coverage(of institution: String, in scope: Scope) async throws -> [DutyCoverage]

    /// How many obligations of a program that fall due on each of some days are in each state.
    func calendar(
        of program: String, dueOn days: ClosedRange<CivilDate>, in scope: Scope
    ) async throws -> [CivilDate: StateCounts]

    /// How many institutions of each region have rows for a day, by program; regions as those of the board. It may be half a minute old.
    func filled(_ day: CivilDate, in scope: Scope) async throws -> [DutyFilled]

    /// The feeds that have fallen silent, or shrunk, since an instant: whoever was told a notice of it.
    func silentFeeds(since: Instant, in scope: Scope) async throws -> [SilentFeed]

    /// Says for the account's institution that there were no cases on a day.
    ///
    /// - Parameter idempotencyKey: a repetition of a request with the same key is answered with the first one's submission.
    /// - Returns: what was recorded: it has a signed receipt as every other.
    /// - Throws: `Problem` for an unknown program, a day that has not begun, or for which nothing is owed.
    func reportZero(
        _ program: String, on day: CivilDate, by account: Account, from address: String, idempotencyKey: String?
    ) async throws -> Recorded
}

/// A program's feed of an institution that brings nothing, or far less than usual.
public struct SilentFeed: Hashable, Sendable {
    public var program: String
    public var institution: String

    public init(program: String, institution: String) {
        (self.program, self.institution) = (program, institution)
    }
}

extension DutyServices {
    /// As above, for a form, which has no key.
    public func reportZero(
        _ program: String, on day: CivilDate, by account: Account, from address: String
    ) async throws -> Submission {
        try await reportZero(program, on: day, by: account, from: address, idempotencyKey: nil).submission
    }
}

extension DutyServices {
    /// Today where the deadlines of the first of some programs are told.
    func today(_ programs: [Program], at now: Instant) -> CivilDate {
        let zone = programs.lazy.compactMap { self.zone(of: $0.id) }.first
        return zone?.day(at: now) ?? CivilDate(daysSince1970: Int(now.seconds / 86_400))
    }
}

/// Which obligations are asked for.
public struct ObligationQuery: Hashable, Sendable {
    public var program: String?
    public var institution: String?
    /// Those of the institutions in it.
    public var region: Region?
    /// The civil days on which they fall due, in the program's zone.
    public var dueOn: ClosedRange<CivilDate>
    public var states: Set<Obligation.State>
    /// Those of the institutions that count; empty for all.
    public var levels: Set<Institution.Level>
    /// Whether each comes with the rules and facts behind it.
    public var wantsReasons: Bool
    /// At most as many are answered.
    public var limit: Int
    /// Where an earlier page ended.
    public var after: String?

    /// - Parameter states: empty for every state.
    public init(
        dueOn: ClosedRange<CivilDate>, program: String? = nil, institution: String? = nil, region: Region? = nil,
        states: Set<Obligation.State> = [], levels: Set<Institution.Level> = [], wantsReasons: Bool = false,
        limit: Int = 100, after: String? = nil
    ) {
        self.dueOn = dueOn
        self.program = program
        self.institution = institution
        self.region = region
        self.states = states
        self.levels = levels
        self.wantsReasons = wantsReasons
        self.limit = limit
        self.after = after
    }
}

/// Some of the obligations that were asked for.
public struct ObligationPage: Sendable {
    public struct Item: Sendable {
        public var obligation: Obligation
        /// Empty where nobody asked for them.
        public var reasons: [DutyReason]

        public init(_ obligation: Obligation, reasons: [DutyReason] = []) {
            self.obligation = obligation
            self.reasons = reasons
        }
    }

    public var items: [Item]
    /// How many there are over all pages; nil where that would take judging several days of many institutions.
    public var total: Int?
    /// With what the next page is asked for; nil after the last.
    public var next: String?
    /// What could not be judged, and why.
    public var unjudged: [DutyError]

    public init(_ items: [Item], total: Int? = nil, next: String? = nil, unjudged: [DutyError] = []) {
        self.items = items
        self.total = total
        self.next = next
        self.unjudged = unjudged
    }
}

/// The state of a day: one row for each program and region.
public struct DutyBoard: Sendable {
    public struct Row: Hashable, Sendable {
        public var program: String
        /// The GB/T 2260 prefix: two digits for the nation's provinces, four for a province's prefectures, six below.
        public var region: String
        public var counts: StateCounts

        public init(program: String, region: String, counts: StateCounts) {
            self.program = program
            self.region = region
            self.counts = counts
        }
    }

    public var day: CivilDate
    /// As of when.
    public var at: Instant
    /// By program and region.
    public var rows: [Row]
    /// What could not be judged, and why.
    public var unjudged: [DutyError]

    public init(day: CivilDate, at: Instant, rows: [Row], unjudged: [DutyError] = []) {
        self.day = day
        self.at = at
        self.rows = rows
        self.unjudged = unjudged
    }
}

/// Whether a text is where a page of obligations may end.
public enum ObligationPlace {
    /// The day, the deadline in milliseconds, program, kind, institution.
    public static func parts(_ text: String) -> (
        day: CivilDate, dueAt: Int64, program: String, kind: String, institution: String
    )? {
        let parts = text.split(separator: "~", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, let day = CivilDate(parts[0]), let dueAt = Int64(parts[1]) else { return nil }
        return (day, dueAt, parts[2], parts[3], parts[4])
    }

    public static func isOne(_ text: String) -> Bool { parts(text) != nil }
}

/// What the days hold that a program's reports of an institution cover.
public struct DutyCoverage: Sendable {
    public struct Day: Hashable, Sendable {
        public var day: CivilDate
        public var rows: Int
        /// Nil for a day that is not over.
        public var verdict: UsualRows.Verdict?
        /// How many are usual; nil where the history is too short to say.
        public var expected: Double?

        public init(day: CivilDate, rows: Int, verdict: UsualRows.Verdict?, expected: Double?) {
            self.day = day
            self.rows = rows
            self.verdict = verdict
            self.expected = expected
        }
    }

    public var program: String
    /// The earliest first.
    public var days: [Day]

    public init(program: String, days: [Day]) {
        self.program = program
        self.days = days
    }
}

/// How many institutions of a region have rows for a day.
public struct DutyFilled: Hashable, Sendable {
    public var program: String
    public var region: String
    public var institutions: Int

    public init(program: String, region: String, institutions: Int) {
        self.program = program
        self.region = region
        self.institutions = institutions
    }
}
