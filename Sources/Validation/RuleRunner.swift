import Expressions
import SurveillanceKit

/// Tries a file type's rules on a row, and passes over those that the row cannot break.
///
/// Here a rule becomes a verdict. Most rules speak of fields that most rows leave blank: a rule with a guard field is looked at only
/// where that field is filled. A rule that reads a column the file does not have is left out; the missing column has its own warning.
struct RuleRunner {
    private let rules: [CompiledRule]
    private let unguarded: [Int]
    /// The rules guarded by each field, and a bit for each field that guards any.
    private let guarded: [[Int]]
    private let guards: [UInt64]

    init(type: CompiledFileType, header: HeaderMatch) {
        rules = type.rules
        var unguarded: [Int] = []
        var guarded = [[Int]](repeating: [], count: type.fields.count)
        var guards = [UInt64](repeating: 0, count: (type.fields.count + 63) / 64)
        for (index, rule) in type.rules.enumerated()
        where rule.fields.allSatisfy({ header.fieldColumns[$0] >= 0 }) && header.fieldColumns[rule.field] >= 0 {
            if let field = rule.guardField {
                guarded[field].append(index)
                guards[field >> 6] |= 1 << UInt64(field & 63)
            } else {
                unguarded.append(index)
            }
        }
        self.unguarded = unguarded
        self.guarded = guarded
        self.guards = guards
    }

    /// Calls `broken` with the index of each rule that the row breaks.
    @inline(__always)
    func run(
        cells: UnsafeMutablePointer<Cell>, filled: UnsafeMutablePointer<UInt64>, hasInvalid: Bool,
        broken: (Int) -> Void
    ) {
        let view = UnsafeBufferPointer(start: UnsafePointer(cells), count: guarded.count)
        for rule in unguarded where isBroken(rules[rule], view, hasInvalid) { broken(rule) }
        for word in guards.indices {
            var bits = guards[word] & filled[word]
            while bits != 0 {
                let field = word * 64 + bits.trailingZeroBitCount
                bits &= bits - 1
                for rule in guarded[field] where isBroken(rules[rule], view, hasInvalid) { broken(rule) }
            }
        }
    }

    private func isBroken(_ rule: CompiledRule, _ cells: UnsafeBufferPointer<Cell>, _ hasInvalid: Bool) -> Bool {
        if hasInvalid, rule.fields.contains(where: { cells[$0].state == .invalid }) { return false }
        switch rule.test {
        case .expression(let expression):
            return expression.evaluate(cells) == .false
        case .check(let check, let condition):
            let cell = cells[rule.field]
            guard cell.state == .value else { return false }
            if let condition, condition.evaluate(cells) != .true { return false }
            return !rule.target.parts(of: cell.text).allSatisfy { check.passes($0.span) }
        }
    }
}
