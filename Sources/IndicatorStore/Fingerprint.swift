import Indicators
import SurveillanceKit

/// What tells one declaration from another, as 16 hexadecimal digits. Titles and texts do not count.
enum Fingerprint {
    static func of(_ text: String) -> String {
        // FNV-1a, 64 bits: tells a program's own declarations apart, and keeps no secret.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Of what a counter counts, and of the concepts that it asks for.
    static func of(_ counter: Counter, _ concepts: [Concept]) -> String {
        of(with(concepts, counter.text))
    }

    /// Of what an indicator counts, and of the concepts that it asks for.
    static func of(_ indicator: Indicator, _ concepts: [Concept]) -> String {
        var text = "\(indicator.over)|\(indicator.eventDate ?? "")|\(of(indicator.valid))"
        text += "|\(of(indicator.numerator))|\(indicator.denominator.map(of) ?? "")"
        return of(with(concepts, text))
    }

    /// A text with the names of the concepts that it asks for.
    private static func with(_ concepts: [Concept], _ text: String) -> String {
        concepts.filter { text.contains(NamedCheck($0.id) { _ in false }.functionName + "(") }.reduce(text) {
            $0 + "|" + $1.entries.map { "\($0.match.rawValue) \($0.text)" }.joined(separator: "\n")
        }
    }

    static func of(_ dimension: IndicatorDimension) -> String {
        let fields = dimension.fields.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let groups = dimension.groups.map { group in
            let bounds = [group.from, group.through].map { $0.map(String.init) ?? "" }
            return "\(group.id) \(group.codes) \(bounds)"
        }
        return of("\(dimension.id)|\(fields)|\(groups)")
    }

    /// Of what is kept of a base's children.
    static func of(_ base: BaseType) -> String { of("\(base.link)|\(base.factNames)") }

    private static func of(_ condition: IndicatorCondition?) -> String {
        guard let condition else { return "" }
        let having = condition.having.map { "\($0.fileType) \($0.when ?? "") \($0.atLeast)" }
        return "\(condition.when ?? "") \(having)"
    }

    private static func of(_ part: IndicatorPart) -> String {
        func value(_ value: IndicatorValue) -> String { "\(value.expression) .\(value.decimals)" }
        let aggregate =
            switch part.aggregate {
            case .count: "count"
            case .sum(let of, let child): "sum \(value(of)) \(child ?? "")"
            case .mean(let of): "mean \(value(of))"
            case .percentile(let percent, let of): "percentile \(percent) \(value(of))"
            case .distinct(let field): "distinct \(field)"
            }
        return "\(aggregate) \(of(part.condition))"
    }
}
