import HTTPServer
import SurveillanceKit

/// What went wrong, and the way on.
struct ProblemPage {
    var problem: Problem
    var path: SitePath

    func page(_ reader: Reader) -> Page {
        Page(reader.say(problem.title), path: path) {
            section(.class("card narrow")) {
                h1(text: reader.say(problem.title))
                if let detail = problem.detail { p(text: reader.say(detail)) }
                if let id = problem.requestID { p(.class("hint"), text: reader.say("请求编号：\(id)", "Request: \(id)")) }
                SupportView(contacts: reader.support).list(reader)
                p {
                    a(.class("button"), .href(SitePath()), text: reader.say("回到首页", "To the front page"))
                    " "
                    a(.class("button plain"), .href(SitePath("help")), text: reader.say("帮助", "Help"))
                }
            }
        }
    }
}
