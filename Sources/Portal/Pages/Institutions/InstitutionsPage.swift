import Institutions
import Registrations
import SurveillanceKit

/// The register: looked through by name, code, province and level.
struct InstitutionsPage {
    var found: [Institution]
    var total: Int
    var query: InstitutionQuery
    var maySet: Bool

    private static let mostShown = 200

    func page(_ reader: Reader) -> Page {
        Page(reader.say("机构", "Institutions"), path: SitePath("institutions"), place: .institutions) {
            h1(text: reader.say("医疗机构", "Institutions"))
            search(reader)
            p(
                .class("hint"),
                text: reader.say(
                    "共 \(total) 家，符合条件 \(found.count) 家"
                        + (found.count > Self.mostShown ? "，显示前 \(Self.mostShown) 家。" : "。"),
                    "\(found.count) of \(total)"
                        + (found.count > Self.mostShown ? "; the first \(Self.mostShown) are shown." : ".")))
            if !found.isEmpty { listing(reader) }
            if maySet { importing(reader) }
        }
    }

    private func search(_ reader: Reader) -> HTML {
        form(.get, .action(SitePath("institutions")), .class("card filter")) {
            div(.class("row")) {
                div {
                    label(.for("q"), text: reader.say("名称或代码", "Name or code"))
                    input(.id("q"), .name("q"), .type("search"), .value(query.text), .maximumLength(100))
                }
                div {
                    label(.for("region"), text: reader.say("省份", "Province"))
                    select(.id("region"), .name("region")) {
                        option(.value(""), text: reader.say("全部", "All"))
                        for province in ProvinceName.all {
                            option(
                                .value(province.code), query.region?.prefix == province.code ? .selected : nil,
                                text: reader.say(province.name))
                        }
                    }
                }
                div {
                    label(.for("level"), text: reader.say("等级", "Level"))
                    LevelWords.choice(query.level, reader)
                }
                div(.class("go")) { button(.type("submit"), text: reader.say("查找", "Search")) }
            }
        }
    }

    private func listing(_ reader: Reader) -> HTML {
        let names = (
            name: reader.say("机构", "Institution"), level: reader.say("等级", "Level"),
            region: reader.say("地区", "Region"), days: reader.say("有效期", "In force")
        )
        return section(.class("card tablecard")) {
            table(.class("cards")) {
                thead {
                    tr {
                        for name in [names.name, names.level, names.region, names.days] {
                            th(.scope("col"), text: name)
                        }
                    }
                }
                tbody {
                    for institution in found.prefix(Self.mostShown) {
                        tr {
                            td(.data(.label, names.name), .class("name")) {
                                div {
                                    a(
                                        .href(SitePath("institutions", institution.code)),
                                        text: reader.say(institution.name))
                                    span(.class("hint"), text: " " + institution.code)
                                }
                            }
                            td(.data(.label, names.level)) {
                                div { LevelWords.text(of: institution, reader) }
                            }
                            td(.data(.label, names.region)) { div { RegionName.of(institution.region, reader) } }
                            td(.data(.label, names.days)) { div { institution.days } }
                        }
                    }
                }
            }
        }
    }

    private func importing(_ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("导入名录", "Take a register in"))
            p(
                .class("hint"),
                text: reader.say(
                    "CSV（UTF-8），列：\(RegisterTable.columns.joined(separator: ", "))。先显示差异，确认后才生效；表中没有的机构保持不变。",
                    "CSV (UTF-8) with the columns \(RegisterTable.columns.joined(separator: ", ")). The difference is shown first, and nothing changes before you confirm it; institutions that are not in the table stay."
                ))
            form(.post, .action(SitePath("institutions", "compare")), .multipart, .class("fields")) {
                formToken(reader)
                div {
                    label(.for("table"), text: reader.say("CSV 文件", "CSV file"))
                    input(.id("table"), .type("file"), .name("file"), .accept(".csv"), .required)
                }
                button(.type("submit"), text: reader.say("比较", "Compare"))
            }
        }
    }
}

extension Institution {
    /// `2020-08-01 – 2026-12-31`; empty where it has no end and no beginning.
    var days: String {
        guard from != nil || until != nil else { return "" }
        return "\(from.map { "\($0)" } ?? "") – \(until.map { "\($0)" } ?? "")"
    }
}

/// What a table would change, before it does.
struct RegisterDifferencePage {
    var text: String
    var faults: [BilingualText]
    var difference: RegisterDifference

    private static let mostShown = 500

    func page(_ reader: Reader) -> Page {
        Page(reader.say("导入名录", "Take a register in"), path: SitePath("institutions"), place: .institutions) {
            h1(text: reader.say("导入前的差异", "What would change"))
            if !faults.isEmpty {
                div(.class("note bad"), .role("alert")) {
                    p(text: reader.say("文件有误，未导入任何内容：", "The file has mistakes, and nothing was taken in:"))
                    ul(.class("list")) { for fault in faults.prefix(Self.mostShown) { li(text: reader.say(fault)) } }
                }
            }
            p(
                text: reader.say(
                    "新增 \(difference.added.count) 家，变更 \(difference.changed.count) 家，不变 \(difference.unchanged) 家。",
                    "\(difference.added.count) new, \(difference.changed.count) changed, \(difference.unchanged) as they are."
                ))
            if !difference.added.isEmpty {
                section(.class("card")) {
                    h2(text: reader.say("新增", "New"))
                    ul(.class("list")) {
                        for institution in difference.added.prefix(Self.mostShown) { li(text: reader.say(institution)) }
                    }
                }
            }
            if !difference.changed.isEmpty {
                section(.class("card")) {
                    h2(text: reader.say("变更", "Changed"))
                    ul(.class("list")) {
                        for pair in difference.changed.prefix(Self.mostShown) {
                            li {
                                reader.say(pair.after)
                                ul(.class("list")) {
                                    for line in pair.after.differences(from: pair.before) { li(text: reader.say(line)) }
                                }
                            }
                        }
                    }
                }
            }
            if faults.isEmpty, !difference.isEmpty {
                form(.post, .action(SitePath("institutions", "import"))) {
                    formToken(reader)
                    input(.type("hidden"), .name("table"), .value(text))
                    button(.type("submit"), text: reader.say("确认导入", "Take it in"))
                }
            }
            p { a(.href(SitePath("institutions")), text: reader.say("返回", "Back")) }
        }
    }
}
