import SurveillanceKit

/// Finds what is wrong with a link of a file type: it must lead to a parent that can be found again, and its rules must be decidable.
struct LinkCheck {
    let fileType: FileType
    let program: Program
    /// The places of the foreign key and of the link in it.
    let key: Int
    let number: Int

    func faults(_ link: ForeignKey.Link) -> [ProgramFault] {
        guard let parent = program.fileType(link.fileType) else {
            let known = program.fileTypes.map(\.id).joined(separator: ", ")
            return [
                fault(
                    "reference", "没有文件类型 '\(link.fileType)'；现有 \(known)",
                    "no file type '\(link.fileType)'; there are \(known)")
            ]
        }
        guard link.fields.count == link.parentFields.count, !link.fields.isEmpty else {
            return [fault("fields", "两边的字段数必须相同，且至少一个", "as many fields are needed on both sides, and at least one")]
        }
        var faults = zip(link.fields, link.parentFields).compactMap { pair($0, $1, parent) }
        for (index, rule) in link.rules.enumerated() { faults += self.faults(rule, index, parent) }
        return faults
    }

    private func fault(_ property: String, _ zh: String, _ en: String) -> ProgramFault {
        ProgramFault(fileType.id, .link(key, number), property, zh: zh, en: en)
    }

    /// What is wrong with a field and the parent's field that it is compared with.
    private func pair(_ own: String, _ other: String, _ parent: FileType) -> ProgramFault? {
        guard let ownField = fileType.fields.first(where: { $0.name == own }) else {
            return fault("fields", "'\(fileType.id)' 中没有字段 '\(own)'", "no field '\(own)' in '\(fileType.id)'")
        }
        guard let otherField = parent.fields.first(where: { $0.name == other }) else {
            return fault("reference", "'\(parent.id)' 中没有字段 '\(other)'", "no field '\(other)' in '\(parent.id)'")
        }
        guard [.keep, .pseudonym].contains(otherField.deidentify), ownField.deidentify == otherField.deidentify else {
            return fault(
                "fields", "\(own) 与 \(other) 必须都是 keep 或都是 pseudonym，否则找不到已入库的记录",
                "\(own) and \(other) must both be kept or both be pseudonyms, or no stored row can be found")
        }
        guard ownField.type == otherField.type else {
            return fault(
                "fields", "\(own) 的类型是 \(ownField.type.rawValue)，\(other) 的类型是 \(otherField.type.rawValue)；应相同",
                "\(own) is \(ownField.type.rawValue), \(other) is \(otherField.type.rawValue); give both one type")
        }
        return nil
    }

    /// What is wrong with a rule about the parent: one that names no field, compares unlike types or lists what is no code could
    /// never be decided.
    private func faults(_ rule: ParentRule, _ index: Int, _ parent: FileType) -> [ProgramFault] {
        func fault(_ property: String, _ zh: String, _ en: String) -> [ProgramFault] {
            [ProgramFault(fileType.id, .parentRule(key, number, index), property, zh: zh, en: en)]
        }
        guard let own = fileType.fieldIndex(rule.field).map({ fileType.fields[$0] }) else {
            return fault(
                "field", "'\(fileType.id)' 中没有字段 '\(rule.field)'", "no field '\(rule.field)' in '\(fileType.id)'")
        }
        guard let other = parent.fieldIndex(rule.parentField).map({ parent.fields[$0] }) else {
            return fault(
                "parentField", "'\(parent.id)' 中没有字段 '\(rule.parentField)'",
                "no field '\(rule.parentField)' in '\(parent.id)'")
        }
        switch rule.test {
        case .same:
            guard own.type != other.type else { return [] }
            return fault(
                "parentField",
                "\(own.name) 的类型是 \(own.type.rawValue)，\(parent.id) 的 \(other.name) 是 \(other.type.rawValue)：类型相同才能相等",
                "\(own.name) is \(own.type.rawValue), \(other.name) of \(parent.id) is \(other.type.rawValue): "
                    + "only fields of one type can hold the same")
        case .among(let codes), .notAmong(let codes):
            var property = "in"
            if case .notAmong = rule.test { property = "notIn" }
            guard other.type == .string, other.separators.isEmpty else {
                return fault(
                    property, "'in' 和 'notIn' 列出代码；\(parent.id) 的 \(other.name) 不是单值文本",
                    "'in' and 'notIn' list codes; \(other.name) of \(parent.id) is no text with one value")
            }
            guard let list = other.codeList, list.isKnown else { return [] }
            return codes.filter { code in !list.entries.contains { $0.code == code } }.flatMap { code in
                fault(
                    property, "'\(code)' 不是代码表 \(list.id) 的代码，而 \(parent.id) 的 \(other.name) 取自该表",
                    "'\(code)' is no code of \(list.id), from which \(other.name) of \(parent.id) comes")
            }
        }
    }
}
