import SurveillanceKit

/// The first page of the help: what there is, a search, and whom to ask.
struct HelpPage {
    /// Empty for one who has not signed in: what programs ask for is shown to accounts.
    var programs: [Program]
    var search: String

    private static let most = 60

    private var words: [String] {
        search.lowercased().split { $0 == " " || $0 == "　" }.map(String.init)
    }

    func page(_ reader: Reader) -> Page {
        Page(reader.say("帮助", "Help"), path: SitePath("help").with("q", search), place: .help) {
            h1(text: reader.say("帮助", "Help"))
            section(.class("card")) { searchForm(reader) }
            if !words.isEmpty { results(reader) } else { contents(reader) }
            SupportView(contacts: reader.support).card(reader)
        }
    }

    private func searchForm(_ reader: Reader) -> HTML {
        form(.get, .action(SitePath("help"))) {
            div(.class("row")) {
                div {
                    label(.for("q"), text: reader.say("搜索帮助、字段和代码表", "Search the help, fields and code lists"))
                    input(
                        .id("q"), .name("q"), .type("search"), .value(search), .maximumLength(64),
                        .placeholder(reader.say("如：P7506、身份证、退回、编码", "such as P7506, resident ID, rejected, encoding")))
                }
                div(.class("go")) { button(.type("submit"), text: reader.say("搜索", "Search")) }
            }
        }
    }

    private func contents(_ reader: Reader) -> HTML {
        HTML(joining: [
            section(.class("card")) {
                h2 { a(.href(SitePath("help", "guide")), text: reader.say("医院数据管理员指南", "A guide for hospitals")) }
                ul(.class("list")) {
                    for section in HelpBook.guide(reader.language).sections where !section.title.isEmpty {
                        li { a(.href(SitePath("help", "guide").at(section.id)), text: section.title) }
                    }
                }
            },
            section(.class("card")) {
                h2 { a(.href(SitePath("help", "agent")), text: reader.say("前置机使用手册", "Agent guide")) }
                ul(.class("chips")) {
                    for section in HelpBook.agent(reader.language).sections where !section.title.isEmpty {
                        li { a(.href(SitePath("help", "agent").at(section.id)), text: section.title) }
                    }
                }
            },
            section(.class("card")) {
                h2 {
                    a(
                        .href(SitePath("help", "findings")),
                        text: reader.say("问题类别及改正方法", "Findings and how to mend them"))
                }
                ul(.class("chips")) {
                    for code in FindingCode.allCases {
                        li { a(.href(HelpBook.path(of: code.rawValue)), text: code.rawValue) }
                    }
                }
            },
            section(.class("card")) {
                h2(text: reader.say("字段和代码表", "Fields and code lists"))
                if programs.isEmpty {
                    p(text: reader.say("登录后可查看各监测项目的字段表。", "Sign in to see the fields of every program."))
                }
                for program in programs {
                    h3 { a(.href(SitePath("programs", program.id)), text: reader.say(program.title)) }
                    ul(.class("chips")) {
                        for type in program.fileTypes {
                            li {
                                a(
                                    .href(SitePath("programs", program.id, type.id)),
                                    text: "\(type.id) \(reader.say(type.title))")
                            }
                        }
                    }
                }
            },
        ])
    }

    private func results(_ reader: Reader) -> HTML {
        let hits = HelpBook.search(words, in: reader.language) + fields(reader)
        return section(.class("card")) {
            h2(
                text: hits.isEmpty
                    ? reader.say("没有找到“\(search)”", "Nothing was found for “\(search)”")
                    : reader.say("找到 \(hits.count) 处", "\(hits.count.counted("place"))"))
            ul(.class("list")) {
                for hit in hits.prefix(HelpPage.most) {
                    li {
                        a(.href(hit.path), text: hit.title)
                        span(.class("hint"), text: " " + hit.excerpt)
                    }
                }
            }
            if hits.count > HelpPage.most {
                p(
                    .class("hint"),
                    text: reader.say("只列出前 \(HelpPage.most) 处。", "The first \(HelpPage.most) are listed."))
            }
        }
    }

    /// Fields by code, title or description, and code lists.
    private func fields(_ reader: Reader) -> [HelpBook.Hit] {
        var hits: [HelpBook.Hit] = []
        func isFound(_ texts: [String?]) -> Bool {
            let text = texts.compactMap { $0?.lowercased() }.joined(separator: " ")
            return words.allSatisfy(text.contains)
        }
        for program in programs {
            var lists: Set<String> = []
            for type in program.fileTypes {
                for field in type.fields {
                    if isFound([
                        field.name, field.title.zh, field.title.en, field.description?.zh, field.description?.en,
                    ]) {
                        hits.append(
                            .init(
                                path: SitePath("programs", program.id, type.id).at(field.name),
                                title: "\(field.name) \(reader.say(field.title))",
                                excerpt: "\(reader.say(program.title)) · \(type.id)"))
                    }
                    guard let list = field.codeList, lists.insert(list.id).inserted,
                        isFound([list.id, list.title.zh, list.title.en])
                    else { continue }
                    hits.append(
                        .init(
                            path: SitePath("programs", program.id, "codelists", list.id),
                            title: "\(list.id) \(reader.say(list.title))",
                            excerpt: reader.say("代码表 · \(program.title.zh)", "code list · \(program.title.en)")))
                }
            }
        }
        return hits
    }
}

/// A document of the help.
struct HelpDocumentPage {
    var title: BilingualText
    var name: String
    var content: Markdown

    func page(_ reader: Reader) -> Page {
        Page(reader.say(title), path: SitePath("help", name), place: .help) {
            p { a(.href(SitePath("help")), text: reader.say("← 帮助", "← Help")) }
            section(.class("card document")) { content.html(target: HelpBook.target) }
            SupportView(contacts: reader.support).card(reader)
        }
    }
}
