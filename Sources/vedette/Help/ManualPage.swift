import SurveillanceKit

/// The page of a command for `man`, in roff's man macros.
///
/// Source: man-pages(7), groff_man(7).
enum ManualPage {
    static func page(
        name: String, summary: BilingualText, _ manual: Manual, in language: Language, version: String,
        also: [String] = []
    ) -> String {
        func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
        var lines = [
            ".TH \(name.uppercased()) 1 \"\" \"Vedette \(escaped(version))\" \"\(say("哨点 用户命令", "Vedette commands"))\"",
            ".ad l", ".SH \(say("名称", "NAME"))", "\(escaped(name)) \\- \(escaped(summary[language]))",
            ".SH \(say("用法", "SYNOPSIS"))",
        ]
        for usage in manual.usage {
            lines += [".TP", ".B \(escaped(usage.line))"]
            lines.append(usage.note.map { line($0[language]) } ?? "\\&")
        }
        if !manual.text.isEmpty { lines.append(".SH \(say("说明", "DESCRIPTION"))") }
        for paragraph in manual.text { lines += [".PP", line(paragraph[language])] }
        if !manual.options.isEmpty { lines.append(".SH \(say("选项", "OPTIONS"))") }
        for option in manual.options {
            let value = option.value.map { " \\fI\(escaped($0))\\fR" } ?? ""
            lines += [".TP", "\\fB\(escaped(option.name))\\fR\(value)", line(option.text[language])]
        }
        if let exit = manual.exit { lines += [".SH \(say("退出状态", "EXIT STATUS"))", line(exit[language])] }
        if !also.isEmpty {
            lines += [".SH \(say("参见", "SEE ALSO"))", also.map { "\\fB\(escaped($0))\\fR(1)" }.joined(separator: ", ")]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A line that begins with a dot or a quote would be a request to roff.
    private static func line(_ text: String) -> String {
        // Between Chinese characters a line may break; roff has to be told.
        let pieces = Columns.pieces(text)
        var text = ""
        for (index, piece) in pieces.enumerated() {
            let isNextToBlank = piece.hasPrefix(" ") || index == 0 || pieces[index - 1].hasSuffix(" ")
            text += (isNextToBlank ? "" : "\\:") + escaped(piece)
        }
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    }
}
