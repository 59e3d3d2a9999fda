import Accounts
import HTTPServer
import SurveillanceKit
import Timeliness

/// Deadlines, scopes and exemptions that administrators have set.
struct RulesPage {
    var changes: [RuleChange]
    var programs: [Program]
    var scope: Scope
    /// In which moments are told.
    var zone: CivilZone?
    var message: BilingualText?

    func page(_ reader: Reader) -> Page {
        let title = reader.say("截止时间与上报范围", "Deadlines and scopes")
        return Page(title, path: SitePath("rules"), place: .rules) {
            h1(text: title)
            if let message { div(.class("note good"), .role("status")) { p(text: reader.say(message)) } }
            section(.class("card")) {
                h2(text: reader.say("新增规则", "Set a rule"))
                p(
                    .class("hint"),
                    text: reader.say(
                        "先预览会改变哪些机构的状态，再生效；每次变更都记入审计日志。",
                        "A preview shows whose state would change before it is put in force; every change is in the audit trail."
                    ))
                div(.class("row")) {
                    div(.class("go")) {
                        for kind in RuleForm.Kind.allCases where kind.maySet(scope) {
                            a(
                                .class("button plain"), .href(SitePath("rules", "new").with("kind", kind.rawValue)),
                                text: reader.say(kind.title))
                        }
                    }
                }
            }
            for program in programs { ofProgram(program, reader) }
            section(.class("card")) {
                h2(text: reader.say("已设定的规则", "Rules that were set"))
                if changes.isEmpty {
                    p(
                        text: reader.say(
                            "还没有。按监测项目自带的规则和 Config/deadlines 执行。",
                            "None yet: the programs' own rules and Config/deadlines hold."))
                }
                for change in changes { entry(change, reader) }
            }
        }
    }

    private func ofProgram(_ program: Program, _ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("\(program.title.zh)：自带的规则", "\(program.title.en): its own rules"))
            ul(.class("list")) {
                for rule in program.deadlines {
                    li(
                        text: reader.say(
                            "\(rule.kind.title.zh)，自 \(rule.from) 起：\(RulesPage.due(rule, reader))",
                            "\(rule.kind.title.en) from \(rule.from): \(RulesPage.due(rule, reader))"))
                }
                for rule in program.scope.rules {
                    li {
                        reader.say("范围，自 \(rule.from) 起：", "Scope from \(rule.from): ")
                        code(text: rule.institutions)
                    }
                }
            }
        }
    }

    private static func due(_ rule: DeadlineRule, _ reader: Reader) -> String {
        rule.due.map { due in
            let point: String =
                switch due.point {
                case .sameDay: "\(due.time)"
                case .date(let day): "\(day) \(due.time)"
                case .weekday(let day): reader.say("周\(day) \(due.time)", "weekday \(day), \(due.time)")
                case .dayOfMonth(let day): reader.say("每月 \(day) 日 \(due.time)", "day \(day), \(due.time)")
                case .workingDay(let day):
                    reader.say("每月第 \(day) 个工作日 \(due.time)", "working day \(day), \(due.time)")
                case .daysAfter(let days): reader.say("\(days) 天内", "within \(days) days")
                }
            return due.condition.map { "\(point) (\($0))" } ?? point
        }.joined(separator: "; ")
    }

    private func entry(_ change: RuleChange, _ reader: Reader) -> HTML {
        details {
            summary {
                programs.first { $0.id == change.program }.map { reader.say($0.title) } ?? change.program
                " · "
                reader.moment(change.setAt, in: zone)
                " · \(change.author) "
                if change.difficulty != nil {
                    span(.class("tag bad"), text: reader.say("无法执行", "Not in force"))
                } else if change.revokedAt != nil {
                    span(.class("tag quiet"), text: reader.say("已撤销", "Ended"))
                } else {
                    span(.class("tag good"), text: reader.say("生效", "In force"))
                }
            }
            if let difficulty = change.difficulty { p(text: reader.say(difficulty)) }
            pre { code(text: change.text) }
            if let at = change.revokedAt {
                p(.class("hint")) {
                    reader.say("撤销：\(change.revokedBy ?? "")，", "Ended by \(change.revokedBy ?? ""), ")
                    reader.moment(at, in: zone)
                }
            } else {
                ConfirmedAction(
                    name: reader.say("撤销这条规则", "End this rule"),
                    consequence: reader.say(
                        "撤销后按从未设定过重新判断，也会改变已经过去的日子。",
                        "It is judged then as if it had never been set; days that have passed change, too."),
                    confirm: reader.say("确认撤销", "Yes, end it"), action: SitePath("rules", change.id, "revoke")
                ).html(reader)
            }
        }
    }
}

extension RuleForm.Kind {
    var title: BilingualText {
        switch self {
        case .exemption: BilingualText(zh: "豁免一家机构", en: "Exempt an institution")
        case .addition: BilingualText(zh: "指定纳入一家机构", en: "Add an institution")
        case .deadline: BilingualText(zh: "每日截止时间", en: "A daily deadline")
        case .scope: BilingualText(zh: "上报范围", en: "A scope")
        case .text: BilingualText(zh: "按文件格式填写", en: "As a file has it")
        }
    }

    /// A province sets what is named; the rules of a program are the nation's.
    func maySet(_ scope: Scope) -> Bool {
        switch self {
        case .exemption, .addition: true
        case .deadline, .scope, .text: scope == .nation
        }
    }
}
