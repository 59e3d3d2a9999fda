import JSON
import SurveillanceKit

/// What an administrator has filled in to change the rules, and the text that a file would have for it.
struct RuleForm {
    enum Kind: String, CaseIterable {
        case exemption, addition, deadline, scope, text
    }

    var kind: Kind
    /// By the names of the form's inputs, as they came.
    var values: [String: String]

    init(kind: Kind, values: [String: String] = [:]) {
        self.kind = kind
        self.values = values
    }

    /// A value without the blanks around it; nil where it is empty.
    subscript(_ name: String) -> String? {
        let text = (values[name] ?? "").trimmed
        return text.isEmpty ? nil : text
    }

    /// What the form's kind asks for; those of the second list may be empty.
    var fields: (needed: [String], others: [String]) {
        switch kind {
        case .exemption, .addition: (["program", "institution", "from", "until", "reason"], ["retroactive"])
        case .deadline:
            (["program", "kind", "from", "by", "days", "reason"], ["until", "when", "whenBy", "grace", "retroactive"])
        case .scope: (["program", "from", "institutions", "reason"], ["until", "retroactive"])
        case .text: (["text"], [])
        }
    }

    /// Inputs that are empty and must not be.
    var missing: [String: BilingualText] {
        let text = BilingualText(zh: "请填写", en: "Fill this in")
        return Dictionary(fields.needed.filter { self[$0] == nil }.map { ($0, text) }, uniquingKeysWith: { a, _ in a })
    }

    /// The lines of the text, each with the input that it comes from.
    var lines: [(text: String, field: String?)] {
        if kind == .text {
            return (values["text"] ?? "").split(separator: "\n", omittingEmptySubsequences: false)
                .map { ($0.filter { $0 != "\r" }, "text") }
        }
        var lines: [(text: String, field: String?)] = [("{", nil), ("\"program\": \(quoted("program")),", "program")]
        var own: [(String, String)] = []
        func add(_ name: String, _ key: String? = nil) {
            if self[name] != nil { own.append(("\"\(key ?? name)\": \(quoted(name))", name)) }
        }
        func addRule() {
            add("from")
            add("until")
            if self["retroactive"] != nil { own.append(("\"retroactive\": true", "retroactive")) }
        }
        let reason = "\"reason\": { \"zh\": \(RuleForm.quoted(reason.zh)), \"en\": \(RuleForm.quoted(reason.en)) }"
        let (before, after): (String, String)
        switch kind {
        case .exemption, .addition:
            lines.append((reason + ",", "reason"))
            add("institution")
            addRule()
            own.append((reason, "reason"))
            (before, after) = ("\"scope\": { \"\(kind.rawValue)s\": [ {", "} ] } }")
        case .scope:
            lines.append((reason + ",", "reason"))
            add("institutions")
            addRule()
            (before, after) = ("\"scope\": { \"rules\": [ {", "} ] } }")
        case .deadline:
            lines.append((reason + ",", "reason"))
            add("kind")
            addRule()
            own.append(("\"covers\": { \"days\": \(number("days")) }", "days"))
            let others = "{ \"by\": \(quoted("by")) }"
            if self["when"] != nil {
                own.append(("\"due\": [ { \"by\": \(quoted("whenBy")),", "whenBy"))
                own.append(("\"when\": \(quoted("when")) },", "when"))
                own.append(("\(others) ]", "by"))
            } else {
                own.append(("\"due\": [ \(others) ]", "by"))
            }
            if self["grace"] != nil { own.append(("\"graceMinutes\": \(number("grace"))", "grace")) }
            (before, after) = ("\"deadlines\": [ {", "} ] }")
        case .text: (before, after) = ("", "")
        }
        lines.append((before, nil))
        for (place, line) in own.enumerated() {
            // The entries of `due` bring their own commas.
            let isOpen = line.0.hasSuffix(",")
            lines.append((line.0 + (place == own.count - 1 || isOpen ? "" : ","), line.1))
        }
        lines.append((after, nil))
        return lines
    }

    var text: String { lines.map(\.text).joined(separator: "\n") }

    private func quoted(_ name: String) -> String { RuleForm.quoted(self[name] ?? "") }

    private static func quoted(_ text: String) -> String {
        String(decoding: JSONValue.string(text).encoded(), as: UTF8.self)
    }

    /// The reason as it was given, in one language; in the other one that it was not.
    private var reason: BilingualText {
        let text = self["reason"] ?? ""
        let isChinese = text.unicodeScalars.contains { (0x3400...0x9FFF).contains($0.value) }
        return isChinese
            ? BilingualText(zh: text, en: "given in Chinese alone") : BilingualText(zh: "原因以英文填写", en: text)
    }

    /// What is no number stays what it is, and is told.
    private func number(_ name: String) -> String {
        guard let text = self[name] else { return "0" }
        return Int(text).map { "\($0)" } ?? quoted(name)
    }

    /// What is wrong, by the inputs; under "" what belongs to none.
    func faults(_ mistakes: [ProgramMistake]) -> [String: BilingualText] {
        let lines = lines
        var faults: [String: BilingualText] = [:]
        for mistake in mistakes {
            let line = mistake.line.map { $0 - 1 }
            let field = line.flatMap { lines.indices.contains($0) ? lines[$0].field : nil } ?? ""
            let place = kind == .text ? mistake.line.map { BilingualText(zh: "第 \($0) 行：", en: "line \($0): ") } : nil
            let message = BilingualText(
                zh: (place?.zh ?? "") + mistake.message.zh, en: (place?.en ?? "") + mistake.message.en)
            if let known = faults[field] {
                faults[field] = BilingualText(zh: "\(known.zh)；\(message.zh)", en: "\(known.en); \(message.en)")
            } else {
                faults[field] = message
            }
        }
        return faults
    }
}
