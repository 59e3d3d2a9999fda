import Seeding
import SurveillanceKit

/// Values that a field takes, drawn from all it allows: lengths and ranges up to their limits.
enum ValidValues {
    private static let words = Array("示例医院发热咳嗽流感病人门诊急诊天市区路号甲乙丙丁").map(String.init)
    private static let letters = Array("abcXYZ0123456789.-+%()").map(String.init)

    /// nil where no value can be drawn: a pattern would have to be read backwards.
    static func draw(_ field: Field, _ random: inout SeededGenerator) -> String? {
        let constraints = field.constraints
        if constraints.pattern != nil { return nil }
        if !constraints.enumeration.isEmpty { return random.pick(constraints.enumeration) }
        if let list = field.codeList, list.isKnown {
            let code = random.pick(list.entries).code
            guard let separator = field.separators.first, random.oneIn(2) else { return code }
            return code + String(separator) + random.pick(list.entries).code
        }
        switch field.type {
        case .string: return text(constraints, &random)
        case .integer:
            let low = Int(constraints.minimum ?? -999)
            let high = Int(constraints.maximum ?? 99_999)
            return String(random.oneIn(4) ? random.pick([low, high]) : Int.random(in: low...high, using: &random))
        case .number: return number(constraints, &random)
        case .boolean: return random.pick(["true", "false", "1", "0"])
        case .date: return day(&random)
        case .datetime: return field.acceptsBareDate && random.oneIn(2) ? day(&random) : moment(&random)
        }
    }

    static func text(_ constraints: Constraints, _ random: inout SeededGenerator) -> String {
        let low = max(1, constraints.minimumLength ?? 1)
        let high = max(low, min(constraints.maximumLength ?? 30, 200))
        let length = random.oneIn(4) ? high : Int.random(in: low...min(high, low + 12), using: &random)
        let alphabet = random.oneIn(2) ? words : letters
        // A letter first and last: blanks and quotes at the ends would not be the value's own.
        return "x" + (1..<max(length, 1)).map { _ in random.pick(alphabet) }.joined()
    }

    private static func number(_ constraints: Constraints, _ random: inout SeededGenerator) -> String {
        let digits = min(constraints.maximumIntegerDigits ?? 6, 9)
        let decimals = min(constraints.maximumDecimals ?? 3, 4)
        var bound = 1
        for _ in 0..<digits { bound *= 10 }
        let low = max(Int(constraints.minimum ?? 0), 0)
        let high = min(Int(constraints.maximum ?? Double(bound - 1)), bound - 1)
        let whole = random.oneIn(4) ? random.pick([low, high]) : Int.random(in: low...high, using: &random)
        guard decimals > 0, whole < high, !random.oneIn(3) else { return String(whole) }
        let fraction = (0..<(1 + random.below(decimals))).map { _ in String(random.below(10)) }.joined()
        return "\(whole).\(fraction)"
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// A day before any that packages are received on.
    private static func day(_ random: inout SeededGenerator) -> String {
        "\(2020 + random.below(6))-\(two(1 + random.below(12)))-\(two(1 + random.below(28)))"
    }

    private static func moment(_ random: inout SeededGenerator) -> String {
        "\(day(&random)) \(two(random.below(24))):\(two(random.below(60))):\(two(random.below(60)))"
    }
}
