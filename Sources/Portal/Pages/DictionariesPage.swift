import Dictionaries
import HTTPServer
import JSON
import SurveillanceKit

/// A hospital's tables of codes: the form to upload one, and what there is of each category.
struct DictionariesPage {
    var dictionaries: [CodeDictionary]
    var tables: [CodeTable]
    var maximumBytes: Int
    var message: Message?

    enum Message {
        case added(CodeTable, [BilingualText])
        case previewed(CodePreview)
        case removed
        case refused(Problem, FormFields)

        init?(_ query: FormFields) {
            guard query["done"] == "removed" else { return nil }
            self = .removed
        }
    }

    func page(_ reader: Reader) -> Page {
        let title = reader.say("上传 ICD 编码和字典", "Codes and dictionaries")
        return Page(title, path: SitePath("dictionaries"), place: .dictionaries) {
            h1(text: title)
            told(reader)
            p(.class("lead")) {
                reader.say(
                    "上传本院使用的编码表。国家临床版、医保版的表可以原样上传；本院的表请按模板填写，或使用模板中的列名。",
                    "Upload the tables of codes that your institution uses. The national tables can be uploaded as they are; for your own use the template, or its column names."
                )
            }
            if reader.mayChange { upload(reader) }
            for dictionary in dictionaries { category(dictionary, reader) }
        }
    }

    private func told(_ reader: Reader) -> HTML {
        switch message {
        case nil: return HTML.empty
        case .removed:
            return div(.class("note good"), .role("status")) {
                p(text: reader.say("已删除，历史记录保留。", "Deleted; the history stays."))
            }
        case .refused(let problem, _):
            return div(.class("note bad"), .role("alert")) {
                p { strong(text: reader.say(problem.title)) }
                if let detail = problem.detail { p(text: reader.say(detail)) }
            }
        case .previewed(let preview): return CodeImpactView(preview: preview).view(reader)
        case .added(let table, let warnings):
            return div(.class("note good"), .role("status")) {
                p {
                    reader.say(
                        "已接收 \(reader.number(table.rows)) 行编码，使用期限 \(table.days.lowerBound) 至 \(table.days.upperBound)。",
                        "\(reader.number(table.rows)) codes were taken, in use from \(table.days.lowerBound) to \(table.days.upperBound)."
                    )
                }
                p {
                    reader.say(
                        "最近 30 天的上报正在按现在的编码表重新核对，无需重新上传。",
                        "The submissions of the last 30 days are being checked by the tables of now; nothing need be sent again."
                    )
                }
                for warning in warnings { p(text: reader.say(warning)) }
            }
        }
    }

    /// What was written into a form that was refused.
    private var written: FormFields {
        if case .refused(_, let fields)? = message { fields } else { FormFields() }
    }

    private func upload(_ reader: Reader) -> HTML {
        section(.class("card"), .id("upload")) {
            h2(text: reader.say("上传编码文件", "Upload a code file"))
            form(.post, .action(SitePath("dictionaries")), .multipart, .class("fields")) {
                formToken(reader)
                div {
                    label(.for("category"), text: reader.say("编码类别", "Category"))
                    select(.id("category"), .name("category")) {
                        for dictionary in dictionaries {
                            option(
                                .value(dictionary.id), dictionary.id == written["category"] ? .selected : nil,
                                text: reader.say(dictionary.title))
                        }
                    }
                }
                div {
                    label(.for("from"), text: reader.say("使用期限：自", "In use from"))
                    input(.id("from"), .name("from"), .type("date"), .value(written["from"] ?? ""), .required)
                }
                div {
                    label(.for("to"), text: reader.say("至", "to"))
                    input(.id("to"), .name("to"), .type("date"), .value(written["to"] ?? ""), .required)
                }
                div {
                    label(.for("file"), text: reader.say("文件", "File"))
                    input(
                        .id("file"), .type("file"), .name("file"), .accept(".zip,.csv,.xlsx,.xls"), .required)
                    p(.class("hint")) {
                        reader.say(
                            "csv、xls、xlsx 文件，或只含一个这样文件的 zip，不超过 \(maximumBytes >> 20) MB。编码列请设为“文本”。",
                            "A csv, xls or xlsx file, or a zip of one, at most \(maximumBytes >> 20) MB. Set the column of codes to Text."
                        )
                    }
                }
                ownLabels(reader)
                div(.class("go")) {
                    button(
                        .type("submit"), .fieldName("step"), .value("preview"),
                        text: reader.say("先看影响", "See what it changes"))
                    " "
                    button(.class("plain"), .type("submit"), text: reader.say("直接上传", "Upload at once"))
                }
            }
        }
    }

    /// After a file with labels of its own: which of them is which. They are remembered once the file is taken.
    private func ownLabels(_ reader: Reader) -> HTML {
        guard case .refused(let problem, _)? = message,
            let member = problem.members.first(where: { $0.0 == "columns" }), case .array(let found) = member.1
        else { return .empty }
        let labels = found.compactMap { value -> String? in
            guard case .string(let label) = value else { return nil }
            return label
        }
        guard !labels.isEmpty else { return .empty }
        let columns = [
            (CodeColumn.code, reader.say("本院编码所在的列", "Column of your codes")),
            (.name, reader.say("本院名称所在的列", "Column of your names")),
            (.nationalCode, reader.say("国家编码所在的列（没有可不选）", "Column of national codes (if any)")),
            (.nationalName, reader.say("国家名称所在的列（没有可不选）", "Column of national names (if any)")),
        ]
        return HTML(
            joining: [
                p(.class("hint")) {
                    reader.say(
                        "指明各列的内容，重新选择文件上传；系统会记住，下次相同列名的文件直接接收。",
                        "Say what the columns hold, choose the file again and upload it; it is remembered for your next files."
                    )
                }
            ]
                + columns.map { column, title in
                    let id = "\(column.rawValue)Column"
                    return div {
                        label(.for(id), text: title)
                        select(.id(id), .fieldName(id)) {
                            option(.value(""), text: "—")
                            for name in labels {
                                option(.value(name), name == written[id] ? .selected : nil, text: name)
                            }
                        }
                    }
                })
    }

    private func category(_ dictionary: CodeDictionary, _ reader: Reader) -> HTML {
        let own = tables.filter { $0.category == dictionary.id }
        return section(.class("card tablecard"), .id(dictionary.id)) {
            h2(text: reader.say(dictionary.title))
            p(.class("pad hint")) {
                a(
                    .href(SitePath("dictionaries", dictionary.id, "template.csv")), .download,
                    text: reader.say("下载模板（CSV）", "Template (CSV)"))
                " "
                a(
                    .href(SitePath("dictionaries", dictionary.id, "template.xlsx")), .download,
                    text: reader.say("下载模板（Excel）", "Template (Excel)"))
                " "
                a(
                    .href(SitePath("dictionaries", dictionary.id, "mapping")),
                    text: reader.say("对照国家编码", "Map to national codes"))
            }
            for gap in CodeTable.gaps(between: own) {
                p(.class("pad")) {
                    span(.class("tag warn"), text: reader.say("空档", "gap"))
                    reader.say(
                        " \(gap.lowerBound) 至 \(gap.upperBound)（\(DictionariesPage.days(gap)) 天）没有可用的编码。",
                        " No codes are in use from \(gap.lowerBound) to \(gap.upperBound) (\(DictionariesPage.days(gap)) days)."
                    )
                }
            }
            if own.isEmpty {
                p(.class("pad hint"), text: reader.say("还没有上传。", "None has been uploaded."))
            } else {
                list(own, dictionary, reader)
            }
        }
    }

    private static func days(_ days: ClosedRange<CivilDate>) -> Int {
        days.upperBound.daysSince1970 - days.lowerBound.daysSince1970 + 1
    }

    private func list(_ own: [CodeTable], _ dictionary: CodeDictionary, _ reader: Reader) -> HTML {
        let names = [
            reader.say("使用期限", "In use"), reader.say("行数", "Rows"), reader.say("上传", "Uploaded"),
            reader.say("状态", "State"),
        ]
        return div(.class("scroll")) {
            table(.class("cards")) {
                thead {
                    tr {
                        for name in names { th(.scope("col"), text: name) }
                        th(.scope("col")) { span(.class("hint"), text: reader.say("操作", "Action")) }
                    }
                }
                tbody {
                    for table in own {
                        tr {
                            cell(names[0]) { "\(table.days.lowerBound) — \(table.days.upperBound)" }
                            numberCell(names[1], table.rows, reader)
                            cell(names[2]) {
                                reader.moment(table.receivedAt)
                                " "
                                table.receivedBy
                            }
                            cell(names[3]) { state(table, reader) }
                            cell("") { actions(table, dictionary, reader) }
                        }
                    }
                }
            }
        }
    }

    private func state(_ table: CodeTable, _ reader: Reader) -> HTML {
        guard let removal = table.removal else {
            return span(.class("tag good"), text: reader.say("使用中", "in use"))
        }
        return HTML(joining: [
            span(.class("tag"), text: reader.say("已删除", "deleted")),
            span(.class("hint")) {
                " "
                reader.moment(removal.at)
                " \(removal.by)：\(removal.reason)"
            },
        ])
    }

    private func actions(_ table: CodeTable, _ dictionary: CodeDictionary, _ reader: Reader) -> HTML {
        let download = a(
            .href(SitePath("dictionaries", dictionary.id, table.id, "codes.csv")), .download,
            text: reader.say("下载", "Download"))
        guard table.removal == nil else { return download }
        let reason = "reason-\(table.id)"
        return HTML(joining: [
            download,
            details {
                summary(text: reader.say("删除…", "Delete…"))
                form(.post, .action(SitePath("dictionaries", dictionary.id, table.id, "remove"))) {
                    formToken(reader)
                    label(.for(reason), text: reader.say("原因", "Reason"))
                    input(.id(reason), .name("reason"), .type("text"), .required, .maximumLength(200))
                    button(.class("plain"), .type("submit"), text: reader.say("删除", "Delete"))
                }
            },
        ])
    }
}
