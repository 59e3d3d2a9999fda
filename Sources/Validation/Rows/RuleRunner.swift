import Expressions
import SurveillanceKit

/// Tries a file type's rules on a row. Here a rule becomes a verdict.
///
/// Most rules speak of fields that most rows leave blank and cannot be broken then. Which rules are left is worked out once for each
/// pattern of blanks (`RulePlans`); a row tries those alone. A rule that reads a column the file does not have is left out: the missing
/// column has its own finding.
final class RuleRunner {
    private let type: CompiledFileType
    private let row: RowCells
    private let rules: [PreparedRule]
    private let expressions: ExpressionList
    /// Keeps what the rules' own references count on.
    private let checks: [PreparedCheck]
    /// For each rule the bits of the fields it reads.
    private let fieldBits: UnsafeMutablePointer<UInt64>
    private let plans: RulePlans

    /// A rule with places in place of references.
    private struct PreparedRule {
        /// Nil for an expression. It is asked for every row, so no reference to it is counted.
        var check: Unmanaged<PreparedCheck>?
        /// Its field may hold several values, each to be checked.
        var hasParts = false
        /// Place of the expression, or of the check's condition; -1 for a check without one.
        var expression: Int
        var field: Int
    }

    /// - Parameter today: as `CompiledExpression.on(day:)` takes it.
    init(type: CompiledFileType, header: HeaderMatch, row: RowCells, today: Int64) {
        self.type = type
        self.row = row
        var expressions: [CompiledExpression] = []
        var checks: [PreparedCheck] = []
        fieldBits = .allocate(capacity: type.rules.count * row.wordCount)
        fieldBits.initialize(repeating: 0, count: type.rules.count * row.wordCount)
        var rules: [PreparedRule] = []
        for (index, rule) in type.rules.enumerated() {
            var prepared = PreparedRule(expression: -1, field: rule.field)
            if let expression = rule.expression {
                prepared.expression = expressions.count
                expressions.append(type.readsToday ? expression.on(day: today) : expression)
            }
            if case .check(let check, _) = rule.test {
                let named = PreparedCheck(check)
                checks.append(named)
                prepared.check = Unmanaged.passUnretained(named)
                prepared.hasParts = !type.fields[rule.field].field.separators.isEmpty
            }
            rules.append(prepared)
            for field in rule.fields { fieldBits[index * row.wordCount + field >> 6] |= 1 << UInt64(field & 63) }
        }
        self.rules = rules
        self.checks = checks
        self.expressions = ExpressionList(expressions)
        plans = RulePlans(type.rules, header: header, wordCount: row.wordCount)
    }

    deinit { fieldBits.deallocate() }

    /// Calls `broken` with the index and the field of each rule that the row breaks.
    @inline(__always)
    func run(broken: (_ rule: Int, _ field: Int) -> Void) {
        rules.withUnsafeBufferPointer { rules in
            for place in plans.rules(forFilled: row.filled) {
                let index = Int(place)
                if isBroken(index, rules[index]) { broken(index, rules[index].field) }
            }
        }
    }

    @inline(__always)
    private func isBroken(_ index: Int, _ rule: PreparedRule) -> Bool {
        // One mistake gives one finding: a cell that is wrong in itself is not judged again.
        guard row.cells[rule.field].state != .invalid else { return false }
        if rule.check != nil { return !readsInvalid(index) && failsCheck(rule) }
        // What else did not parse is an error in CEL's sense: the rule is broken only where it is whatever should stand there.
        return expressions.outcome(of: rule.expression, row.cells) == .false
    }

    @inline(__always)
    private func readsInvalid(_ index: Int) -> Bool {
        let bits = fieldBits + index &* row.wordCount
        for word in 0..<row.wordCount where bits[word] & row.invalid[word] != 0 { return true }
        return false
    }

    private func failsCheck(_ rule: PreparedRule) -> Bool {
        let cell = row.cells + rule.field
        guard cell.pointee.state == .value else { return false }
        if rule.expression >= 0, expressions.outcome(of: rule.expression, row.cells) != .true { return false }
        guard let check = rule.check else { return false }
        let text = cell.pointee.text
        return check._withUnsafeGuaranteedRef { check in
            guard rule.hasParts else { return !check.passes(text.span) }
            return !type.fields[rule.field].parts(of: text).allSatisfy { check.passes($0.span) }
        }
    }
}

/// What a named check does, where a rule can point at it.
private final class PreparedCheck {
    let passes: @Sendable (Span<UInt8>) -> Bool

    init(_ check: NamedCheck) { passes = check.passes }
}
