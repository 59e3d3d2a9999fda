import HTTPServer
import SurveillanceKit
import Timeliness

/// The obligations of one day at the institutions of a region, to be looked into one by one.
struct BoardInstitutionsPage {
    static let length = 100

    var day: CivilDate
    var program: String?
    var region: Region?
    var state: Obligation.State?
    var level: Institution.Level?
    var after: String?
    var found: ObligationPage
    var programs: [Program]
    var zone: @Sendable (String) -> CivilZone?
    var institution: @Sendable (String) -> Institution?

    func page(_ reader: Reader) -> Page {
        let title = reader.say("\(day) 到期的上报", "Due on \(day)")
        return Page(title, path: path().with("after", after), place: .board) {
            div(.class("head")) {
                div {
                    h1(text: title)
                    p(.class("lead"), text: what(reader))
                }
                a(
                    .class("button plain"), .href(path().with("format", "csv")),
                    text: reader.say("导出 CSV", "Export as CSV"))
            }
            p { a(.href(SitePath("board").with("date", "\(day)")), text: reader.say("← 返回看板", "← Board")) }
            chips(reader)
            DutyDifficulties(errors: found.unjudged).html(reader)
            listing(reader)
        }
    }

    private func path() -> SitePath {
        SitePath("board", "institutions").with("date", "\(day)").with("program", program)
            .with("region", region?.prefix).with("state", state?.rawValue)
            .with("level", level?.rawValue)
    }

    private func what(_ reader: Reader) -> String {
        let name = programs.first { $0.id == program }.map { reader.say($0.title) }
        let place = region.map { RegionName.of($0.prefix, reader) }
        let level = level.map { reader.say(LevelWords.title($0)) }
        return [name ?? reader.say("全部监测项目", "All programs"), place, level].compactMap(\.self).joined(separator: " · ")
    }

    private func chips(_ reader: Reader) -> HTML {
        ul(.class("chips"), .aria(.label, reader.say("按状态筛选", "By state"))) {
            li {
                a(
                    .href(path().with("state", nil)), state == nil ? .aria(.current, "true") : nil,
                    text: reader.say("全部", "All"))
            }
            for other in BoardPage.states {
                li {
                    a(
                        .href(path().with("state", other.rawValue)), state == other ? .aria(.current, "true") : nil,
                        text: reader.say(other.title))
                }
            }
        }
    }

    private func listing(_ reader: Reader) -> HTML {
        let (by, name, period, due, state, received) = (
            reader.say("医疗机构", "Institution"), reader.say("监测项目", "Program"), reader.say("日期", "Day"),
            reader.say("截止时间", "Due at"), reader.say("状态", "State"), reader.say("收到时间", "Received")
        )
        return section(.class("card tablecard")) {
            if found.items.isEmpty {
                p(.class("pad"), text: reader.say("没有符合条件的上报。", "Nothing of the kind."))
            } else {
                div(.class("scroll")) {
                    table(.class("cards")) {
                        thead {
                            tr {
                                for title in [by, name, period, due, state, received] { th(.scope("col"), text: title) }
                            }
                        }
                        tbody {
                            for item in found.items {
                                let duty = item.obligation
                                tr {
                                    cell(by, "name") {
                                        a(
                                            .href(SitePath("board", "institutions", duty.institution)),
                                            text: institution(duty.institution).map { reader.say($0.name) }
                                                ?? duty.institution)
                                    }
                                    cell(name) {
                                        programs.first { $0.id == duty.program }.map { reader.say($0.title) }
                                            ?? duty.program
                                    }
                                    cell(period) { "\(reader.say(duty.kind.title)) \(duty.days)" }
                                    cell(due, "time") { reader.moment(duty.dueAt, in: zone(duty.program)) }
                                    cell(state) {
                                        a(.href(.explanation(of: duty))) { duty.state.tag(reader) }
                                    }
                                    cell(received, "time") {
                                        if let at = duty.receivedAt { reader.moment(at, in: zone(duty.program)) }
                                    }
                                }
                            }
                        }
                    }
                }
                if let next = found.next {
                    div(.class("pager")) {
                        span { HTML.empty }
                        a(.class("button plain"), .href(path().with("after", next)), text: reader.say("下一页", "Next"))
                    }
                }
            }
        }
    }
}

/// One institution as its administrators see it.
struct InstitutionDutiesPage {
    var institution: Institution
    var calendar: DutyCalendar
    var counts: [(program: Program, counts: StateCounts)]
    var unjudged: [DutyError]

    func page(_ reader: Reader) -> Page {
        Page(reader.say(institution.name), path: SitePath("board", "institutions", institution.code), place: .board) {
            div(.class("head")) {
                div {
                    h1(text: reader.say(institution.name))
                    p(
                        .class("lead"),
                        text:
                            "\(institution.code) · \(institution.level.rawValue) · \(RegionName.of(institution.region, reader))"
                    )
                }
                a(
                    .class("button plain"),
                    .href(SitePath("duties", "statement").with("institution", institution.code)),
                    text: reader.say("及时性证明", "Statement of timeliness"))
            }
            DutyDifficulties(errors: unjudged).html(reader)
            dl(.class("figures")) {
                for entry in counts {
                    div {
                        dt(text: reader.say("\(entry.program.title.zh) 及时率", "\(entry.program.title.en), in time"))
                        dd(text: reader.percent(entry.counts.timeliness))
                    }
                }
            }
            section(.class("card")) {
                h2(text: reader.say("上报日历", "Calendar"))
                calendar.html(reader)
            }
        }
    }
}
