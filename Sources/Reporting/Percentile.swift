/// Percentiles of values that are kept with how often each occurs.
///
/// The rule is the linear one, "type 7": between the two values beside the place (n − 1) × p / 100, counted from 0. It is what spreadsheets
/// (PERCENTILE.INC), R, NumPy and SQL's `percentile_cont` compute, so that a table can be recomputed with any of them; the median of an even
/// number of values is the mean of the two in the middle. Source: Hyndman and Fan, The American Statistician 50 (1996) 361.
enum Percentile {
    /// - Parameters:
    ///   - values: in any order; a value may stand there more than once, and counts are above 0.
    ///   - decimals: how many of them the values' smallest unit has.
    /// - Returns: nil where there are no values.
    static func value(_ percent: Int, of values: [ValueCount], decimals: Int) -> FigureNumber? {
        let sorted = values.sorted { $0.value < $1.value }
        let total = sorted.reduce(Int128(0)) { $0 + Int128($1.count) }
        guard total > 0 else { return nil }
        let (place, hundredths) = ((total - 1) * Int128(percent)).quotientAndRemainder(dividingBy: 100)
        let low = value(at: place, in: sorted)
        let high = value(at: min(place + 1, total - 1), in: sorted)
        return FigureNumber(
            low * 100 + (high - low) * hundredths, by: 100 * FigureNumber.power(decimals),
            decimals: FigureNumber.maximumDecimals)
    }

    private static func value(at place: Int128, in sorted: [ValueCount]) -> Int128 {
        var before: Int128 = 0
        for entry in sorted {
            before += Int128(entry.count)
            if before > place { return Int128(entry.value) }
        }
        return Int128(sorted.last?.value ?? 0)
    }
}
