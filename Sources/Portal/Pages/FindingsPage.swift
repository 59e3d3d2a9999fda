import Intake
import SurveillanceKit

/// The findings of one submission, by cause or one by one: filters that stand in the address, a page of them, and the way to the rest.
struct FindingsPage {
    enum Content {
        case causes([FindingGroups.Group], isCut: Bool)
        case listing(FindingsSlice)
        /// They are no longer kept, or there are none yet.
        case none
    }

    var submission: Submission
    var programs: [Program]
    var query: FindingsQuery
    var content: Content

    private var own: SitePath { SitePath("submissions", submission.id.description, "findings") }
    private var total: Int { submission.errors + submission.warnings }

    private var isByCause: Bool {
        if case .causes = content { return true }
        return false
    }

    func page(_ reader: Reader) -> Page {
        let title = reader.say("问题清单", "Findings")
        let path = query.apply(to: own).with("by", isByCause ? "cause" : nil)
        return Page("\(title) · \(submission.fileName)", path: path, place: .submissions) {
            p { a(.href(SitePath("submissions", submission.id.description)), text: "← " + submission.fileName) }
            h1(text: title)
            ul(.class("chips"), .aria(.label, reader.say("显示方式", "View"))) {
                view(reader.say("逐条", "One by one"), isCurrent: !isByCause, query.apply(to: own))
                view(
                    reader.say("按原因归类", "By cause"), isCurrent: isByCause,
                    query.apply(to: own).with("cause", nil).with("by", "cause"))
            }
            section(.class("card tablecard"), .id("findings")) {
                div(.class("pad")) { filters(reader) }
                found(reader)
            }
        }
    }

    private func view(_ name: String, isCurrent: Bool, _ path: SitePath) -> HTML {
        li { a(.href(path), isCurrent ? .aria(.current, "true") : nil, text: name) }
    }

    private func found(_ reader: Reader) -> HTML {
        switch content {
        case .none:
            return p(
                .class("pad hint"),
                text: submission.state.isFinal
                    ? reader.say("问题清单已不再保存。", "The findings are no longer kept.")
                    : reader.say("尚未核验完成。", "It is still being checked."))
        case .causes(let groups, let isCut):
            guard !groups.isEmpty else { return nothing(reader) }
            return CausesView(submission: submission, programs: programs, groups: groups, isCut: isCut).view(reader)
        case .listing(let slice):
            guard !slice.findings.isEmpty else { return nothing(reader) }
            return HTML(joining: [
                listing(slice, reader), slice.offset > 0 || slice.hasMore ? pager(slice, reader) : .empty,
            ])
        }
    }

    private func nothing(_ reader: Reader) -> HTML {
        p(
            .class("pad hint"),
            text: total == 0 && query.isEmpty
                ? reader.say("没有发现问题。", "Nothing was found.")
                : reader.say("没有符合筛选条件的问题。", "No finding matches the filter."))
    }

    private func listing(_ slice: FindingsSlice, _ reader: Reader) -> HTML {
        let headings = FindingHeadings(reader)
        let words = FindingWords(programs: programs)
        let columns = [
            headings.place, headings.field, headings.severity, headings.message, headings.value, headings.expected,
        ]
        return div(.class("scroll")) {
            table(.class("cards")) {
                thead {
                    tr { for name in columns { th(.scope("col"), text: name) } }
                }
                tbody {
                    for (number, finding) in zip((slice.offset + 1)..., slice.findings) {
                        tr(.id("n\(number)")) {
                            cell(headings.place, "place") { place(finding, reader) }
                            cell(headings.field, "key") { words.field(finding, reader) }
                            cell(headings.severity) { finding.severity.tag(reader) }
                            cell(headings.message, "say") {
                                reader.say(finding.message)
                                span(.class("hint")) {
                                    a(.href(HelpBook.path(of: finding.code.rawValue))) {
                                        code(text: finding.rule ?? finding.code.rawValue)
                                    }
                                }
                            }
                            cell(headings.value, "name") { words.value(finding, reader) }
                            cell(headings.expected, "name") { words.expected(finding, reader) }
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

    private func pager(_ slice: FindingsSlice, _ reader: Reader) -> HTML {
        let first = slice.offset + 1
        let last = slice.offset + slice.findings.count
        func step(_ offset: Int) -> SitePath {
            query.apply(to: own).with("offset", offset > 0 ? String(offset) : nil).at("findings")
        }
        return nav(.class("pager"), .aria(.label, reader.say("翻页", "Pages"))) {
            if slice.offset > 0 {
                a(.href(step(max(0, slice.offset - FindingsSlice.length))), text: reader.say("上一页", "Previous"))
            } else {
                span { HTML.empty }
            }
            span(.class("hint")) {
                reader.say("第 \(first)–\(last) 条", "\(first)–\(last)")
                if let count = countMatching {
                    reader.say("，共 \(reader.number(count)) 条", " of \(reader.number(count))")
                }
            }
            if slice.hasMore {
                a(.href(step(slice.offset + FindingsSlice.length)), text: reader.say("下一页", "Next"))
            } else {
                span { HTML.empty }
            }
        }
    }

    /// How many findings match, as far as the counts of the files tell.
    private var countMatching: Int? {
        guard query.field == nil, query.cause == nil, query.rule == nil, query.code == nil, query.text == nil else {
            return nil
        }
        return submission.files.filter { query.file == nil || $0.name == query.file }.reduce(0) { total, file in
            switch query.severity {
            case .error: total + file.errors
            case .warning: total + file.warnings
            case nil: total + file.errors + file.warnings
            }
        }
    }
}

// MARK: Filters

extension FindingsPage {
    private func filters(_ reader: Reader) -> HTML {
        form(.get, .action(own)) {
            if isByCause { input(.type("hidden"), .name("by"), .value("cause")) }
            if query.cause != nil {
                p(.class("hint")) {
                    reader.say("只列出同一原因的问题。", "Only findings of one cause are listed. ")
                    a(.href(own), text: reader.say("显示全部", "Show all"))
                }
            }
            div(.class("row two")) {
                chosen("file", reader.say("文件", "File"), reader.say("全部文件", "All files")) {
                    for file in submission.files { choice(file.name, file.name, isChosen: query.file == file.name) }
                }
                typed("field", reader.say("字段代码", "Field"), query.field, placeholder: "P5") {
                    for field in fields { option(.value(field.name), text: reader.say(field.title)) }
                }
                typed("rule", reader.say("规则", "Rule"), query.rule, placeholder: nil) {
                    for rule in rules { option(.value(rule.id), text: reader.say(rule.message)) }
                }
                chosen("severity", reader.say("级别", "Severity"), reader.say("全部", "All")) {
                    for severity in [Severity.error, .warning] {
                        choice(severity.rawValue, reader.say(severity.title), isChosen: query.severity == severity)
                    }
                }
                chosen("code", reader.say("问题代码", "Code"), reader.say("全部", "All")) {
                    for code in FindingCode.allCases {
                        choice(code.rawValue, code.rawValue, isChosen: query.code == code)
                    }
                }
                typed("q", reader.say("包含文字", "With the text"), query.text, placeholder: nil) { HTML.empty }
                div(.class("go")) {
                    button(.type("submit"), text: reader.say("筛选", "Filter"))
                    a(
                        .class("button plain"), .href(query.apply(to: csv(reader))), .download,
                        text: reader.say("下载 CSV", "Download CSV"))
                }
            }
        }
    }

    private func chosen(
        _ name: StaticString, _ title: String, _ all: String, @HTMLBuilder options: () -> HTML
    ) -> HTML {
        div {
            label(.for(name.description), text: title)
            select(.id(name.description), .name(name)) {
                option(.value(""), text: all)
                options()
            }
        }
    }

    private func typed(
        _ name: StaticString, _ title: String, _ value: String?, placeholder: String?,
        @HTMLBuilder options: () -> HTML
    ) -> HTML {
        let list = "\(name)-list"
        return div {
            label(.for(name.description), text: title)
            input(
                .id(name.description), .name(name), .type("text"), .value(value ?? ""), .list(list),
                .autocomplete("off"), placeholder.map { .placeholder($0) }, .maximumLength(100))
            datalist(.id(list)) { options() }
        }
    }

    private func csv(_ reader: Reader) -> SitePath {
        SitePath("submissions", submission.id.description, "findings.csv").with("lang", reader.language.rawValue)
    }

    private func choice(_ value: String, _ name: String, isChosen: Bool) -> HTML {
        option(.value(value), isChosen ? .selected : nil, text: name)
    }

    /// The types of the files that are looked at.
    private var types: [FileType] {
        submission.files.filter { query.file == nil || $0.name == query.file }.compactMap { file in
            programs.first { $0.id == file.program }.flatMap { program in file.fileType.flatMap(program.fileType) }
        }
    }

    /// The fields that the files can have, each name once.
    private var fields: [Field] {
        var seen: Set<String> = []
        return types.flatMap(\.fields).filter { seen.insert($0.name).inserted }
    }

    private var rules: [Rule] {
        var seen: Set<String> = []
        return types.flatMap(\.rules).filter { seen.insert($0.id).inserted }
    }
}
