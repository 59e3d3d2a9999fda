import Expressions
import SurveillanceKit

/// Whether some record can meet conditions, as far as it can be tried out.
///
/// Fields with few possible values (a certain code list, a list of allowed values, a short range of whole numbers, a yes or no) are given
/// all of them. Where another field is read, or there are too many combinations, only plain comparisons are looked at.
enum ConditionReach {
    private static let mostCombinations = 5_000

    static func canHold(_ conditions: [CompiledExpression], over fileType: FileType) -> Bool {
        if PlainComparisons.contradict(conditions.map(\.source), over: fileType) { return false }
        let fields = Set(conditions.flatMap(\.fields)).sorted()
        var choices: [[Choice]] = []
        var combinations = 1
        for field in fields {
            guard let values = values(of: fileType.storedFields[field]) else { return true }
            combinations *= values.count
            guard combinations <= mostCombinations else { return true }
            choices.append(values)
        }
        // The texts of all choices, one after the other: cells are views into them.
        let texts = choices.flatMap { $0.flatMap { $0.text } }
        return texts.withUnsafeBufferPointer { texts in
            var starts: [[Int]] = []
            var start = 0
            for values in choices {
                starts.append(
                    values.map { value in
                        defer { start += value.text.count }
                        return start
                    })
            }
            var cells = [Cell](repeating: .blank, count: fileType.storedFields.count)
            for number in 0..<combinations {
                var rest = number
                for (place, field) in fields.enumerated() {
                    let choice = choices[place][rest % choices[place].count]
                    let start = starts[place][rest % choices[place].count]
                    rest /= choices[place].count
                    cells[field] = Cell(
                        text: UnsafeBufferPointer(rebasing: texts[start..<(start + choice.text.count)]),
                        bits: choice.bits, state: choice.state)
                }
                let holds = cells.withUnsafeBufferPointer { cells in
                    conditions.allSatisfy { $0.evaluate(cells) == .true }
                }
                if holds { return true }
            }
            return false
        }
    }

    private struct Choice {
        var text: [UInt8] = []
        var bits: UInt64 = 0
        var state = Cell.State.blank
    }

    /// Nil where a field may hold more than can be tried.
    private static func values(of field: Field) -> [Choice]? {
        var values = [Choice()]
        switch field.type {
        case .string:
            guard field.separators.isEmpty else { return nil }
            let codes: [String]
            if !field.constraints.enumeration.isEmpty, !field.warnings.contains(.enum) {
                codes = field.constraints.enumeration
            } else if let list = field.codeList, list.isKnown, list.severity == .error,
                !field.warnings.contains(.codeList)
            {
                codes = list.entries.map(\.code)
            } else {
                return nil
            }
            values += codes.map { Choice(text: Array($0.utf8), state: .value) }
        case .integer:
            guard let minimum = field.constraints.minimum, let maximum = field.constraints.maximum,
                let least = Int64(exactly: minimum.rounded(.up)), let most = Int64(exactly: maximum.rounded(.down)),
                least <= most, maximum - minimum <= 1_000, field.warnings.isDisjoint(with: [.minimum, .maximum])
            else { return nil }
            values += (least...most).map {
                Choice(text: Array(String($0).utf8), bits: UInt64(bitPattern: $0), state: .value)
            }
        case .boolean:
            values += [0, 1].map { Choice(text: Array(($0 == 1 ? "true" : "false").utf8), bits: $0, state: .value) }
        case .number, .date, .datetime: return nil
        }
        return values + field.placeholders.map { Choice(text: Array($0.utf8), state: .placeholder) }
    }

    /// Whether a record can have such children: not none and some of the same.
    static func agree(_ children: [IndicatorCondition.ChildCondition]) -> Bool {
        for none in children where none.atLeast == 0 {
            let contradicts = children.contains {
                $0.atLeast > 0 && $0.fileType == none.fileType && (none.when == nil || none.when == $0.when)
            }
            if contradicts { return false }
        }
        return true
    }
}
