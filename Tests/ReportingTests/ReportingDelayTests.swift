import Reporting
import SurveillanceKit
import Testing

@Suite("Which of the last days are provisional")
struct ReportingDelayTests {
    private let today = CivilDate(daysSince1970: 20_786)

    /// Days that were 28 days old today or earlier, all with the same course; `per` of a thousand are known after each lag, the last stays.
    private func history(_ days: Int, _ perThousand: [Int64], records: Int64 = 1_000) -> [KnownRecords] {
        (0..<days).map { age in
            KnownRecords(
                day: today.advanced(byDays: -28 - age),
                byLag: (0...28).map { records * perThousand[min($0, perThousand.count - 1)] / 1_000 })
        }
    }

    @Test("the last days are provisional up to the first lag at which 95 % are usually known")
    func lag() throws {
        let delay = try ReportingDelay(history(56, [300, 700, 900, 949, 950, 990, 1_000]), today: today)
        #expect(delay.provisionalDays == 4)
        #expect(delay.learnedFrom == 56)
        func isProvisional(_ daysAgo: Int) -> Bool {
            delay.isProvisional(FigurePeriod(.day, holding: today.advanced(byDays: -daysAgo)), today: today)
        }
        #expect((0...6).map(isProvisional) == [true, true, true, true, false, false, false])
    }

    @Test("a period is provisional if any of its days is")
    func periods() throws {
        let delay = try ReportingDelay(history(56, [500, 1_000]), today: today)
        #expect(delay.provisionalDays == 1)
        let (week, month) = (FigurePeriod(.week, holding: today), FigurePeriod(.month, holding: today))
        #expect(delay.isProvisional(week, today: today))
        #expect(delay.isProvisional(week, today: week.last))
        #expect(!delay.isProvisional(week, today: week.last.advanced(byDays: 1)))
        #expect(delay.isProvisional(month, today: today))
        let figure = Sample.figure(10, of: 30)
        #expect(delay.marked(figure, of: week, today: today).status == .provisional)
        #expect(delay.marked(figure, of: week.previous, today: today).status == .final)
        #expect(delay.marked(.suppressed, of: week, today: today) == .suppressed)
    }

    @Test("where everything comes on the day itself nothing is provisional")
    func atOnce() throws {
        let delay = try ReportingDelay(history(56, [1_000]), today: today)
        #expect(delay.provisionalDays == 0)
        #expect(!delay.isProvisional(FigurePeriod(.day, holding: today), today: today))
    }

    @Test("one late day in three does not move the median, and withdrawals do not hurt")
    func median() throws {
        var days = history(36, [600, 980, 1_100, 1_000]) + history(56, [0, 0, 0, 0, 1_000]).suffix(18)
        #expect(try ReportingDelay(days, today: today).provisionalDays == 1)
        #expect(try ReportingDelay(days, today: today).medians[2] == 1_100_000)
        days = history(36, [600, 980]) + history(56, [0, 0, 0, 1_000]).suffix(18) + history(20, [0, 0, 0, 1_000])
        #expect(try ReportingDelay(days, today: today).provisionalDays == 3)
    }

    @Test(
        "days that are too young, too old, without records or cut short teach nothing, and too little history says so")
    func tooLittle() {
        let young = (0..<28).map {
            KnownRecords(day: today.advanced(byDays: -$0), byLag: Array(repeating: 9, count: 29))
        }
        let old = (84..<120).map {
            KnownRecords(day: today.advanced(byDays: -$0), byLag: Array(repeating: 9, count: 29))
        }
        let empty = history(56, [0])
        let short = history(56, [1_000]).map { KnownRecords(day: $0.day, byLag: Array($0.byLag.dropLast())) }
        for days in [young, old, empty, short, []] {
            #expect(throws: ReportingDelay.TooLittleHistory(days: 0)) { try ReportingDelay(days, today: today) }
        }
        #expect(throws: ReportingDelay.TooLittleHistory(days: 27)) {
            try ReportingDelay(history(27, [1_000]) + young, today: today)
        }
        #expect(throws: Never.self) { try ReportingDelay(history(28, [1_000]), today: today) }
        #expect(ReportingDelay.TooLittleHistory(days: 3).message.en.contains("there are 3"))
    }

    @Test("what is expected so far is told in percent, of the days that have begun")
    func expected() throws {
        let delay = try ReportingDelay(history(56, [300, 700, 900, 1_000]), today: today)
        let week = FigurePeriod(.week, holding: today)
        // Monday alone, then Monday to Wednesday: (900 + 700 + 300) / 3.
        #expect(delay.expectedPercent(week, today: week.first) == 30)
        #expect(delay.expectedPercent(week, today: week.first.advanced(byDays: 2)) == 63)
        #expect(delay.expectedPercent(week, today: week.last) == 84)
        #expect(delay.expectedPercent(week, today: week.last.advanced(byDays: 40)) == 100)
        #expect(delay.expectedPercent(week.next, today: week.last) == nil)
        #expect(ReportingDelay.expectation(86).en == "provisional: 86 % expected so far")
    }
}
