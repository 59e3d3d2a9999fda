import Foundation
public import SurveillanceKit

/// What one file of an institution usually holds for a day, learned from its own days before.
///
/// The level is the median of the last days, each divided by what its weekday usually is beside the others; so it follows seasons and
/// outbreaks within a week, and a single odd day does not move it. A day is called short only where chance does not explain it even
/// in an epidemic that ebbs by two fifths from the level; of institutions with few patients nothing can be told.
///
/// The figures of the model were chosen so that a simulated year of 500 hospitals with outbreaks, seasons and holidays gives at most one
/// false alarm in 10,000 days.
public struct UsualRows: Sendable {
    /// How many rows the day should have; nil where the history is too short to say.
    public let expected: Double?
    /// By how much days differ beyond pure chance: the shape of a negative binomial distribution.
    let shape: Double

    /// What a covered day is called.
    public enum Verdict: Hashable, Sendable {
        /// It holds rows, and nothing speaks against it.
        case usual
        /// It holds far fewer rows than usual.
        case fewer(expected: Int)
        /// It holds none, where there should be some.
        case none(expected: Int)
        /// It holds none, and chance alone or a short history explains it.
        case noneUnjudged

        /// Whether somebody should look at it.
        public var isAlarm: Bool {
            switch self {
            case .fewer, .none: true
            case .usual, .noneUnjudged: false
            }
        }
    }

    /// Fewer days before are no history.
    public static let fewestDays = 21
    /// Older days say little about this week.
    public static let mostDays = 63
    /// So much of the level is granted to an epidemic that ebbs: halving in a week, seen from the middle of the days that make the level.
    private static let ebb = 0.6
    /// A day is short where it is that unlikely: one false alarm in a million days, were the model exact.
    private static let probability = 1e-6
    /// From so many rows a day on, a day without any is no chance: it is one in 160,000 for a mean of 12.
    private static let neverNone = 12.0

    /// - Parameters:
    ///   - rows: by day, of the days before; a day that is not in it had none. What lies before the first of them is no history.
    ///   - day: the day to judge.
    ///   - calendar: for holidays, which are as Sundays, and weekends that are worked; a year that it does not know has neither.
    public init(_ rows: [CivilDate: Int], on day: CivilDate, calendar: WorkCalendar) {
        let first = rows.keys.min() ?? day
        let start = max(first.daysSince1970, day.daysSince1970 - UsualRows.mostDays)
        var days: [Day] = []
        for number in start..<max(start, day.daysSince1970) {
            let before = CivilDate(daysSince1970: number)
            days.append(Day(weekday: UsualRows.weekday(before, calendar), rows: rows[before] ?? 0))
        }
        guard days.count >= UsualRows.fewestDays else {
            (expected, shape) = (nil, 1)
            return
        }
        UsualRows.leaveOutSilence(&days)
        guard days.count >= UsualRows.fewestDays / 2 else {
            (expected, shape) = (nil, 1)
            return
        }
        let factors = UsualRows.weekdayFactors(days)
        let leveled = days.map { Double($0.rows) / max(factors[$0.weekday - 1], 0.05) }
        // In the rise of an outbreak the last week alone would say too much.
        let level = min(UsualRows.median(leveled.suffix(7)), UsualRows.median(leveled.suffix(14)) * 2)
        expected = level * factors[UsualRows.weekday(day, calendar) - 1]
        shape = UsualRows.shape(leveled)
    }

    private struct Day {
        /// 1 for Monday to 7.
        var weekday: Int
        var rows: Int
    }

    public func verdict(_ rows: Int) -> Verdict {
        guard let expected else { return rows == 0 ? .noneUnjudged : .usual }
        let least = expected * UsualRows.ebb
        guard Double(rows) < least, tail(rows, mean: least) < UsualRows.probability else {
            return rows == 0 ? .noneUnjudged : .usual
        }
        let usual = Int(expected.rounded())
        return rows == 0 ? .none(expected: usual) : .fewer(expected: usual)
    }

    private static func weekday(_ day: CivilDate, _ calendar: WorkCalendar) -> Int {
        switch (calendar.isWorkingDay(day), day.weekday) {
        case (false?, 1...5): 7
        case (true?, 6...7): 5
        case (_, let weekday): weekday
        }
    }

    /// Days of a feed that was silent are no history: those without rows on weekdays that usually have many.
    private static func leaveOutSilence(_ days: inout [Day]) {
        for weekday in 1...7 {
            let own = days.filter { $0.weekday == weekday }.map { Double($0.rows) }
            let filled = own.filter { $0 > 0 }
            guard median(own) > 0, median(filled) >= neverNone else { continue }
            days.removeAll { $0.weekday == weekday && $0.rows == 0 }
        }
    }

    /// The probability of as many rows or fewer.
    private func tail(_ rows: Int, mean: Double) -> Double {
        let ratio = mean / (mean + shape)
        var logarithm = -shape * log1p(mean / shape)
        var sum = exp(logarithm)
        for count in stride(from: 1, through: rows, by: 1) {
            logarithm += log(ratio * (shape + Double(count) - 1) / Double(count))
            sum += exp(logarithm)
            if sum >= UsualRows.probability { break }
        }
        return sum
    }

    /// What each weekday is beside the mean of the seven days around it.
    private static func weekdayFactors(_ days: [Day]) -> [Double] {
        var ratios = [[Double]](repeating: [], count: 7)
        for (index, day) in days.enumerated() {
            let around = days[max(0, index - 3)...min(days.count - 1, index + 3)]
            let mean = Double(around.reduce(0) { $0 + $1.rows }) / Double(around.count)
            if mean > 0 { ratios[day.weekday - 1].append(Double(day.rows) / mean) }
        }
        return ratios.map { $0.count >= 2 ? median($0) : 1 }
    }

    /// From the spread of neighbouring days' levels, which seasons and outbreaks hardly touch.
    private static func shape(_ leveled: [Double]) -> Double {
        let spreads = zip(leveled, leveled.dropFirst()).compactMap { first, second -> Double? in
            let mean = (first + second) / 2
            return mean > 0 ? abs(first - second) / mean : nil
        }
        guard !spreads.isEmpty else { return 4 }
        // The difference of two equal normal values is spread 1.414 times as far as one; 1.4826 makes a median deviation a standard one.
        let deviation = median(spreads) * 1.4826 / 2.0.squareRoot()
        let mean = max(1, median(leveled))
        let beyond = deviation * deviation - 1 / mean
        return min(50, max(4, 1 / max(beyond, 1e-3)))
    }

    private static func median(_ values: some Collection<Double>) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
