import Institutions
import Registrations
import SurveillanceKit

/// What an institution says of itself. What is saved is kept, complete or not.
struct ApplyFormPage {
    var application: Application
    var form: ApplicationForm
    var token: String
    var faults: [ApplicationField: BilingualText] = [:]

    private static let groups: [(title: BilingualText, fields: [ApplicationField])] = [
        (
            BilingualText(zh: "医疗机构", en: "The institution"),
            [.name, .nameEnglish, .code, .otherCode, .region, .address, .level, .category, .feverClinic]
        ), (BilingualText(zh: "法定代表人", en: "Legal representative"), [.legalName]),
        (
            BilingualText(zh: "数据管理员", en: "Data manager"),
            [.managerName, .managerPhone, .managerMail, .department]
        ),
    ]

    func page(_ reader: Reader) -> Page {
        Page(reader.say("填写资料", "Form"), path: SitePath("apply", "form")) {
            h1(text: reader.say("填写资料", "Fill in the form"))
            ApplySteps.line(.form, application, reader)
            if application.state == .waiting {
                div(.class("note warn")) {
                    p(
                        text: reader.say(
                            "申请正在等待审核。保存修改后需要重新提交，等待时间重新计算。",
                            "The application waits for review. Once you save a change it has to be sent in again, and waits anew."
                        ))
                }
            }
            if let refusal = application.refusal, application.state == .refused {
                div(.class("note bad")) {
                    p(text: reader.say("上次审核未通过：", "The last review found:"))
                    ul(.class("list")) { for line in refusal.lines { li(text: reader.say(line)) } }
                }
            }
            if !faults.isEmpty {
                div(.class("note bad"), .role("alert")) {
                    p(
                        text: reader.say(
                            "已保存，但有 \(faults.count) 项需要改正。",
                            "Saved, but \(faults.count.counted("entry needs", "entries need")) to be mended."))
                }
            }
            Portal.form(.post, .action(SitePath("apply", "form")), .class("fields")) {
                input(.type("hidden"), .name("formToken"), .value(token))
                for group in Self.groups {
                    section(.class("card")) {
                        h2(text: reader.say(group.title))
                        for field in group.fields { entry(field, reader) }
                    }
                }
                p(.class("hint"), text: reader.say("带 * 的为必填项。", "What has an asterisk is needed."))
                div(.class("actions")) {
                    button(.type("submit"), .name("next"), .value("1"), text: reader.say("保存并继续", "Save and go on"))
                    button(.class("plain"), .type("submit"), text: reader.say("仅保存", "Save alone"))
                }
            }
            ApplySteps.leave(token, reader)
        }
    }

    private func entry(_ field: ApplicationField, _ reader: Reader) -> HTML {
        let id = field.rawValue
        return div {
            if field == .feverClinic {
                label(.for(id)) {
                    input(
                        .id(id), .fieldName(id), .type("checkbox"), .value("true"),
                        form[field] == "true" ? .checked : nil)
                    " " + reader.say(field.title)
                }
            } else {
                label(.for(id), text: reader.say(field.title) + (field.isRequired ? " *" : ""))
                control(field, reader)
            }
            if let fault = faults[field] { p(.class("fault"), .role("alert"), text: reader.say(fault)) }
            if let hint = hint(field) { p(.class("hint"), text: reader.say(hint)) }
            if field == .code || field == .otherCode { explanation(field, reader) }
        }
    }

    private func control(_ field: ApplicationField, _ reader: Reader) -> HTML {
        let id = field.rawValue
        switch field {
        case .level: return choice(field, Institution.Level.allCases.map(\.rawValue), reader)
        case .category: return choice(field, Institution.Category.allCases.map(\.rawValue), reader)
        case .code, .otherCode:
            return input(
                .id(id), .fieldName(id), .type("text"), .value(form[field]), .maximumLength(80),
                .data(.explain, "\(id)-explained"), .aria(.describedBy, "\(id)-explained"))
        case .region:
            return input(
                .id(id), .fieldName(id), .type("text"), .value(form[field]), .maximumLength(6), .inputMode("numeric"))
        case .managerMail:
            return input(
                .id(id), .fieldName(id), .type("email"), .value(form[field]), .maximumLength(field.maximumLength),
                .autocomplete("email"))
        case .managerPhone:
            return input(
                .id(id), .fieldName(id), .type("tel"), .value(form[field]), .maximumLength(field.maximumLength),
                .autocomplete("tel"))
        default:
            return input(
                .id(id), .fieldName(id), .type("text"), .value(form[field]), .maximumLength(field.maximumLength))
        }
    }

    private func choice(_ field: ApplicationField, _ values: [String], _ reader: Reader) -> HTML {
        select(.id(field.rawValue), .fieldName(field.rawValue)) {
            option(.value(""), text: reader.say("请选择", "Choose"))
            for value in values {
                option(.value(value), form[field] == value ? .selected : nil, text: value)
            }
        }
    }

    private func hint(_ field: ApplicationField) -> BilingualText? {
        switch field {
        case .code:
            BilingualText(
                zh: "22 位卫生机构代码或 18 位统一社会信用代码，须与上报数据中的 P900 一致；空格和连字符不影响。",
                en:
                    "The 22 characters of WS 218 or the 18 of the unified credit code, as P900 of your reports has it; blanks and hyphens do not matter."
            )
        case .otherCode:
            BilingualText(
                zh: "如有两种代码，或 P900 使用别的代码，请填在这里。",
                en: "If you have both codes, or P900 holds another one, give it here.")
        case .region: BilingualText(zh: "六位，如 430102（长沙市芙蓉区）", en: "Six digits, such as 430102 (Furong, Changsha).")
        case .managerMail, .managerPhone:
            BilingualText(zh: "审核结果发送到这里。", en: "The outcome is sent here.")
        default: nil
        }
    }

    /// What the code says, as it was when the page was made; a script keeps it up while somebody types.
    private func explanation(_ field: ApplicationField, _ reader: Reader) -> HTML {
        let explained = InstitutionCode(form[field]).map(CodeExplanation.init)
        return div(.id("\(field.rawValue)-explained"), .class("explained"), .aria(.live, "polite")) {
            if let explained {
                span(text: reader.say(explained.summary))
                // What is wrong stands above already.
                for finding in explained.findings where faults[field] != finding.message {
                    span(
                        .class("tag \(finding.severity == .error ? "bad" : "warn")"), text: reader.say(finding.message))
                }
            }
        }
    }
}
