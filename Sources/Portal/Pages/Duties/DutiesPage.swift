import SurveillanceKit
import Timeliness

/// What an institution owes today, over all programs, and what of the last weeks is open.
struct DutiesPage {
    /// A program's duty and how its times are told.
    struct Item {
        var obligation: Obligation
        var program: Program
        var zone: CivilZone
    }

    var now: Instant
    /// Those whose deadline falls on today.
    var today: [Item]
    /// Those of the last weeks that nothing has come for, the latest first.
    var open: [Item]
    /// Those that fall due later and can be reported already, or do not come every day.
    var coming: [Item]
    /// The last weeks, for the calendar.
    var calendar: DutyCalendar
    /// The rows that the covered days hold, for each program that says it.
    var coverage: [CoverageView] = []
    /// What could not be judged.
    var unjudged: [DutyError]
    /// What has just been done.
    var message: BilingualText?

    func page(_ reader: Reader) -> Page {
        let title = reader.say("今日任务", "Today's duties")
        return Page(title, path: SitePath("duties"), place: .duties, refreshSeconds: 300) {
            div(.class("head")) {
                div {
                    h1(text: title)
                    if let institution = reader.institution { p(.class("lead"), text: reader.say(institution.name)) }
                }
                a(
                    .class("button plain"), .href(SitePath("duties", "statement")),
                    text: reader.say("及时性证明", "Statement of timeliness"))
            }
            if let message { div(.class("note good"), .role("status")) { p(text: reader.say(message)) } }
            DutyDifficulties(errors: unjudged).html(reader)
            if today.isEmpty { nothing(reader) } else { for item in today { card(item, reader) } }
            if !open.isEmpty { listing(open, reader.say("未报", "Not reported"), reader) }
            if !coming.isEmpty { listing(coming, reader.say("之后到期", "Due later"), reader) }
            for view in coverage { view.html(reader) }
            section(.class("card")) {
                h2(text: reader.say("上报日历", "Calendar"))
                calendar.html(reader)
            }
        }
    }

    private func nothing(_ reader: Reader) -> HTML {
        section(.class("card empty")) {
            h2(text: reader.say("今天没有到期的上报", "No report is due today"))
            p(
                text: reader.say(
                    "如果贵院应当上报而这里没有任务，请联系上级卫生健康行政部门核对上报范围。",
                    "If your institution should report and nothing stands here, ask your health commission to look at the scope."
                ))
        }
    }

    private func card(_ item: Item, _ reader: Reader) -> HTML {
        let duty = item.obligation
        return section(.class("card duty \(duty.state.tone)")) {
            div(.class("head")) {
                div {
                    h2(text: reader.say(item.program.title))
                    p(.class("lead")) {
                        reader.say(duty.kind.title) + " · "
                        reader.say("截止 ", "due ")
                        reader.moment(duty.dueAt, in: item.zone)
                    }
                }
                div { duty.state.tag(reader) }
            }
            p(text: advice(item, reader))
            if duty.state == .due || duty.state == .missing || duty.state == .upcoming { actions(item, reader) }
            p(.class("hint")) {
                a(.href(.explanation(of: item.obligation)), text: reader.say("为什么？查看规则与依据", "Why? Rules and facts"))
            }
        }
    }

    private func advice(_ item: Item, _ reader: Reader) -> String {
        let duty = item.obligation
        if duty.isPending, duty.state != .inTime {
            return reader.say(
                "已收到上报，正在核查；核查通过后按收到时间计。",
                "A report has come and is being checked; once it stands, the time of its receipt counts.")
        }
        let received = duty.receivedAt.map { $0.civil(secondsEastOfUTC: item.zone.offset(at: $0)) } ?? ""
        switch duty.state {
        case .upcoming: return reader.say("尚未开始。", "It cannot be reported yet.")
        case .due:
            let left = reader.span(max(0, duty.dueAt.milliseconds - now.milliseconds))
            return reader.say("还剩 \(left)。尚未收到可计入的上报。", "\(left) left. Nothing that counts has come yet.")
        case .inTime: return reader.say("已按时完成，\(received) 收到。", "Done in time: received at \(received).")
        case .late:
            return reader.say("已收到，但晚于截止时间：\(received)。", "Received after the deadline: \(received).")
        case .missing:
            return reader.say(
                "截止时间已过，仍未收到。请尽快补报。", "The deadline has passed and nothing has come. Send it as soon as you can.")
        case .exempt: return reader.say("当前豁免，无需上报。", "Exempt at present; no report is needed.")
        }
    }

    private func actions(_ item: Item, _ reader: Reader) -> HTML {
        guard reader.maySend else { return .empty }
        return div(.class("row")) {
            div(.class("go")) {
                a(.class("button"), .href(SitePath("upload")), text: reader.say("上传数据包", "Upload a package"))
                if item.obligation.kind.isEveryDay {
                    ConfirmedAction(
                        name: reader.say(
                            "零报告：\(item.obligation.to) 无病例", "Zero report: no cases on \(item.obligation.to)"),
                        consequence: reader.say(
                            "声明 \(item.obligation.to) 本院没有病例，作为正式上报留存并出具回执。",
                            "It states for your institution that there were no cases on \(item.obligation.to); it is kept as a report, with a receipt."
                        ),
                        confirm: reader.say("确认零报告", "Yes, report no cases"),
                        action: SitePath("duties", "zero-reports"),
                        fields: [("program", item.program.id), ("day", "\(item.obligation.to)")]
                    ).html(reader)
                }
            }
        }
    }

    private func listing(_ items: [Item], _ title: String, _ reader: Reader) -> HTML {
        let (program, period, due) = (
            reader.say("监测项目", "Program"), reader.say("日期", "Day"), reader.say("截止时间", "Due at")
        )
        return section(.class("card tablecard")) {
            h2(text: title)
            div(.class("scroll")) {
                table(.class("cards")) {
                    thead { tr { for name in [program, period, due] { th(.scope("col"), text: name) } } }
                    tbody {
                        for item in items {
                            tr {
                                cell(program) {
                                    reader.say(item.program.title) + " · " + reader.say(item.obligation.kind.title)
                                }
                                cell(period) { a(.href(.explanation(of: item.obligation)), text: item.obligation.days) }
                                cell(due) { reader.moment(item.obligation.dueAt, in: item.zone) }
                            }
                        }
                    }
                }
            }
        }
    }
}
