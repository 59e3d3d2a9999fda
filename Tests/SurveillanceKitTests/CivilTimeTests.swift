import SurveillanceKit
import Testing

@Suite("Civil time")
struct CivilTimeTests {
    @Test("every day of four centuries comes back as it went in")
    func roundTrip() throws {
        for days in stride(from: -80_000, through: 80_000, by: 1) {
            let day = CivilDate(daysSince1970: days).yearMonthDay
            #expect(try #require(CivilDate(year: day.year, month: day.month, day: day.day)).daysSince1970 == days)
        }
    }

    @Test(
        "the calendar has no such day",
        arguments: [(1990, 2, 30), (2026, 2, 29), (1900, 2, 29), (2026, 13, 1), (2026, 0, 1), (2026, 4, 31), (0, 1, 1)])
    func refuses(year: Int, month: Int, day: Int) { #expect(CivilDate(year: year, month: month, day: day) == nil) }

    @Test("an age is counted in full years, the birthday included")
    func fullYears() throws {
        let birth = try #require(CivilDate(year: 1980, month: 8, day: 1))
        let before = try #require(CivilDate(year: 2026, month: 7, day: 31))
        let birthday = try #require(CivilDate(year: 2026, month: 8, day: 1))
        #expect(CivilDate.fullYears(from: birth, to: before) == 45)
        #expect(CivilDate.fullYears(from: birth, to: birthday) == 46)
    }

    @Test("moments are written as the standards write them, also before 1970")
    func text() {
        #expect(CivilText.text(0, withTime: true) == "1970-01-01 00:00:00")
        #expect(CivilText.text(-1, withTime: true) == "1969-12-31 23:59:59")
        #expect(CivilText.text(-86_400, withTime: false) == "1969-12-31")
    }
}
