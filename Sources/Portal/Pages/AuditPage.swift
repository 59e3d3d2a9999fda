import HTTPServer
import SurveillanceKit

/// The audit trail as audit administrators read it.
struct AuditPage {
    static let length = 100

    var lines: [AuditLine]
    var query: AuditQuery
    var hasMore: Bool

    func page(_ reader: Reader) -> Page {
        let title = reader.say("审计记录", "Audit trail")
        return Page(title, path: path(before: query.before), place: .audit) {
            h1(text: title)
            p(
                .class("lead"),
                text: reader.say(
                    "每条记录以哈希与之前所有记录相连。请定期把最新一条的编号和哈希另行记录：vedette audit verify --noted 编号:哈希 可以证明此前没有删改。",
                    "Each entry is bound by its hash to all before it. Note the number and hash of the latest one elsewhere now and then: vedette audit verify --noted NUMBER:HASH proves that nothing before it was changed."
                ))
            filter(reader)
            if query == AuditQuery(), let latest = lines.first {
                section(.class("card")) {
                    p(.class("hint"), text: reader.say("最新记录", "The latest entry"))
                    p { code(.class("long"), text: "\(latest.number):\(latest.hash)") }
                }
            }
            listing(reader)
        }
    }

    private func path(before: Int64?) -> SitePath {
        SitePath("audit").with("who", query.who).with("action", query.action).with("subject", query.subject)
            .with("before", before.map(String.init))
    }

    private func filter(_ reader: Reader) -> HTML {
        section(.class("card filter")) {
            form(.get, .action(SitePath("audit")), .class("fields")) {
                div {
                    label(.for("who"), text: reader.say("操作人", "Who"))
                    input(.id("who"), .name("who"), .type("text"), .value(query.who), .maximumLength(64))
                }
                div {
                    label(
                        .for("action"),
                        text: reader.say("操作（以 . 结尾查找一类：account.）", "Action (with . at the end a group: account.)"))
                    input(.id("action"), .name("action"), .type("text"), .value(query.action), .maximumLength(64))
                }
                div {
                    label(.for("subject"), text: reader.say("对象", "Of what"))
                    input(.id("subject"), .name("subject"), .type("text"), .value(query.subject), .maximumLength(64))
                }
                button(.type("submit"), text: reader.say("筛选", "Filter"))
            }
        }
    }

    private func listing(_ reader: Reader) -> HTML {
        let heads = [
            "#", reader.say("时间", "When"), reader.say("操作人", "Who"), reader.say("来自", "From"),
            reader.say("操作", "Action"), reader.say("对象", "Of what"), reader.say("详情", "Detail"),
        ]
        return section(.class("card tablecard")) {
            if lines.isEmpty { p(.class("hint"), text: reader.say("没有记录。", "No entry.")) }
            div(.class("scroll")) {
                table(.class("cards")) {
                    thead { tr { for text in heads { th(.scope("col"), text: text) } } }
                    tbody {
                        for line in lines {
                            tr {
                                cell(heads[0]) { "\(line.number)" }
                                cell(heads[1], "time") { reader.moment(line.at) }
                                cell(heads[2], "name") { line.who }
                                cell(heads[3]) { line.from }
                                cell(heads[4]) { code(text: line.action) }
                                cell(heads[5]) { code(.class("long"), text: line.subject) }
                                cell(heads[6]) { detail(line) }
                            }
                        }
                    }
                }
            }
            if hasMore, let last = lines.last {
                div(.class("pager")) {
                    a(.href(path(before: last.number)), text: reader.say("更早的记录", "Earlier entries"))
                }
            }
        }
    }

    private func detail(_ line: AuditLine) -> String {
        line.detail.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}
