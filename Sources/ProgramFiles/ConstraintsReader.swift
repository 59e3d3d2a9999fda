import JSON
import SurveillanceKit

/// Reads a field's constraints: each must fit the field's type, and all together must leave a value that keeps them.
struct ConstraintsReader {
    private let field: ObjectReader
    private let object: ObjectReader?
    /// Nil where it is not known; nothing is said then about what fits it.
    private let type: FieldType?

    init(_ field: ObjectReader, of type: FieldType?) {
        self.field = field
        self.type = type
        object = field.object("constraints")
    }

    /// - Parameter read: what has been read of the field: its code list, separators and placeholders.
    func constraints(_ read: Field) -> Constraints {
        var constraints = Constraints(
            maximumDecimals: field.wholeNumber("decimals", from: 0),
            maximumIntegerDigits: field.wholeNumber("integerDigits", from: 1))
        guard let object else { return constraints }
        object.allow(["required", "minLength", "maxLength", "minimum", "maximum", "pattern", "enum"])
        constraints.isRequired = object.flag("required") ?? false
        constraints.minimumLength = object.wholeNumber("minLength", from: 0)
        constraints.maximumLength = object.wholeNumber("maxLength", from: 1)
        constraints.minimum = object.number("minimum")
        constraints.maximum = object.number("maximum")
        constraints.pattern = object.string("pattern", isNeeded: false)
        constraints.enumeration = object.strings("enum", mayBeEmpty: true)
        judgeTypes(object)
        judgeRanges(constraints, object)
        judgeEnumeration(constraints, read, object)
        if !read.separators.isEmpty {
            for name in ["pattern", "enum"] where object.has(name) {
                object.fault(
                    name, "有 'separators' 的字段只核对 'codeList' 和长度，'\(name)' 不起作用",
                    "of a field with 'separators' only 'codeList' and lengths are judged; '\(name)' would do nothing")
            }
        }
        return constraints
    }

    private func judgeTypes(_ object: ObjectReader) {
        guard let type else { return }
        let fitting: [(String, [FieldType])] = [
            ("minLength", [.string]), ("maxLength", [.string]), ("pattern", [.string]),
            ("minimum", [.integer, .number]), ("maximum", [.integer, .number]), ("enum", [.string, .integer, .number]),
        ]
        for (name, types) in fitting where object.has(name) && !types.contains(type) {
            let known = types.map(\.rawValue).joined(separator: ", ")
            object.fault(
                name, "'\(name)' 不适用于 \(type.rawValue)；只用于 \(known)",
                "'\(name)' does not fit a \(type.rawValue); it is for \(known)")
        }
    }

    private func judgeRanges(_ constraints: Constraints, _ object: ObjectReader) {
        if let least = constraints.minimum, let most = constraints.maximum, least > most {
            object.fault(
                "minimum", "'minimum' 大于 'maximum'，没有值能满足", "'minimum' is above 'maximum': no value keeps both")
        }
        if let least = constraints.minimumLength, let most = constraints.maximumLength, least > most {
            object.fault(
                "minLength", "'minLength' 大于 'maxLength'，没有值能满足",
                "'minLength' is above 'maxLength': no value keeps both")
        }
        if type == .integer, let least = constraints.minimum, let most = constraints.maximum, least <= most,
            least.rounded(.up) > most.rounded(.down)
        {
            object.fault(
                "minimum", "'minimum' 和 'maximum' 之间没有整数", "there is no whole number between 'minimum' and 'maximum'")
        }
    }

    /// Notes values of `enum` that the field's other constraints never let pass.
    private func judgeEnumeration(_ constraints: Constraints, _ read: Field, _ object: ObjectReader) {
        for value in object.list("enum") ?? [] {
            guard case .string(let text) = value.content else { continue }
            if let reason = obstacle(to: text, constraints, read) {
                object.fault(at: value.offset, "'enum' 中的 '\(text)' \(reason.zh)", "'\(text)' of 'enum' \(reason.en)")
            }
        }
    }

    private func obstacle(to text: String, _ constraints: Constraints, _ read: Field) -> BilingualText? {
        if type == .string {
            let length = text.unicodeScalars.count
            if let most = constraints.maximumLength, length > most {
                return BilingualText(zh: "超过 'maxLength'", en: "is longer than 'maxLength'")
            }
            if let least = constraints.minimumLength, length < least {
                return BilingualText(zh: "短于 'minLength'", en: "is shorter than 'minLength'")
            }
            if let list = read.codeList, list.isKnown, !list.entries.contains(where: { $0.code == text }) {
                return BilingualText(zh: "不在代码表 \(list.id) 中", en: "is no code of \(list.id)")
            }
            return nil
        }
        guard type == .integer || type == .number else { return nil }
        guard let number = Double(text), type == .number || Int(text) != nil else {
            return BilingualText(zh: "不是 \(type?.rawValue ?? "")", en: "is no \(type?.rawValue ?? "")")
        }
        if let least = constraints.minimum, number < least {
            return BilingualText(zh: "小于 'minimum'", en: "is below 'minimum'")
        }
        if let most = constraints.maximum, number > most {
            return BilingualText(zh: "大于 'maximum'", en: "is above 'maximum'")
        }
        return nil
    }
}
