import Institutions
import Registrations
import SurveillanceKit

/// The applications that a reviewer decides about, the one that has waited longest first.
struct ReviewQueuePage {
    var applications: [ReviewedApplication]
    var state: Application.State
    var now: Instant
    /// What was decided just now.
    var done: Application.State?

    static let states: [Application.State] = [.waiting, .refused, .approved]

    func page(_ reader: Reader) -> Page {
        Page(
            reader.say("账号审核", "Applications"), path: SitePath("applications").with("state", state.rawValue),
            place: .applications
        ) {
            h1(text: reader.say("账号审核", "Applications"))
            if let done {
                div(.class("note good"), .role("status")) {
                    p(
                        text: done == .approved
                            ? reader.say(
                                "已通过：机构已登记，账号已开通，设置密码的链接已发出。",
                                "Approved: the institution is registered, its account open, and the link sent.")
                            : reader.say("已退回，原因已通知申请人。", "Refused; the applicant is told why."))
                }
            }
            ul(.class("chips")) {
                for other in Self.states {
                    li {
                        a(
                            .href(SitePath("applications").with("state", other == .waiting ? nil : other.rawValue)),
                            other == state ? .aria(.current, "true") : nil, text: reader.say(other.title))
                    }
                }
            }
            if applications.isEmpty {
                section(.class("card")) { p(text: reader.say("没有处于该状态的申请。", "No application is in this state.")) }
            } else {
                listing(reader)
            }
        }
    }

    private func listing(_ reader: Reader) -> HTML {
        let names = (
            name: reader.say("机构", "Institution"), region: reader.say("地区", "Region"),
            sent: reader.say("提交", "Sent in"),
            due: state == .waiting ? reader.say("办理时限", "To be decided by") : reader.say("办理", "Decided")
        )
        return section(.class("card tablecard")) {
            table(.class("cards")) {
                thead {
                    tr {
                        for name in [names.name, names.region, names.sent, names.due] { th(.scope("col"), text: name) }
                    }
                }
                tbody {
                    for reviewed in applications {
                        let application = reviewed.application
                        tr {
                            td(.data(.label, names.name), .class("name")) {
                                div {
                                    a(.href(SitePath("applications", application.id)), text: application.form[.name])
                                    span(.class("hint"), text: " " + application.form[.code])
                                }
                            }
                            td(.data(.label, names.region)) { div { RegionName.of(application.form[.region], reader) } }
                            td(.data(.label, names.sent), .class("time")) {
                                div { application.submittedAt.map(reader.moment) }
                            }
                            td(.data(.label, names.due), .class("time")) {
                                div {
                                    if state == .waiting {
                                        clock(reviewed, reader)
                                    } else {
                                        application.decidedAt.map(reader.moment)
                                        span(.class("hint"), text: " \(application.decidedBy ?? "")")
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func clock(_ reviewed: ReviewedApplication, _ reader: Reader) -> HTML {
        guard let due = reviewed.dueAt else { return .empty }
        return span {
            reader.moment(due)
            if due <= now {
                " "
                span(.class("tag bad"), text: reader.say("已超时", "overdue"))
            } else if due.milliseconds(since: now) < 86_400_000 {
                " "
                span(.class("tag warn"), text: reader.say("即将到期", "due soon"))
            }
        }
    }
}
