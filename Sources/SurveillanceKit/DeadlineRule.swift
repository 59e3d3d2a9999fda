/// By when a program wants which report, from a day on.
///
/// Rules of one kind (and, for those that have one, of one name) follow one another by `from`: each is in force until the day before
/// the next one's. A report belongs to the rule that is in force on the last day it covers.
public struct DeadlineRule: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// The first report of an institution, once. Recurring reports begin after it.
        case firstReport = "first-report"
        /// Every day, by a time of that day.
        case daily
        /// Every working day, by a time of that day.
        case workingDays = "working-days"
        /// For each ISO week, on a weekday of the week after it.
        case weekly
        /// For each month, on a day of the month after it.
        case monthly
        /// One report, by a day.
        case once
        /// Some days after an event that is no report: a death record that was archived.
        case afterEvent = "after-event"

        /// Whether it comes again and again, so that it begins after the first report.
        public var isRecurring: Bool {
            switch self {
            case .daily, .workingDays, .weekly, .monthly: true
            case .firstReport, .once, .afterEvent: false
            }
        }
    }

    public var kind: Kind
    /// Tells rules of kind `once` and `afterEvent` from others of theirs; nil for the other kinds.
    public var name: String?
    /// The first day on which it is in force.
    public var from: CivilDate
    /// The last one; nil until another rule follows.
    public var until: CivilDate?
    public var covers: Covered
    /// The first whose condition holds counts; the last has no condition.
    public var due: [Due]
    /// For how many minutes after the deadline an upload that began before it still counts as in time.
    public var graceMinutes: Int
    public var origin: RuleOrigin

    /// Which days a report speaks of.
    public enum Covered: Hashable, Sendable {
        /// As many days, of which the last is the day of the report.
        case days(Int)
        /// All since a day.
        case since(CivilDate)
        /// The ISO week or the month that the report is for.
        case period
        /// None: an event's report.
        case nothing
    }

    /// A deadline for those institutions for which a condition holds.
    public struct Due: Hashable, Sendable {
        /// An expression over the institution; nil for all that are left.
        public var condition: String?
        public var point: Point
        public var time: TimeOfDay

        public enum Point: Hashable, Sendable {
            /// The day of the report itself: daily, working days.
            case sameDay
            case date(CivilDate)
            /// Of the week after, 1 for Monday to 7.
            case weekday(Int)
            /// Of the month after, 1 to 28.
            case dayOfMonth(Int)
            /// The n-th working day of the month after.
            case workingDay(Int)
            /// As many days after the event.
            case daysAfter(Int)
        }

        public init(condition: String? = nil, point: Point, time: TimeOfDay) {
            self.condition = condition
            self.point = point
            self.time = time
        }
    }

    public init(
        kind: Kind, name: String? = nil, from: CivilDate, until: CivilDate? = nil, covers: Covered, due: [Due],
        graceMinutes: Int = 0, origin: RuleOrigin = RuleOrigin()
    ) {
        self.kind = kind
        self.name = name
        self.from = from
        self.until = until
        self.covers = covers
        self.due = due
        self.graceMinutes = graceMinutes
        self.origin = origin
    }
}

/// Who set a rule, where and when.
public struct RuleOrigin: Hashable, Sendable {
    /// A later one wins over an earlier one where both are in force.
    public enum Source: String, CaseIterable, Comparable, Sendable {
        /// The program's own folder.
        case program
        /// `Config/deadlines/`.
        case config
        /// The administrators' pages.
        case administrator

        public static func < (left: Source, right: Source) -> Bool { left.rank < right.rank }

        private var rank: Int { Source.allCases.firstIndex(of: self) ?? 0 }
    }

    public var source: Source
    /// `Surveillance/FeverClinic/program.json:25`; nil where it stands in no file.
    public var place: String?
    /// The day on which it was set; nil for a program's own rules, which are as old as the program.
    public var setOn: CivilDate?
    /// Why it was set.
    public var reason: BilingualText?
    /// It says that it changes days that had passed when it was set.
    public var isRetroactive: Bool

    public init(
        source: Source = .program, place: String? = nil, setOn: CivilDate? = nil, reason: BilingualText? = nil,
        isRetroactive: Bool = false
    ) {
        self.source = source
        self.place = place
        self.setOn = setOn
        self.reason = reason
        self.isRetroactive = isRetroactive
    }
}
