import HTTPServer
import SurveillanceKit
import Timeliness

/// How an institution has reported over some months, to be printed.
struct StatementPage {
    /// As many days at most.
    static let mostDays = 366

    var institution: Institution
    var programs: [Program]
    var days: ClosedRange<CivilDate>
    var now: Instant
    var obligations: [Obligation]
    var zone: @Sendable (String) -> CivilZone?
    /// What could not be judged.
    var unjudged: [DutyError]

    func page(_ reader: Reader) -> Page {
        let path = SitePath("duties", "statement").with("institution", institution.code)
            .with("from", "\(days.lowerBound)").with("to", "\(days.upperBound)")
        let title = reader.say("上报及时性证明", "Statement of timeliness")
        return Page(title, path: path, place: reader.dutyPlace) {
            h1(text: title)
            section(.class("card")) {
                dl(.class("facts")) {
                    dt(text: reader.say("医疗机构", "Institution"))
                    dd(text: reader.say(institution))
                    dt(text: reader.say("期间", "Period"))
                    dd(
                        text: reader.say(
                            "\(days.lowerBound) 至 \(days.upperBound)", "\(days.lowerBound) to \(days.upperBound)"))
                    dt(text: reader.say("截至", "As of"))
                    dd { reader.moment(now, in: programs.first.flatMap { zone($0.id) }) }
                }
                period(reader)
            }
            for error in unjudged { div(.class("note bad")) { p(text: reader.say(error.message)) } }
            summary(reader)
            exceptions(reader)
        }
    }

    private func period(_ reader: Reader) -> HTML {
        form(.get, .action(SitePath("duties", "statement")), .class("row")) {
            input(.type("hidden"), .name("institution"), .value(institution.code))
            div {
                label(.for("from"), text: reader.say("从", "From"))
                input(.id("from"), .type("date"), .name("from"), .value("\(days.lowerBound)"))
            }
            div {
                label(.for("to"), text: reader.say("到", "To"))
                input(.id("to"), .type("date"), .name("to"), .value("\(days.upperBound)"))
            }
            div(.class("go")) { button(.type("submit"), .class("plain"), text: reader.say("查看", "Show")) }
        }
    }

    private func summary(_ reader: Reader) -> HTML {
        let states: [Obligation.State] = [.inTime, .late, .missing, .exempt]
        let name = reader.say("监测项目", "Program")
        let share = reader.say("及时率", "In time")
        return section(.class("card tablecard")) {
            h2(text: reader.say("汇总", "Summary"))
            div(.class("scroll")) {
                table(.class("cards")) {
                    thead {
                        tr {
                            th(.scope("col"), text: name)
                            for state in states { th(.scope("col"), .class("number"), text: reader.say(state.title)) }
                            th(.scope("col"), .class("number"), text: share)
                        }
                    }
                    tbody {
                        for program in programs {
                            let counts = StateCounts(obligations.lazy.filter { $0.program == program.id })
                            if counts.total > 0 {
                                tr {
                                    cell(name) { reader.say(program.title) }
                                    for state in states { numberCell(reader.say(state.title), counts[state], reader) }
                                    cell(share, "number") { reader.percent(counts.timeliness) }
                                }
                            }
                        }
                    }
                }
            }
            p(
                .class("hint pad"),
                text: reader.say(
                    "及时率 = 按时 ÷（按时 + 迟报 + 漏报）；豁免和未到期的不计。",
                    "In time = in time ÷ (in time + late + missing); what is exempt or not yet due does not count."))
        }
    }

    private func exceptions(_ reader: Reader) -> HTML {
        let found = obligations.filter { [.late, .missing, .exempt].contains($0.state) }
        let (program, period, due, state, received) = (
            reader.say("监测项目", "Program"), reader.say("日期", "Day"), reader.say("截止时间", "Due at"),
            reader.say("状态", "State"), reader.say("收到时间", "Received")
        )
        return section(.class("card tablecard")) {
            h2(text: reader.say("迟报、漏报和豁免", "Late, missing and exempt"))
            if found.isEmpty {
                p(.class("pad"), text: reader.say("此期间没有。", "None in this period."))
            } else {
                div(.class("scroll")) {
                    table(.class("cards")) {
                        thead {
                            tr {
                                for name in [program, period, due, state, received] { th(.scope("col"), text: name) }
                            }
                        }
                        tbody {
                            for obligation in found {
                                tr {
                                    cell(program) { title(obligation.program, reader) }
                                    cell(period) { "\(reader.say(obligation.kind.title)) \(obligation.days)" }
                                    cell(due, "time") { reader.moment(obligation.dueAt, in: zone(obligation.program)) }
                                    cell(state) { obligation.state.tag(reader) }
                                    cell(received, "time") {
                                        if let at = obligation.receivedAt {
                                            reader.moment(at, in: zone(obligation.program))
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func title(_ id: String, _ reader: Reader) -> String {
        programs.first { $0.id == id }.map { reader.say($0.title) } ?? id
    }
}
