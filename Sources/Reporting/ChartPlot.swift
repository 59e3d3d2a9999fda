import SurveillanceKit

/// Where a chart's lines, bands and axes stand. Lengths are in the units of the picture.
struct ChartPlot {
    static let width = 760
    private static let (left, right, depth, foot) = (58.0, 14.0, 230.0, 40.0)
    private static let labels = 9

    let axis: TimeAxis
    let scale: ValueScale
    let top: Int

    var height: Int { top + Int(Self.depth + Self.foot) }

    private var base: Double { y(0) }
    private var bottom: Double { Double(top) + Self.depth }
    private var end: Double { Double(Self.width) - Self.right }

    private func x(_ place: Int) -> Double {
        Self.left + (Double(place) + 0.5) * (end - Self.left) / Double(max(1, axis.periods.count))
    }

    private func y(_ value: Double) -> Double {
        bottom - (value - scale.lowest) / (scale.highest - scale.lowest) * Self.depth
    }

    func drawGround(to svg: inout SVGText, id: String, unit: String, language: Language) {
        for run in axis.provisional {
            let half = (x(1) - x(0)) / 2
            let (from, to) = (x(run.lowerBound) - half, x(run.upperBound) + half)
            svg.empty(
                "rect",
                [
                    ("class", "provisional"), ("x", at(from)), ("y", "\(top)"), ("width", at(to - from)),
                    ("height", at(Self.depth)), ("fill", "url(#\(id)-hatch)"),
                ])
        }
        svg.text("text", [("class", "unit"), ("x", "4"), ("y", "\(top - 10)")], unit)
        for tick in scale.ticks {
            let height = y(Double(tick) * scale.step)
            svg.empty(
                "path",
                [
                    ("class", tick == 0 ? "axis" : "grid"), ("d", "M\(at(Self.left)) \(at(height))H\(at(end))"),
                    ("stroke", "currentColor"), ("stroke-opacity", tick == 0 ? ".8" : ".18"),
                ])
            svg.text(
                "text", [("x", at(Self.left - 6)), ("y", at(height + 4)), ("text-anchor", "end")], scale.label(tick))
        }
        var year: String?
        for place in axis.labelled(atMost: Self.labels) {
            let label = TimeAxis.label(axis.periods[place])
            let common = [("x", at(x(place))), ("text-anchor", "middle")]
            svg.text("text", common + [("y", at(bottom + 17))], label.short)
            if let own = label.year, own != year { svg.text("text", common + [("y", at(bottom + 33))], own) }
            year = label.year
        }
    }

    func draw(_ series: LineChart.Series, _ place: Int, to svg: inout SVGText) {
        let colour = ChartLegend.colour(place)
        svg.open("g", [("class", "series series-\(place + 1)"), ("fill", colour), ("stroke", colour)])
        for run in runs(series, where: { $0.value != nil && $0.lower != nil && $0.upper != nil }) where run.count > 1 {
            let over = run.map { "\(at(x($0.place))) \(at(y($0.figure.upper?.double ?? 0)))" }
            let under = run.reversed().map { "\(at(x($0.place))) \(at(y($0.figure.lower?.double ?? 0)))" }
            svg.empty(
                "path",
                [
                    ("class", "band"), ("d", "M\((over + under).joined(separator: "L"))Z"), ("stroke", "none"),
                    ("fill-opacity", ".16"),
                ])
        }
        for run in runs(series, where: { $0.value != nil }) { drawLine(run, place, to: &svg) }
        for point in series.points where point.figure.status == .suppressed {
            guard let place = axis.places[point.period] else { continue }
            svg.empty(
                "path",
                [
                    ("class", "hidden"), ("d", "M\(at(x(place) - 3)) \(at(base - 9))l6 6m0-6l-6 6"), ("fill", "none"),
                ])
        }
        svg.close("g")
    }

    private typealias Spot = (place: Int, figure: Figure)

    /// A line through values without a gap; what is provisional of it is drawn apart. A value alone is a dot.
    private func drawLine(_ run: [Spot], _ place: Int, to svg: inout SVGText) {
        func spot(_ point: Spot) -> String { "\(at(x(point.place))) \(at(y(point.figure.value?.double ?? 0)))" }
        if run.count == 1 {
            svg.empty(
                "circle", [("cx", at(x(run[0].place))), ("cy", at(y(run[0].figure.value?.double ?? 0))), ("r", "3")])
            return
        }
        let firm = run.prefix { $0.figure.status != .provisional }
        // The dashed part begins at the last firm value, so that the line has no hole.
        let parts = [("line", Array(firm)), ("line provisional", Array(run[max(0, firm.count - 1)...]))]
        for (name, part) in parts where part.count > 1 {
            var attributes = [
                ("class", name), ("d", "M\(part.map(spot).joined(separator: "L"))"), ("fill", "none"),
                ("stroke-width", "2"), ("stroke-linejoin", "round"),
            ]
            if let dashes = name == "line" ? ChartLegend.dashes(place) : "2 4" {
                attributes.append(("stroke-dasharray", dashes))
            }
            svg.empty("path", attributes)
        }
    }

    /// Points that follow each other period by period and meet a condition.
    private func runs(_ series: LineChart.Series, where condition: (Figure) -> Bool) -> [[Spot]] {
        series.points.reduce(into: []) { runs, point in
            guard condition(point.figure), let place = axis.places[point.period] else { return }
            if let last = runs.last?.last, axis.periods[last.place].next == point.period {
                runs[runs.count - 1].append((place, point.figure))
            } else {
                runs.append([(place, point.figure)])
            }
        }
    }

    private func at(_ value: Double) -> String { SVGText.coordinate(value) }
}
