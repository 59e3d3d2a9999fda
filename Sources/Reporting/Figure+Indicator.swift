public import SurveillanceKit

/// The two sums of a cell, in the smallest units of the indicator's parts.
///
/// A count has its records as numerator. A sum or a mean has the sum as numerator and the number of records as denominator.
public struct FigureSums: Hashable, Sendable {
    public var numerator: Int64
    public var denominator: Int64

    public init(numerator: Int64, denominator: Int64 = 0) {
        self.numerator = numerator
        self.denominator = denominator
    }
}

extension Figure {
    /// The figure of an indicator that keeps sums.
    ///
    /// A share, and a ratio whose unit is `%`, is times 100. All is divided once, at the end, and rounded half away from zero: shares to
    /// four decimals of a percent, others to six. A denominator below the minimum leaves value and interval out; zero leaves them out always.
    /// An indicator that keeps values has no figure of two sums: it is missing.
    public init(_ indicator: Indicator, _ sums: FigureSums) {
        let (up, down) = (indicator.numerator.valueDecimals, indicator.denominator?.valueDecimals ?? 0)
        let numerator = FigureNumber(sums.numerator, decimals: up)
        let denominator = FigureNumber(sums.denominator, decimals: down)
        switch indicator.kind {
        case .percentile, .distinct:
            self.init(.missing)
        case .count:
            self.init(.final, value: numerator)
        case .sum:
            self.init(.final, value: numerator, denominator: denominator)
            leaveOutBelow(indicator)
        case .share, .ratio, .mean:
            let isShare = indicator.kind == .share
            let factor: Int128 = isShare || (indicator.kind == .ratio && indicator.isPercentage) ? 100 : 1
            self.init(.final, numerator: numerator, denominator: denominator)
            value = FigureNumber(
                Int128(sums.numerator) * FigureNumber.power(down) * factor,
                by: Int128(sums.denominator) * FigureNumber.power(up),
                decimals: isShare ? Figure.percentDecimals : FigureNumber.maximumDecimals)
            if isShare, let interval = WilsonInterval(sums.numerator, of: sums.denominator) {
                lower = FigureNumber(nearest: interval.lower * 100, decimals: Figure.percentDecimals)
                upper = FigureNumber(nearest: interval.upper * 100, decimals: Figure.percentDecimals)
            }
            leaveOutBelow(indicator)
        }
    }

    /// The figure of an indicator that keeps values: a percentile, or the number of values that any record has.
    public init(_ indicator: Indicator, values: CountedValues) {
        let value =
            if case .percentile(let percent) = indicator.kind {
                Percentile.value(percent, of: values, decimals: indicator.numerator.valueDecimals)
            } else {
                FigureNumber(Int64(values.counts.count)) as FigureNumber?
            }
        self.init(indicator, value: value, of: values.total)
    }

    /// The figure of an indicator that keeps values, where it is known already.
    ///
    /// - Parameter count: how many records have a value.
    public init(_ indicator: Indicator, value: FigureNumber?, of count: Int64) {
        self.init(.final, value: value, denominator: FigureNumber(count))
        leaveOutBelow(indicator)
    }

    private static let percentDecimals = 4

    private mutating func leaveOutBelow(_ indicator: Indicator) {
        if let denominator, denominator < FigureNumber(Int64(indicator.minimumDenominator)) {
            status = .tooFew
            minimum = indicator.minimumDenominator
        } else if value == nil {
            status = .missing
        } else {
            return
        }
        (value, lower, upper) = (nil, nil, nil)
        // A sum is its numerator, and a distinct number or percentile has none: only the denominator says why nothing is shown.
        if indicator.kind == .sum { numerator = nil }
    }
}

extension IndicatorPart {
    /// How many decimals its smallest unit has.
    public var valueDecimals: Int {
        switch aggregate {
        case .sum(let value, _), .mean(let value), .percentile(_, let value): value.decimals
        case .count, .distinct: 0
        }
    }
}
