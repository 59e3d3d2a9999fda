import Expressions
import SurveillanceKit

/// A rule made ready: compiled expressions, the field it points at, and what lets most rows skip it.
struct CompiledRule: Sendable {
    enum Test: Sendable {
        case expression(CompiledExpression)
        case check(NamedCheck, when: CompiledExpression?)
    }

    let rule: Rule
    let test: Test
    let field: Int
    /// The field it points at, to part a cell of several values for a check.
    let target: CompiledField
    /// All fields the rule reads, ascending.
    let fields: [Int]
    /// A field without which the rule cannot be broken: rows that leave it blank skip the rule.
    let guardField: Int?

    init(
        _ rule: Rule, in fileType: FileType, fields compiled: [CompiledField], environment: ExpressionEnvironment, checks: [NamedCheck]
    ) throws(ProgramError) {
        self.rule = rule
        guard let field = fileType.fieldIndex(rule.field) else {
            throw .rule(source: rule.source, rule: rule.id, message: "no field '\(rule.field)' in '\(fileType.id)'")
        }
        self.field = field
        target = compiled[field]
        func compile(_ source: String) throws(ProgramError) -> CompiledExpression {
            do throws(ExpressionError) {
                return try CompiledExpression(source, in: environment)
            } catch {
                throw .rule(source: rule.source, rule: rule.id, message: error.description)
            }
        }
        switch rule.test {
        case .expression(let source):
            let expression = try compile(source)
            test = .expression(expression)
            fields = expression.fields
            guardField = expression.fields.first { expression.passes(whenBlank: $0) }
        case .check(let id, let when):
            guard let check = checks.first(where: { $0.id == id }) else {
                let known = checks.map(\.id).joined(separator: ", ")
                throw .rule(source: rule.source, rule: rule.id, message: "no check '\(id)'; there are \(known)")
            }
            let condition = try when.map { source throws(ProgramError) in try compile(source) }
            test = .check(check, when: condition)
            fields = Array(Set((condition?.fields ?? []) + [field])).sorted()
            guardField = field
        }
    }
}

extension CompiledExpression {
    func passes(whenBlank field: Int) -> Bool { false }
}
