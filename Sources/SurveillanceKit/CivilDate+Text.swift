extension CivilDate: CustomStringConvertible {
    /// `2026-03-01`
    public var description: String { CivilText.text(Int64(daysSince1970) * 86_400, withTime: false) }
}

extension CivilDate {
    /// The day this many days later, or earlier where they are negative.
    public func advanced(byDays days: Int) -> CivilDate { CivilDate(daysSince1970: daysSince1970 + days) }

    /// 1 for Monday to 7 for Sunday, as ISO 8601 counts.
    public var weekday: Int {
        // 1970-01-01 was a Thursday.
        ((daysSince1970 + 3) % 7 + 7) % 7 + 1
    }

    /// The Monday of its ISO week.
    public var monday: CivilDate { advanced(byDays: 1 - weekday) }

    /// The first day of its month.
    public var firstOfMonth: CivilDate { advanced(byDays: 1 - yearMonthDay.day) }

    /// The first day of the month after its own.
    public var firstOfNextMonth: CivilDate {
        let (year, month, _) = yearMonthDay
        return firstOfMonth.advanced(byDays: CivilDate.days(inMonth: month, year: year))
    }
}
