import Indicators
import Reporting
import SurveillanceKit
import Synchronization

/// What is asked of each ISO week, where no period holds days of two.
struct WeekQuestion: Hashable {
    private let definition: String
    private let by: FigurePeriod.Kind
    private let dimensions: [String]
    private let place: FigureQuery.PlaceSplit?
    private let splitsByLevel: Bool
    private let groups: [String: Set<String>]
    private let levels: Set<Institution.Level>?
    private let provinces: [Int64: Int32]
    private let places: [String]

    /// Nil where a period may hold days of two weeks.
    init?(_ definition: CompiledIndicator, _ program: IndicatorProgram, _ query: FigureQuery, _ plan: FigurePlan) {
        guard let by = query.by, by == .day || by == .week else { return nil }
        self.definition = definition.name(in: program.compiled.program)
        self.by = by
        dimensions = query.dimensions
        place = query.place
        splitsByLevel = query.splitsByLevel
        groups = query.groups
        levels = query.levels
        provinces = plan.provinces
        places = plan.places
    }
}

/// A cell whose figure is known, without the names that its question gives it.
struct KnownCell {
    private let day: Int32
    private let number: Int32
    private let numerator: Int64
    private let denominator: Int64
    private let valueCount: Int64
    private let value: FigureNumber?

    init(_ cell: FigureCell, _ indicator: Indicator) {
        day = Int32(cell.day.daysSince1970)
        number = cell.number
        (numerator, denominator, valueCount) = (cell.numerator, cell.denominator, cell.valueCount)
        value = indicator.keepsValues ? cell.figure(indicator).value : nil
    }

    func cell(_ plan: FigurePlan, _ indicator: Indicator) -> FigureCell {
        let names = plan.groupNames[Int(number) / plan.places.count]
        var cell = FigureCell(
            day: CivilDate(daysSince1970: Int(day)), groups: names.groups,
            place: plan.places[Int(number) % plan.places.count],
            level: names.level.flatMap { $0 > 0 ? Institution.Level.allCases[$0 - 1] : nil }, numerator: numerator,
            denominator: denominator)
        cell.number = number
        cell.valueCount = valueCount
        if indicator.keepsValues { cell.known = Figure(indicator, value: value, of: valueCount) }
        return cell
    }
}

/// The figures of whole weeks as they were worked out last, with a digest of what they were worked out from.
///
/// A median of the nation's week reads each of its values, and many ask for the same figures. A week is worked out again only when some province's
/// entries of it have changed, whoever changed them: the digests are read anew with each question. Questions that were not asked for long are
/// forgotten.
final class KnownWeeks: Sendable {
    struct Week {
        var digest: Int64
        var cells: [KnownCell]
    }

    private struct Answer {
        var weeks: [Int64: Week] = [:]
        var cells = 0
        var lastAsked = 0
    }

    private struct State {
        var answers: [WeekQuestion: Answer] = [:]
        var asked = 0
        var cells = 0
    }

    /// So many cells are remembered at most, of 80 bytes each: three years of a nation's ten medians by week, and by day where they are not split much.
    private static let mostCells = 400_000

    private let state = Mutex(State())

    /// Whether one more question of a usual size might push another out.
    var isNearlyFull: Bool { state.withLock { $0.cells > Self.mostCells * 3 / 4 } }

    func weeks(_ question: WeekQuestion) -> [Int64: Week] {
        state.withLock { state in
            state.asked += 1
            state.answers[question]?.lastAsked = state.asked
            return state.answers[question]?.weeks ?? [:]
        }
    }

    func remember(_ weeks: [Int64: Week], for question: WeekQuestion) {
        guard !weeks.isEmpty else { return }
        state.withLock { state in
            var answer = state.answers.removeValue(forKey: question) ?? Answer()
            state.cells -= answer.cells
            answer.weeks.merge(weeks) { $1 }
            answer.cells = answer.weeks.values.reduce(0) { $0 + $1.cells.count }
            answer.lastAsked = state.asked
            guard answer.cells <= Self.mostCells else { return }
            state.answers[question] = answer
            state.cells += answer.cells
            while state.cells > Self.mostCells,
                let oldest = state.answers.min(by: { $0.value.lastAsked < $1.value.lastAsked })
            {
                state.answers[oldest.key] = nil
                state.cells -= oldest.value.cells
            }
        }
    }
}
