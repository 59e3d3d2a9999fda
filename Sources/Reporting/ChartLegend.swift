import SurveillanceKit

/// What the lines of a chart are called, and what hatching, bands and crosses mean.
struct ChartLegend {
    private var entries: [(mark: Mark, text: String, x: Int, y: Int)] = []
    let height: Int
    private let id: String

    private enum Mark { case line(Int), band, hatch, cross }

    /// Of series by their place. Seen alike by most who do not see all colours. Source: Okabe and Ito, Color Universal Design (2008).
    static func colour(_ place: Int) -> String { colours[place % colours.count] }

    private static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7f6fd1", "#8c6d1f"]

    /// Lines also differ without colours.
    static func dashes(_ place: Int) -> String? { patterns[place % patterns.count] }

    private static let patterns = [nil, "9 3", "6 2 2 2", "12 3 3 3", "4 2", "1 2"]

    init(_ chart: LineChart, _ language: Language) {
        id = chart.id
        let figures = chart.series.flatMap(\.points).map(\.figure)
        var marks: [(Mark, String)] = []
        if chart.series.count > 1 {
            for (place, series) in chart.series.enumerated() { marks.append((.line(place), series.name[language])) }
        }
        let isChinese = language == .zh
        if figures.contains(where: { $0.lower != nil && $0.upper != nil }) {
            marks.append((.band, isChinese ? "95% 区间" : "95 % interval"))
        }
        if figures.contains(where: { $0.status == .provisional }) {
            marks.append((.hatch, isChinese ? "暂定，数据仍在上报" : "provisional, more is expected"))
        }
        if figures.contains(where: { $0.status == .suppressed }) {
            marks.append((.cross, isChinese ? "已隐藏" : "hidden"))
        }
        var (x, y) = (Self.left, 4)
        for (mark, text) in marks {
            let width = Self.markWidth + Self.width(of: text) + Self.space
            if x > Self.left, x + width > ChartPlot.width {
                x = Self.left
                y += Self.line
            }
            entries.append((mark, text, x, y))
            x += width
        }
        height = marks.isEmpty ? 0 : y + Self.line
    }

    private static let (left, markWidth, space, line) = (58, 30, 18, 20)

    /// About so wide; fonts differ, so the space between two entries is generous.
    private static func width(of text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x2E80 ? 7 : 12) }
    }

    func draw(to svg: inout SVGText) {
        for entry in entries {
            let (x, middle) = (entry.x, entry.y + 8)
            switch entry.mark {
            case .line(let place):
                let colour = Self.colour(place)
                var attributes = [
                    ("class", "series-\(place + 1)"), ("d", "M\(x) \(middle)h24"), ("stroke", colour), ("fill", colour),
                    ("stroke-width", "2"),
                ]
                if let dashes = Self.dashes(place) { attributes.append(("stroke-dasharray", dashes)) }
                svg.empty("path", attributes)
            case .band, .hatch:
                let isBand = if case .band = entry.mark { true } else { false }
                svg.empty(
                    "rect",
                    [
                        ("x", "\(x)"), ("y", "\(entry.y + 2)"), ("width", "24"), ("height", "12"),
                        ("fill", isBand ? Self.colour(0) : "url(#\(id)-hatch)"),
                        ("fill-opacity", isBand ? ".16" : "1"), ("class", isBand ? "band series-1" : "provisional"),
                    ])
            case .cross:
                svg.empty(
                    "path",
                    [("d", "M\(x + 9) \(middle - 3)l6 6m0-6l-6 6"), ("stroke", "currentColor"), ("fill", "none")])
            }
            svg.text("text", [("x", "\(x + Self.markWidth)"), ("y", "\(middle + 4)")], entry.text)
        }
    }
}
