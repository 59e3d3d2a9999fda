import Accounts
import HTTPServer
import SurveillanceKit
import Timeliness

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
        choice("program", "监测项目", "Program", programs.map { ($0.id, $0.title) }, reader)
    }

    private func kind(_ reader: Reader) -> HTML {
        let kinds: [DeadlineRule.Kind] = [.daily, .workingDays]
        return choice("kind", "类型", "Kind", kinds.map { ($0.rawValue, $0.title) }, reader)
    }

    private func choice(
        _ name: StaticString, _ zh: String, _ en: String, _ choices: [(value: String, title: BilingualText)],
        _ reader: Reader
    ) -> HTML {
        div {
            label(.for(name.description), text: reader.say(zh, en))
            select(.id(name.description), .name(name)) {
                for choice in choices {
                    option(
                        .value(choice.value), choice.value == form[name.description] ? .selected : nil,
                        text: reader.say(choice.title))
                }
            }
            fault(name.description, reader)
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
