import Intake
import SurveillanceKit

/// The findings of one submission: filters, a page of them, and the way to the rest.
struct FindingsView {
    var page: SubmissionPage
    var slice: FindingsSlice

    private var own: SitePath { SitePath("submissions", page.submission.id.description) }
    private var query: FindingsQuery { page.query }

    func view(_ reader: Reader) -> HTML {
        let total = page.submission.errors + page.submission.warnings
        return section(.class("card tablecard"), .id("findings")) {
            h2(text: reader.say("需要修改之处", "Findings"))
            if total == 0, slice.findings.isEmpty, query.isEmpty {
                p(.class("pad hint"), text: reader.say("没有发现问题。", "Nothing was found."))
            } else {
                div(.class("pad")) { filters(reader) }
                if slice.findings.isEmpty {
                    p(.class("pad hint"), text: reader.say("没有符合筛选条件的问题。", "No finding matches the filter."))
                } else {
                    listing(reader)
                }
                if slice.offset > 0 || slice.hasMore { pager(reader) }
            }
        }
    }

    private func filters(_ reader: Reader) -> HTML {
        form(.get, .action(own)) {
            if query.cause != nil {
                p(.class("hint")) {
                    reader.say("只列出同一原因的问题。", "Only findings of one cause are listed. ")
                    a(.href(own), text: reader.say("显示全部", "Show all"))
                }
            }
            div(.class("row")) {
                div {
                    label(.for("file"), text: reader.say("文件", "File"))
                    select(.id("file"), .name("file")) {
                        option(.value(""), text: reader.say("全部文件", "All files"))
                        for file in page.submission.files {
                            choice(file.name, file.name, isChosen: query.file == file.name)
                        }
                    }
                }
                div {
                    label(.for("severity"), text: reader.say("级别", "Severity"))
                    select(.id("severity"), .name("severity")) {
                        option(.value(""), text: reader.say("全部", "All"))
                        for severity in [Severity.error, .warning] {
                            choice(severity.rawValue, reader.say(severity.title), isChosen: query.severity == severity)
                        }
                    }
                }
                div {
                    label(.for("field"), text: reader.say("字段代码", "Field"))
                    input(
                        .id("field"), .name("field"), .type("text"), .value(query.field ?? ""), .list("fields"),
                        .autocomplete("off"), .placeholder("P5"), .maximumLength(64))
                    datalist(.id("fields")) {
                        for field in fields { option(.value(field.name), text: reader.say(field.title)) }
                    }
                }
                div(.class("go")) {
                    button(.type("submit"), text: reader.say("筛选", "Filter"))
                    a(
                        .class("button plain"), .href(query.apply(to: csv(reader))), .download,
                        text: reader.say("下载 CSV", "Download CSV"))
                }
            }
        }
    }

    private func csv(_ reader: Reader) -> SitePath {
        SitePath("submissions", page.submission.id.description, "findings.csv").with("lang", reader.language.rawValue)
    }

    private func choice(_ value: String, _ name: String, isChosen: Bool) -> HTML {
        option(.value(value), isChosen ? .selected : nil, text: name)
    }

    /// The fields that the submission's files can have, each name once.
    private var fields: [Field] {
        var seen: Set<String> = []
        let files = page.submission.files.filter { query.file == nil || $0.name == query.file }
        let types = files.compactMap { file in
            page.programs.first { $0.id == file.program }.flatMap { program in file.fileType.flatMap(program.fileType) }
        }
        return types.flatMap(\.fields).filter { seen.insert($0.name).inserted }
    }

    private func listing(_ reader: Reader) -> HTML {
        let place = reader.say("位置", "Place")
        let headings = FindingHeadings(reader)
        let columns = [place, headings.field, headings.severity, headings.message, headings.value]
        return div(.class("scroll")) {
            table(.class("cards")) {
                thead {
                    tr { for name in columns { th(.scope("col"), text: name) } }
                }
                tbody {
                    for finding in slice.findings {
                        tr {
                            cell(place, "place") { self.place(finding, reader) }
                            cell(headings.field, "key") { finding.fieldShown(reader) }
                            cell(headings.severity) { finding.severity.tag(reader) }
                            cell(headings.message, "say") { finding.messageShown(reader) }
                            cell(headings.value, "name") { finding.valueShown(reader) }
                        }
                    }
                }
            }
        }
    }

    private func place(_ finding: Finding, _ reader: Reader) -> HTML {
        var parts: [String] = []
        if let row = finding.row { parts.append(reader.say("第 \(row) 行", "row \(row)")) }
        if let column = finding.column { parts.append(reader.say("\(column) 列", "column \(column)")) }
        return HTML(joining: [
            HTML(
                text: parts.isEmpty
                    ? reader.say("整个文件", "The whole file") : parts.joined(separator: reader.say(" ", ", "))),
            span(.class("hint"), text: finding.file),
        ])
    }

    /// How many findings match, as far as the counts of the files tell.
    private var total: Int? {
        guard query.field == nil, query.cause == nil else { return nil }
        return page.submission.files.filter { query.file == nil || $0.name == query.file }.reduce(0) { total, file in
            switch query.severity {
            case .error: total + file.errors
            case .warning: total + file.warnings
            case nil: total + file.errors + file.warnings
            }
        }
    }

    private func pager(_ reader: Reader) -> HTML {
        let first = slice.offset + 1
        let last = slice.offset + slice.findings.count
        func step(_ offset: Int) -> SitePath { query.apply(to: own).with("offset", offset > 0 ? String(offset) : nil) }
        return nav(.class("pager"), .aria(.label, reader.say("翻页", "Pages"))) {
            if slice.offset > 0 {
                a(.href(step(max(0, slice.offset - FindingsSlice.length))), text: reader.say("上一页", "Previous"))
            } else {
                span { HTML.empty }
            }
            span(.class("hint")) {
                reader.say("第 \(first)–\(last) 条", "\(first)–\(last)")
                if let total { reader.say("，共 \(reader.number(total)) 条", " of \(reader.number(total))") }
            }
            if slice.hasMore {
                a(.href(step(slice.offset + FindingsSlice.length)), text: reader.say("下一页", "Next"))
            } else {
                span { HTML.empty }
            }
        }
    }
}
