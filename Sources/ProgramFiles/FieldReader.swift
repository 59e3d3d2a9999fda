import JSON
import SurveillanceKit

/// Reads one field of a file type.
struct FieldReader {
    private let object: ObjectReader
    private let codeLists: CodeListFolder
    /// Fields whose cells a rule's check knows to be postcodes.
    private let postcodes: Set<String>

    /// What could be read of a field.
    struct Answer {
        var field: Field
        /// Whether its type is known, without which rules about it cannot be judged.
        var hasType: Bool
    }

    init(_ object: ObjectReader, codeLists: CodeListFolder, postcodes: Set<String>) {
        var named = object
        if case .string(let name)? = object.value("name")?.content {
            named.subject = BilingualText(zh: "字段 \(name)：", en: "field \(name): ")
        }
        self.object = named
        self.codeLists = codeLists
        self.postcodes = postcodes
    }

    func field() -> Answer {
        object.allow([
            "name", "title", "description", "en", "type", "format", "constraints", "codeList", "separators",
            "placeholder", "sensitivity", "deidentify", "severity", "decimals", "integerDigits",
            "future", "placeholders",
        ])
        let name = object.string("name", like: .field)
        let title = TwinText.title(of: object)
        let description = TwinText.description(of: object)
        let type = object.choice("type", among: FieldType.allCases)
        let format = type.flatMap { self.format(of: $0) }
        let sensitivity = object.choice("sensitivity", among: Sensitivity.allCases)
        let deidentify = object.choice("deidentify", among: Deidentification.allCases)
        let separators = object.string("separators", isNeeded: false, mayBeBlank: true)
        var field = Field(
            name: name ?? "", title: title ?? BilingualText(zh: "", en: ""), description: description,
            type: type ?? .string, acceptsBareDate: type == .datetime && format == "any",
            codeList: codeList(), separators: Array(separators ?? ""), placeholders: placeholders(),
            sensitivity: sensitivity ?? .none, deidentify: deidentify ?? .keep)
        field.constraints = ConstraintsReader(object, of: type).constraints(field)
        field.warnings = warnings(field)
        field.future = object.choice("future", among: DateTolerance.allCases, isNeeded: false)
        field.placeholderDates = object.choice("placeholders", among: DateTolerance.allCases, isNeeded: false)
        if let type {
            judgeUse(of: type, field)
            if let sensitivity, let deidentify, let title {
                judgeTreatment(type, sensitivity, deidentify, title, field)
            }
        }
        return Answer(field: field, hasType: type != nil)
    }

    private func judgeTreatment(
        _ type: FieldType, _ sensitivity: Sensitivity, _ treatment: Deidentification, _ title: BilingualText,
        _ field: Field
    ) {
        if let refusal = FieldPolicy.refusal(sensitivity, type, treatment) {
            object.fault("deidentify", refusal.zh, refusal.en)
        } else if let refusal = FieldPolicy.refusal(of: title.zh, sensitivity, treatment) {
            object.fault(sensitivity == .direct ? "deidentify" : "sensitivity", refusal.zh, refusal.en)
        } else if treatment == .area, !FieldPolicy.isPostcode(title), !postcodes.contains(field.name) {
            object.fault(
                "deidentify", "'area' 只用于邮政编码：标题应写明邮政编码，或用检查 'postcode' 核对",
                "'area' is for postcodes alone: the title must say that it is one, or a rule must check it with 'postcode'"
            )
        }
    }

    /// Notes properties that the field's type has no use for.
    private func judgeUse(of type: FieldType, _ field: Field) {
        func only(_ name: String, _ types: [FieldType]) {
            guard object.has(name), !types.contains(type) else { return }
            let known = types.map(\.rawValue).joined(separator: ", ")
            object.fault(
                name, "'\(name)' 不适用于 \(type.rawValue)；只用于 \(known)",
                "'\(name)' does not fit a \(type.rawValue); it is for \(known)")
        }
        only("codeList", [.string])
        only("separators", [.string])
        only("future", [.date, .datetime])
        only("placeholders", [.date, .datetime])
        only("decimals", [.number])
        only("integerDigits", [.number])
    }

    private func format(of type: FieldType) -> String? {
        let known: [String] =
            switch type {
            case .date: ["%Y-%m-%d", "default"]
            case .datetime: ["%Y-%m-%d %H:%M:%S", "any"]
            default: ["default"]
            }
        let needed = type == .date || type == .datetime
        guard let format = object.string("format", isNeeded: needed) else { return nil }
        guard known.contains(format) else {
            let list = known.joined(separator: ", ")
            object.fault(
                "format", "'format' 是 '\(format)'；\(type.rawValue) 可用 \(list)",
                "'format' is '\(format)'; for \(type.rawValue) it can be \(list)")
            return nil
        }
        return format
    }

    private func codeList() -> CodeList? {
        guard let id = object.string("codeList", isNeeded: false) else { return nil }
        switch codeLists.list(id) {
        case .known(let list): return list
        case .faulty(let file):
            object.fault("codeList", "代码表 '\(id)' 有错误，见 \(file)", "code list '\(id)' has mistakes, see \(file)")
        case .missing:
            object.fault(
                "codeList", "没有代码表 '\(id)'；现有 \(codeLists.known)", "no code list '\(id)'; there are \(codeLists.known)")
        }
        return nil
    }

    /// A text, or a list of them.
    private func placeholders() -> [String] {
        guard let value = object.value("placeholder") else { return [] }
        if case .array = value.content { return object.strings("placeholder") }
        return object.string("placeholder").map { [$0] } ?? []
    }

    private func warnings(_ field: Field) -> Set<ConstraintName> {
        guard let severities = object.object("severity") else { return [] }
        severities.allow(ConstraintName.allCases.map(\.rawValue))
        if severities.names.isEmpty {
            severities.fault(
                at: severities.offset, "'severity' 为空；应写明约束，如 { \"required\": \"warning\" }",
                "'severity' is empty; name a constraint, as in { \"required\": \"warning\" }")
        }
        var warnings: Set<ConstraintName> = []
        for constraint in ConstraintName.allCases where severities.has(constraint.rawValue) {
            let severity = severities.choice(constraint.rawValue, among: Severity.allCases)
            if severity == .warning { warnings.insert(constraint) }
            if !isDeclared(constraint) {
                severities.fault(
                    constraint.rawValue, "这个字段没有约束 '\(constraint.rawValue)'",
                    "the field has no constraint '\(constraint.rawValue)'")
            }
        }
        return warnings
    }

    private func isDeclared(_ constraint: ConstraintName) -> Bool {
        switch constraint {
        case .codeList: object.has("codeList")
        case .decimals: object.has("decimals") || object.has("integerDigits")
        default: object.value("constraints")?[constraint.rawValue] != nil
        }
    }
}

/// Reads what Table Schema has as one plain text and we have in two languages: Chinese in its place, English under `en`.
enum TwinText {
    static func title(of object: ObjectReader, isProse: Bool = false) -> BilingualText? {
        let zh = object.string("title")
        let english = object.object("en", isNeeded: true)
        english?.allow(["title", "description"])
        let en = english?.string("title")
        guard let zh else { return nil }
        // A name of one word, `HBsAg`, is its own Chinese.
        object.judge(zh: ("title", zh), isProse: isProse || zh.contains(" "))
        guard let english, let en else { return nil }
        english.judge(en: ("title", en), zh: zh)
        return BilingualText(zh: zh, en: en)
    }

    static func description(of object: ObjectReader) -> BilingualText? {
        let zh = object.string("description", isNeeded: false)
        // What is wrong with `en` itself has been noted with the title.
        guard case .object? = object.value("en")?.content, let english = object.object("en") else { return nil }
        let en = english.string("description", isNeeded: object.has("description"))
        if english.has("description"), !object.has("description") {
            object.fault(
                at: english.offset, "'en' 有 'description'，但缺少中文的 'description'",
                "'en' has a 'description'; the Chinese 'description' beside it is missing")
        }
        guard let zh, let en else { return nil }
        object.judge(zh: ("description", zh), isProse: true)
        english.judge(en: ("description", en), zh: zh)
        return BilingualText(zh: zh, en: en)
    }
}
