import JSON
import Reporting
import SurveillanceKit
import Testing

@Suite("Figures")
struct FigureTests {
    private func row(_ figure: Figure) -> String {
        String(decoding: JSONValue.object(figure.members).encoded(), as: UTF8.self)
    }

    @Test("a share is in percent, rounded once, with its interval beside it")
    func share() {
        #expect(
            row(Sample.figure(10, of: 30))
                == #"{"value":33.3333,"numerator":10,"denominator":30,"lower":19.2305,"upper":51.2199,"status":"final"}"#
        )
        #expect(Sample.figure(20, of: 30).value?.description == "66.6667")
        #expect(Sample.figure(15, of: 30).value?.description == "50")
    }

    @Test(
        "the interval is Wilson's",
        arguments: [
            // Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3.
            (Int64(81), Int64(263), "25.53", "36.62"), (15, 148, "6.24", "16.05"), (0, 20, "0.00", "16.11"),
            (1, 29, "0.61", "17.18"), (20, 20, "83.89", "100.00"),
        ])
    func wilson(count: Int64, total: Int64, lower: String, upper: String) {
        let figure = Sample.figure(count, of: total)
        #expect(figure.lower?.text(decimals: 2) == lower)
        #expect(figure.upper?.text(decimals: 2) == upper)
    }

    @Test("there is no interval for what is no part of the whole")
    func noInterval() {
        #expect(WilsonInterval(1, of: 0) == nil)
        #expect(WilsonInterval(31, of: 30) == nil)
        #expect(WilsonInterval(-1, of: 30) == nil)
    }

    @Test("below the least denominator there is no value and no interval, and the reader is told why")
    func tooFew() {
        let figure = Sample.figure(10, of: 19)
        #expect(
            row(figure)
                == #"{"value":null,"numerator":10,"denominator":19,"lower":null,"upper":null,"status":"too-few"}"#)
        #expect(figure.text(decimals: 1) == BilingualText(zh: "—（n < 20）", en: "— (n < 20)"))
        #expect(figure.asProvisional() == figure)
        #expect(Sample.figure(10, of: 20).text(decimals: 1).en == "50.0")
    }

    @Test("nothing is divided by zero, whatever the least denominator is")
    func zeroDenominator() {
        let indicator = Sample.indicator(.count, .count, unit: "%", minimum: 0)
        let figure = Figure(indicator, FigureSums(numerator: 0, denominator: 0))
        #expect(figure.status == .missing)
        #expect(figure.value == nil)
    }

    @Test("a count is always shown, zero too")
    func count() {
        let indicator = Sample.indicator(.count)
        #expect(
            row(Figure(indicator, FigureSums(numerator: 0)))
                == #"{"value":0,"numerator":null,"denominator":null,"lower":null,"upper":null,"status":"final"}"#)
        #expect(Figure(indicator, FigureSums(numerator: 3)).value == FigureNumber(3))
    }

    @Test("money is counted in cents and divided at the end")
    func money() {
        // 1234.56 yuan at 20 visits; the mean is 61.728.
        let sums = FigureSums(numerator: 123_456, denominator: 20)
        let mean = Figure(Sample.indicator(.mean(of: Sample.cost), unit: "yuan"), sums)
        #expect(mean.value?.description == "61.728")
        #expect(mean.numerator?.description == "1234.56")
        #expect(mean.denominator?.description == "20")
        let sum = Sample.indicator(.sum(of: Sample.cost, child: nil), unit: "yuan")
        #expect(Figure(sum, sums).value?.description == "1234.56")
        let few = Figure(sum, FigureSums(numerator: 123_456, denominator: 19))
        #expect(few.status == .tooFew)
        #expect(few.numerator == nil, "the numerator is the sum that is not shown")
    }

    @Test("a ratio whose unit is percent is times 100; units of both sums are taken into account")
    func ratio() {
        let drugs = IndicatorPart.Aggregate.sum(of: Sample.cost, child: nil)
        let all = IndicatorPart.Aggregate.sum(of: IndicatorValue("all", decimals: 1), child: nil)
        // 123.45 yuan of 1000.0 yuan.
        let sums = FigureSums(numerator: 12_345, denominator: 10_000)
        #expect(Figure(Sample.indicator(drugs, all, unit: "%"), sums).value?.description == "12.345")
        #expect(Figure(Sample.indicator(drugs, all, unit: "1"), sums).value?.description == "0.12345")
        #expect(Figure(Sample.indicator(drugs, all, unit: "%"), sums).lower == nil)
        let few = Figure(Sample.indicator(drugs, all, unit: "%"), FigureSums(numerator: 100, denominator: 199))
        #expect(few.status == .tooFew, "19.9 is below 20")
    }

    @Test("the largest sums are divided without losing a digit")
    func large() {
        let indicator = Sample.indicator(.mean(of: IndicatorValue("x", decimals: 4)), unit: "1")
        let figure = Figure(indicator, FigureSums(numerator: .max, denominator: 20))
        // 9223372036854775807 / 10000 / 20 = 46116860184273.879035
        #expect(figure.value?.description == "46116860184273.879035")
        let ratio = Sample.indicator(
            .sum(of: IndicatorValue("a"), child: nil), .sum(of: IndicatorValue("b", decimals: 4), child: nil),
            unit: "%",
            minimum: 0)
        #expect(Figure(ratio, FigureSums(numerator: .max, denominator: 1)).value != nil)
    }

    @Test("halves are rounded away from zero, on both sides")
    func rounding() {
        let mean = Sample.indicator(.mean(of: IndicatorValue("x")), unit: "1", minimum: 0)
        // 1 / 2,000,000 is 0.0000005.
        #expect(Figure(mean, FigureSums(numerator: 1, denominator: 2_000_000)).value?.description == "0.000001")
        #expect(Figure(mean, FigureSums(numerator: -1, denominator: 2_000_000)).value?.description == "-0.000001")
        #expect(Figure(mean, FigureSums(numerator: 1, denominator: 2_000_001)).value?.description == "0")
        #expect(Figure(mean, FigureSums(numerator: -1, denominator: 4)).value?.text(decimals: 1) == "-0.3")
        #expect(Figure(mean, FigureSums(numerator: -1, denominator: 400)).value?.text(decimals: 1) == "0.0")
        #expect(Figure(mean, FigureSums(numerator: 1999, denominator: 1000)).value?.text(decimals: 2) == "2.00")
    }

    @Test("what is hidden has no number at all")
    func suppressed() {
        #expect(
            row(.suppressed)
                == #"{"value":null,"numerator":null,"denominator":null,"lower":null,"upper":null,"status":"suppressed"}"#
        )
        #expect(Figure.suppressed.text(decimals: 0).zh == "—（已隐藏）")
        #expect(Figure.missing.text(decimals: 0).en == "— (no data)")
    }
}

@Suite("Percentiles and different values")
struct PercentileTests {
    private func counted(_ values: [(Int64, Int32)]) -> CountedValues {
        CountedValues(values.map { CountedValues.Entry(value: $0, count: $1) }[...])
    }

    private func figure(_ percent: Int, _ values: [(Int64, Int32)], decimals: Int = 0, minimum: Int = 0) -> Figure {
        Figure(
            Sample.indicator(
                .percentile(percent, of: IndicatorValue("x", decimals: decimals)), unit: "days", minimum: minimum),
            values: counted(values))
    }

    @Test(
        "a percentile is what R, NumPy and percentile_cont compute",
        arguments: [
            // Each value as often as it occurs.
            ("1 2 3", 50, "2"), ("1 2 3 4", 50, "2.5"), ("0*90 10*10", 90, "1"), ("0*91 10*9", 90, "0"),
            ("5", 90, "5"), ("4*2 1*2", 50, "2.5"), ("1 2 3 4 5", 90, "4.6"), ("-3 -2", 50, "-2.5"),
            ("7*0 1*3", 99, "1"),
        ])
    func typeSeven(values: String, percent: Int, expected: String) {
        let counts = values.split(separator: " ").map { text in
            let parts = text.split(separator: "*")
            return (Int64(parts[0]) ?? 0, parts.count > 1 ? Int32(parts[1]) ?? 0 : 1)
        }
        #expect(figure(percent, counts).value?.description == expected)
    }

    @Test("kept counts give what the sorted values give, in any order and with what was taken back")
    func sortedValues() {
        var generator = SystemRandomNumberGenerator()
        for turn in 0..<400 {
            let counts = (0..<Int.random(in: 1...(turn % 2 == 0 ? 9 : 300), using: &generator)).map {
                (Int64($0 * 3 - 4), Int32.random(in: 1...5, using: &generator))
            }
            // Values that no record has any more, and values that were counted more than once.
            let gone = (0..<20).flatMap { _ -> [(Int64, Int32)] in
                let value = Int64.random(in: -9...900, using: &generator)
                return [(value, 3), (value, -3)]
            }
            let percent = Int.random(in: 1...99, using: &generator)
            let sorted = counts.flatMap { Array(repeating: Double($0.0), count: Int($0.1)) }
            let place = Double((sorted.count - 1) * percent) / 100
            let low = Int(place)
            let expected = sorted[low] + (sorted[min(low + 1, sorted.count - 1)] - sorted[low]) * (place - Double(low))
            let found = figure(percent, (counts + gone).shuffled(using: &generator))
            #expect(abs((found.value?.double ?? .nan) - expected) < 1e-6, "\(counts) \(percent)")
            #expect(found.denominator == FigureNumber(Int64(sorted.count)))
        }
    }

    @Test("values in smaller units are told in the unit, and too few are not told")
    func units() {
        #expect(figure(50, [(12_345, 2)], decimals: 2).value?.description == "123.45")
        let few = figure(50, [(1, 19)], minimum: 20)
        #expect(few.status == .tooFew)
        #expect(few.denominator == FigureNumber(19))
        #expect(figure(50, [(1, 20)], minimum: 20).value == FigureNumber(1))
        #expect(figure(50, []).status == .missing)
    }

    @Test("different values are counted once each, and only where a record has them")
    func distinct() {
        let indicator = Sample.indicator(.distinct(field: "P1"), minimum: 5)
        let figure = Figure(indicator, values: counted([(11, 4), (12, 1), (13, 0), (14, 2), (14, -2)]))
        #expect(figure.value == FigureNumber(2))
        #expect(figure.denominator == FigureNumber(5))
        #expect(Figure(indicator, values: counted([(11, 4)])).status == .tooFew)
        #expect(Figure(indicator, FigureSums(numerator: 3)).status == .missing, "it keeps values, not sums")
    }
}
