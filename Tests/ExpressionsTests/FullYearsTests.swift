import SurveillanceKit
import Testing

@testable import Expressions

@Suite("years(from, to) counts birthdays")
struct FullYearsTests {
    private func agree(_ start: Int, _ end: Int, _ seconds: Int64 = 0) -> Bool {
        let (from, to) = (CivilDate(daysSince1970: start), CivilDate(daysSince1970: end))
        return Calendar.years(from: Int64(start) * 86_400, to: Int64(end) * 86_400 + seconds)
            == Int64(CivilDate.fullYears(from: from, to: to))
    }

    @Test(
        "on the days round every birthday of a life, whatever the leap years",
        arguments: [
            (1600, 2, 29), (1700, 2, 28), (1799, 3, 1), (1800, 1, 1), (1896, 2, 29), (1899, 12, 31), (1900, 3, 1),
            (1903, 3, 1), (1904, 2, 29), (1980, 6, 15), (1999, 12, 31), (2000, 2, 29), (2096, 2, 29),
        ])
    func birthdays(year: Int, month: Int, day: Int) throws {
        let start = try #require(CivilDate(year: year, month: month, day: day)).daysSince1970
        for age in 0...400 {
            for offset in -6...6 {
                let end = start + age * 146_097 / 400 + offset
                #expect(agree(start, end), "\(year)-\(month)-\(day), \(age) years and \(offset) days")
                #expect(agree(start, end, 86_399))
            }
        }
    }

    @Test("for any two days, also where the second comes first")
    func any() {
        var generator = SplitMix64(state: 7)
        for _ in 0..<20_000 {
            let start = Int.random(in: -200_000...100_000, using: &generator)
            let end = start + Int.random(in: -40_000...60_000, using: &generator)
            #expect(agree(start, end), "\(start) to \(end)")
        }
    }
}
