import JSON
import SurveillanceKit
import Validation

/// Gives what is found when a program is compiled its place in the program's files.
struct FaultPlaces {
    /// The file types that the program lists, also those that could not be read.
    let names: [String]
    let answers: [FileTypeFile.Answer]

    /// Nil where the fault only follows from a mistake that has been told already.
    func mistake(_ fault: ProgramFault) -> ProgramMistake? {
        guard let answer = answers.first(where: { $0.fileType?.id == fault.fileType }), let type = answer.fileType,
            let root = answer.document?.root, !follows(fault, in: type, answer)
        else { return nil }
        var subject = BilingualText(zh: "", en: "")
        var object: JSONNode?
        switch fault.place {
        case .field(let name):
            if case .array(let fields)? = root["fields"]?.content {
                object = fields.first { field in
                    if case .string(name)? = field["name"]?.content { true } else { false }
                }
            }
            subject = BilingualText(zh: "字段 \(name)：", en: "field \(name): ")
            if let constraints = object?["constraints"], constraints[fault.property] != nil { object = constraints }
        case .rule(let index):
            object = root["rules"]?[index]
            subject = FaultPlaces.subject(rule: type.rules[index].id)
        case .link(let key, let number): object = link(key, number, root)
        case .parentRule(let key, let number, let index):
            object = link(key, number, root)?["requires"]?[index]
            subject = FaultPlaces.subject(rule: type.foreignKeys[key].links[number].rules[index].id)
        }
        let value = object?[fault.property]
        let position = (value ?? object).flatMap { found in
            value != nil && fault.character != nil
                ? answer.document?.position(ofCharacter: fault.character ?? 1, inStringAt: found.offset)
                : answer.document?.position(of: found.offset)
        }
        return ProgramMistake(
            file: answer.shown, line: position?.line, column: position?.column,
            message: BilingualText(zh: subject.zh + fault.message.zh, en: subject.en + fault.message.en))
    }

    private static func subject(rule id: String) -> BilingualText {
        BilingualText(zh: "规则 '\(id)'：", en: "rule '\(id)': ")
    }

    private func link(_ key: Int, _ number: Int, _ root: JSONNode) -> JSONNode? {
        let first = root["foreignKeys"]?[key]
        return number == 0 ? first : first?["alternatives"]?[number - 1]
    }

    private func follows(_ fault: ProgramFault, in type: FileType, _ answer: FileTypeFile.Answer) -> Bool {
        switch fault.place {
        case .field: return false
        case .rule(let index):
            let rule = type.rules[index]
            let text =
                switch rule.test {
                case .expression(let source): source
                case .check(_, let condition): condition ?? ""
                }
            return rule.id.isEmpty || isOpen(answer, text + " " + rule.field)
        case .link(let key, let number): return leadsNowhere(type.foreignKeys[key].links[number], answer)
        case .parentRule(let key, let number, let index):
            let link = type.foreignKeys[key].links[number]
            let rule = link.rules[index]
            return rule.id.isEmpty || leadsNowhere(link, answer) || isOpen(answer, rule.field)
        }
    }

    /// Whether the link could not be read, or leads to a file type of which not enough could be read.
    private func leadsNowhere(_ link: ForeignKey.Link, _ answer: FileTypeFile.Answer) -> Bool {
        if link.fields.isEmpty || isOpen(answer, link.fields.joined(separator: " ")) { return true }
        guard names.contains(link.fileType) else { return false }
        guard let parent = answers.first(where: { $0.fileType?.id == link.fileType }) else { return true }
        let read = link.parentFields + link.rules.map(\.parentField)
        return isOpen(parent, read.joined(separator: " "))
    }

    /// Whether a text may speak of a field whose name or type is not known.
    private func isOpen(_ answer: FileTypeFile.Answer, _ text: String) -> Bool {
        answer.hasNamelessField || answer.untypedFields.contains(where: text.contains)
    }
}
