import Dictionaries
import HTTPServer
import SurveillanceKit

/// The codes of a hospital's table that stand for no national code yet, each with the likeliest national ones to choose from.
struct MappingPage {
    static let length = 25

    var dictionary: CodeDictionary
    var unmapped: UnmappedCodes
    var offset: Int
    var maximumBytes: Int
    var message: Message?

    enum Message {
        case decided(MappingOutcome)
        case refused(Problem)
    }

    private var own: SitePath { SitePath("dictionaries", dictionary.id, "mapping") }

    func page(_ reader: Reader) -> Page {
        let title = reader.say("对照国家编码：", "National codes: ") + reader.say(dictionary.title)
        return Page(title, path: own.with("offset", offset > 0 ? String(offset) : nil), place: .dictionaries) {
            p { a(.href(SitePath("dictionaries")), text: "← " + reader.say("编码和字典", "Codes and dictionaries")) }
            h1(text: title)
            told(reader)
            switch unmapped.state {
            case .noNationalList:
                p(.class("note")) {
                    reader.say(
                        "平台还没有该类别的国家编码表，暂时不能对照。请联系平台管理员。",
                        "The platform has no national list of this category yet, so nothing can be mapped. Ask the platform's administrators."
                    )
                }
            case .noTable:
                p(.class("note")) {
                    reader.say(
                        "今天没有使用中的编码表。请先在“编码和字典”页面上传。",
                        "No table of codes is in use today. Upload one on the page Codes first.")
                }
            case .listed: listed(reader)
            }
        }
    }

    private func told(_ reader: Reader) -> HTML {
        switch message {
        case nil: return .empty
        case .refused(let problem):
            return div(.class("note bad"), .role("alert")) {
                p { strong(text: reader.say(problem.title)) }
                if let detail = problem.detail { p(text: reader.say(detail)) }
            }
        case .decided(let outcome):
            return div(.class(outcome.faults.isEmpty ? "note good" : "note warn"), .role("status")) {
                p {
                    reader.say(
                        "已保存 \(reader.number(outcome.decided)) 个对照。",
                        "\(reader.number(outcome.decided)) mappings were saved.")
                }
                for fault in outcome.faults.prefix(10) { p(text: reader.say(fault)) }
                if outcome.faults.count > 10 {
                    p(text: reader.say("另有 \(outcome.faults.count - 10) 处。", "And \(outcome.faults.count - 10) more."))
                }
            }
        }
    }

    private func listed(_ reader: Reader) -> HTML {
        HTML(joining: [
            p(.class("lead")) {
                reader.say(
                    "本院编码表中有 \(reader.number(unmapped.total)) 个编码没有对应的国家编码，\(reader.number(unmapped.mapped)) 个已对应。按相似程度列出候选：编码、名称、读音，以及其他医院的选择。",
                    "\(reader.number(unmapped.total)) codes of your table stand for no national code, \(reader.number(unmapped.mapped)) do. Candidates are listed by how alike code, name and sound are, and by what other hospitals have chosen."
                )
            },
            files(reader), unmapped.items.isEmpty ? .empty : choices(reader),
        ])
    }

    private func files(_ reader: Reader) -> HTML {
        details(.class("card fold")) {
            summary(text: reader.say("用文件对照", "Map with a file"))
            p {
                reader.say(
                    "下载未对照的编码及候选，在“国家临床版编码”一列填写，上传即保存。没有填写的行不变。",
                    "Download the unmapped codes with candidates, fill in the column 国家临床版编码, and upload the file. Rows without one stay as they are."
                )
            }
            p {
                a(.href(own.appending("codes.xlsx")), .download, text: reader.say("下载（Excel）", "Download (Excel)"))
                " "
                a(.href(own.appending("codes.csv")), .download, text: reader.say("下载（CSV）", "Download (CSV)"))
            }
            form(.post, .action(own.appending("file")), .multipart) {
                formToken(reader)
                label(.for("file"), text: reader.say("对照文件", "File"))
                input(.id("file"), .type("file"), .name("file"), .accept(".csv,.xlsx,.xls,.zip"), .required)
                button(.class("plain"), .type("submit"), text: reader.say("上传对照", "Upload"))
            }
        }
    }

    private func choices(_ reader: Reader) -> HTML {
        let names = [reader.say("本院编码", "Your code"), reader.say("国家编码", "National code")]
        return form(.class("prints"), .post, .action(own.with("offset", offset > 0 ? String(offset) : nil))) {
            formToken(reader)
            div(.class("card tablecard")) {
                div(.class("scroll")) {
                    table(.class("cards")) {
                        thead { tr { for name in names { th(.scope("col"), text: name) } } }
                        tbody {
                            for (index, item) in unmapped.items.enumerated() {
                                tr {
                                    cell(names[0], "name") {
                                        code(text: item.entry.code)
                                        span(.class("hint"), text: item.entry.name)
                                    }
                                    cell(names[1], "say") { choice(item, index, reader) }
                                }
                            }
                        }
                    }
                }
            }
            p(.class("submit")) {
                button(.type("submit"), text: reader.say("保存本页的选择", "Save the choices of this page"))
            }
            pager(reader)
        }
    }

    private func choice(_ item: UnmappedCodes.Item, _ index: Int, _ reader: Reader) -> HTML {
        let name = "national-\(index)"
        return HTML(
            joining: [
                input(.type("hidden"), .fieldName("code-\(index)"), .value(item.entry.code)),
                input(.type("hidden"), .fieldName("name-\(index)"), .value(item.entry.name)),
            ]
                + item.candidates.enumerated().map { place, candidate in
                    label(.class("choice"), .for("\(name)-\(place)")) {
                        input(.id("\(name)-\(place)"), .type("radio"), .fieldName(name), .value(candidate.code))
                        " "
                        code(text: candidate.code)
                        " "
                        candidate.name
                        span(.class("hint"), text: said(candidate, reader))
                    }
                }
                + [
                    label(.class("choice"), .for("\(name)-other")) {
                        input(.id("\(name)-other"), .type("radio"), .fieldName(name), .value(""), .checked)
                        " "
                        reader.say("其他编码：", "Another code: ")
                        input(
                            .type("text"), .fieldName("other-\(index)"), .maximumLength(100),
                            .aria(.label, reader.say("其他国家编码", "another national code")))
                    }
                ])
    }

    private func said(_ candidate: CodeCandidate, _ reader: Reader) -> String {
        let percent = Int((candidate.score * 100).rounded())
        let others =
            candidate.chosenBy > 0
            ? reader.say("，\(candidate.chosenBy) 家医院选择", ", chosen by \(candidate.chosenBy.counted("other hospital"))")
            : ""
        return reader.say("相似 \(percent)%", "\(percent) % alike") + others
    }

    private func pager(_ reader: Reader) -> HTML {
        let next = offset + unmapped.items.count
        var links: [HTML] = []
        if offset > 0 {
            let before = max(0, offset - MappingPage.length)
            links.append(
                a(.href(own.with("offset", before > 0 ? String(before) : nil)), text: reader.say("上一页", "Previous")))
        }
        if next < unmapped.total {
            links.append(a(.href(own.with("offset", String(next))), text: reader.say("下一页", "Next")))
        }
        return links.isEmpty ? .empty : p(.class("pager")) { for link in links { link; " " } }
    }
}
