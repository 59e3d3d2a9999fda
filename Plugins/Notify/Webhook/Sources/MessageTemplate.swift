import JSON
import PluginKit
import Settings
import SurveillanceKit
import Validation

/// A text with variables: `{institutionName}`; `{{` stands for a brace.
struct MessageTemplate: Sendable {
    private enum Part: Sendable {
        case text(String)
        case variable(String)
    }

    private var parts: [Part] = []
    var variables: Set<String> {
        Set(parts.compactMap { if case .variable(let name) = $0 { name } else { nil } })
    }

    /// - Throws: `TemplateFault`.
    init(_ text: String, known: Set<String>) throws(TemplateFault) {
        var plain = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "{" else {
                plain.append(character)
                continue
            }
            if rest.first == "{" {
                rest.removeFirst()
                plain.append("{")
                continue
            }
            guard let end = rest.firstIndex(of: "}") else {
                throw TemplateFault(reason: "'\(text)' has a '{' without its '}'")
            }
            let name = String(rest[..<end])
            guard known.contains(name) else {
                throw TemplateFault(
                    reason: "there is no variable '{\(name)}'; known are \(known.sorted().joined(separator: ", "))")
            }
            parts += [.text(plain), .variable(name)]
            plain = ""
            rest = rest[rest.index(after: end)...]
        }
        parts.append(.text(plain))
    }

    func filled(_ values: [String: String]) -> String {
        parts.map {
            switch $0 {
            case .text(let text): text
            case .variable(let name): values[name] ?? ""
            }
        }.joined()
    }
}

struct TemplateFault: Error { var reason: String }

/// A JSON value whose texts are templates. Values are always escaped as JSON demands, whatever characters they have.
indirect enum BodyTemplate: Sendable {
    case text(MessageTemplate)
    case literal(JSONValue)
    case list([BodyTemplate])
    case object([(String, BodyTemplate)])
    /// The variables of the message's kind: a list or an object.
    case variables
    /// The same as a text that holds JSON.
    case variablesAsText

    init(_ value: SettingsValue, known: Set<String>) throws(TemplateFault) {
        switch value {
        case .null: self = .literal(.null)
        case .bool(let flag): self = .literal(.bool(flag))
        case .number(let number):
            self = .literal(Int(exactly: number).map { .integer($0) } ?? .number(number))
        case .string("{variables}"): self = .variables
        case .string("{variables:text}"): self = .variablesAsText
        case .string(let text): self = .text(try MessageTemplate(text, known: known))
        case .array(let values):
            var list: [BodyTemplate] = []
            for value in values { list.append(try BodyTemplate(value, known: known)) }
            self = .list(list)
        case .object(let members):
            var object: [(String, BodyTemplate)] = []
            for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                object.append((name, try BodyTemplate(value, known: known)))
            }
            self = .object(object)
        }
    }

    var names: Set<String> {
        switch self {
        case .text(let template): template.variables
        case .literal, .variables, .variablesAsText: []
        case .list(let list): list.reduce(into: []) { $0.formUnion($1.names) }
        case .object(let members): members.reduce(into: []) { $0.formUnion($1.1.names) }
        }
    }

    /// - Parameter variables: those of the message's kind; nil where the description has none.
    func filled(_ values: [String: String], variables: BodyTemplate?) -> JSONValue {
        switch self {
        case .text(let template): .string(template.filled(values))
        case .literal(let value): value
        case .list(let list): .array(list.map { $0.filled(values, variables: variables) })
        case .object(let members): .object(members.map { ($0.0, $0.1.filled(values, variables: variables)) })
        case .variables: variables?.filled(values, variables: nil) ?? .null
        case .variablesAsText:
            .string(
                variables.map { String(decoding: $0.filled(values, variables: nil).encoded(), as: UTF8.self) } ?? "")
        }
    }
}

/// What a template may name.
enum MessageVariables {
    static let everywhere: Set<String> = [
        "id", "address", "kind", "template", "institution", "institutionName", "program", "programTitle", "period",
        "day", "deadline", "title", "titleEn", "text", "textEn",
    ]

    /// In a query or a form: the variables of the message's kind as a text that holds JSON.
    static let all = "variables:text"

    static func of(_ kind: NoticeKind) -> Set<String> {
        switch kind {
        case .feedSilent: everywhere.union(["rows", "usual"])
        case .phoneCode: everywhere.union(["code", "minutes"])
        case .application: everywhere.union(["reasons"])
        case .passwordLink: everywhere.union(["account", "link"])
        case .reminder, .missed, .backInOrder, .operation: everywhere
        }
    }

    static func values(_ message: OutgoingNotice, template: String) -> [String: String] {
        let notice = message.notice
        return notice.values.merging([
            "id": message.id, "address": message.address, "kind": notice.kind.rawValue, "template": template,
            "institution": notice.institution ?? "", "program": notice.program ?? "", "period": notice.period ?? "",
            "title": notice.title.zh, "titleEn": notice.title.en, "text": notice.text.zh, "textEn": notice.text.en,
        ]) { $1 }
    }
}
