import JSON
import RegularExpressions
import SurveillanceKit

/// Which values a parameter of a query takes, as its JSON Schema says: the part of JSON Schema that the description uses.
struct QueryParameter: Sendable {
    private indirect enum Kind: Sendable {
        case integer(ClosedRange<Int>)
        case boolean
        case names(Set<String>)
        case text(Text)
        /// Several with commas between them.
        case list(Kind)
        /// A schema that this does not know: nothing is refused.
        case any
    }

    private struct Text: Sendable {
        var minimumLength: Int
        var maximumLength: Int
        var pattern: RegularExpression?
        var format: String?
    }

    private let kind: Kind

    /// - Parameter resolve: what a `$ref` stands for.
    init(_ parameter: JSONValue, resolve: (JSONValue) -> JSONValue) {
        kind = parameter["schema"].map { QueryParameter.kind($0, resolve) } ?? .any
    }

    private static func kind(_ schema: JSONValue, _ resolve: (JSONValue) -> JSONValue) -> Kind {
        let schema = resolve(schema)
        if let names = schema["enum"]?.elements { return .names(Set(names.compactMap(\.text))) }
        switch schema["type"]?.text {
        case "integer":
            let least = schema["minimum"]?.whole ?? Int.min
            return .integer(least...max(least, schema["maximum"]?.whole ?? Int.max))
        case "boolean": return .boolean
        case "array": return .list(schema["items"].map { kind($0, resolve) } ?? .any)
        case "string":
            return .text(
                Text(
                    minimumLength: schema["minLength"]?.whole ?? 0,
                    maximumLength: schema["maxLength"]?.whole ?? Int.max,
                    pattern: schema["pattern"]?.text.flatMap { try? RegularExpression($0) },
                    format: schema["format"]?.text))
        default: return .any
        }
    }

    func takes(_ value: String) -> Bool { QueryParameter.takes(value, kind) }

    private static func takes(_ value: String, _ kind: Kind) -> Bool {
        switch kind {
        case .any: return true
        case .boolean: return value == "true" || value == "false"
        case .names(let names): return names.contains(value)
        case .integer(let range):
            // As JSON writes a number: no plus, no zeros before it.
            guard let number = Int(value), String(number) == value else { return false }
            return range.contains(number)
        case .list(let item):
            return value.split(separator: ",", omittingEmptySubsequences: false).allSatisfy {
                takes(String($0), item)
            }
        case .text(let text):
            let length = value.unicodeScalars.count
            guard length >= text.minimumLength, length <= text.maximumLength else { return false }
            guard text.pattern?.matches(value) ?? true else { return false }
            switch text.format {
            case "date": return CivilDate(value) != nil
            // A `+` that was not written as `%2B` has come as a blank.
            case "date-time": return Instant(withZone: value.replacing(" ", with: "+")) != nil
            default: return true
            }
        }
    }
}
