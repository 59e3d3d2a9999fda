import Foundation
import SurveillanceKit

/// What comparisons of one field with one constant say together, where a condition is made of nothing else: `P7 >= 5 && P7 < 3`.
///
/// Whatever else stands in a condition is passed over, so that none is refused that some record could meet.
struct PlainComparisons {
    private struct Range {
        var least = -Double.infinity
        var most = Double.infinity
        /// Whether the bounds themselves are out.
        var (isAboveLeast, isBelowMost) = (false, false)

        var isEmpty: Bool { least > most || least == most && (isAboveLeast || isBelowMost) }

        mutating func raise(_ bound: Double, isOut: Bool) {
            if bound > least || bound == least && isOut { (least, isAboveLeast) = (bound, isOut) }
        }

        mutating func lower(_ bound: Double, isOut: Bool) {
            if bound < most || bound == most && isOut { (most, isBelowMost) = (bound, isOut) }
        }
    }

    private var ranges: [String: Range] = [:]
    private var texts: [String: Set<String>] = [:]
    private var blank: Set<String> = []
    private var filled: Set<String> = []
    private let fileType: FileType

    /// Whether no record can meet all of the conditions.
    static func contradict(_ sources: [String], over fileType: FileType) -> Bool {
        var comparisons = PlainComparisons(fileType: fileType)
        for source in sources {
            for part in parts(of: source) { comparisons.add(part) }
        }
        return comparisons.isContradiction
    }

    private init(fileType: FileType) { self.fileType = fileType }

    /// What stands between the `&&` of an expression; nothing where it has anything but comparisons.
    private static func parts(of source: String) -> [Substring] {
        let isPlain = !source.contains("||") && !source.contains("(") && !source.contains("?") && !source.contains("[")
        return isPlain ? source.split(separator: "&&", omittingEmptySubsequences: false) : []
    }

    private mutating func add(_ part: Substring) {
        let pattern =
            /^\s*([A-Za-z][A-Za-z0-9_]*)\s*(==|!=|<=|>=|<|>)\s*(?:(-?[0-9]+(?:\.[0-9]+)?)|'([^'\\]*)'|(null))\s*$/
        guard let match = part.wholeMatch(of: pattern), let place = fileType.fieldIndex(String(match.1)) else { return }
        let (name, sign) = (String(match.1), String(match.2))
        if match.5 != nil {
            if sign == "==" { blank.insert(name) } else { filled.insert(name) }
            return
        }
        // `!=` holds for a blank cell, too.
        guard sign != "!=" else { return }
        filled.insert(name)
        if let text = match.4 {
            if sign == "==" { texts[name, default: []].insert(String(text)) }
            return
        }
        guard let number = match.3.flatMap({ Double($0) }) else { return }
        var range = ranges[name] ?? PlainComparisons.possible(fileType.fields[place])
        switch sign {
        case "==":
            range.raise(number, isOut: false)
            range.lower(number, isOut: false)
        case "<": range.lower(number, isOut: true)
        case "<=": range.lower(number, isOut: false)
        case ">": range.raise(number, isOut: true)
        default: range.raise(number, isOut: false)
        }
        ranges[name] = range
    }

    /// The values that a field's constraints let pass.
    private static func possible(_ field: Field) -> Range {
        var range = Range()
        if let minimum = field.constraints.minimum, !field.warnings.contains(.minimum) {
            range.raise(minimum, isOut: false)
        }
        if let maximum = field.constraints.maximum, !field.warnings.contains(.maximum) {
            range.lower(maximum, isOut: false)
        }
        return range
    }

    private var isContradiction: Bool {
        ranges.values.contains(where: \.isEmpty) || texts.values.contains { $0.count > 1 }
            || !blank.isDisjoint(with: filled)
    }
}
