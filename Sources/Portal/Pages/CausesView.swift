import Intake
import SurveillanceKit

/// The findings of one submission by cause: what to mend first, with the way to every finding of it.
struct CausesView {
    /// Beyond so many findings a page would take too long; the API groups all of them.
    static let findingsGrouped = 500_000
    private static let causesShown = 100

    var page: SubmissionPage
    var groups: FindingGroups

    func view(_ reader: Reader) -> HTML {
        let sorted = groups.sorted()
        return section(.class("card tablecard"), .id("causes")) {
            h2(text: reader.say("按原因归类", "By cause"))
            listing(Array(sorted.prefix(CausesView.causesShown)), reader)
            if sorted.count > CausesView.causesShown || groups.count == CausesView.findingsGrouped {
                p(.class("pad hint"), text: rest(sorted.count, reader))
            }
        }
    }

    private func rest(_ causes: Int, _ reader: Reader) -> String {
        var text = ""
        if groups.count == CausesView.findingsGrouped {
            let count = reader.number(groups.count)
            text += reader.say("仅归类了前 \(count) 条问题。", "Only the first findings (\(count)) are grouped. ")
        }
        if causes > CausesView.causesShown {
            let count = reader.number(causes - CausesView.causesShown)
            text += reader.say("另有 \(count) 类，见下面的清单。", "The list below has more causes (\(count)).")
        }
        return text
    }

    private func listing(_ groups: [FindingGroups.Group], _ reader: Reader) -> HTML {
        let count = reader.say("处数", "How many")
        let headings = FindingHeadings(reader)
        return div(.class("scroll")) {
            table(.class("cards")) {
                thead {
                    tr {
                        th(.scope("col"), text: headings.message)
                        th(.scope("col"), text: headings.field)
                        th(.scope("col"), text: headings.value)
                        th(.scope("col"), text: headings.severity)
                        th(.scope("col"), .class("number"), text: count)
                    }
                }
                tbody {
                    for group in groups {
                        tr {
                            cell(headings.message, "say") { said(group, reader) }
                            cell(headings.field, "key") { group.finding.fieldShown(reader) }
                            cell(headings.value, "name") { values(of: group, reader) }
                            cell(headings.severity) { group.finding.severity.tag(reader) }
                            cell(count, "number") { a(.href(all(of: group)), text: reader.number(group.count)) }
                        }
                    }
                }
            }
        }
    }

    private func said(_ group: FindingGroups.Group, _ reader: Reader) -> HTML {
        HTML(joining: [
            group.finding.messageShown(reader),
            span(.class("hint")) { "\(group.finding.file) · \(rows(group, reader))" },
        ])
    }

    /// The value that all have, or the most frequent ones with how many have each.
    private func values(of group: FindingGroups.Group, _ reader: Reader) -> HTML {
        guard group.finding.value == nil else { return group.finding.valueShown(reader) }
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

    private func rows(_ group: FindingGroups.Group, _ reader: Reader) -> String {
        guard !group.rows.isEmpty else { return reader.say("整个文件", "the whole file") }
        let list = group.rows.map(String.init).joined(separator: reader.say("、", ", "))
        let hasMore = group.count > group.rows.count
        return reader.say("第 \(list) 行", (group.count == 1 ? "row " : "rows ") + list) + (hasMore ? " …" : "")
    }

    private func all(of group: FindingGroups.Group) -> SitePath {
        FindingsQuery(cause: group.cause).apply(to: SitePath("submissions", page.submission.id.description))
    }
}
