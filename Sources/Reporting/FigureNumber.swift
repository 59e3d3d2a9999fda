public import JSON
public import SurveillanceKit

/// A number of a figure, exact to six decimals: kept as a whole number of millionths, so that it is written the same everywhere.
public struct FigureNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    let millionths: Int128

    /// The most decimals that a figure is published with.
    public static let maximumDecimals = 6

    init(millionths: Int128) { self.millionths = millionths }

    public init(_ whole: Int64) { millionths = Int128(whole) * 1_000_000 }

    /// A whole number of the smallest unit: 12345 with 2 decimals is 123.45.
    ///
    /// - Parameter decimals: from 0 to 6.
    public init(_ smallest: Int64, decimals: Int) {
        millionths = Int128(smallest) * FigureNumber.power(FigureNumber.maximumDecimals - decimals)
    }

    /// A quotient, rounded once, half away from zero; nil where it divides by zero.
    ///
    /// - Parameter decimals: from 0 to 6.
    init?(_ dividend: Int128, by divisor: Int128, decimals: Int) {
        guard divisor != 0 else { return nil }
        let (dividend, divisor) = divisor < 0 ? (-dividend, -divisor) : (dividend, divisor)
        let scaled = dividend.magnitude * FigureNumber.power(decimals).magnitude
        let (quotient, remainder) = scaled.quotientAndRemainder(dividingBy: divisor.magnitude)
        let rounded = Int128(quotient) + (remainder >= divisor.magnitude - remainder ? 1 : 0)
        millionths =
            (dividend < 0 ? -rounded : rounded) * FigureNumber.power(FigureNumber.maximumDecimals - decimals)
    }

    /// The decimal nearest to a number that was computed; what lies half between goes away from zero.
    init(nearest value: Double, decimals: Int) {
        let scale = Double(FigureNumber.power(decimals))
        millionths =
            Int128((value * scale).rounded(.toNearestOrAwayFromZero))
            * FigureNumber.power(FigureNumber.maximumDecimals - decimals)
    }

    /// With as few decimals as say it exactly: `12`, `12.5`, `-0.000001`.
    public var description: String { text(leastDecimals: 0) }

    /// Rounded half away from zero, with exactly so many decimals: what tables show.
    public func text(decimals: Int) -> String {
        let step = FigureNumber.power(FigureNumber.maximumDecimals - decimals)
        let (quotient, remainder) = millionths.magnitude.quotientAndRemainder(dividingBy: step.magnitude)
        let rounded = (Int128(quotient) + (remainder * 2 >= step.magnitude ? 1 : 0)) * step
        return FigureNumber(millionths: millionths < 0 ? -rounded : rounded).text(leastDecimals: decimals)
    }

    private func text(leastDecimals: Int) -> String {
        let (whole, rest) = millionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        var decimals = Array(String(rest + 1_000_000).utf8.dropFirst())
        while decimals.count > leastDecimals, decimals.last == UInt8(ascii: "0") { decimals.removeLast() }
        let sign = millionths < 0 ? "-" : ""
        return decimals.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(String(decoding: decimals, as: UTF8.self))"
    }

    /// A whole number where it is one, otherwise the nearest double, which is written with the digits of `description` up to 15 of them.
    public var json: JSONValue {
        if millionths % 1_000_000 == 0, let whole = Int(exactly: millionths / 1_000_000) { return .integer(whole) }
        return .number(double)
    }

    /// For drawing.
    public var double: Double { Double(millionths) / 1_000_000 }

    public static func < (left: FigureNumber, right: FigureNumber) -> Bool { left.millionths < right.millionths }

    static func power(_ exponent: Int) -> Int128 { (0..<exponent).reduce(1) { value, _ in value * 10 } }
}

extension FigureNumber {
    /// What a quotient of an indicator's two sums in smallest units is multiplied by to be in its unit.
    public static func scale(of indicator: Indicator) -> Double {
        let up = Double(power(indicator.numerator.valueDecimals))
        let down = Double(power(indicator.denominator?.valueDecimals ?? 0))
        return (indicator.kind == .share || indicator.isPercentage ? 100 : 1) * down / up
    }
}
