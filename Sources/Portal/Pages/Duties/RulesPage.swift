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
                form(.post, .action(SitePath("rules", change.id, "revoke"))) {
                    formToken(reader)
                    button(.type("submit"), .class("plain"), text: reader.say("撤销这条规则", "End this rule"))
                    p(
                        .class("hint"),
                        text: reader.say(
                            "撤销后按从未设定过重新判断，也会改变已经过去的日子。",
                            "It is judged then as if it had never been set; days that have passed change, too."))
                }
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

/// The form for one rule, with what is wrong beside each input, and what the rule would change.
struct RuleFormPage {
    var form: RuleForm
    var programs: [Program]
    var institutions: [Institution]
    var faults: [String: BilingualText] = [:]
    var preview: RulePreview?
    var zone: @Sendable (String) -> CivilZone?

    func page(_ reader: Reader) -> Page {
        let title = reader.say(form.kind.title)
        return Page(title, path: SitePath("rules", "new").with("kind", form.kind.rawValue), place: .rules) {
            h1(text: title)
            p { a(.href(SitePath("rules")), text: reader.say("← 返回", "← Back")) }
            if let fault = faults[""] { div(.class("note bad"), .role("alert")) { p(text: reader.say(fault)) } }
            if let preview { shown(preview, reader) }
            Portal.form(.post, .action(SitePath("rules", "preview")), .class("card fields")) {
                formToken(reader)
                Portal.input(.type("hidden"), .name("form"), .value(form.kind.rawValue))
                inputs(reader)
                button(.type("submit"), text: reader.say("预览影响", "Preview the effect"))
            }
        }
    }

    private func inputs(_ reader: Reader) -> HTML {
        switch form.kind {
        case .exemption, .addition:
            HTML(joining: [
                program(reader), institution(reader),
                input("from", .type("date"), "第一天", "First day", reader),
                input("until", .type("date"), "最后一天", "Last day", reader),
                input("reason", .type("text"), "原因", "Reason", reader), retroactive(reader),
            ])
        case .deadline:
            HTML(joining: [
                program(reader), kind(reader),
                input("from", .type("date"), "自哪天起", "From", reader),
                input("until", .type("date"), "最后一天（可空）", "Last day (may be empty)", reader),
                input("by", .type("text"), "截止时间，如 17:00", "Due at, as in 17:00", reader),
                input("days", .type("text"), "覆盖最近几天", "Covers the last days", reader, otherwise: "7"),
                input(
                    "when", .type("text"), "另定截止时间的机构，如 level == '三级'（可空）",
                    "Institutions with a deadline of their own, as in level == '三级' (may be empty)", reader),
                input("whenBy", .type("text"), "这些机构的截止时间", "Their deadline", reader),
                input("grace", .type("text"), "宽限分钟数（可空）", "Minutes of grace (may be empty)", reader),
                input("reason", .type("text"), "原因", "Reason", reader), retroactive(reader),
            ])
        case .scope:
            HTML(joining: [
                program(reader),
                input("from", .type("date"), "自哪天起", "From", reader),
                input("until", .type("date"), "最后一天（可空）", "Last day (may be empty)", reader),
                input(
                    "institutions", .type("text"), "应报机构的条件，如 hasFeverClinic && region.startsWith('43')",
                    "Which institutions owe it, as in hasFeverClinic && region.startsWith('43')", reader),
                input("reason", .type("text"), "原因", "Reason", reader), retroactive(reader),
            ])
        case .text:
            div {
                label(
                    .for("text"),
                    text: reader.say(
                        "内容（与 Config/deadlines 的文件相同，不含 setOn）", "As a file of Config/deadlines, without setOn"))
                textarea(.id("text"), .name("text"), .rows(18), text: form.values["text"] ?? RuleFormPage.sample)
                fault("text", reader)
            }
        }
    }

    private static let sample = """
        {
          "program": "fever-clinic",
          "reason": { "zh": "…", "en": "…" },
          "deadlines": []
        }
        """

    private func input(
        _ name: StaticString, _ type: Attribute, _ zh: String, _ en: String, _ reader: Reader, otherwise: String = ""
    ) -> HTML {
        div {
            label(.for(name.description), text: reader.say(zh, en))
            Portal.input(
                .id(name.description), type, .name(name), .value(form.values[name.description] ?? otherwise),
                faults[name.description] == nil ? nil : .aria(.describedBy, "\(name)-fault"))
            fault(name.description, reader)
        }
    }

    private func fault(_ name: String, _ reader: Reader) -> HTML {
        guard let fault = faults[name] else { return HTML.empty }
        return p(.id("\(name)-fault"), .class("fault"), .role("alert"), text: reader.say(fault))
    }

    private func program(_ reader: Reader) -> HTML {
        div {
            label(.for("program"), text: reader.say("监测项目", "Program"))
            select(.id("program"), .name("program")) {
                for program in programs {
                    option(
                        .value(program.id), program.id == form["program"] ? .selected : nil,
                        text: reader.say(program.title))
                }
            }
            fault("program", reader)
        }
    }

    private func kind(_ reader: Reader) -> HTML {
        div {
            label(.for("kind"), text: reader.say("类型", "Kind"))
            select(.id("kind"), .name("kind")) {
                for kind in [DeadlineRule.Kind.daily, .workingDays] {
                    option(
                        .value(kind.rawValue), kind.rawValue == form["kind"] ? .selected : nil,
                        text: reader.say(kind.title))
                }
            }
            fault("kind", reader)
        }
    }

    private func institution(_ reader: Reader) -> HTML {
        div {
            label(.for("institution"), text: reader.say("机构代码", "Institution's code"))
            Portal.input(
                .id("institution"), .type("text"), .name("institution"), .list("institutions"),
                .value(form.values["institution"] ?? ""))
            datalist(.id("institutions")) {
                for institution in institutions.prefix(500) {
                    option(.value(institution.code), text: reader.say(institution.name))
                }
            }
            fault("institution", reader)
        }
    }

    private func retroactive(_ reader: Reader) -> HTML {
        div {
            label {
                Portal.input(
                    .type("checkbox"), .name("retroactive"), .value("yes"), form["retroactive"] == nil ? nil : .checked)
                reader.say(" 追溯：也改变已经过去的日子", " Retroactive: it changes days that have passed, too")
            }
            fault("retroactive", reader)
        }
    }

    // MARK: What it would change

    private func shown(_ preview: RulePreview, _ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("预览", "Preview"))
            p(
                text: preview.total == 0
                    ? reader.say(
                        "\(preview.days.lowerBound) 至 \(preview.days.upperBound)：没有任何状态改变。",
                        "\(preview.days.lowerBound) to \(preview.days.upperBound): no state would change.")
                    : reader.say(
                        "\(preview.days.lowerBound) 至 \(preview.days.upperBound)：\(preview.institutions) 家机构的 \(preview.total) 项会改变。",
                        "\(preview.days.lowerBound) to \(preview.days.upperBound): \(preview.total) duties of \(preview.institutions) institutions would change."
                    ))
            if !preview.differences.isEmpty { differences(preview, reader) }
            Portal.form(.post, .action(SitePath("rules", "apply"))) {
                formToken(reader)
                Portal.input(.type("hidden"), .name("form"), .value(form.kind.rawValue))
                for name in form.fields.needed + form.fields.others {
                    if let value = form[name] { Portal.input(.type("hidden"), .fieldName(name), .value(value)) }
                }
                button(.type("submit"), text: reader.say("生效", "Put it in force"))
            }
        }
    }

    private func differences(_ preview: RulePreview, _ reader: Reader) -> HTML {
        let names = Dictionary(institutions.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
        let (by, day, before, after) = (
            reader.say("医疗机构", "Institution"), reader.say("日期", "Day"), reader.say("现在", "Now"),
            reader.say("变更后", "Then")
        )
        return HTML(joining: [
            div(.class("scroll")) {
                table(.class("cards")) {
                    thead { tr { for name in [by, day, before, after] { th(.scope("col"), text: name) } } }
                    tbody {
                        for difference in preview.differences {
                            if let shown = difference.after ?? difference.before {
                                tr {
                                    cell(by, "name") {
                                        names[shown.institution].map { reader.say($0) } ?? shown.institution
                                    }
                                    cell(day) { "\(reader.say(shown.kind.title)) \(shown.days)" }
                                    cell(before) { state(difference.before, reader) }
                                    cell(after) { state(difference.after, reader) }
                                }
                            }
                        }
                    }
                }
            },
            preview.total > preview.differences.count
                ? p(
                    .class("hint"),
                    text: reader.say(
                        "只列出前 \(preview.differences.count) 项。", "The first \(preview.differences.count) are shown."))
                : HTML.empty,
        ])
    }

    private func state(_ obligation: Obligation?, _ reader: Reader) -> HTML {
        guard let obligation else { return span(text: reader.say("不需上报", "not owed")) }
        return span {
            obligation.state.tag(reader)
            " "
            if let zone = zone(obligation.program) { reader.moment(obligation.dueAt, in: zone) }
        }
    }
}
