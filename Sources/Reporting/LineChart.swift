public import SurveillanceKit

/// Figures over time as a picture: a line for each series, its interval as a band, and gaps where nothing is shown.
///
/// The axis of values begins at zero. Where records are still expected the ground is hatched and the line dashed. A hidden value is a cross
/// on the axis, so that nobody takes the gap for zero. A screen reader reads what the picture shows; a table with the numbers belongs
/// beside it. The picture holds no script and no `style`: colours are attributes, which a stylesheet may replace by the classes.
public struct LineChart: Sendable {
    /// Begins the ids of what the picture refers to: letters, digits and `-`, unique in its page.
    public var id: String
    public var title: BilingualText
    /// What stands below the title for a screen reader: whose figures, as of when.
    public var about: BilingualText?
    public var unit: BilingualText
    /// How many decimals a value is told with.
    public var decimals: Int
    public var series: [Series]

    public struct Series: Sendable {
        public var name: BilingualText
        /// In the order of their periods, which are of one kind.
        public var points: [Point]

        public init(_ name: BilingualText, _ points: [Point]) {
            self.name = name
            self.points = points
        }
    }

    public struct Point: Hashable, Sendable {
        public var period: FigurePeriod
        public var figure: Figure

        public init(_ period: FigurePeriod, _ figure: Figure) {
            self.period = period
            self.figure = figure
        }
    }

    public init(
        id: String, title: BilingualText, about: BilingualText? = nil, unit: BilingualText, decimals: Int = 0,
        series: [Series]
    ) {
        self.id = id
        self.title = title
        self.about = about
        self.unit = unit
        self.decimals = decimals
        self.series = series
    }

    /// The `<svg>` element, to stand in a page or, with its namespace, in a file.
    public func svg(in language: Language) -> String {
        let axis = TimeAxis(series)
        let legend = ChartLegend(self, language)
        let scale = ValueScale(covering: shownValues)
        let plot = ChartPlot(axis: axis, scale: scale, top: legend.height + 26)
        var svg = SVGText()
        svg.open(
            "svg",
            [
                ("xmlns", "http://www.w3.org/2000/svg"), ("class", "chart"),
                ("viewBox", "0 0 \(ChartPlot.width) \(plot.height)"), ("role", "img"),
                ("aria-labelledby", "\(id)-title \(id)-desc"), ("font-size", "12"), ("fill", "currentColor"),
            ])
        svg.text("title", [("id", "\(id)-title")], title[language])
        svg.text("desc", [("id", "\(id)-desc")], description(axis, language))
        if !axis.provisional.isEmpty { svg.hatching(id: id) }
        plot.drawGround(to: &svg, id: id, unit: unit[language], language: language)
        legend.draw(to: &svg)
        for (place, series) in series.enumerated() { plot.draw(series, place, to: &svg) }
        if shownValues.isEmpty {
            svg.text(
                "text",
                [
                    ("class", "empty"), ("x", "\(ChartPlot.width / 2)"), ("y", "\(plot.height / 2)"),
                    ("text-anchor", "middle"),
                ], language == .zh ? "没有可显示的数值" : "There is no value to show")
        }
        svg.close("svg")
        return svg.markup
    }

    private var shownValues: [Double] {
        series.flatMap(\.points).map(\.figure).flatMap { figure in
            figure.value == nil ? [] : [figure.value, figure.lower, figure.upper].compactMap { $0?.double }
        }
    }

    /// What the picture shows, for whoever does not see it.
    private func description(_ axis: TimeAxis, _ language: Language) -> String {
        let isChinese = language == .zh
        var sentences = about.map { [$0[language]] } ?? []
        if let first = axis.periods.first, let last = axis.periods.last {
            let span = (first.label[language], last.label[language])
            sentences.append(isChinese ? "折线图，\(span.0)至\(span.1)。" : "Line chart, \(span.0) to \(span.1).")
        }
        for series in series {
            let name = series.name[language]
            func told(_ point: Point) -> String {
                "\(point.figure.text(decimals: decimals)[language]) \(unit[language])"
                    + (isChinese ? "（\(point.period.label.zh)）" : " (\(point.period.label.en))")
            }
            let shown = series.points.filter { $0.figure.value != nil }
            if let last = shown.last,
                let highest = shown.max(by: { ($0.figure.value ?? .zero) < ($1.figure.value ?? .zero) })
            {
                sentences.append(
                    isChinese
                        ? "\(name)：最近一期 \(told(last))，最高 \(told(highest))。"
                        : "\(name): latest \(told(last)), highest \(told(highest)).")
            }
            for status in [Figure.Status.provisional, .suppressed, .missing, .tooFew] {
                let count = series.points.count { $0.figure.status == status }
                guard count > 0 else { continue }
                sentences.append(
                    isChinese
                        ? "\(name)：\(count) 期\(status.title.zh)。"
                        : "\(name): \(count.counted("period")) \(status.title.en).")
            }
        }
        return sentences.joined(separator: isChinese ? "" : " ")
    }
}

extension FigureNumber {
    static let zero = FigureNumber(0)
}
