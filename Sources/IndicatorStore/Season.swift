import SurveillanceKit

/// The surveillance season of influenza: ISO week 14 to week 13 of the year after. Source: 全国流感监测技术指南（2017）.
enum Season {
    /// The Monday of week 14 with which the season of a day began.
    static func start(of day: CivilDate) -> CivilDate {
        let year = day.yearMonthDay.year
        for candidate in [year + 1, year, year - 1] {
            if let start = week14(of: candidate), start.daysSince1970 <= day.daysSince1970 { return start }
        }
        return day.monday
    }

    private static func week14(of year: Int) -> CivilDate? {
        // 4 January is always in week 1.
        CivilDate(year: year, month: 1, day: 4)?.monday.advanced(byDays: 13 * 7)
    }
}
