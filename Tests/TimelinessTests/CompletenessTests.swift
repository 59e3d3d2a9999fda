import CheckKit
import Foundation
import ProgramFiles
import Seeding
import SurveillanceKit
import Testing
import Timeliness
import Validation

@Suite("What reports hold, and when they come")
struct CompletenessTests {
    /// 500 where the environment asks for them; a part otherwise.
    private static let hospitals = ProcessInfo.processInfo.environment["VEDETTE_HOSPITALS"].flatMap { Int($0) } ?? 15

    private static let due = 17 * 3_600_000

    @Test(
        "a year of hospitals of which 0.1 % of the packages fail: each is named, with at most 1 false alarm in 10,000 days"
    )
    func year() throws {
        var chance = SeededGenerator(seed: 2024)
        let first = try #require(CivilDate("2024-01-01"))
        let dates = (0..<365).map { first.advanced(byDays: $0) }
        let calendar = try GoldenCases.calendar()
        let holidays = Set(dates.indices.filter { calendar.isWorkingDay(dates[$0]) == false && dates[$0].weekday < 6 })
        let fever = try #require(
            try Repository.registry.get().programs.map(\.program).first { $0.id == "fever-clinic" })
        let zone = try #require(CivilZone(fever.timeZone))
        var (faults, unnamed, falseAlarms, hospitalDays) = (0, 0, 0, 0)
        for number in 0..<CompletenessTests.hospitals {
            let year = YearOfHospital(&chance, weekdays: dates.map(\.weekday), holidays: holidays)
            let named = try named(year, number, dates, fever, zone, calendar)
            for (day, (rows, _, fault)) in year.days.enumerated() {
                hospitalDays += 1
                if fault != nil {
                    faults += 1
                    // A day of which nothing came is shown as such, whatever it was to hold.
                    if !named.told.contains(day), rows > 0 { unnamed += 1 }
                } else if named.alarms.contains(day) {
                    falseAlarms += 1
                }
            }
        }
        #expect(faults > 0)
        #expect(unnamed == 0, "of \(faults) faults")
        #expect(falseAlarms * 10_000 <= max(hospitalDays, 10_000), "\(falseAlarms) in \(hospitalDays) days")
        if CompletenessTests.hospitals >= 500 {
            print("\(faults) faults, \(falseAlarms) false alarms in \(hospitalDays) days")
        }
    }

    /// Days that the platform says something about: by an alarm, or by showing that they hold nothing.
    private func named(
        _ year: YearOfHospital, _ number: Int, _ dates: [CivilDate], _ program: Program, _ zone: CivilZone,
        _ calendar: WorkCalendar
    ) throws -> (alarms: Set<Int>, told: Set<Int>) {
        var (alarms, told) = (Set<Int>(), Set<Int>())
        var (rows, arrivals) = ([CivilDate: Int](), [Int]())
        for (day, (count, arrival, fault)) in year.days.enumerated() {
            // Before the deadline: nothing has come by the time at which it always has.
            let silentFrom = ArrivalHabit(arrivals).silentFrom(due: CompletenessTests.due)
            #expect(silentFrom < CompletenessTests.due)
            if fault == .dropped || arrival > silentFrom {
                alarms.insert(day)
                told.insert(day)
            }
            if fault != .dropped {
                arrivals.append(arrival)
                let verdict = UsualRows(rows, on: dates[day], calendar: calendar).verdict(fault == nil ? count : 0)
                if verdict.isAlarm { alarms.insert(day) }
                if verdict != .usual { told.insert(day) }
            }
            // The next package covers the day, too.
            rows[dates[day]] = count
        }
        let receipts = year.days.enumerated().filter { $0.element.fault != .dropped }.map { day, sent in
            DutyReceipt(
                receivedAt: Instant(
                    milliseconds: zone.instant(dates[day], .midnight).milliseconds + Int64(sent.arrival)),
                outcome: .accepted)
        }
        let hospital = Institution(
            code: "H\(number)", name: BilingualText(zh: "院", en: "H"), level: .secondary, region: "110105",
            hasFeverClinic: true)
        let book = try DutyBook([program], calendar: calendar, institutions: [hospital])
        try book.forEach(
            dueOn: dates[0]...dates[364], at: zone.instant(dates[364], .endOfDay),
            receipts: { _, _ in DutyReceipts(receipts) }
        ) { obligation, _ in
            guard let day = dates.firstIndex(of: obligation.to), obligation.kind == .daily else { return }
            #expect((obligation.state == .missing) == (year.days[day].fault == .dropped))
        }
        return (alarms, told)
    }

    @Test(
        "a feed that falls silent is told every day, a clinic that is closed on Sundays never, and a small one is left alone"
    )
    func silence() throws {
        let first = try #require(CivilDate("2024-03-04"))
        func days(_ count: Int, _ rows: (CivilDate) -> Int) -> [CivilDate: Int] {
            var days: [CivilDate: Int] = [:]
            for number in 0..<count {
                let day = first.advanced(byDays: number)
                if rows(day) > 0 { days[day] = rows(day) }
            }
            return days
        }
        // Silent from the 40th day on.
        let silent = days(40) { _ in 100 }
        for number in 40..<60 {
            let usual = UsualRows(silent, on: first.advanced(byDays: number), calendar: .none)
            #expect(usual.verdict(0) == .none(expected: 100))
        }
        let closed = days(60) { $0.weekday == 7 ? 0 : 80 }
        let sunday = first.advanced(byDays: 62)
        #expect(sunday.weekday == 7)
        #expect(UsualRows(closed, on: sunday, calendar: .none).verdict(0) == .noneUnjudged)
        #expect(UsualRows(closed, on: sunday.advanced(byDays: 1), calendar: .none).verdict(0) == .none(expected: 80))
        #expect(UsualRows(closed, on: sunday.advanced(byDays: 1), calendar: .none).verdict(10) == .fewer(expected: 80))
        #expect(UsualRows(closed, on: sunday.advanced(byDays: 1), calendar: .none).verdict(70) == .usual)
        let small = days(60) { $0.daysSince1970 % 3 == 0 ? 2 : 0 }
        #expect(UsualRows(small, on: first.advanced(byDays: 60), calendar: .none).verdict(0) == .noneUnjudged)
        let short = days(20) { _ in 100 }
        #expect(UsualRows(short, on: first.advanced(byDays: 20), calendar: .none).verdict(0) == .noneUnjudged)
        #expect(UsualRows([:], on: first, calendar: .none).verdict(0) == .noneUnjudged)
    }

    @Test("who always reports by ten is missed at half past ten, and everyone an hour before the deadline")
    func habit() {
        let ten = 10 * 3_600_000
        let regular = ArrivalHabit((0..<30).map { ten - $0 % 5 * 60_000 })
        #expect(regular.silentFrom(due: CompletenessTests.due) == ten + 21 * 60_000)
        #expect(ArrivalHabit(Array(repeating: ten, count: 13)).silentFrom(due: CompletenessTests.due) == 16 * 3_600_000)
        let late = ArrivalHabit((0..<30).map { _ in 16 * 3_600_000 + 50 * 60_000 })
        #expect(late.silentFrom(due: CompletenessTests.due) == 16 * 3_600_000)
    }
}
