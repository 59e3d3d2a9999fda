import Intake
import SurveillanceKit

/// What to do about a submission, at most a screen: causes with how many rows each has and where the first of them are, what follows
/// from them in a line, and warnings folded.
struct ToDoView {
    private static let causesShown = 5
    private static let warningsShown = 8

    var submission: Submission
    var programs: [Program]
    var causes: SubmissionCauses
    /// Whether the reader's own people correct it.
    var isOwn: Bool

    private var findings: SitePath { SitePath("submissions", submission.id.description, "findings") }

    func view(_ reader: Reader) -> HTML {
        HTML(joining: [
            causes.errors.isEmpty && causes.consequences.isEmpty ? .empty : toCorrect(reader),
            causes.warnings.isEmpty ? .empty : toLookAt(reader),
        ])
    }

    private func toCorrect(_ reader: Reader) -> HTML {
        let shown = causes.errors.prefix(ToDoView.causesShown)
        return section(.class("card"), .id("causes")) {
            h2(text: isOwn ? reader.say("先改这些", "Correct these first") : reader.say("主要问题", "What was wrong"))
            ol(.class("todo")) {
                for group in shown { li { cause(group, reader) } }
            }
            for (type, consequence) in causes.consequences.sorted(by: { $0.key < $1.key }) {
                p(text: said(type, consequence, reader))
            }
            if causes.errors.count > shown.count || causes.isCut {
                p {
                    a(
                        .href(findings.with("by", "cause").with("severity", Severity.error.rawValue)),
                        text: reader.say(
                            "全部 \(reader.number(causes.errors.count)) 类错误",
                            "All kinds of error (\(reader.number(causes.errors.count)))"))
                }
            }
        }
    }

    /// `P6 出生日期 · 不是有效的日期  3 行`, what belongs there, and the first places.
    private func cause(_ group: FindingGroups.Group, _ reader: Reader) -> HTML {
        if group.finding.code == .rewrittenFile, group.finding.severity == .error { return rewritten(group, reader) }
        let words = FindingWords(programs: programs)
        let all = FindingsQuery(cause: group.cause).apply(to: findings)
        return HTML(joining: [
            div(.class("what")) {
                if group.finding.field != nil {
                    words.code(of: group.finding)
                    " "
                }
                reader.say(group.finding.message)
                " "
                a(.class("count"), .href(all), text: count(group, reader))
            },
            div(.class("hint")) {
                CausePlaces.text(group, reader)
                if let value = group.values.first?.value {
                    reader.say("；当前值 ", "; sent ")
                    code(text: value)
                    if group.values.count > 1 || group.otherValues > 0 { reader.say(" 等", " and others") }
                }
                if group.finding.expected != nil {
                    reader.say("；应为 ", "; expected ")
                    words.expected(group.finding, reader)
                }
            },
        ])
    }

    /// One diagnosis for all forms of a correction bundle that a spreadsheet has opened and saved.
    private func rewritten(_ group: FindingGroups.Group, _ reader: Reader) -> HTML {
        let files = causes.rewrittenForms
        return HTML(joining: [
            div(.class("what")) {
                reader.say(group.finding.message)
                " "
                a(
                    .class("count"), .href(findings.with("code", FindingCode.rewrittenFile.rawValue)),
                    text: reader.say("\(files.count) 个文件", files.count.counted("file")))
            },
            div(.class("hint"), text: files.joined(separator: reader.say("、", ", "))),
        ])
    }

    private func count(_ group: FindingGroups.Group, _ reader: Reader) -> String {
        let number = reader.number(group.count)
        if group.rows.isEmpty { return reader.say("\(number) 处", group.count == 1 ? "1 place" : "\(number) places") }
        return reader.say("\(number) 行", group.count == 1 ? "1 row" : "\(number) rows")
    }

    /// `另有 53 行（pdr 33，lis 20）因所属的 flu 记录被退回（27 行）一并退回`
    private func said(_ type: String, _ consequence: SubmissionCauses.Consequence, _ reader: Reader) -> String {
        let files = consequence.rows.sorted { $0.key < $1.key }.map { name, rows in
            let type = submission.files.first { $0.name == name }?.fileType ?? name
            return "\(type) \(reader.number(rows))"
        }.joined(separator: reader.say("，", ", "))
        let (rows, parents) = (reader.number(consequence.count), reader.number(consequence.parents.count))
        return reader.say(
            "另有 \(rows) 行（\(files)）等待 \(type) 的 \(parents) 行：本身没有问题，\(type) 改正后一并重报即可。",
            "\(rows) more \(consequence.count == 1 ? "row waits" : "rows wait") (\(files)) for \(parents) of \(type): nothing is wrong with them; send them again together with the corrected \(consequence.parents.count == 1 ? "row" : "rows")."
        )
    }

    private func toLookAt(_ reader: Reader) -> HTML {
        let total = reader.number(submission.warnings)
        let shown = causes.warnings.prefix(ToDoView.warningsShown)
        return details(.class("card fold"), .id("warnings")) {
            summary(
                text: acknowledged(reader)
                    + reader.say(
                        "\(total) 处警告，不影响入库（\(reader.number(causes.warnings.count)) 类）",
                        "Warnings: \(total), nothing is kept out (kinds: \(reader.number(causes.warnings.count)))"
                    ))
            ol(.class("todo")) {
                for group in shown { li { cause(group, reader) } }
            }
            p {
                a(
                    .href(findings.with("by", "cause").with("severity", Severity.warning.rawValue)),
                    text: reader.say("全部警告", "All warnings"))
            }
            if let said = submission.acknowledgement {
                p {
                    reader.say("\(said.account) 已确认：", "Acknowledged by \(said.account): ")
                    said.reason
                    " "
                    reader.moment(said.at)
                }
            } else if isOwn {
                acknowledgement(reader)
            }
        }
    }
}

extension ToDoView {
    private func acknowledged(_ reader: Reader) -> String {
        submission.acknowledgement == nil ? "" : reader.say("已确认 · ", "Acknowledged · ")
    }

    /// Says that somebody has looked at the warnings, and why they are as they are.
    private func acknowledgement(_ reader: Reader) -> HTML {
        form(.post, .action(SitePath("submissions", submission.id.description, "acknowledge"))) {
            formToken(reader)
            div(.class("row")) {
                div {
                    label(.for("warning-reason"), text: reader.say("确认警告的说明", "Why the warnings are as they are"))
                    input(
                        .id("warning-reason"), .type("text"), .name("reason"),
                        .maximumLength(SubmissionLog.longestReason), .required)
                }
                div(.class("go")) {
                    button(.type("submit"), .class("plain"), text: reader.say("确认已看过", "Acknowledge"))
                }
            }
        }
    }
}

/// Where the findings of one cause stand.
enum CausePlaces {
    private static let rowsShown = 5

    /// `flu_1.csv · 第 7、60、61 行`
    static func text(_ group: FindingGroups.Group, _ reader: Reader) -> String {
        "\(group.finding.file) · \(rows(group, reader))"
    }

    private static func rows(_ group: FindingGroups.Group, _ reader: Reader) -> String {
        guard !group.rows.isEmpty else { return reader.say("整个文件", "the whole file") }
        let shown = group.rows.prefix(rowsShown)
        let list = shown.map(String.init).joined(separator: reader.say("、", ", "))
        let rest = group.count > shown.count ? " …" : ""
        return reader.say("第 \(list)\(rest) 行", (group.count == 1 ? "row " : "rows ") + list + rest)
    }
}
