/// Reads the part of Markdown that the documentation uses.
struct MarkdownReader {
    private var lines: ArraySlice<Substring>

    init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...] }

    func blocks() -> [Markdown.Block] {
        var reader = self
        var blocks: [Markdown.Block] = []
        while let line = reader.lines.first {
            if line.allSatisfy({ $0 == " " }) || line == "---" {
                reader.lines.removeFirst()
            } else if line.hasPrefix("```") {
                reader.lines.removeFirst()
                let code = reader.lines.prefix { !$0.hasPrefix("```") }
                reader.lines = reader.lines.dropFirst(code.count + 1)
                blocks.append(.code(code.joined(separator: "\n")))
            } else if line.hasPrefix("#") {
                let level = line.prefix { $0 == "#" }.count
                blocks.append(.heading(level: level, String(line.dropFirst(level).drop { $0 == " " })))
                reader.lines.removeFirst()
            } else if line.hasPrefix("|") {
                let rows = reader.lines.prefix { $0.hasPrefix("|") }.map(MarkdownReader.cells)
                reader.lines = reader.lines.dropFirst(rows.count)
                blocks.append(.table(head: rows.first ?? [], rows: Array(rows.dropFirst(2))))
            } else if MarkdownReader.item(line) != nil {
                blocks.append(reader.list())
            } else {
                let text = reader.lines.prefix { line in
                    !line.isEmpty && !line.hasPrefix("#") && !line.hasPrefix("|") && !line.hasPrefix("```")
                        && MarkdownReader.item(line) == nil
                }
                reader.lines = reader.lines.dropFirst(max(1, text.count))
                blocks.append(.paragraph(MarkdownReader.joined(text.map(String.init))))
            }
        }
        return blocks
    }

    private mutating func list() -> Markdown.Block {
        var items: [[String]] = []
        let isNumbered = lines.first.flatMap(MarkdownReader.item)?.isNumbered ?? false
        while let line = lines.first {
            if let item = MarkdownReader.item(line) {
                items.append([item.text])
            } else if line.hasPrefix("  "), !items.isEmpty {
                items[items.count - 1].append(String(line.drop { $0 == " " }))
            } else {
                break
            }
            lines.removeFirst()
        }
        return .list(isNumbered: isNumbered, items.map(MarkdownReader.joined))
    }

    /// Lines of one paragraph. Between Chinese characters a line's end is nothing, elsewhere a blank.
    private static func joined(_ lines: [String]) -> String {
        lines.reduce("") { text, line in
            guard let last = text.unicodeScalars.last, let first = line.unicodeScalars.first else { return text + line }
            return text + (last.value > 0x2E80 && first.value > 0x2E80 ? "" : " ") + line
        }
    }

    private static func item(_ line: Substring) -> (text: String, isNumbered: Bool)? {
        if line.hasPrefix("- ") { return (String(line.dropFirst(2)), false) }
        let digits = line.prefix { $0.isNumber }
        guard !digits.isEmpty, line.dropFirst(digits.count).hasPrefix(". ") else { return nil }
        return (String(line.dropFirst(digits.count + 2)), true)
    }

    /// `| a | b |`; a bar in code or after a backslash stays in its cell.
    private static func cells(_ line: Substring) -> [String] {
        var cells: [String] = [""]
        var isCode = false
        var isEscaped = false
        for character in line.dropFirst() {
            switch character {
            case "\\" where !isEscaped:
                isEscaped = true
                continue
            case "|" where !isCode && !isEscaped: cells.append("")
            default:
                if character == "`" { isCode.toggle() }
                if isEscaped, character != "|" { cells[cells.count - 1].append("\\") }
                cells[cells.count - 1].append(character)
            }
            isEscaped = false
        }
        return cells.dropLast().map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
    }

    enum Span {
        case text(String)
        case strong(String)
        case emphasis(String)
        case code(String)
        case link(String, to: String)
    }

    static func spans(_ text: String) -> [Span] {
        var spans: [Span] = []
        var plain = ""
        var rest = text[...]
        func flush() {
            if !plain.isEmpty { spans.append(.text(plain)) }
            plain = ""
        }
        /// What stands between two marks, and the rest behind the second.
        func enclosed(_ mark: String) -> (Substring, Substring)? {
            let inner = rest.dropFirst(mark.count)
            guard rest.hasPrefix(mark), let end = inner.firstRange(of: mark), end.lowerBound > inner.startIndex else {
                return nil
            }
            return (inner[..<end.lowerBound], inner[end.upperBound...])
        }
        while let character = rest.first {
            if character == "`", let (code, behind) = enclosed("``") ?? enclosed("`") {
                flush()
                spans.append(.code(String(code)))
                rest = behind
            } else if character == "*", let (bold, behind) = enclosed("**") {
                flush()
                spans.append(.strong(Markdown.plain(String(bold))))
                rest = behind
            } else if character == "*", let (word, behind) = enclosed("*") {
                flush()
                spans.append(.emphasis(Markdown.plain(String(word))))
                rest = behind
            } else if character == "[", let middle = rest.firstRange(of: "]("),
                let end = rest[middle.upperBound...].firstIndex(of: ")")
            {
                flush()
                let label = rest[rest.index(after: rest.startIndex)..<middle.lowerBound]
                spans.append(.link(Markdown.plain(String(label)), to: String(rest[middle.upperBound..<end])))
                rest = rest[rest.index(after: end)...]
            } else {
                plain.append(character)
                rest = rest.dropFirst()
            }
        }
        flush()
        return spans
    }
}
