import Database
import Indicators
import Reporting
import SurveillanceKit

extension IndicatorStore {
    /// The figures of a definition week by week: those of weeks that have not changed are not worked out again.
    func weeks(
        _ question: WeekQuestion, _ definition: CompiledIndicator, _ program: IndicatorProgram, _ plan: FigurePlan,
        _ connection: any Connection
    ) throws -> (cells: [FigureCell], withoutDay: (numerator: Int64, denominator: Int64)) {
        let counters = counters(of: definition, program)
        let digests = try digests(counters.map(\.number), plan, connection)
        let known = knownWeeks.weeks(question)
        var fresh: [Int64: KnownWeeks.Week] = [:]
        var cells: [FigureCell] = []
        for (week, digest) in digests {
            // Of a week that is asked for in part other days count.
            let isWhole = week >= Int64(plan.first) && week + 6 <= Int64(plan.last)
            if isWhole, let found = known[week], found.digest == digest {
                cells += found.cells.map { $0.cell(plan, definition.indicator) }
                continue
            }
            let first = max(Int(week) - Int(plan.first), 0)
            let last = min(Int(week) + 6 - Int(plan.first), plan.periodOfDay.count - 1)
            let periods = Int(plan.periodOfDay[first])..<Int(plan.periodOfDay[last]) + 1
            var sums = CellSums(plan, periods: periods, keepsValues: definition.keepsValues)
            for counter in counters {
                try forEachRollUp(
                    counter.number, counter.coding, counter.part, plan, weeks: week...week, &sums, connection)
            }
            let found = sums.cells(plan).map { KnownCell($0, definition.indicator) }
            if isWhole { fresh[week] = KnownWeeks.Week(digest: digest, cells: found) }
            cells += found.map { $0.cell(plan, definition.indicator) }
        }
        knownWeeks.remember(fresh, for: question)
        var sums = CellSums(plan, periods: 0..<0, keepsValues: definition.keepsValues)
        let noDay = Int64(IndicatorEntry.noDay)
        for counter in counters {
            try forEachRollUp(
                counter.number, counter.coding, counter.part, plan, weeks: noDay...noDay, &sums, connection)
        }
        return (cells, sums.withoutDay)
    }

    /// Whether as many figures are remembered as may be.
    public var remembersEnough: Bool { knownWeeks.isNearlyFull }

    /// What a definition is made of.
    func counters(
        of definition: CompiledIndicator, _ program: IndicatorProgram
    ) -> [(number: Int64, coding: EntryCoding, part: CellSums.Part)] {
        ([(definition.numerator, CellSums.Part.numerator)] + (definition.denominator.map { [($0, .denominator)] } ?? []))
            .map { (program.numbers[$0], program.compiled.counters[$0].coding, $1) }
    }

    /// For each week of which anything is known a digest of what is kept of the plan's provinces, from the earliest week on.
    private func digests(
        _ counters: [Int64], _ plan: FigurePlan, _ connection: any Connection
    ) throws -> [(week: Int64, digest: Int64)] {
        var weeks: [Int64: [Int64]] = [:]
        for counter in counters {
            let select = try connection.statement(
                """
                SELECT week, province, digest FROM indicator_week WHERE counter = ? AND week BETWEEN ? AND ? \
                ORDER BY week, province
                """)
            try select.bind([
                .integer(counter), .integer(RollUp.week(plan.first)), .integer(RollUp.week(plan.last)),
            ])
            defer { select.reset() }
            while try select.step() {
                let (week, province) = (select.integer(at: 0), select.integer(at: 1))
                guard plan.provinces[province] != nil else { continue }
                weeks[week, default: []] += [counter, province, select.integer(at: 2)]
            }
        }
        return weeks.sorted { $0.key < $1.key }.map { ($0.key, Digest.combined($0.value)) }
    }
}
