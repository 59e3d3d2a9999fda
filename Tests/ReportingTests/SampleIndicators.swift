import Reporting
import SurveillanceKit

/// Indicators of made-up programs, one of each kind.
enum Sample {
    static func indicator(
        _ numerator: IndicatorPart.Aggregate, _ denominator: IndicatorPart.Aggregate? = nil, unit: String = "visits",
        minimum: Int = 20
    ) -> Indicator {
        let text = BilingualText(zh: unit, en: unit)
        return Indicator(
            id: "sample", version: 1, title: text, definition: text, source: text, unit: text, over: "visits",
            numerator: IndicatorPart(numerator), denominator: denominator.map { IndicatorPart($0) }, dimensions: [],
            minimumDenominator: minimum)
    }

    static let share = indicator(.count, .count, unit: "%")
    static let cost = IndicatorValue("cost", decimals: 2)

    static func figure(_ count: Int64, of total: Int64) -> Figure {
        Figure(share, FigureSums(numerator: count, denominator: total))
    }
}
