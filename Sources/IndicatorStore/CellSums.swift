import Indicators
import Reporting
import SurveillanceKit

/// The sums of a query's cells.
struct CellSums {
    enum Part: Int {
        case numerator
        case denominator
    }

    private var numbers: [Int64]
    /// One for each entry, where values are kept.
    private var values: [CountedValues.Entry] = []
    private(set) var withoutDay: (numerator: Int64, denominator: Int64) = (0, 0)
    private let keepsValues: Bool
    /// The periods whose cells are summed, and the number of their first cell.
    private let periods: Range<Int>
    private let firstCell: Int
    private let cellCount: Int

    init(_ plan: FigurePlan, periods: Range<Int>? = nil, keepsValues: Bool) {
        self.keepsValues = keepsValues
        self.periods = periods ?? plan.periods.indices
        firstCell = plan.number(period: Int32(self.periods.lowerBound), group: 0, place: 0)
        cellCount = self.periods.count * plan.groupNames.count * plan.places.count
        numbers = Array(repeating: 0, count: keepsValues ? 0 : cellCount * 2)
    }

    /// Adds encoded entries.
    ///
    /// - Parameter level: that of the institution; nil where the entries' cells hold it.
    mutating func add(
        _ bytes: UnsafeRawBufferPointer, _ coding: EntryCoding, _ part: Part, after start: Int32, _ plan: FigurePlan,
        place: Int32, level: Int32?
    ) throws {
        let levels = Int32(InstitutionPlace.levelCount)
        let isWhole = coding.forEach(bytes, after: start) { day, cell, value, amount in
            let index = Int(level.map { cell * levels + $0 } ?? cell)
            guard index < plan.groupOfCell.count else { return }
            let group = plan.groupOfCell[index]
            guard group >= 0 else { return }
            guard day >= plan.first, day <= plan.last else {
                if day == IndicatorEntry.noDay {
                    switch part {
                    case .numerator: withoutDay.numerator += amount
                    case .denominator: withoutDay.denominator += amount
                    }
                }
                return
            }
            let number =
                plan.number(period: plan.periodOfDay[Int(day - plan.first)], group: group, place: place) - firstCell
            guard number >= 0, number < cellCount else { return }
            if keepsValues {
                add(value, amount, cell: Int32(number))
            } else {
                numbers[2 * number + part.rawValue] += amount
            }
        }
        guard isWhole else { throw LogRow.damaged }
    }

    private mutating func add(_ value: Int64, _ amount: Int64, cell: Int32) {
        var rest = amount
        while rest != 0 {
            let count = Int32(clamping: rest)
            values.append(CountedValues.Entry(cell: cell, value: value, count: count))
            rest -= Int64(count)
        }
    }

    /// The entries, those of each cell together, and where each cell's begin; the last number says where the last cell's end.
    private consuming func byCell(count: Int) -> (entries: [CountedValues.Entry], starts: [Int]) {
        var starts = [Int](repeating: 0, count: count + 1)
        for entry in values { starts[Int(entry.cell) + 1] += 1 }
        for cell in 0..<count { starts[cell + 1] += starts[cell] }
        var next = starts
        let sorted = [CountedValues.Entry](unsafeUninitializedCapacity: values.count) { sorted, filled in
            for entry in values {
                sorted.initializeElement(at: next[Int(entry.cell)], to: entry)
                next[Int(entry.cell)] += 1
            }
            filled = values.count
        }
        return (sorted, starts)
    }

    /// The cells of which anything is known, in the order of period, groups, level and place.
    consuming func cells(_ plan: FigurePlan) -> [FigureCell] {
        let (numbers, periods, firstCell) = (numbers, periods, firstCell)
        let keepsValues = keepsValues
        let (kept, starts) = keepsValues ? byCell(count: cellCount) : ([], [])
        var cells: [FigureCell] = []
        for period in periods {
            for (group, names) in plan.groupNames.enumerated() {
                for (place, placeName) in plan.places.enumerated() {
                    let number =
                        plan.number(period: Int32(period), group: Int32(group), place: Int32(place)) - firstCell
                    var cell = FigureCell(
                        day: plan.periods[period], groups: names.groups, place: placeName,
                        level: names.level.flatMap { $0 > 0 ? Institution.Level.allCases[$0 - 1] : nil }, numerator: 0,
                        denominator: 0)
                    cell.number = Int32(group * plan.places.count + place)
                    if keepsValues {
                        cell.values = CountedValues(kept[starts[number]..<starts[number + 1]])
                        cell.valueCount = cell.values.total
                        guard cell.valueCount != 0 else { continue }
                    } else {
                        (cell.numerator, cell.denominator) = (numbers[2 * number], numbers[2 * number + 1])
                        guard cell.numerator != 0 || cell.denominator != 0 else { continue }
                    }
                    cells.append(cell)
                }
            }
        }
        return cells
    }
}
