import SurveillanceKit
import Testing

@Suite("Periods of figures")
struct FigurePeriodTests {
    private func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    @Test(
        "each day has one period of each kind",
        arguments: [
            ("2026-11-29", FigurePeriod.Kind.day, "2026-11-29", "2026-11-29", "2026-11-29"),
            ("2026-11-29", .week, "2026-W48", "2026-11-23", "2026-11-29"),
            ("2026-11-30", .week, "2026-W49", "2026-11-30", "2026-12-06"),
            // 2026 begins on a Thursday, so it has 53 weeks, the last of which ends in 2027.
            ("2025-12-29", .week, "2026-W01", "2025-12-29", "2026-01-04"),
            ("2026-12-31", .week, "2026-W53", "2026-12-28", "2027-01-03"),
            ("2027-01-01", .week, "2026-W53", "2026-12-28", "2027-01-03"),
            ("2027-01-02", .week, "2026-W53", "2026-12-28", "2027-01-03"),
            ("2027-01-03", .week, "2026-W53", "2026-12-28", "2027-01-03"),
            ("2027-01-04", .week, "2027-W01", "2027-01-04", "2027-01-10"),
            ("2024-02-29", .month, "2024-02", "2024-02-01", "2024-02-29"),
            ("2100-02-28", .month, "2100-02", "2100-02-01", "2100-02-28"),
            ("2026-12-31", .month, "2026-12", "2026-12-01", "2026-12-31"),
            // Week 14 to week 13; the season that begins in 2026 has 52 + 1 weeks.
            ("2026-03-29", .season, "2025-W14/2026-W13", "2025-03-31", "2026-03-29"),
            ("2026-03-30", .season, "2026-W14/2027-W13", "2026-03-30", "2027-04-04"),
            ("2027-01-02", .season, "2026-W14/2027-W13", "2026-03-30", "2027-04-04"),
            ("2027-04-04", .season, "2026-W14/2027-W13", "2026-03-30", "2027-04-04"),
            ("2027-04-05", .season, "2027-W14/2028-W13", "2027-04-05", "2028-04-02"),
            ("2024-02-29", .year, "2024", "2024-01-01", "2024-12-31"),
            ("2027-01-01", .year, "2027", "2027-01-01", "2027-12-31"),
        ])
    func periodOfDay(text: String, kind: FigurePeriod.Kind, key: String, first: String, last: String) throws {
        let period = FigurePeriod(kind, holding: try day(text))
        #expect(period.key == key)
        #expect("\(period.first)" == first)
        #expect("\(period.last)" == last)
        #expect(FigurePeriod(key: key) == period)
    }

    @Test("every day of some twelve years lies in its periods, which follow each other without a gap")
    func noGaps() throws {
        for kind in FigurePeriod.Kind.allCases {
            var period = FigurePeriod(kind, holding: try day("1999-12-31"))
            for number in try day("1999-12-31").daysSince1970...day("2012-01-10").daysSince1970 {
                let day = CivilDate(daysSince1970: number)
                if !period.contains(day) {
                    #expect(period.last.advanced(byDays: 1) == day)
                    #expect(FigurePeriod(kind, holding: day).previous == period)
                    period = period.next
                }
                #expect(FigurePeriod(kind, holding: day) == period)
                #expect(FigurePeriod(key: period.key) == period)
            }
        }
    }

    @Test(
        "what no period is called is none",
        arguments: [
            "", "2026-W00", "2025-W53", "2026-W54", "2026-W5", "2026-w49", "2026-13", "2026-02-30", "2026-2", "26",
            "2026-W14/2027-W14", "2026-W15/2027-W14", "2026/2027", "２０２６", "+026", "2026-W+1", "-026-W10",
        ])
    func noPeriod(key: String) {
        #expect(FigurePeriod(key: key) == nil)
    }

    @Test("people read the week with its days")
    func labels() throws {
        let day = try day("2026-12-01")
        #expect(FigurePeriod(.week, holding: day).label.zh == "2026年第49周（11-30—12-06）")
        #expect(FigurePeriod(.week, holding: day).label.en == "2026 week 49 (11-30 to 12-06)")
        #expect(FigurePeriod(.month, holding: day).label.zh == "2026年12月")
        #expect(FigurePeriod(.season, holding: day).label.zh == "2026—2027监测年度（2026年第14周至2027年第13周）")
        #expect(FigurePeriod(.year, holding: day).label.en == "2026")
    }

    @Test("the weeks of some days are those that hold any of them")
    func all() throws {
        let weeks = FigurePeriod.all(.week, in: try day("2026-12-27")...day("2027-01-04"))
        #expect(weeks.map(\.key) == ["2026-W52", "2026-W53", "2027-W01"])
        #expect(FigurePeriod.all(.day, in: try day("2026-12-27")...day("2026-12-27")).count == 1)
    }
}
