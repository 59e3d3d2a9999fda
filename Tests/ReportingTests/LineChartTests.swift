import Reporting
import SurveillanceKit
import Testing

@Suite("Line charts")
struct LineChartTests {
    private static let first = FigurePeriod(.week, holding: CivilDate(daysSince1970: 20_780))

    /// Weeks that follow each other: a share of 100 visits, or what stands in for it.
    private func points(_ figures: [Figure]) -> [LineChart.Point] {
        var period = Self.first
        return figures.map { figure in
            defer { period = period.next }
            return LineChart.Point(period, figure)
        }
    }

    private func share(_ count: Int64) -> Figure { Sample.figure(count, of: 100) }

    private func chart(_ series: [LineChart.Series], title: String = "Positivity") -> LineChart {
        LineChart(
            id: "positivity", title: BilingualText(zh: "阳性率", en: title), unit: BilingualText(zh: "%", en: "%"),
            decimals: 1, series: series)
    }

    private func one(_ figures: [Figure]) -> String {
        chart([LineChart.Series(BilingualText(zh: "全国", en: "Nation"), points(figures))]).svg(in: .en)
    }

    private func paths(_ name: String, in svg: String) -> [String] {
        svg.components(between: "class=\"\(name)\" d=\"", and: "\"")
    }

    @Test("a value that is hidden or missing leaves a gap, and a hidden one a cross")
    func gaps() {
        let svg = one([share(10), share(20), .suppressed, share(30), share(20), .missing, share(10)])
        #expect(paths("line", in: svg).map { $0.split(separator: "L").count } == [2, 2])
        #expect(svg.components(between: "<circle", and: "/>").count == 1, "the value after the gap stands alone")
        #expect(paths("hidden", in: svg).count == 1)
        #expect(paths("band", in: svg).count == 2)
    }

    @Test("what is provisional is hatched and dashed, and joined to what is final")
    func provisionalTail() {
        let svg = one([share(10), share(20), share(30), share(20).asProvisional(), share(10).asProvisional()])
        let (firm, open) = (paths("line", in: svg)[0], paths("line provisional", in: svg)[0])
        #expect(firm.split(separator: "L").last?.dropFirst(0) == open.dropFirst().split(separator: "L").first)
        #expect(open.split(separator: "L").count == 3)
        #expect(svg.contains("fill=\"url(#positivity-hatch)\""))
        #expect(svg.contains("<pattern id=\"positivity-hatch\""))
        #expect(!one([share(10), share(20)]).contains("<pattern"))
    }

    @Test("a period that nobody reported on leaves a gap, too")
    func absentPeriods() {
        let (first, third) = (Self.first, Self.first.next.next)
        let series = LineChart.Series(
            BilingualText(zh: "a", en: "a"), [.init(first, share(1)), .init(third, share(2))])
        let other = LineChart.Series(BilingualText(zh: "b", en: "b"), points([share(1), share(2), share(3)]))
        let svg = chart([series, other]).svg(in: .en)
        #expect(svg.components(between: "<circle", and: "/>").count == 2)
    }

    @Test("the axis of values begins at zero and ends above all")
    func axis() {
        func labels(_ figures: [Figure]) -> [String] {
            one(figures).components(between: "text-anchor=\"end\">", and: "<")
        }
        #expect(labels([share(82), share(90)]) == ["0", "20", "40", "60", "80", "100"])
        #expect(labels([.missing]) == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
        let counts = Sample.indicator(.count)
        #expect(labels([Figure(counts, FigureSums(numerator: 7_300))]) == ["0", "2000", "4000", "6000", "8000"])
        #expect(labels([Figure(counts, FigureSums(numerator: 1))]) == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
        let mean = Sample.indicator(.mean(of: IndicatorValue("x")), unit: "days", minimum: 0)
        #expect(labels([Figure(mean, FigureSums(numerator: -3, denominator: 2))]).first == "-1.5")
        #expect(labels([Figure(mean, FigureSums(numerator: 3, denominator: 1_000))]).last == "0.003")
    }

    @Test("a screen reader is told what the picture shows")
    func description() {
        let figures = [share(10), share(30), .suppressed, share(20).asProvisional()]
        let series = [LineChart.Series(BilingualText(zh: "全国", en: "Nation"), points(figures))]
        let (english, chinese) = (chart(series).svg(in: .en), chart(series).svg(in: .zh))
        #expect(english.contains("role=\"img\""))
        #expect(english.contains("aria-labelledby=\"positivity-title positivity-desc\""))
        #expect(
            english.components(between: "<desc id=\"positivity-desc\">", and: "</desc>") == [
                "Line chart, \(points(figures)[0].period.label.en) to \(points(figures)[3].period.label.en). "
                    + "Nation: latest 20.0 % (\(points(figures)[3].period.label.en)), highest 30.0 % (\(points(figures)[1].period.label.en)). "
                    + "Nation: 1 period provisional. Nation: 1 period hidden."
            ])
        #expect(chinese.contains("<title id=\"positivity-title\">阳性率</title>"))
        #expect(chinese.contains("全国：1 期已隐藏。"))
        #expect(one([.missing, .missing]).contains("There is no value to show"))
    }

    @Test("no name becomes markup, and the picture needs neither script nor style")
    func markup() {
        let svg = chart(
            [
                LineChart.Series(BilingualText(zh: "x", en: "<script>\"&\u{1}"), points([share(1), share(2)])),
                LineChart.Series(BilingualText(zh: "y", en: "y"), points([share(2), share(3)])),
            ], title: "a < b"
        ).svg(in: .en)
        #expect(!svg.contains("<script"))
        #expect(!svg.contains("style"))
        #expect(svg.contains("&lt;script&gt;&quot;&amp; "))
        #expect(svg.contains("a &lt; b"))
        #expect(svg.contains("series series-2"))
        #expect(isBalanced(svg))
    }

    @Test("three years of weeks take a few kilobytes")
    func size() {
        let weeks = (0..<156).map { share(Int64($0 % 50)) }
        #expect(one(weeks).utf8.count < 16_000)
        #expect(isBalanced(one(weeks)))
    }

    /// Whether every element that is opened is closed in its place.
    private func isBalanced(_ svg: String) -> Bool {
        var open: [Substring] = []
        for tag in svg.components(between: "<", and: ">") where !tag.hasSuffix("/") {
            let name = tag.prefix { $0 != " " }
            if name.hasPrefix("/") {
                guard open.popLast() == name.dropFirst() else { return false }
            } else {
                open.append(name)
            }
        }
        return open.isEmpty
    }
}

extension String {
    /// Whatever stands between two texts, each time.
    fileprivate func components(between start: String, and end: String) -> [String] {
        var found: [String] = []
        var rest = self[...]
        while let begin = rest.firstRange(of: start), let stop = rest[begin.upperBound...].firstRange(of: end) {
            found.append(String(rest[begin.upperBound..<stop.lowerBound]))
            rest = rest[stop.lowerBound...]
        }
        return found
    }
}
