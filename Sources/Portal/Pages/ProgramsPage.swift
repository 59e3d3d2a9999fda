import SurveillanceKit

/// What the platform collects: every program and its files.
struct ProgramsPage {
    var programs: [Program]

    func page(_ reader: Reader) -> Page {
        Page(reader.say("监测项目", "Programs"), path: SitePath("programs"), place: .programs) {
            h1(text: reader.say("监测项目", "Programs"))
            for program in programs { ProgramPage(program: program).card(reader, isAlone: false) }
        }
    }
}

/// One program: what it is for and which files it takes.
struct ProgramPage {
    var program: Program

    func page(_ reader: Reader) -> Page {
        Page(reader.say(program.title), path: SitePath("programs", program.id), place: .programs) {
            p { a(.href(SitePath("programs")), text: reader.say("← 全部监测项目", "← All programs")) }
            card(reader, isAlone: true)
        }
    }

    func card(_ reader: Reader, isAlone: Bool) -> HTML {
        let file = reader.say("文件名", "File name")
        let what = reader.say("内容", "What it holds")
        let fields = reader.say("字段数", "Fields")
        let required = reader.say("必填", "Required")
        return section(.class("card tablecard")) {
            div(.class("pad")) {
                if isAlone {
                    h1(text: reader.say(program.title))
                } else {
                    h2 { a(.href(SitePath("programs", program.id)), text: reader.say(program.title)) }
                }
                if let description = program.description { p(text: reader.say(description)) }
                p(.class("hint")) {
                    reader.say(
                        "版本 \(program.version)，自 \(program.effectiveFrom) 起执行",
                        "Version \(program.version), in effect from \(program.effectiveFrom)")
                }
            }
            div(.class("scroll")) {
                table(.class("cards")) {
                    thead {
                        tr {
                            th(.scope("col"), text: file)
                            th(.scope("col"), text: what)
                            th(.scope("col"), .class("number"), text: fields)
                            th(.scope("col"), .class("number"), text: required)
                        }
                    }
                    tbody {
                        for type in program.fileTypes {
                            tr {
                                cell(file, "key") { code(text: "\(type.id)_….csv") }
                                cell(what, "name") {
                                    a(.href(SitePath("programs", program.id, type.id)), text: reader.say(type.title))
                                    if let description = type.description {
                                        span(.class("hint"), text: reader.say(description))
                                    }
                                }
                                numberCell(fields, type.fields.count, reader)
                                numberCell(required, type.fields.count { $0.constraints.isRequired }, reader)
                            }
                        }
                    }
                }
            }
        }
    }
}
