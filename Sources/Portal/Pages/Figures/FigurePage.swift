import HTTPServer
import Reporting
import SurveillanceKit

/// One indicator: its course, split as the reader asks, what it says, and why it was another one before.
struct FigurePage {
    var program: Program
    var indicator: Indicator
    var series: FigureSeries
    var filter: FigureFilter
    var comparison: FigureComparison?
    var choosesPlace: Bool
    /// The nation by week and its regions in the last one; empty where the indicator is not given outside of the own scope, nil where
    /// the reader sees everything.
    var published: [FigureSeries]?
    var institution: (String) -> Institution?

    func page(_ reader: Reader) -> Page {
        let title = reader.say(indicator.title)
        let own = SitePath("figures", program.id, indicator.id)
        let view = FigureView(series: series, institution: institution, zones: program.zones) { id in
            program.dimensions.first { $0.id == id }
        }
        return Page(title, path: filter.wholePath(own), place: .figures) {
            div(.class("head")) {
                div {
                    h1(text: title)
                    p(.class("lead")) {
                        a(.href(filter.path(SitePath("figures", program.id))), text: reader.say(program.title))
                        reader.say(" · 截至 ", " · as of ")
                        reader.moment(series.asOf)
                    }
                }
                a(
                    .class("button plain"),
                    .href(filter.exportPath(SitePath("api", "v1", "indicators", program.id, indicator.id))),
                    text: reader.say("导出 CSV", "Export as CSV"))
            }
            FigureFilterForm(
                filter: filter, action: own, choosesPlace: choosesPlace,
                choices: [
                    ("split", reader.say("分组", "Split by"), filter.split, splits(reader))
                ]
            ).html(reader)
            section(.class("card figure")) {
                if series.request.splits.isEmpty || series.rows.isEmpty { view.latest(reader) }
                view.chart("figure", reader)
                view.table(reader)
                if series.completeness == nil { without(reader) }
                if let note = series.delayNote { p(.class("hint"), text: reader.say(note)) }
            }
            if let completeness = series.completeness { CompletenessCard(completeness: completeness).html(reader) }
            if let published { outside(published, reader) }
            if let comparison { changes(comparison, view, reader) }
            compareForm(reader)
            about(reader)
        }
    }

    private func outside(_ published: [FigureSeries], _ reader: Reader) -> HTML {
        section(.class("card figure")) {
            h2(text: reader.say("全国与各省（每周快照）", "Nation and provinces (weekly snapshot)"))
            if let snapshot = published.first?.asOf {
                p(.class("hint")) {
                    reader.say(
                        "只按周提供；1—4 例的计数及其互补单元格已隐藏。截至 ",
                        "By week only; counts of 1 to 4 and what would give them away are hidden. As of ")
                    reader.moment(snapshot)
                }
            } else {
                p(.class("hint"), text: reader.say(OutsideLimit.countsAndShares.message))
            }
            for (number, series) in published.enumerated() {
                let view = FigureView(series: series)
                if number == 0 {
                    view.latest(reader)
                    view.chart("published", reader)
                }
                view.table(reader)
            }
        }
    }

    private func splits(_ reader: Reader) -> [(value: String, text: String)] {
        var options = [("", reader.say("不分组", "nothing"))]
        if choosesPlace {
            options.append(("region", reader.say("地区", "region")))
            if !program.zones.isEmpty {
                let names = program.zones.map { reader.say($0.title) }
                options.append(("zone", names.joined(separator: reader.say("、", ", "))))
            }
            options.append(("level", reader.say("机构级别", "level")))
            options.append(("institution", reader.say("机构", "institution")))
        }
        for id in indicator.dimensions {
            guard let dimension = program.dimensions.first(where: { $0.id == id }) else { continue }
            options.append((id, reader.say(dimension.title)))
        }
        return options
    }

    private func without(_ reader: Reader) -> HTML {
        guard let figure = series.withoutDay, let count = figure.denominator ?? figure.value, count > FigureNumber(0)
        else { return .empty }
        return p(
            .class("hint"),
            text: reader.say(
                "另有 \(count) 条记录的日期为空或不可能，未计入任何时间。",
                "\(count) more records have an empty or impossible day and count in no period."))
    }

    private func compareForm(_ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("为什么变了？", "Why did it change?"))
            form(.get, .action(SitePath("figures", program.id, indicator.id)), .class("row")) {
                for (name, value) in filter.items where !value.isEmpty {
                    input(.type("hidden"), .fieldName(name), .value(value))
                }
                div {
                    label(
                        .for("compareTo"), text: reader.say("与哪一时刻已知的数值相比", "Compare with what was known at"))
                    input(
                        .id("compareTo"), .type("text"), .name("compareTo"), .value(filter.compareTo),
                        .placeholder("2026-11-22"))
                }
                div(.class("go")) { button(.type("submit"), .class("plain"), text: reader.say("比较", "Compare")) }
            }
        }
    }

    private func changes(_ comparison: FigureComparison, _ view: FigureView, _ reader: Reader) -> HTML {
        let (when, who) = (reader.say("时间", "When"), reader.say("机构", "Institution"))
        let (why, above, below) = (
            reader.say("原因", "Cause"), reader.say("分子变化", "Numerator"), reader.say("分母变化", "Denominator")
        )
        return section(.class("card tablecard")) {
            h2 {
                reader.say("从 ", "From ")
                reader.moment(comparison.earlier)
                reader.say(" 的 ", ": ")
                view.text(comparison.before, reader)
                reader.say(" 到 ", " to ")
                view.text(comparison.after, reader)
            }
            if comparison.parts.isEmpty {
                p(.class("hint"), text: reader.say("期间没有变化。", "Nothing has changed in between."))
            } else {
                div(.class("scroll")) {
                    table(.class("cards")) {
                        thead {
                            tr {
                                for name in [when, who, why] { th(.scope("col"), text: name) }
                                for name in [above, below] { th(.scope("col"), .class("number"), text: name) }
                            }
                        }
                        tbody {
                            for part in comparison.parts.prefix(FigurePage.mostParts) {
                                tr {
                                    td(.data(.label, when)) { reader.moment(part.at) }
                                    td(
                                        .data(.label, who),
                                        text: institution(part.institution).map { reader.say($0.name) }
                                            ?? part.institution)
                                    td(.data(.label, why)) {
                                        if let id = part.submission {
                                            a(.href(SitePath("submissions", id)), text: reader.say(part.cause.title))
                                        } else {
                                            reader.say(part.cause.title)
                                        }
                                    }
                                    td(.data(.label, above), .class("number"), text: "\(part.numerator)")
                                    td(.data(.label, below), .class("number"), text: "\(part.denominator)")
                                }
                            }
                        }
                    }
                }
                if comparison.parts.count > FigurePage.mostParts {
                    p(
                        .class("hint"),
                        text: reader.say(
                            "只显示前 \(FigurePage.mostParts) 项，共 \(comparison.parts.count) 项；全部见 API。",
                            "The first \(FigurePage.mostParts) of \(comparison.parts.count) parts; the API has all."))
                }
            }
        }
    }

    private static let mostParts = 50

    private func about(_ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("定义", "Definition"))
            p(text: reader.say(indicator.definition))
            if let caveat = indicator.caveat { p(text: reader.say("注意：", "Note: ") + reader.say(caveat)) }
            p(
                .class("hint"),
                text: reader.say("第 \(indicator.version) 版 · 来源：", "Version \(indicator.version) · source: ")
                    + reader.say(indicator.source)
                    + (indicator.isExperimental
                        ? reader.say(" · 试验性指标", " · experimental") : ""))
            if !indicator.earlier.isEmpty {
                p {
                    reader.say("以前的定义：", "Earlier definitions: ")
                    for earlier in indicator.earlier {
                        a(
                            .href(
                                filter.path(SitePath("figures", program.id, indicator.id))
                                    .with("version", "\(earlier.version)")),
                            text: reader.say("第 \(earlier.version) 版", "version \(earlier.version)"))
                        " "
                    }
                }
            }
        }
    }
}
