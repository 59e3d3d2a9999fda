import CheckKit
import Foundation

/// A small JSON Schema validator: the words that `docs/schemas/*.json` use, and no others.
struct SchemaCheck {
    private let root: [String: Any]

    init(_ name: String) throws {
        let data = try Data(contentsOf: Repository.file("docs/schemas/\(name).json"))
        guard let root = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw Unknown(word: name)
        }
        self.root = root
    }

    struct Unknown: Error { var word: String }

    func accepts(_ value: Any) throws -> Bool { try accepts(value, root) }

    private static let notes: Set = ["$schema", "$defs", "title", "description", "default"]

    private func accepts(_ value: Any, _ schema: [String: Any]) throws -> Bool {
        for (word, rule) in schema where !SchemaCheck.notes.contains(word) {
            if try !keeps(value, word, rule, schema) { return false }
        }
        return true
    }

    private func keeps(_ value: Any, _ word: String, _ rule: Any, _ schema: [String: Any]) throws -> Bool {
        let object = value as? [String: Any]
        let list = value as? [Any]
        let text = value as? String
        let number = SchemaCheck.number(value)
        func sub(_ rule: Any) throws -> [String: Any] {
            guard let rule = rule as? [String: Any] else { throw Unknown(word: word) }
            return rule
        }
        switch word {
        case "type": return SchemaCheck.isType(value, rule as? String ?? "")
        case "enum": return (rule as? [Any] ?? []).contains { SchemaCheck.equal($0, value) }
        case "const": return SchemaCheck.equal(rule, value)
        case "pattern":
            guard let text, let pattern = rule as? String else { return true }
            return text.range(of: pattern, options: .regularExpression) != nil
        case "minLength": return text.map { $0.unicodeScalars.count >= rule as? Int ?? 0 } ?? true
        case "minItems": return list.map { $0.count >= rule as? Int ?? 0 } ?? true
        case "uniqueItems":
            let texts = list?.map { "\($0)" } ?? []
            return Set(texts).count == texts.count
        case "minProperties": return object.map { $0.count >= rule as? Int ?? 0 } ?? true
        case "minimum": return number.map { $0 >= rule as? Double ?? 0 } ?? true
        case "maximum": return number.map { $0 <= rule as? Double ?? 0 } ?? true
        case "required":
            return object.map { object in (rule as? [String] ?? []).allSatisfy { object[$0] != nil } } ?? true
        case "dependentRequired":
            guard let object, let needs = rule as? [String: [String]] else { return true }
            return needs.allSatisfy { name, others in object[name] == nil || others.allSatisfy { object[$0] != nil } }
        case "properties":
            let properties = try sub(rule)
            return try (object ?? [:]).allSatisfy { name, value in
                guard let rule = properties[name] else { return true }
                return try accepts(value, sub(rule))
            }
        case "additionalProperties":
            guard let object else { return true }
            let known = schema["properties"] as? [String: Any] ?? [:]
            return object.keys.allSatisfy { known[$0] != nil }
        case "items": return try (list ?? []).allSatisfy { try accepts($0, sub(rule)) }
        case "$ref":
            let name = (rule as? String ?? "").replacing("#/$defs/", with: "")
            return try accepts(value, sub(try sub(root["$defs"] ?? [:])[name] ?? 0))
        case "anyOf": return try (rule as? [Any] ?? []).contains { try accepts(value, sub($0)) }
        case "oneOf": return try (rule as? [Any] ?? []).filter { try accepts(value, sub($0)) }.count == 1
        case "allOf": return try (rule as? [Any] ?? []).allSatisfy { try accepts(value, sub($0)) }
        case "not": return try !accepts(value, sub(rule))
        case "if": return try !accepts(value, sub(rule)) || accepts(value, sub(schema["then"] ?? [:]))
        case "then": return true
        default: throw Unknown(word: word)
        }
    }

    private static func number(_ value: Any) -> Double? {
        isBool(value) ? nil : (value as? Int).map(Double.init) ?? value as? Double ?? (value as? NSNumber)?.doubleValue
    }

    private static func isBool(_ value: Any) -> Bool {
        (value as? NSNumber).map { isBoolean($0) } ?? (value is Bool)
    }

    private static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }

    private static func isType(_ value: Any, _ name: String) -> Bool {
        switch name {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "boolean": isBool(value)
        case "number": number(value) != nil
        case "integer": number(value).map { $0.rounded() == $0 } ?? false
        default: false
        }
    }

    private static func equal(_ left: Any, _ right: Any) -> Bool {
        if isBool(left), isBool(right) { return left as? Bool == right as? Bool }
        guard let left = left as? String, let right = right as? String else { return false }
        return left == right
    }
}
