import Reporting
import SurveillanceKit

/// A series as a number, a chart and a table.
struct FigureView {
    var series: FigureSeries
    var institution: (String) -> Institution? = { _ in nil }

    /// With how many decimals values are shown.
    var decimals: Int {
        switch series.indicator.kind {
        case .count, .distinct: 0
        case .share: 1
        case .sum: series.indicator.numerator.valueDecimals
        case .ratio, .mean: 2
        case .percentile: min(2, series.indicator.numerator.valueDecimals)
        }
    }

    /// The last period of which something is known.
    func latest(_ reader: Reader) -> HTML {
        let row = series.rows.last { $0.figure.status != .missing }
        guard let row else {
            return p(
                .class("lead"),
                text: reader.say(
                    "所选时间内没有数据。上报被接收后几秒内显示。",
                    "There are no data of these days. Figures show seconds after reports are accepted."))
        }
        return p(.class("lead")) {
            strong(text: text(row.figure, reader))
            if let interval = interval(row.figure, reader) { " "; span(.class("hint inline"), text: interval) }
            " "
            span(.class("hint inline"), text: row.period.map { reader.say($0.label) } ?? "")
            if row.figure.status == .provisional {
                " "
                span(
                    .class("tag"),
                    text: series.expectedPercent(row).map { reader.say(ReportingDelay.expectation($0)) }
                        ?? reader.say(row.figure.status.title))
            }
            if series.indicator.isExperimental {
                " "
                span(.class("tag"), text: reader.say("试验性", "experimental"))
            }
        }
    }

    func text(_ figure: Figure, _ reader: Reader) -> String {
        let text = reader.say(figure.text(decimals: decimals))
        guard figure.value != nil, figure.status == .final || figure.status == .provisional else { return text }
        let unit = reader.say(series.indicator.unit)
        return unit == "%" ? text + "%" : "\(text) \(unit)"
    }

    func interval(_ figure: Figure, _ reader: Reader) -> String? {
        guard let lower = figure.lower, let upper = figure.upper else { return nil }
        return reader.say(
            "95% 置信区间 \(lower.text(decimals: decimals))–\(upper.text(decimals: decimals))",
            "95 % interval \(lower.text(decimals: decimals))–\(upper.text(decimals: decimals))")
    }

    // MARK: Chart

    func chart(_ id: String, _ reader: Reader) -> HTML {
        guard series.request.by != nil, series.rows.contains(where: { $0.figure.status != .missing }) else {
            return .empty
        }
        var order: [[String]] = []
        var lines: [[String]: [LineChart.Point]] = [:]
        for row in series.rows {
            guard let period = row.period else { continue }
            if lines[row.keys] == nil { order.append(row.keys) }
            lines[row.keys, default: []].append(LineChart.Point(period, row.figure))
        }
        // More lines than can be told apart stay in the table.
        let shown = order.prefix(FigureView.mostLines)
        let chart = LineChart(
            id: id, title: series.indicator.title, unit: series.indicator.unit, decimals: decimals,
            series: shown.map { keys in
                let name = keys.isEmpty ? reader.say(series.indicator.title) : self.name(keys, reader)
                return LineChart.Series(BilingualText(zh: name, en: name), lines[keys] ?? [])
            })
        return div(.class("chart")) {
            HTML(chart, in: reader.language)
            if order.count > shown.count {
                p(
                    .class("hint"),
                    text: reader.say(
                        "图中只画前 \(shown.count) 条，共 \(order.count) 条；全部见数据表。",
                        "The chart shows \(shown.count) of \(order.count) lines; the table has all."))
            }
        }
    }

    private static let mostLines = 6

    /// What a row's keys are called: a region's name, an institution's, a group's.
    func name(_ keys: [String], _ reader: Reader) -> String {
        zip(series.request.splits, keys).map { split, key in self.name(split, key, reader) }.joined(separator: " · ")
    }

    func name(_ split: FigureRequest.Split, _ key: String, _ reader: Reader) -> String {
        switch split {
        case .region, .province, .prefecture, .county:
            return key.isEmpty ? reader.say("不明", "not known") : RegionName.of(key, reader)
        case .institution: return institution(key).map { reader.say($0.name) } ?? key
        case .zone:
            return zones.first { $0.id == key }.map { reader.say($0.title) } ?? reader.say("不明", "not known")
        case .level: return key.isEmpty ? reader.say("不明", "not known") : key
        case .dimension(let id):
            if key == IndicatorDimension.unknown { return reader.say("不明", "not known") }
            let group = dimension(id)?.groups.first { $0.id == key }
            return group.map { reader.say($0.title) } ?? key
        }
    }

    var zones: [RegionZone] = []

    /// The dimension with an id.
    var dimension: (String) -> IndicatorDimension? = { _ in nil }

    // MARK: Table

    func table(_ reader: Reader) -> HTML {
        let splits = series.request.splits
        let isShare = series.indicator.denominator != nil
        let (period, value) = (reader.say("时间", "Time"), reader.say("数值", "Value"))
        let (above, below) = (reader.say("分子", "Numerator"), reader.say("分母", "Denominator"))
        return div(.class("scroll")) {
            Tag("table")(.class("cards")) {
                thead {
                    tr {
                        th(.scope("col"), text: period)
                        for split in splits { th(.scope("col"), text: splitName(split, reader)) }
                        th(.scope("col"), .class("number"), text: value)
                        if isShare {
                            th(.scope("col"), .class("number"), text: above)
                            th(.scope("col"), .class("number"), text: below)
                            th(.scope("col"), .class("number"), text: reader.say("95% 区间", "95 % interval"))
                        }
                        th(.scope("col"), text: reader.say("状态", "Status"))
                    }
                }
                tbody {
                    for row in series.rows.reversed().prefix(FigureView.mostRows) {
                        tr {
                            cell(period) { row.period.map { reader.say($0.label) } ?? "" }
                            for (split, key) in zip(splits, row.keys) {
                                cell(splitName(split, reader)) { name(split, key, reader) }
                            }
                            cell(value, number: true) { reader.say(row.figure.text(decimals: decimals)) }
                            if isShare {
                                cell(above, number: true) { row.figure.numerator?.description ?? "" }
                                cell(below, number: true) { row.figure.denominator?.description ?? "" }
                                cell(reader.say("95% 区间", "95 % interval"), number: true) {
                                    row.figure.lower.map { lower in
                                        "\(lower.text(decimals: decimals))–\(row.figure.upper?.text(decimals: decimals) ?? "")"
                                    } ?? ""
                                }
                            }
                            td(.data(.label, reader.say("状态", "Status"))) {
                                series.expectedPercent(row).map { reader.say(ReportingDelay.expectation($0)) }
                                    ?? reader.say(row.figure.status.title)
                                if let asOf = row.asOf {
                                    reader.say(" · 截至 ", " · as of ")
                                    reader.moment(asOf)
                                }
                            }
                        }
                    }
                }
            }
            if series.rows.count > FigureView.mostRows {
                p(
                    .class("hint"),
                    text: reader.say(
                        "只显示最近 \(FigureView.mostRows) 行，共 \(series.rows.count) 行；全部请导出 CSV。",
                        "The latest \(FigureView.mostRows) of \(series.rows.count) rows; export as CSV for all."))
            }
        }
    }

    private static let mostRows = 400

    func splitName(_ split: FigureRequest.Split, _ reader: Reader) -> String {
        switch split {
        case .region, .province, .prefecture, .county: reader.say("地区", "Region")
        case .institution: reader.say("机构", "Institution")
        case .zone: zones.map { reader.say($0.title) }.joined(separator: reader.say("、", ", "))
        case .level: reader.say("级别", "Level")
        case .dimension(let id): dimension(id).map { reader.say($0.title) } ?? id
        }
    }

    private func cell(_ label: String, number: Bool = false, _ text: () -> String) -> HTML {
        td(.data(.label, label), number ? .class("number") : nil, text: text())
    }
}
