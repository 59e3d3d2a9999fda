/// Percentiles of values that are kept with how often each occurs.
///
/// The rule is the linear one, "type 7": between the two values beside the place (n − 1) × p / 100, counted from 0. It is what spreadsheets
/// (PERCENTILE.INC), R, NumPy and SQL's `percentile_cont` compute, so that a table can be recomputed with any of them; the median of an even
/// number of values is the mean of the two in the middle. Source: Hyndman and Fan, The American Statistician 50 (1996) 361.
enum Percentile {
    /// - Parameter decimals: how many of them the values' smallest unit has.
    /// - Returns: nil where there are no values.
    static func value(_ percent: Int, of values: CountedValues, decimals: Int) -> FigureNumber? {
        let total = values.total
        guard total > 0 else { return nil }
        let (place, hundredths) = (Int128(total - 1) * Int128(percent)).quotientAndRemainder(dividingBy: 100)
        let low = Int64(place)
        let found = values.values(at: hundredths == 0 ? [low] : [low, min(low + 1, total - 1)]).map { Int128($0) }
        return FigureNumber(
            found[0] * 100 + (found[found.count - 1] - found[0]) * hundredths, by: 100 * FigureNumber.power(decimals),
            decimals: FigureNumber.maximumDecimals)
    }
}
