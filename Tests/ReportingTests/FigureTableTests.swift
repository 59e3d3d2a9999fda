import Reporting
import SurveillanceKit
import Testing

@Suite("Figures as a table for a file")
struct FigureTableTests {
    private func lines(_ table: FigureTable) throws -> [String] {
        let export = table.exportTable
        var lines = [export.columns.map(\.title.en).joined(separator: ",")]
        while let row = try export.nextRow() { lines.append(row.map(\.text).joined(separator: ",")) }
        return lines
    }

    @Test("hidden, missing and too few are empty cells with their status, never a number")
    func statuses() throws {
        let week = try #require(FigurePeriod(key: "2026-W53"))
        let table = FigureTable(
            indicator: "fever-clinic/positivity", title: BilingualText(zh: "阳性率", en: "Positivity"),
            asOf: "2027-01-06T00:00:00+08:00", periods: .week,
            rows: [
                .init(week, region: "nation", Sample.figure(10, of: 30)),
                .init(week, region: "43", group: "0-4", .suppressed), .init(week, region: "44", .missing),
                .init(week, region: "45", Sample.figure(3, of: 10)),
                .init(week.next, region: "nation", Sample.figure(10, of: 30).asProvisional()),
            ])
        let start = "2027-01-06T00:00:00+08:00,2026-W53"
        #expect(
            try lines(table) == [
                "as_of,yearweek,region,age,indicator,value,numerator,denominator,lower,upper,status",
                "\(start),nation,total,fever-clinic/positivity,33.3333,10,30,19.2305,51.2199,final",
                "\(start),43,0-4,fever-clinic/positivity,,,,,,suppressed",
                "\(start),44,total,fever-clinic/positivity,,,,,,missing",
                "\(start),45,total,fever-clinic/positivity,,3,10,,,too-few",
                "2027-01-06T00:00:00+08:00,2027-W01,nation,total,fever-clinic/positivity,33.3333,10,30,19.2305,51.2199,provisional",
            ])
    }

    @Test("the column of periods is named by the period, and that of groups by what the figures are split by")
    func columns() throws {
        #expect(
            FigurePeriod.Kind.allCases.map(FigureTable.column) == ["date", "yearweek", "yearmonth", "season", "year"])
        let table = FigureTable(
            indicator: "x", title: BilingualText(zh: "x", en: "x"), asOf: "2027-01-06", periods: .day,
            dimension: "visit-type", rows: [])
        #expect(try lines(table)[0].hasPrefix("as_of,date,region,visit-type,indicator,"))
    }

    @Test("a negative number stays a number in the file")
    func negative() throws {
        let mean = Sample.indicator(.mean(of: IndicatorValue("x")), unit: "days", minimum: 0)
        let table = FigureTable(
            indicator: "x", title: BilingualText(zh: "x", en: "x"), asOf: "2027-01-06", periods: .year,
            rows: [
                .init(
                    FigurePeriod(.year, holding: CivilDate(daysSince1970: 0)), region: "nation",
                    Figure(mean, FigureSums(numerator: -3, denominator: 2)))
            ])
        let row = try #require(try table.exportTable.nextRow())
        #expect(row[5].text == "-1.5")
        // So an exporter puts no apostrophe before it.
        #expect(table.exportTable.comesBack && !FormulaGuard.concerns(row[5].text.utf8))
    }
}
