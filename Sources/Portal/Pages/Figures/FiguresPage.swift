import HTTPServer
import Reporting
import SurveillanceKit

/// The indicators of a program: each with its figure now, its course and what it says.
struct FiguresPage {
    struct Item {
        var indicator: Indicator
        var series: FigureSeries
    }

    var program: Program
    var programs: [Program]
    var items: [Item]
    var filter: FigureFilter
    /// Whether the reader may look at a region or an institution of his choice.
    var choosesPlace: Bool

    func page(_ reader: Reader) -> Page {
        let title = reader.say("\(reader.say(program.title))：指标", "\(reader.say(program.title)): indicators")
        return Page(title, path: filter.path(SitePath("figures", program.id)), place: .figures) {
            div(.class("head")) {
                div {
                    h1(text: title)
                    if let first = items.first { asOf(first.series, reader) }
                }
            }
            if programs.count > 1 { choice(reader) }
            FigureFilterForm(
                filter: filter, action: SitePath("figures", program.id), choosesPlace: choosesPlace
            ).html(reader)
            if items.isEmpty { nothing(reader) }
            for (number, item) in items.enumerated() { card(item, number, reader) }
        }
    }

    private func asOf(_ series: FigureSeries, _ reader: Reader) -> HTML {
        p(.class("lead")) {
            reader.say("截至 ", "As of ")
            reader.moment(series.asOf)
            if series.outdated > 0 {
                reader.say(
                    " · \(series.outdated) 家机构的指标正在重新计算",
                    " · the figures of \(series.outdated.counted("institution is", "institutions are")) being worked out anew"
                )
            }
        }
    }

    private func choice(_ reader: Reader) -> HTML {
        p(.class("choice")) {
            for program in programs {
                a(
                    .class(program.id == self.program.id ? "button" : "button plain"),
                    .href(filter.path(SitePath("figures", program.id))), text: reader.say(program.title))
                " "
            }
        }
    }

    private func nothing(_ reader: Reader) -> HTML {
        section(.class("card empty")) {
            h2(text: reader.say("本监测项目没有指标", "The program declares no indicators"))
            p(text: reader.say("请选择其他监测项目。", "Choose another program."))
        }
    }

    private func card(_ item: Item, _ number: Int, _ reader: Reader) -> HTML {
        let view = FigureView(series: item.series)
        let path = filter.path(SitePath("figures", program.id, item.indicator.id))
        return section(.class("card figure")) {
            h2 { a(.href(path), text: reader.say(item.indicator.title)) }
            view.latest(reader)
            view.chart("c\(number)", reader)
            p(.class("hint"), text: reader.say(item.indicator.definition))
            if let caveat = item.indicator.caveat {
                p(.class("hint"), text: reader.say("注意：", "Note: ") + reader.say(caveat))
            }
            details {
                summary(text: reader.say("数据表", "Data table"))
                view.table(reader)
            }
        }
    }
}

/// Which days, as of when, and whose.
struct FigureFilterForm {
    var filter: FigureFilter
    var action: SitePath
    var choosesPlace: Bool
    /// Further fields of the form: name, label, choices.
    var choices: [(name: String, label: String, value: String, options: [(value: String, text: String)])] = []

    func html(_ reader: Reader) -> HTML {
        form(.get, .action(action), .class("row card")) {
            div {
                label(.for("by"), text: reader.say("按", "By"))
                select(.id("by"), .name("by")) {
                    for kind in [FigurePeriod.Kind.day, .week, .month, .season] {
                        option(
                            .value(kind.rawValue), kind == filter.by ? .selected : nil, text: reader.say(kind.title))
                    }
                }
            }
            for choice in choices {
                div {
                    label(.for(choice.name), text: choice.label)
                    select(.id(choice.name), .fieldName(choice.name)) {
                        for entry in choice.options {
                            option(
                                .value(entry.value), entry.value == choice.value ? .selected : nil, text: entry.text)
                        }
                    }
                }
            }
            field("from", "date", filter.from, reader.say("从", "From"))
            field("to", "date", filter.to, reader.say("到", "To"))
            field("asOf", "text", filter.asOf, reader.say("截至（可空）", "As of (may be empty)"), "2026-11-29")
            if choosesPlace {
                field("region", "text", filter.region, reader.say("行政区划代码（可空）", "Region code (may be empty)"), "43")
                field(
                    "institution", "text", filter.institution,
                    reader.say("机构代码（可空）", "Institution code (may be empty)"))
            }
            div(.class("go")) { button(.type("submit"), text: reader.say("查看", "Show")) }
        }
    }

    private func field(
        _ name: StaticString, _ type: StaticString, _ value: String, _ text: String, _ example: String? = nil
    ) -> HTML {
        div {
            label(.for(name.description), text: text)
            input(.id(name.description), .type(type), .name(name), .value(value), example.map { .placeholder($0) })
        }
    }
}
