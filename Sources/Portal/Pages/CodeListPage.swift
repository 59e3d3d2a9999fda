import SurveillanceKit

/// The codes that a field's value must come from.
struct CodeListPage {
    var program: Program
    var list: CodeList

    func page(_ reader: Reader) -> Page {
        Page(
            "\(list.id) \(reader.say(list.title))", path: SitePath("programs", program.id, "codelists", list.id),
            place: .programs
        ) {
            p { a(.href(SitePath("programs", program.id)), text: "← " + reader.say(program.title)) }
            div(.class("head")) {
                div {
                    h1(text: reader.say(list.title))
                    p(.class("lead")) {
                        code(text: list.id)
                        reader.say("，共 \(list.entries.count) 项", ", \(list.entries.count.counted("code"))")
                        if list.severity == .warning {
                            reader.say("；表外取值只提示警告", "; a value outside it is only a warning")
                        }
                    }
                }
            }
            div(.class("actions")) {
                a(
                    .class("button plain"),
                    .href(SitePath("programs", program.id, "codelists", list.id, "codes.csv")), .download,
                    text: reader.say("下载代码表（CSV）", "Codes (CSV)"))
            }
            section(.class("card tablecard")) {
                div(.class("scroll")) {
                    table {
                        thead {
                            tr {
                                th(.scope("col"), text: reader.say("代码", "Code"))
                                th(.scope("col"), text: reader.say("含义", "Meaning"))
                            }
                        }
                        tbody {
                            for entry in list.entries {
                                tr {
                                    td { code(text: entry.code) }
                                    td(text: reader.say(entry.meaning))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

extension Program {
    func codeList(_ id: String) -> CodeList? {
        for type in fileTypes {
            for field in type.fields {
                if let list = field.codeList, list.id == id { return list }
            }
        }
        return nil
    }
}
