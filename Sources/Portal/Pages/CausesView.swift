import Intake
import SurveillanceKit

/// The causes of findings as a table: each with how many rows it has, what they hold, and the way to every finding of it.
struct CausesView {
    private static let causesShown = 100

    var submission: Submission
    var programs: [Program]
    var groups: [FindingGroups.Group]
    /// Whether only the first findings were grouped.
    var isCut: Bool

    func view(_ reader: Reader) -> HTML {
        HTML(joining: [
            listing(Array(groups.prefix(CausesView.causesShown)), reader),
            groups.count > CausesView.causesShown || isCut ? p(.class("pad hint"), text: rest(reader)) : .empty,
        ])
    }

    private func rest(_ reader: Reader) -> String {
        var text = ""
        if isCut {
            let count = reader.number(SubmissionCauses.findingsGrouped)
            text += reader.say("仅归类了前 \(count) 条问题。", "Only the first findings (\(count)) are grouped. ")
        }
        if groups.count > CausesView.causesShown {
            let count = reader.number(groups.count - CausesView.causesShown)
            text += reader.say("另有 \(count) 类，可用筛选条件缩小范围。", "There are more causes (\(count)); filter to see them.")
        }
        return text
    }

    private func listing(_ groups: [FindingGroups.Group], _ reader: Reader) -> HTML {
        let count = reader.say("处数", "How many")
        let headings = FindingHeadings(reader)
        let words = FindingWords(programs: programs)
        return div(.class("scroll")) {
            table(.class("cards")) {
                thead {
                    tr {
                        for name in [
                            headings.message, headings.field, headings.value, headings.expected, headings.severity,
                        ] { th(.scope("col"), text: name) }
                        th(.scope("col"), .class("number"), text: count)
                    }
                }
                tbody {
                    for group in groups {
                        tr {
                            cell(headings.message, "say") {
                                reader.say(group.finding.message)
                                span(.class("hint"), text: CausePlaces.text(group, reader))
                            }
                            cell(headings.field, "key") { words.field(group.finding, reader) }
                            cell(headings.value, "name") { values(of: group, words, reader) }
                            cell(headings.expected, "name") { words.expected(group.finding, reader) }
                            cell(headings.severity) { group.finding.severity.tag(reader) }
                            cell(count, "number") { a(.href(all(of: group)), text: reader.number(group.count)) }
                        }
                    }
                }
            }
        }
    }

    /// The value that all have, or the most frequent ones with how many have each.
    private func values(of group: FindingGroups.Group, _ words: FindingWords, _ reader: Reader) -> HTML {
        guard group.finding.value == nil else { return words.value(group.finding, reader) }
        let values = group.values
        var parts = values.prefix(3).map { value in
            div {
                code(text: value.value)
                if value.count > 1 { span(.class("hint inline"), text: " ×\(reader.number(value.count))") }
            }
        }
        if values.count > parts.count || group.otherValues > 0 { parts.append(div(text: "…")) }
        return HTML(joining: parts)
    }

    private func all(of group: FindingGroups.Group) -> SitePath {
        FindingsQuery(cause: group.cause).apply(to: SitePath("submissions", submission.id.description, "findings"))
    }
}
