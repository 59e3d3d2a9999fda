import SurveillanceKit

/// Everything about one kind of file: its fields in order, what each may hold, and the rules beyond them.
struct FileTypePage {
    var program: Program
    var type: FileType
    /// What is looked for in codes, titles and descriptions.
    var search = ""
    /// Whether there is a package to look at.
    var hasExample = false

    private var own: SitePath { SitePath("programs", program.id, type.id) }

    func page(_ reader: Reader) -> Page {
        Page(reader.say(type.title), path: own.with("q", search), place: .programs) {
            p { a(.href(SitePath("programs", program.id)), text: "← " + reader.say(program.title)) }
            div(.class("head")) {
                div {
                    h1(text: reader.say(type.title))
                    p(.class("lead")) {
                        code(text: "\(type.id)_….csv")
                        reader.say("，共 \(type.fields.count) 个字段", ", \(type.fields.count.counted("field"))")
                    }
                }
            }
            if let description = type.description { p(text: reader.say(description)) }
            links(reader)
            downloads(reader)
            section(.class("card")) {
                searchForm(reader)
                jumps(reader)
            }
            fields(reader)
            if !ruleRows.isEmpty { rules(reader) }
        }
    }

    private func links(_ reader: Reader) -> HTML {
        section(.class("card")) {
            dl(.class("facts")) {
                dt(text: reader.say("记录主键", "Record key"))
                dd { codes(type.primaryKey, joinedBy: " + ") }
                for key in type.foreignKeys {
                    dt(text: reader.say("所属记录", "Belongs to"))
                    dd {
                        for (index, link) in key.links.enumerated() {
                            if index > 0 { reader.say("，或 ", ", or ") }
                            codes(link.fields, joinedBy: " + ")
                            " → "
                            a(.href(SitePath("programs", program.id, link.fileType))) { code(text: link.fileType) }
                            " "
                            codes(link.parentFields, joinedBy: " + ")
                        }
                    }
                }
                if let field = type.institutionField {
                    dt(text: reader.say("机构代码", "Institution"))
                    dd {
                        code(text: field)
                        reader.say("，须为本机构代码", ", must be your institution's code")
                    }
                }
            }
        }
    }

    private func codes(_ names: [String], joinedBy separator: String) -> HTML {
        HTML(
            joining: names.enumerated().flatMap {
                [HTML(text: $0.offset > 0 ? separator : ""), code(text: $0.element)]
            })
    }

    private func searchForm(_ reader: Reader) -> HTML {
        form(.get, .action(own)) {
            div(.class("row")) {
                div {
                    label(.for("q"), text: reader.say("查找字段", "Find a field"))
                    input(
                        .id("q"), .name("q"), .type("search"), .value(search), .maximumLength(64),
                        .placeholder(reader.say("代码或名称，如 P5、性别", "code or name: P5, sex")))
                }
                div(.class("go")) { button(.type("submit"), text: reader.say("查找", "Find")) }
            }
        }
    }

    /// What is found, group by group, with the group's place among all.
    private var found: [(place: Int, group: FieldGroup?, fields: [Field])] {
        let wanted = search.lowercased()
        return type.groupedFields.enumerated().compactMap { place, part in
            let fields = part.fields.filter { field in
                wanted.isEmpty
                    || [field.name, field.title.zh, field.title.en, field.description?.zh, field.description?.en]
                        .contains { $0?.lowercased().contains(wanted) ?? false }
            }
            return fields.isEmpty ? nil : (place, part.group, fields)
        }
    }

    private func downloads(_ reader: Reader) -> HTML {
        div(.class("actions")) {
            a(
                .class("button plain"), .href(own.appending("template.csv")), .download,
                text: reader.say("下载模板（CSV）", "Template (CSV)"))
            if program.formats.contains(.xlsx) {
                a(
                    .class("button plain"), .href(own.appending("template.xlsx")), .download,
                    text: reader.say("下载模板（Excel）", "Template (Excel)"))
            }
            a(
                .class("button plain"), .href(own.appending("fields.csv")), .download,
                text: reader.say("下载字段表（CSV）", "Table of fields (CSV)"))
            if hasExample {
                a(
                    .class("button plain"), .href(SitePath("programs", program.id).appending("example.zip")), .download,
                    text: reader.say("下载示例数据包", "Example package"))
            }
        }
    }

    /// Links to the groups.
    private func jumps(_ reader: Reader) -> HTML {
        guard found.count > 1 else { return .empty }
        return nav(.aria(.label, reader.say("字段分组", "Groups of fields"))) {
            ul(.class("chips")) {
                for part in found {
                    li { a(.href(own.with("q", search).at("group-\(part.place)")), text: title(part.group, reader)) }
                }
                if !ruleRows.isEmpty { li { a(.href(own.at("rules")), text: reader.say("规则", "Rules")) } }
            }
        }
    }

    private func title(_ group: FieldGroup?, _ reader: Reader) -> String {
        group.map { reader.say($0.title) } ?? reader.say("字段", "Fields")
    }

    /// With more fields than this, groups are folded until somebody opens one.
    private static let mostOpen = 80
    private static let mostRulesOpen = 20

    private func fields(_ reader: Reader) -> HTML {
        let found = found
        guard !found.isEmpty else {
            return p(.class("hint"), text: reader.say("没有找到“\(search)”。", "Nothing is called “\(search)”."))
        }
        let isOpen = !search.isEmpty || type.fields.count <= FileTypePage.mostOpen
        return HTML(
            joining: found.map { part in
                details(.class("card tablecard group"), .id("group-\(part.place)"), isOpen ? .open : nil) {
                    summary {
                        title(part.group, reader)
                        span(
                            .class("hint"),
                            text: reader.say("　\(part.fields.count) 个字段", " · \(part.fields.count.counted("field"))"))
                    }
                    table(part.fields, reader)
                }
            })
    }

    private func table(_ fields: [Field], _ reader: Reader) -> HTML {
        let name = reader.say("字段", "Field")
        let title = reader.say("名称", "Name")
        let kind = reader.say("类型", "Type")
        let need = reader.say("必填", "Required")
        let rule = reader.say("要求", "What it may hold")
        return div(.class("scroll")) {
            Portal.table(.class("cards")) {
                thead {
                    tr { for text in [name, title, kind, need, rule] { th(.scope("col"), text: text) } }
                }
                tbody {
                    for field in fields {
                        tr(.id(field.name)) {
                            cell(name, "key") { code(text: field.name) }
                            cell(title, "name") {
                                reader.say(field.title)
                                if let description = field.description {
                                    span(.class("hint"), text: reader.say(description))
                                }
                            }
                            cell(kind, "time") { reader.say(field.type.title) }
                            cell(need) { required(field, reader) }
                            cell(rule, "say") { FieldRequirements(field: field, program: program).view(reader) }
                        }
                    }
                }
            }
        }
    }

    private func required(_ field: Field, _ reader: Reader) -> HTML {
        guard field.constraints.isRequired else { return span(.class("zero"), text: reader.say("否", "no")) }
        return field.warnings.contains(.required)
            ? span(.class("tag warn"), text: reader.say("应填", "expected"))
            : span(.class("tag info"), text: reader.say("必填", "yes"))
    }

    /// Rules about the row itself, then those about its parent.
    private var ruleRows: [(field: String, severity: Severity, message: BilingualText, id: String)] {
        type.rules.map { ($0.field, $0.severity, $0.message, $0.id) }
            + type.parentRules.map { ($0.field, $0.severity, $0.message, $0.id) }
    }

    private func rules(_ reader: Reader) -> HTML {
        let field = reader.say("字段", "Field")
        let level = reader.say("级别", "Severity")
        let what = reader.say("规则", "Rule")
        let isOpen = ruleRows.count <= FileTypePage.mostRulesOpen
        return details(.class("card tablecard group"), .id("rules"), isOpen ? .open : nil) {
            summary {
                reader.say("字段之间和记录之间的规则", "Rules between fields and between records")
                span(
                    .class("hint"),
                    text: reader.say("　\(ruleRows.count) 条", " · \(ruleRows.count.counted("rule"))"))
            }
            div(.class("scroll")) {
                Portal.table(.class("cards")) {
                    thead { tr { for text in [field, level, what] { th(.scope("col"), text: text) } } }
                    tbody {
                        for rule in ruleRows {
                            tr {
                                cell(field, "key") { code(text: rule.field) }
                                cell(level) { rule.severity.tag(reader) }
                                cell(what, "say") {
                                    reader.say(rule.message)
                                    span(.class("hint"), text: rule.id)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
