import Intake
import SurveillanceKit
import Timeliness

/// Whether today is done: each program's duties of the day with when its report came, and how much is open.
struct TodayView {
    var duties: [DutiesPage.Item]
    /// Submissions of which something is still to be done.
    var openCount: Int

    func html(_ reader: Reader) -> HTML {
        section(.class("card today")) {
            h2(text: title(reader))
            ul(.class("plainlist")) {
                for item in duties {
                    li {
                        item.obligation.state.tag(reader)
                        " "
                        strong(text: reader.say(item.program.title))
                        " "
                        a(.href(.explanation(of: item.obligation)), text: said(item, reader))
                    }
                }
                if openCount > 0 {
                    li {
                        span(.class("tag warn"), text: reader.say("待处理", "Open"))
                        " "
                        a(
                            .href(SitePath().with("state", "open")),
                            text: reader.say(
                                "\(reader.number(openCount)) 次上报还有待处理的内容",
                                openCount == 1
                                    ? "1 submission has something open"
                                    : "\(reader.number(openCount)) submissions have something open"
                            ))
                    }
                }
            }
        }
    }

    private var waiting: Int { duties.filter { [.due, .missing, .upcoming].contains($0.obligation.state) }.count }

    private func title(_ reader: Reader) -> String {
        if duties.isEmpty { return reader.say("今天没有到期的上报", "No report is due today") }
        if waiting == 0 { return reader.say("今天的上报已完成", "Today is done") }
        return reader.say(
            "今天还有 \(waiting) 项未报", "\(waiting) of today's reports \(waiting == 1 ? "has" : "have") not come")
    }

    private func said(_ item: DutiesPage.Item, _ reader: Reader) -> String {
        let duty = item.obligation
        func clock(_ instant: Instant) -> String {
            String(instant.civil(secondsEastOfUTC: item.zone.offset(at: instant)).suffix(8).prefix(5))
        }
        if let received = duty.receivedAt {
            let day = item.zone.day(at: received) == item.zone.day(at: duty.dueAt)
            return day
                ? reader.say("今日 \(clock(received)) 收到", "received today at \(clock(received))")
                : reader.say("\(item.zone.day(at: received)) 收到", "received on \(item.zone.day(at: received))")
        }
        if duty.isPending { return reader.say("已收到，正在核验", "received, being checked") }
        return reader.say("截止 \(clock(duty.dueAt))", "due at \(clock(duty.dueAt))")
    }
}
