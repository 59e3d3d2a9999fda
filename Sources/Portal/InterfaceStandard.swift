import Dictionaries
import SurveillanceKit

/// The interface standard of one program, made from its schemas as they are in force: files, fields with types, lengths and examples, rules with
/// their messages, code lists. The page and the PDF show the same blocks.
struct InterfaceStandard {
    var program: Program
    var language: Language

    /// - Parameter at: what the file says of its making.
    func document(at moment: Instant) -> PrintedDocument {
        PrintedDocument(
            title: title, blocks: blocks,
            codeLine: say(
                "\(program.title.zh) 版本 \(program.version)，自 \(program.effectiveFrom) 起执行",
                "\(program.title.en), version \(program.version), in effect from \(program.effectiveFrom)"),
            at: moment)
    }

    var title: String { say("\(program.title.zh)接口标准", "Interface standard: \(program.title.en)") }

    /// A heading with what stands below it, as the page links to it.
    struct Part: Sendable {
        var id: String
        var heading: String
        var blocks: [PrintedDocument.Block]
    }

    private var blocks: [PrintedDocument.Block] { parts.flatMap { [.heading($0.heading)] + $0.blocks } }

    /// The files first, then the code lists.
    var parts: [Part] { [overview] + program.fileTypes.map(file) + lists.map(list) }

    private func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

    private func say(_ text: BilingualText) -> String { text[language] }

    private var overview: Part {
        let formats = program.formats.map(\.rawValue).sorted().joined(separator: say("、", ", "))
        let files = program.fileTypes.map { [$0.id, say($0.title), "\($0.fields.count)", "\(rules(of: $0).count)"] }
        return Part(
            id: "overview", heading: say("概述", "Overview"),
            blocks: [
                .facts([
                    fact(say("版本", "Version"), program.version),
                    fact(say("执行日期", "In effect from"), "\(program.effectiveFrom)"),
                    fact(say("文件格式", "Formats"), formats),
                    fact(
                        say("文件名", "File names"),
                        say("文件代码_任意内容.csv，如 ", "code of the file, _, anything, as in ")
                            + "\(program.fileTypes.first?.id ?? "file")_20260131.csv"),
                    fact(
                        say("字符编码", "Charset"),
                        say("UTF-8、GBK/GB18030 或带标记的 UTF-16", "UTF-8, GBK/GB18030, or UTF-16 with a mark")),
                ]),
                .table(
                    PrintedDocument.Table(
                        columns: [
                            say("文件", "File"), say("名称", "Name"), say("字段数", "Fields"), say("规则数", "Rules"),
                        ], rows: files, shares: [2, 6, 1.5, 1.5])),
            ])
    }

    private func fact(_ name: String, _ value: String) -> PrintedDocument.Fact { PrintedDocument.Fact(name, value) }

    private func file(_ type: FileType) -> Part {
        var blocks: [PrintedDocument.Block] = []
        if let description = type.description { blocks.append(.paragraph(say(description))) }
        var facts = [fact(say("主键", "Key"), type.primaryKey.joined(separator: " + "))]
        if let day = type.eventDate { facts.append(fact(say("归属日期", "Event day"), day)) }
        for link in type.foreignKeys.flatMap(\.links) {
            facts.append(
                fact(
                    say("所属记录", "Parent"),
                    "\(link.fields.joined(separator: " + ")) → \(link.fileType) (\(link.parentFields.joined(separator: " + ")))"
                ))
        }
        blocks.append(.facts(facts))
        for part in type.groupedFields {
            if let group = part.group { blocks.append(.paragraph(say(group.title))) }
            blocks.append(.table(table(part.fields)))
        }
        let rules = rules(of: type)
        if !rules.isEmpty {
            blocks.append(.paragraph(say("规则", "Rules")))
            blocks.append(
                .table(
                    PrintedDocument.Table(
                        columns: [say("字段", "Field"), say("级别", "Severity"), say("提示", "Message"), say("规则", "Rule")],
                        rows: rules, shares: [2, 1.3, 8, 3.5])))
        }
        return Part(id: "file-\(type.id)", heading: "\(type.id)　\(say(type.title))", blocks: blocks)
    }

    private func table(_ fields: [Field]) -> PrintedDocument.Table {
        PrintedDocument.Table(
            columns: [
                say("字段", "Field"), say("名称和说明", "Name and what it is"), say("类型", "Type"), say("必填", "Required"),
                say("要求和示例", "What it may hold, with an example"),
            ],
            rows: fields.map { field in
                let description = field.description.map { "\n" + say($0) } ?? ""
                let need =
                    !field.constraints.isRequired
                    ? say("否", "no") : field.warnings.contains(.required) ? say("应填", "expected") : say("必填", "yes")
                return [
                    field.name, say(field.title) + description, say(field.type.title), need,
                    FieldRequirements(field: field, program: program).texts(in: language).joined(separator: "\n"),
                ]
            }, shares: [1.8, 5, 1.5, 1.2, 5])
    }

    private func rules(of type: FileType) -> [[String]] {
        let all =
            type.rules.map { ($0.field, $0.severity, $0.message, $0.id) }
            + type.parentRules.map { ($0.field, $0.severity, $0.message, $0.id) }
        return all.map { field, severity, message, id in
            [field, severity == .error ? say("错误", "error") : say("警告", "warning"), say(message), id]
        }
    }

    /// The lists of its fields whose codes are known, each once.
    private var lists: [CodeList] {
        var known: Set<String> = []
        return program.fileTypes.flatMap(\.fields).compactMap(\.codeList).filter {
            $0.isKnown && known.insert($0.id).inserted
        }.sorted { $0.id < $1.id }
    }

    private func list(_ list: CodeList) -> Part {
        Part(
            id: "list-\(list.id)", heading: "\(list.id)　\(say(list.title))",
            blocks: [
                .table(
                    PrintedDocument.Table(
                        columns: [say("代码", "Code"), say("含义", "Meaning")],
                        rows: list.entries.map { [$0.code, say($0.meaning)] }, shares: [2, 8]))
            ])
    }
}

/// The interface standard as a page that prints well.
struct InterfaceStandardPage {
    var standard: InterfaceStandard

    func page(_ reader: Reader) -> Page {
        let own = SitePath("resources", standard.program.id)
        let parts = standard.parts
        return Page(standard.title, path: own.appending("standard"), place: .resources) {
            h1(text: standard.title)
            div(.class("actions")) {
                a(
                    .class("button"), .href(own.appending("standard.pdf").with("lang", reader.language.rawValue)),
                    .download,
                    text: reader.say("下载 PDF", "Download as PDF"))
            }
            nav(.class("card")) {
                ul(.class("chips")) { for part in parts { li { a(.href(here(part)), text: part.heading) } } }
            }
            for part in parts {
                section(.class("card tablecard"), .id(part.id)) {
                    h2(text: part.heading)
                    for block in part.blocks { view(block, reader) }
                }
            }
        }
    }

    private func here(_ part: InterfaceStandard.Part) -> SitePath {
        SitePath("resources", standard.program.id, "standard").at(part.id)
    }

    private func view(_ block: PrintedDocument.Block, _ reader: Reader) -> HTML {
        switch block {
        case .heading(let text): return h3(.class("pad"), text: text)
        case .paragraph(let text): return p(.class("pad"), text: text)
        case .numbered(let texts), .blanks(let texts): return ul(.class("pad")) { for text in texts { li(text: text) } }
        case .facts(let facts):
            return dl(.class("facts pad")) {
                for fact in facts {
                    dt(text: fact.name)
                    dd(text: fact.value)
                }
            }
        case .table(let table):
            return div(.class("scroll")) {
                Portal.table(.class("cards")) {
                    thead { tr { for column in table.columns { th(.scope("col"), text: column) } } }
                    tbody {
                        for row in table.rows {
                            tr {
                                for (column, text) in zip(table.columns, row) {
                                    cell(column, column == table.columns.first ? "key" : "say") {
                                        for line in text.split(separator: "\n") { div(text: String(line)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
