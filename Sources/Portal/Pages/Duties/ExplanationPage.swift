import Accounts
import HTTPServer
import SurveillanceKit
import Timeliness

/// Why an institution's duty stands as it does: every rule and fact.
struct ExplanationPage {
    var institution: Institution
    var program: Program
    var zone: CivilZone
    var day: CivilDate
    var explanations: [DutyExplanation]

    func page(_ reader: Reader) -> Page {
        let path = SitePath.explanation(of: institution.code, program.id, dueOn: day)
        return Page(reader.say("规则与依据", "Rules and facts"), path: path, place: reader.dutyPlace) {
            div(.class("head")) {
                div {
                    h1(text: reader.say("\(program.title.zh)：\(day) 到期的上报", "\(program.title.en): due on \(day)"))
                    p(.class("lead"), text: reader.say(institution))
                }
            }
            for explanation in explanations { card(explanation, reader) }
        }
    }

    private func card(_ explanation: DutyExplanation, _ reader: Reader) -> HTML {
        section(.class("card")) {
            if let duty = explanation.obligation {
                div(.class("head")) {
                    div {
                        h2(text: "\(reader.say(duty.kind.title)) \(duty.days)")
                        p(.class("lead")) {
                            reader.say("截止 ", "due ")
                            reader.moment(duty.dueAt, in: zone)
                        }
                    }
                    div { duty.state.tag(reader) }
                }
            } else {
                h2(text: reader.say("没有应报的上报", "No report is owed"))
            }
            ol(.class("steps")) {
                for reason in explanation.reasons {
                    li {
                        reader.say(reason.text)
                        if let place = reason.origin?.place { span(.class("hint inline"), text: " [\(place)]") }
                    }
                }
            }
        }
    }
}

extension Reader {
    /// Hospitals come to duties from their own, administrators from the board.
    var dutyPlace: Page.Place { account?.institution == nil ? .board : .duties }
}
