import SurveillanceKit

/// What a command is for and what it takes, in both languages: the one source of `--help`, the man pages, the completions of shells and of
/// what `Arguments` accepts.
struct Manual: Sendable {
    struct Usage: Sendable {
        /// `vedette account list [options]`, the same in every language.
        var line: String
        var note: BilingualText?

        init(_ line: String, _ note: BilingualText? = nil) {
            self.line = line
            self.note = note
        }
    }

    struct Option: Sendable {
        /// `--format`
        var name: String
        /// How its value is called, `DIR`, or what it can be, `text|json`; nil for a flag.
        var value: String?
        var text: BilingualText

        init(_ name: String, _ value: String? = nil, zh: String, en: String) {
            self.name = name
            self.value = value
            text = BilingualText(zh: zh, en: en)
        }

        /// What its value can be, where there are only a few.
        var choices: [String] {
            guard let value, value.contains("|") else { return [] }
            return value.split(separator: "|").map(String.init)
        }
    }

    var usage: [Usage]
    /// Paragraphs.
    var text: [BilingualText] = []
    var options: [Option]
    var exit: BilingualText?

    init(usage: [Usage], text: [BilingualText] = [], options: [Option], exit: BilingualText? = nil) {
        self.usage = usage
        self.text = text
        self.options = options + [Manual.language]
        self.exit = exit
    }

    /// Every command takes it.
    static let language = Option(
        "--language", "zh|en", zh: "输出所用语言（默认按 LC_ALL、LC_MESSAGES、LANG）",
        en: "in which language it speaks (default: by LC_ALL, LC_MESSAGES, LANG)")

    /// The words that stand first after the command's name: `list`, `add`.
    var actions: [String] {
        var actions: [String] = []
        for usage in usage {
            guard let word = usage.line.split(separator: " ").dropFirst(2).first,
                word.first?.isLowercase == true
            else { continue }
            for action in word.split(separator: "|").map(String.init) where !actions.contains(action) {
                actions.append(action)
            }
        }
        return actions
    }

    /// What `--help` prints.
    func help(in language: Language, width: Int) -> String {
        var lines: [String] = []
        let head = language == .zh ? "用法：" : "usage: "
        for (index, usage) in usage.enumerated() {
            let indent = Columns.count(head)
            let start = index == 0 ? head : String(repeating: " ", count: indent)
            lines += Columns.wrapped(start + usage.line, width: width, indent: indent + 4)
            if let note = usage.note { lines += Columns.wrapped(note[language], width: width, under: indent + 4) }
        }
        for paragraph in text {
            lines.append("")
            lines += Columns.wrapped(paragraph[language], width: width)
        }
        lines.append("")
        lines += options.flatMap { Manual.lines(Manual.head(of: $0), $0.text[language], width: width) }
        if let exit {
            lines.append("")
            lines += Columns.wrapped((language == .zh ? "退出状态：" : "exit status: ") + exit[language], width: width)
        }
        return lines.joined(separator: "\n")
    }

    private static func head(of option: Option) -> String {
        option.value.map { "\(option.name) \($0)" } ?? option.name
    }

    /// A name and what it is, in two columns; one below the other where the terminal is narrow.
    static func lines(_ name: String, _ text: String, width: Int, column: Int = 24) -> [String] {
        let head = "  " + name
        let column = width < 60 ? 6 : column
        guard Columns.count(head) + 2 <= column else {
            return [head] + Columns.wrapped(text, width: width, under: column)
        }
        let wrapped = Columns.wrapped(text, width: width, under: column)
        guard let first = wrapped.first else { return [head] }
        return [head + first.dropFirst(Columns.count(head))] + wrapped.dropFirst()
    }
}
