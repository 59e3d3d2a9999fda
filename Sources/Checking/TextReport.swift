public import SurveillanceKit
import Validation

/// The outcome of a check as text for a terminal, grouped so that a person can act.
public struct TextReport {
    private let language: Language
    private let wrap: (@Sendable (_ line: String, _ indent: Int) -> [String])?
    private let hasColours: Bool

    /// - Parameters:
    ///   - wrap: breaks a line, and begins those that follow so far in; nil leaves lines as long as they are.
    ///   - hasColours: whether a terminal shows the escape sequences of colours.
    public init(
        language: Language, hasColours: Bool = false,
        wrap: (@Sendable (_ line: String, _ indent: Int) -> [String])? = nil
    ) {
        self.language = language
        self.hasColours = hasColours
        self.wrap = wrap
    }

    public func text(_ reports: [FileReport], _ groups: FindingGroups) -> String {
        files(reports, groups) + total(reports) + "\n"
    }

    /// The files of a package, without the line that counts them.
    public func files(_ reports: [FileReport], _ groups: FindingGroups) -> String {
        var lines: [String] = []
        for report in reports {
            lines.append(head(report))
            for group in groups.groups(ofFile: report.name) { lines += describe(group) }
            for note in report.notes {
                lines.append("  \(say("说明", "note"))  \(note.message[language])  [\(note.code.rawValue)]")
            }
            lines.append("")
        }
        if let wrap { lines = lines.flatMap { wrap($0, $0.hasPrefix("        ") ? 8 : 4) } }
        if hasColours { lines = lines.map(coloured) }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Colours by the mark or the severity with which a line begins.
    private func coloured(_ line: String) -> String {
        func paint(_ beginning: String, _ colour: Int) -> String? {
            guard line.hasPrefix(beginning) else { return nil }
            return "\u{1B}[\(colour)m\(beginning)\u{1B}[0m\(line.dropFirst(beginning.count))"
        }
        return paint("✗", 31) ?? paint("!", 33) ?? paint("✓", 32) ?? paint("  " + say("错误", "error"), 31)
            ?? paint("  " + say("警告", "warning"), 33) ?? line
    }

    private func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

    private func head(_ report: FileReport) -> String {
        let mark = report.errors > 0 ? "✗" : report.warnings > 0 ? "!" : "✓"
        let program = report.program.map { say("（\($0)）", " (\($0))") } ?? ""
        return say(
            "\(mark) \(report.name)\(program)  数据包记录总数 \(report.rows)，接口达标数 \(report.accepted)，退回 \(report.rejected)；错误 \(report.errors)，警告 \(report.warnings)",
            "\(mark) \(report.name)\(program)  \(report.rows.counted("row")), \(report.accepted) accepted, \(report.rejected) rejected; \(report.errors.counted("error")), \(report.warnings.counted("warning"))"
        )
    }

    private func describe(_ group: FindingGroups.Group) -> [String] {
        let finding = group.finding
        let severity = finding.severity == .error ? say("错误", "error") : say("警告", "warning")
        let place = [finding.field, finding.column.map { say("\($0) 列", "column \($0)") }].compactMap { $0 }
        let field = place.isEmpty ? "" : place.joined(separator: " ") + ": "
        var lines = ["  \(severity)  \(field)\(finding.message[language])  [\(finding.rule ?? finding.code.rawValue)]"]
        if let found = found(group) { lines.append(say("        现值：", "        found: ") + found) }
        if let expected = finding.expected {
            lines.append(say("        应为：\(expected.zh)", "        expected: \(expected.en)"))
        }
        if let suggestion = finding.suggestion {
            lines.append(say("        可能是：\(suggestion)", "        probably: \(suggestion)"))
        }
        if !group.rows.isEmpty { lines.append("        " + rows(group)) }
        return lines
    }

    /// The value that all have, or the most frequent ones with how many have each.
    private func found(_ group: FindingGroups.Group) -> String? {
        if let value = group.finding.value { return value }
        let values = group.values
        guard !values.isEmpty else { return nil }
        let shown = values.prefix(3).map { $0.count == 1 ? $0.value : "\($0.value) (×\($0.count))" }
        let hasMore = values.count > shown.count || group.otherValues > 0
        return shown.joined(separator: say("、", ", ")) + (hasMore ? say(" 等", ", …") : "")
    }

    private func rows(_ group: FindingGroups.Group) -> String {
        let rest = group.count - group.rows.count
        let list = group.rows.map(String.init).joined(separator: ", ")
        return say(
            "第 \(list) 行" + (rest > 0 ? " 等，共 \(group.count) 处" : ""),
            (group.count == 1 ? "row " : "rows ") + list + (rest > 0 ? " and \(rest) more" : ""))
    }

    /// What all files come to.
    public func total(_ reports: [FileReport]) -> String {
        let errors = reports.reduce(0) { $0 + $1.errors }
        let rows = reports.reduce(0) { $0 + $1.rows }
        let accepted = reports.reduce(0) { $0 + $1.accepted }
        let files = reports.count.counted("file")
        if errors == 0, rows == 0 {
            return say(
                "没有数据行：\(reports.count) 个文件里没有一条记录。", "No rows: there is no record in \(files).")
        }
        guard errors > 0 else {
            return say(
                "没有错误：\(reports.count) 个文件，\(rows) 行可以上报。",
                "No errors: \(rows.counted("row")) in \(files) can be reported.")
        }
        return say(
            "有 \(errors) 处错误：\(rows) 行中 \(accepted) 行达标。改正后重新检查。",
            "\(errors.counted("error")): \(accepted) of \(rows.counted("row")) can be reported. Correct the others and check again."
        )
    }
}
