import SurveillanceKit

/// Days by weeks, from a Monday to the Sunday of the week of today.
struct CalendarWeeks {
    var count: Int
    var today: CivilDate

    var days: ClosedRange<CivilDate> {
        let monday = today.advanced(byDays: 1 - today.weekday)
        return monday.advanced(byDays: -7 * (count - 1))...monday.advanced(byDays: 6)
    }

    /// - Parameter content: what stands on a day.
    func html(_ reader: Reader, _ content: (CivilDate) -> HTML) -> HTML {
        let names =
            reader.language == .zh
            ? ["一", "二", "三", "四", "五", "六", "日"] : ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
        let (first, last) = (days.lowerBound, days.upperBound)
        return div(.class("scroll")) {
            table(.class("calendar")) {
                caption(text: reader.say("\(first) 至 \(last)", "\(first) to \(last)"))
                thead { tr { for name in names { th(.scope("col"), text: name) } } }
                tbody {
                    for week in 0..<count {
                        tr {
                            for weekday in 0..<7 { cell(first.advanced(byDays: 7 * week + weekday), content) }
                        }
                    }
                }
            }
        }
    }

    private func cell(_ day: CivilDate, _ content: (CivilDate) -> HTML) -> HTML {
        let (_, month, dayOfMonth) = day.yearMonthDay
        return td(.class(day == today ? "today" : "day")) {
            small(text: dayOfMonth == 1 || day == days.lowerBound ? "\(month)-\(dayOfMonth)" : "\(dayOfMonth)")
            content(day)
        }
    }
}
