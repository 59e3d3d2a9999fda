import SurveillanceKit

/// Pages of the documentation as the help shows them: headings, paragraphs, lists, tables, code; bold, code and links in the text.
struct Markdown: Sendable {
    enum Block: Sendable {
        case heading(level: Int, String)
        case paragraph(String)
        case list(isNumbered: Bool, [String])
        case table(head: [String], rows: [[String]])
        case code(String)
    }

    /// A heading and what stands below it up to the next one of its level or above.
    struct Section: Sendable {
        /// What addresses call it, as the documentation's own links do.
        var id: String
        var title: String
        var blocks: [Block]
    }

    let blocks: [Block]

    init(_ text: String) { blocks = MarkdownReader(text).blocks() }

    init(blocks: [Block]) { self.blocks = blocks }

    /// The blocks by their headings of the levels 2 and 3; what stands before the first has an empty title.
    var sections: [Section] {
        var sections: [Section] = []
        for block in blocks {
            if case .heading(let level, let title) = block, level >= 2 {
                sections.append(Section(id: Markdown.anchor(title), title: Markdown.plain(title), blocks: [block]))
            } else if sections.isEmpty {
                sections.append(Section(id: "", title: "", blocks: [block]))
            } else {
                sections[sections.count - 1].blocks.append(block)
            }
        }
        return sections
    }

    /// The part from one heading of level 1 up to the next: the documents hold one language after the other.
    func part(_ number: Int) -> Markdown {
        var parts: [[Block]] = []
        for block in blocks {
            if case .heading(1, _) = block { parts.append([]) }
            if parts.isEmpty { parts.append([]) }
            parts[parts.count - 1].append(block)
        }
        return Markdown(blocks: parts.indices.contains(number) ? parts[number] : [])
    }

    /// As GitHub makes a heading's anchor: lower case, blanks as hyphens, other punctuation left out.
    static func anchor(_ title: String) -> String {
        String(
            title.lowercased().compactMap { character -> Character? in
                if character == " " { return "-" }
                return character.isLetter || character.isNumber || character == "-" || character == "_"
                    ? character : nil
            })
    }

    /// The text without its marks.
    static func plain(_ text: String) -> String {
        MarkdownReader.spans(text).map {
            switch $0 {
            case .text(let text), .strong(let text), .code(let text), .emphasis(let text): text
            case .link(let text, _): text
            }
        }.joined()
    }

    var plainText: String {
        blocks.map { block in
            switch block {
            case .heading(_, let text), .paragraph(let text): Markdown.plain(text)
            case .list(_, let items): items.map(Markdown.plain).joined(separator: "\n")
            case .table(let head, let rows): ([head] + rows).joined().map(Markdown.plain).joined(separator: " ")
            case .code(let text): text
            }
        }.joined(separator: "\n")
    }

    /// - Parameter target: where a link of the documents leads here; nil for what the server does not show.
    func html(target: (String) -> SitePath?) -> HTML {
        HTML(joining: blocks.map { Markdown.html($0, target) })
    }

    private static func html(_ block: Block, _ target: (String) -> SitePath?) -> HTML {
        switch block {
        case .heading(1, let text): h1 { spans(text, target) }
        case .heading(2, let text): h2(.id(anchor(text))) { spans(text, target) }
        case .heading(_, let text): h3(.id(anchor(text))) { spans(text, target) }
        case .paragraph(let text): p { spans(text, target) }
        case .code(let text): pre(text: text)
        case .list(let isNumbered, let items):
            (isNumbered ? ol : ul)(.class("list")) {
                for item in items { li { spans(item, target) } }
            }
        case .table(let head, let rows):
            div(.class("scroll")) {
                table(.class("cards")) {
                    thead {
                        tr {
                            for cell in head {
                                // One without words names no column.
                                if cell.isEmpty { td {} } else { th(.scope("col")) { spans(cell, target) } }
                            }
                        }
                    }
                    tbody {
                        for row in rows {
                            tr {
                                for (index, text) in row.enumerated() {
                                    let label = head.indices.contains(index) ? plain(head[index]) : ""
                                    td(.data(.label, label), .class("say")) { div { spans(text, target) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private static func spans(_ text: String, _ target: (String) -> SitePath?) -> HTML {
        HTML(
            joining: MarkdownReader.spans(text).map { span in
                switch span {
                case .text(let text): HTML(text: text)
                case .emphasis(let text): HTML(text: text)
                case .strong(let text): strong(text: text)
                case .code(let text): code(text: text)
                case .link(let text, let address):
                    target(address).map { a(.href($0), text: text) } ?? HTML(text: text)
                }
            })
    }
}
