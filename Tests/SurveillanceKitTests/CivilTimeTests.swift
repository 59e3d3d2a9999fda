import SurveillanceKit
import Testing

@Suite("The calendar")
struct CivilTimeTests {
    @Test("gives every day from year 1 to 9999 one number, and back")
    func roundTrip() throws {
        var expected = try #require(CivilDate(year: 1, month: 1, day: 1)).daysSince1970
        for year in [1, 4, 100, 1899, 1900, 1970, 1999, 2000, 2024, 2026, 9999] {
            expected = try #require(CivilDate(year: year, month: 1, day: 1)).daysSince1970
            for month in 1...12 {
                for day in 1...CivilDate.days(inMonth: month, year: year) {
                    let date = try #require(CivilDate(year: year, month: month, day: day))
                    #expect(date.daysSince1970 == expected && date.yearMonthDay == (year, month, day))
                    expected += 1
                }
            }
        }
    }

    @Test(
        "begins at 1970-01-01, and knows leap years",
        arguments: [
            (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 3, 1, 11017), (2024, 2, 29, 19782), (2026, 11, 6, 20763),
        ])
    func known(year: Int, month: Int, day: Int, number: Int) {
        #expect(CivilDate(year: year, month: month, day: day)?.daysSince1970 == number)
    }

    @Test(
        "has no other days",
        arguments: [
            (1990, 2, 30), (1900, 2, 29), (2026, 4, 31), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (0, 1, 1),
            (10_000, 1, 1),
        ])
    func impossible(year: Int, month: Int, day: Int) { #expect(CivilDate(year: year, month: month, day: day) == nil) }

    @Test(
        "counts full years as ages are counted",
        arguments: [
            ((1980, 5, 6), (2026, 5, 5), 45), ((1980, 5, 6), (2026, 5, 6), 46), ((2024, 2, 29), (2025, 2, 28), 0),
            ((2024, 2, 29), (2025, 3, 1), 1),
            ((2026, 1, 1), (2025, 12, 31), -1),
        ])
    func ages(born: (Int, Int, Int), seen: (Int, Int, Int), years: Int) throws {
        let start = try #require(CivilDate(year: born.0, month: born.1, day: born.2))
        let end = try #require(CivilDate(year: seen.0, month: seen.1, day: seen.2))
        #expect(CivilDate.fullYears(from: start, to: end) == years)
    }
}
