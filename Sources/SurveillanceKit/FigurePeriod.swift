/// The time that one point of a figure stands for: a day, an ISO week, a month, a surveillance season or a year.
///
/// Weeks run from Monday to Sunday; week 1 holds the year's first Thursday, so 2026 has 53 weeks and 2027-01-03 belongs to 2026-W53. A
/// season runs from week 14 to the next year's week 13. Source: ISO 8601; 全国流感监测技术指南 (2017).
public struct FigurePeriod: Hashable, Comparable, Sendable {
    public let kind: Kind
    public let first: CivilDate
    public let last: CivilDate

    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case day
        case week
        case month
        case season
        case year

        public var title: BilingualText {
            switch self {
            case .day: BilingualText(zh: "日", en: "day")
            case .week: BilingualText(zh: "周", en: "week")
            case .month: BilingualText(zh: "月", en: "month")
            case .season: BilingualText(zh: "监测年度", en: "season")
            case .year: BilingualText(zh: "年", en: "year")
            }
        }
    }

    /// The period to which a day belongs.
    public init(_ kind: Kind, holding day: CivilDate) {
        self.kind = kind
        switch kind {
        case .day: (first, last) = (day, day)
        case .week: (first, last) = (day.monday, day.monday.advanced(byDays: 6))
        case .month: (first, last) = (day.firstOfMonth, day.firstOfNextMonth.advanced(byDays: -1))
        case .season:
            let start = FigurePeriod.firstOfSeason(day)
            first = start
            last = start.advanced(byDays: 7 * start.weeksInISOYear - 1)
        case .year:
            let start = day.advanced(byDays: 1 - day.dayOfYear)
            first = start
            last = start.advanced(byDays: (CivilDate.isLeap(start.yearMonthDay.year) ? 366 : 365) - 1)
        }
    }

    /// The period with a key, or nil where no period has it: `2025-W53`, `2026-02-30`.
    public init?(key: String) {
        let day: CivilDate?
        let kind: Kind
        let parts = key.split(separator: "-", omittingEmptySubsequences: false)
        switch (key.utf8.count, parts.count) {
        case (10, 3): (kind, day) = (.day, CivilDate(key))
        case (8, 2): (kind, day) = (.week, FigurePeriod.monday(key))
        case (7, 2): (kind, day) = (.month, CivilDate(key + "-01"))
        case (17, 3): (kind, day) = (.season, FigurePeriod.monday(String(key.prefix(8))))
        case (4, 1): (kind, day) = (.year, CivilDate(key + "-01-01"))
        default: return nil
        }
        guard let day else { return nil }
        self.init(kind, holding: day)
        guard self.key == key else { return nil }
    }

    /// How addresses, tables and files call it: `2026-11-29`, `2026-W48`, `2026-11`, `2026-W14/2027-W13`, `2026`.
    public var key: String {
        switch kind {
        case .day: return "\(first)"
        case .week: return first.isoWeekKey
        case .month: return String("\(first)".prefix(7))
        case .season: return "\(first.isoWeekKey)/\(last.isoWeekKey)"
        case .year: return String("\(first)".prefix(4))
        }
    }

    /// What people read: `2026年第49周（11-30—12-06）`.
    public var label: BilingualText {
        let (year, month, _) = first.yearMonthDay
        switch kind {
        case .day: return BilingualText(zh: "\(first)", en: "\(first)")
        case .week:
            let (year, week) = first.isoWeek
            let days = ("\(first)".suffix(5), "\(last)".suffix(5))
            return BilingualText(
                zh: "\(year)年第\(week)周（\(days.0)—\(days.1)）", en: "\(year) week \(week) (\(days.0) to \(days.1))")
        case .month: return BilingualText(zh: "\(year)年\(month)月", en: key)
        case .season:
            let (start, end) = (first.isoWeek, last.isoWeek)
            return BilingualText(
                zh: "\(start.year)—\(end.year)监测年度（\(start.year)年第\(start.week)周至\(end.year)年第\(end.week)周）",
                en:
                    "season \(start.year)–\(end.year) (\(start.year) week \(start.week) to \(end.year) week \(end.week))"
            )
        case .year: return BilingualText(zh: "\(year)年", en: "\(year)")
        }
    }

    public var days: Int { last.daysSince1970 - first.daysSince1970 + 1 }
    public var next: FigurePeriod { FigurePeriod(kind, holding: last.advanced(byDays: 1)) }
    public var previous: FigurePeriod { FigurePeriod(kind, holding: first.advanced(byDays: -1)) }

    public func contains(_ day: CivilDate) -> Bool { first <= day && day <= last }

    /// Whether every day of another period lies in this one.
    public func contains(_ other: FigurePeriod) -> Bool { first <= other.first && other.last <= last }

    /// The periods that hold any of some days, in their order.
    public static func all(_ kind: Kind, in days: ClosedRange<CivilDate>) -> [FigurePeriod] {
        var periods = [FigurePeriod(kind, holding: days.lowerBound)]
        while let last = periods.last, last.last < days.upperBound { periods.append(last.next) }
        return periods
    }

    /// By the first day; of two that begin on one day the shorter stands first.
    public static func < (left: FigurePeriod, right: FigurePeriod) -> Bool {
        (left.first, left.last) < (right.first, right.last)
    }

    /// The week in which a surveillance season begins. Source: 全国流感监测技术指南 (2017).
    private static let firstWeekOfSeason = 14

    /// The Monday on which a day's season begins.
    private static func firstOfSeason(_ day: CivilDate) -> CivilDate {
        let monday = day.monday
        let week = monday.isoWeek.week
        if week >= firstWeekOfSeason { return monday.advanced(byDays: 7 * (firstWeekOfSeason - week)) }
        let lastOfYearBefore = monday.advanced(byDays: -7 * week)
        return lastOfYearBefore.advanced(byDays: 7 * (firstWeekOfSeason - lastOfYearBefore.isoWeek.week))
    }

    /// The Monday of `2026-W49`; what is written otherwise is refused by comparing keys.
    private static func monday(_ key: String) -> CivilDate? {
        guard let year = Int(key.prefix(4)), let week = Int(key.suffix(2)),
            let inFirstWeek = CivilDate(year: year, month: 1, day: 4)
        else { return nil }
        return inFirstWeek.monday.advanced(byDays: 7 * (week - 1))
    }
}

extension CivilDate {
    static func isLeap(_ year: Int) -> Bool { days(inMonth: 2, year: year) == 29 }

    /// From 1 to 366.
    public var dayOfYear: Int {
        let (year, month, day) = yearMonthDay
        return (1..<month).reduce(day) { $0 + CivilDate.days(inMonth: $1, year: year) }
    }

    /// The ISO week with the year to which it belongs: 2027-01-03 is in week 53 of 2026.
    public var isoWeek: (year: Int, week: Int) {
        let thursday = monday.advanced(byDays: 3)
        return (thursday.yearMonthDay.year, (thursday.dayOfYear - 1) / 7 + 1)
    }

    /// `2026-W49`
    public var isoWeekKey: String {
        let (year, week) = isoWeek
        func padded(_ number: Int, _ digits: Int) -> String {
            String(repeating: "0", count: max(0, digits - String(number).count)) + String(number)
        }
        return "\(padded(year, 4))-W\(padded(week, 2))"
    }

    /// How many weeks the ISO year of a Monday has: 52 or 53.
    var weeksInISOYear: Int {
        let week = isoWeek.week
        // The year's 52nd week is certain; the one after it is the 53rd or the next year's first.
        return monday.advanced(byDays: 7 * (53 - week)).isoWeek.week == 53 ? 53 : 52
    }
}
