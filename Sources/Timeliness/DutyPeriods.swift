public import SurveillanceKit

/// The periods of a program's recurring reports that fall due on some days, and all that is the same for every institution.
///
/// Made once and used for every institution: a judgement then compares whole numbers.
public struct DutyPeriods: Sendable {
    let days: ClosedRange<Int>
    /// Whether reports that come once are judged whenever they are due: rules that move their deadline are compared so.
    var hasEveryOnce = false
    /// By slot, and in a slot by day.
    var periods: [Period] = []
    /// For each period the deadlines for the classes of institutions, one after the other.
    var dues: [Due] = []

    struct Period {
        var slot: Int
        /// The place of the rule in force.
        var rule: Int
        /// The days that the report covers.
        var from: Int
        var to: Int
        /// From here until there what is received is this period's.
        var opens: Int64
        var closes: Int64
        var firstDue: Int
        var dueCount: Int
        /// The condition that institutions in scope meet; 0 for none, where nobody is in scope but who is added by name.
        var scope: UInt64
        var graceMilliseconds: Int64
        /// Whether a zero report that names the period's last day is for it.
        var isForOneDay: Bool
    }

    struct Due {
        /// 0 for all that are left.
        var condition: UInt64
        var at: Int64
        var day: Int
        /// The place among the rule's deadlines.
        var place: Int
    }
}

extension ProgramDuties {
    /// The periods that fall due on some days.
    ///
    /// - Throws: where a deadline depends on a working day of a year that the calendar does not know.
    public func periods(dueOn days: ClosedRange<CivilDate>) throws(DutyError) -> DutyPeriods {
        var table = DutyPeriods(days: days.lowerBound.daysSince1970...days.upperBound.daysSince1970)
        for (place, slot) in slots.enumerated() where slot.kind.isRecurring {
            switch slot.kind {
            case .daily, .workingDays: try addDays(slot, place, to: &table)
            case .weekly: try addWeeks(slot, place, to: &table)
            case .monthly: try addMonths(slot, place, to: &table)
            case .firstReport, .once, .afterEvent: break
            }
        }
        return table
    }

    private func addDays(_ slot: Slot, _ place: Int, to table: inout DutyPeriods) throws(DutyError) {
        for number in table.days {
            let day = CivilDate(daysSince1970: number)
            guard let rule = rule(of: slot, on: number) else { continue }
            var next = day.advanced(byDays: 1)
            if slot.kind == .workingDays {
                guard try isWorkingDay(day, rule) else { continue }
                while calendar.isWorkingDay(next) == false { next = next.advanced(byDays: 1) }
            }
            guard case .days(let count) = rules[rule].covers else { continue }
            try add(
                slot: place, rule: rule, from: number - count + 1, to: number, opens: day, closes: next,
                isForOneDay: true, to: &table
            ) { due throws(DutyError) in due.point == .sameDay ? day : nil }
        }
    }

    private func addWeeks(_ slot: Slot, _ place: Int, to table: inout DutyPeriods) throws(DutyError) {
        var monday = CivilDate(daysSince1970: table.days.lowerBound).monday
        while monday.daysSince1970 <= table.days.upperBound {
            let opens = monday
            monday = monday.advanced(byDays: 7)
            guard let rule = rule(of: slot, on: opens.daysSince1970 - 1) else { continue }
            try add(
                slot: place, rule: rule, from: opens.daysSince1970 - 7, to: opens.daysSince1970 - 1, opens: opens,
                closes: monday, isForOneDay: false, to: &table
            ) { due throws(DutyError) in
                guard case .weekday(let weekday) = due.point else { return nil }
                return opens.advanced(byDays: weekday - 1)
            }
        }
    }

    private func addMonths(_ slot: Slot, _ place: Int, to table: inout DutyPeriods) throws(DutyError) {
        var month = CivilDate(daysSince1970: table.days.lowerBound).firstOfMonth
        while month.daysSince1970 <= table.days.upperBound {
            let opens = month
            month = month.firstOfNextMonth
            let last = opens.advanced(byDays: -1)
            guard let rule = rule(of: slot, on: last.daysSince1970) else { continue }
            try add(
                slot: place, rule: rule, from: last.firstOfMonth.daysSince1970, to: last.daysSince1970, opens: opens,
                closes: month, isForOneDay: false, to: &table
            ) { due throws(DutyError) in
                switch due.point {
                case .dayOfMonth(let day): return opens.advanced(byDays: day - 1)
                case .workingDay(let number):
                    guard let day = calendar.workingDay(number, ofMonth: opens) else {
                        throw unknown(opens, rule)
                    }
                    return day
                default: return nil
                }
            }
        }
    }

    private func add(
        slot: Int, rule: Int, from: Int, to: Int, opens: CivilDate, closes: CivilDate, isForOneDay: Bool,
        to table: inout DutyPeriods, day: (DeadlineRule.Due) throws(DutyError) -> CivilDate?
    ) throws(DutyError) {
        let firstDue = table.dues.count
        for (place, due) in rules[rule].due.enumerated() {
            guard let day = try day(due) else { continue }
            table.dues.append(
                DutyPeriods.Due(
                    condition: bit(due.condition) ?? 0, at: zone.instant(day, due.time).milliseconds,
                    day: day.daysSince1970, place: place))
        }
        table.periods.append(
            DutyPeriods.Period(
                slot: slot, rule: rule, from: max(from, dataSince), to: to,
                opens: zone.instant(opens, .midnight).milliseconds,
                closes: zone.instant(closes, .midnight).milliseconds, firstDue: firstDue,
                dueCount: table.dues.count - firstDue,
                scope: scopeTimeline.rule(on: to).flatMap { bit(scopes[$0].institutions) } ?? 0,
                graceMilliseconds: Int64(rules[rule].graceMinutes) * 60_000, isForOneDay: isForOneDay))
    }

    /// The place of a slot's rule on a day; none before the program takes reports.
    private func rule(of slot: Slot, on day: Int) -> Int? {
        guard day >= start else { return nil }
        return slot.timeline.rule(on: day).map { slot.rules[$0] }
    }

    private func isWorkingDay(_ day: CivilDate, _ rule: Int) throws(DutyError) -> Bool {
        guard let isWorking = calendar.isWorkingDay(day) else { throw unknown(day, rule) }
        return isWorking
    }

    private func unknown(_ day: CivilDate, _ rule: Int) -> DutyError {
        .unknownWorkingDays(
            year: day.yearMonthDay.year, program: program, rule: rules[rule].origin.place, known: calendar.knownYears)
    }
}
