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
            text += reader.say("仅归类了前 \(count) 条问题。", "Only the first \(count) findings are grouped. ")
        }
        if causes > CausesView.causesShown {
            let count = reader.number(causes - CausesView.causesShown)
            text += reader.say("另有 \(count) 类，见下面的清单。", "\(count) more causes are in the list below.")
        }
        return text
    }

    private func listing(_ groups: [FindingGroups.Group], _ reader: Reader) -> HTML {
        let count = reader.say("处数", "How many")
        let field = reader.say("字段", "Field")
        let level = reader.say("级别", "Severity")
        let what = reader.say("问题", "What is wrong")
        let value = reader.say("当前值", "Value")
        return div(.class("scroll")) {
            table(.class("cards")) {
                thead {
                    tr {
                        th(.scope("col"), text: what)
                        th(.scope("col"), text: field)
                        th(.scope("col"), text: value)
                        th(.scope("col"), text: level)
                        th(.scope("col"), .class("number"), text: count)
                    }
                }
                tbody {
                    for group in groups {
                        tr {
                            cell(what, "say") { said(group, reader) }
                            cell(field, "key") {
                                if let name = group.finding.field { code(text: name) }
                                if let title = group.finding.title { span(.class("hint"), text: reader.say(title)) }
                            }
                            cell(value, "name") { found(group.finding, reader) }
                            cell(level) { group.finding.severity.tag(reader) }
                            cell(count, "number") { a(.href(all(of: group)), text: reader.number(group.count)) }
                        }
                    }
                }
            }
        }
    }

    private func said(_ group: FindingGroups.Group, _ reader: Reader) -> HTML {
        var parts = [HTML(text: reader.say(group.finding.message))]
        if let expected = group.finding.expected {
            parts.append(span(.class("hint"), text: reader.say("应为：", "Expected: ") + reader.say(expected)))
        }
        parts.append(span(.class("hint")) { "\(group.finding.file) · \(rows(group, reader))" })
        return HTML(joining: parts)
    }

    private func rows(_ group: FindingGroups.Group, _ reader: Reader) -> String {
        guard !group.rows.isEmpty else { return reader.say("整个文件", "the whole file") }
        let list = group.rows.map(String.init).joined(separator: reader.say("、", ", "))
        let hasMore = group.count > group.rows.count
        return reader.say("第 \(list) 行", (group.count == 1 ? "row " : "rows ") + list) + (hasMore ? " …" : "")
    }

    private func found(_ finding: Finding, _ reader: Reader) -> HTML {
        var parts: [HTML] = []
        if let value = finding.value { parts.append(code(text: value)) }
        if let suggestion = finding.suggestion {
            parts.append(span(.class("hint")) { reader.say("可能是 ", "probably ") + suggestion })
        }
        return HTML(joining: parts)
    }

    private func all(of group: FindingGroups.Group) -> SitePath {
        FindingsQuery(cause: group.cause).apply(to: SitePath("submissions", page.submission.id.description))
    }
}
