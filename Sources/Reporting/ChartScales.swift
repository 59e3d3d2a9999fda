import SurveillanceKit

/// The periods of a chart, in order, each with its place.
struct TimeAxis {
    let periods: [FigurePeriod]
    let places: [FigurePeriod: Int]
    /// The places of periods in which any series is provisional, as runs that follow each other.
    let provisional: [ClosedRange<Int>]

    init(_ series: [LineChart.Series]) {
        let points = series.flatMap(\.points)
        periods = Set(points.map(\.period)).sorted()
        places = Dictionary(uniqueKeysWithValues: periods.enumerated().map { ($1, $0) })
        let open = Set(points.filter { $0.figure.status == .provisional }.compactMap { [places] in places[$0.period] })
        provisional = open.sorted().reduce(into: []) { runs, place in
            if let last = runs.last, last.upperBound == place - 1 {
                runs[runs.count - 1] = last.lowerBound...place
            } else {
                runs.append(place...place)
            }
        }
    }

    /// Which periods have a label, so that labels do not touch.
    func labelled(atMost count: Int) -> [Int] {
        let step = max(1, (periods.count + count - 1) / count)
        return Array(stride(from: 0, to: periods.count, by: step))
    }

    /// What stands below the axis; the year stands below that where it is another than the label's before.
    static func label(_ period: FigurePeriod) -> (short: String, year: String?) {
        let key = period.key
        return switch period.kind {
        case .day: (String(key.suffix(5)), String(key.prefix(4)))
        case .week: (String(key.suffix(3)), String(key.prefix(4)))
        case .month: (String(key.suffix(2)), String(key.prefix(4)))
        case .season: ("\(key.prefix(4))–\(key.suffix(6).prefix(2))", nil)
        case .year: (key, nil)
        }
    }
}

/// The axis of values: from zero, or from below it where a value is negative, to a round number above all.
struct ValueScale {
    let step: Double
    let ticks: [Int]

    init(covering values: [Double]) {
        let low = min(0, values.min() ?? 0)
        let greatest = max(0, values.max() ?? 0)
        let high = greatest > low ? greatest : 1
        let span = high - low
        var step = 1.0
        while step * 5 < span { step *= 10 }
        while step > 1e-6, step * 0.5 >= span { step /= 10 }
        // At most five steps, of 1, 2 or 5.
        if let finer = [0.1, 0.2, 0.5].first(where: { step * $0 * 5 >= span }) { step *= finer }
        self.step = step
        let least = Int((low / step).rounded(.down))
        ticks = Array(least...max(least + 1, Int((high / step).rounded(.up))))
    }

    var lowest: Double { Double(ticks[0]) * step }
    var highest: Double { Double(ticks[ticks.count - 1]) * step }

    func label(_ tick: Int) -> String {
        FigureNumber(nearest: Double(tick) * step, decimals: FigureNumber.maximumDecimals).description
    }
}
