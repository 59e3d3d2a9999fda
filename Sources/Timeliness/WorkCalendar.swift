public import SurveillanceKit

/// Which days are working days: Monday to Friday, but for holidays, and days on which the work of a holiday is made up for (调休).
public struct WorkCalendar: Sendable {
    public static let none = WorkCalendar()

    /// The years of which holidays and make-up workdays are known.
    private var years: Set<Int> = []
    private var holidays: Set<Int> = []
    private var workdays: Set<Int> = []

    public init() {}

    /// Adds what was announced for a year.
    public mutating func add(year: Int, holidays: some Sequence<CivilDate>, workdays: some Sequence<CivilDate>) {
        years.insert(year)
        self.holidays.formUnion(holidays.map(\.daysSince1970))
        self.workdays.formUnion(workdays.map(\.daysSince1970))
    }

    public func knows(_ day: CivilDate) -> Bool { years.contains(day.yearMonthDay.year) }

    /// `2020–2026`; for messages.
    public var knownYears: String {
        guard let first = years.min(), let last = years.max() else { return "-" }
        let runs = first == last ? "\(first)" : "\(first)–\(last)"
        return years.count == last - first + 1 ? runs : years.sorted().map(String.init).joined(separator: ", ")
    }

    /// - Returns: nil where the day's year is not known: nothing is guessed.
    public func isWorkingDay(_ day: CivilDate) -> Bool? {
        guard knows(day) else { return nil }
        if workdays.contains(day.daysSince1970) { return true }
        return day.weekday <= 5 && !holidays.contains(day.daysSince1970)
    }

    /// The n-th working day of the month that begins with a day, or the month's last one where it has fewer.
    ///
    /// - Returns: nil where the month's year is not known.
    public func workingDay(_ number: Int, ofMonth first: CivilDate) -> CivilDate? {
        var left = number
        var last: CivilDate?
        var day = first
        while day < first.firstOfNextMonth {
            guard let isWorking = isWorkingDay(day) else { return nil }
            if isWorking {
                last = day
                left -= 1
                if left == 0 { return day }
            }
            day = day.advanced(byDays: 1)
        }
        return last
    }
}
