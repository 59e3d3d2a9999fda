import Database
import Indicators
import Reporting
import SurveillanceKit

extension IndicatorStore {
    /// The figures of a definition that keeps values, week by week: those of weeks that have not changed are not worked out again.
    func weeks(
        _ question: WeekQuestion, _ definition: CompiledIndicator, _ program: IndicatorProgram, _ plan: FigurePlan,
        _ connection: any Connection
    ) throws -> (cells: [FigureCell], withoutDay: (numerator: Int64, denominator: Int64)) {
        let (number, coding) = (
            program.numbers[definition.numerator], program.compiled.counters[definition.numerator].coding
        )
        let digests = try digests(number, plan, connection)
        let known = knownWeeks.weeks(question)
        var fresh: [Int64: KnownWeeks.Week] = [:]
        var cells: [FigureCell] = []
        for (week, digest) in digests {
            // Of a week that is asked for in part other days count.
            let isWhole = week >= Int64(plan.first) && week + 6 <= Int64(plan.last)
            if isWhole, let found = known[week], found.digest == digest {
                cells += found.cells
                continue
            }
            let days =
                max(Int(week) - Int(plan.first), 0)...min(Int(week) + 6 - Int(plan.first), plan.periodOfDay.count - 1)
            let periods = Int(plan.periodOfDay[days.lowerBound])..<Int(plan.periodOfDay[days.upperBound]) + 1
            var sums = CellSums(plan, periods: periods, keepsValues: true)
            try forEachRollUp(number, coding, .numerator, plan, weeks: week...week, &sums, connection)
            let found = sums.cells(plan).map { cell in
                var cell = cell
                cell.known = cell.figure(definition.indicator)
                cell.values = CountedValues()
                return cell
            }
            if isWhole { fresh[week] = KnownWeeks.Week(digest: digest, cells: found) }
            cells += found
        }
        knownWeeks.remember(fresh, for: question)
        var sums = CellSums(plan, periods: 0..<0, keepsValues: true)
        let noDay = Int64(IndicatorEntry.noDay)
        try forEachRollUp(number, coding, .numerator, plan, weeks: noDay...noDay, &sums, connection)
        return (cells, sums.withoutDay)
    }

    /// For each week of which anything is known a digest of what is kept of the plan's provinces, from the earliest week on.
    private func digests(
        _ number: Int64, _ plan: FigurePlan, _ connection: any Connection
    ) throws -> [(week: Int64, digest: Int64)] {
        var weeks: [(week: Int64, parts: [Int64])] = []
        try connection.forEachRow(
            """
            SELECT week, province, digest FROM indicator_week WHERE counter = ? AND week BETWEEN ? AND ? \
            ORDER BY week, province
            """, [.integer(number), .integer(RollUp.week(plan.first)), .integer(RollUp.week(plan.last))]
        ) { row in
            let (week, province, digest): (Int64, Int64, Int64) = (try row[0], try row[1], try row[2])
            guard plan.provinces[province] != nil else { return }
            if weeks.last?.week != week { weeks.append((week, [])) }
            weeks[weeks.count - 1].parts += [province, digest]
        }
        return weeks.map { ($0.week, Digest.combined($0.parts)) }
    }
}
