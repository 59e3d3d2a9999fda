import Expressions
import SurveillanceKit

/// A rule made ready: compiled expressions, and the fields it speaks of.
struct CompiledRule: Sendable {
    enum Test: Sendable {
        /// Broken where it is false.
        case expression(CompiledExpression)
        /// Broken where the field's value does not pass, tried where the condition is true.
        case check(NamedCheck, when: CompiledExpression?)
    }

    let rule: Rule
    let test: Test

    /// What it is decided by; of a check, when it is tried.
    var expression: CompiledExpression? {
        switch test {
        case .expression(let expression): expression
        case .check(_, let condition): condition
        }
    }

    /// The field its findings point at.
    let field: Int
    /// All fields the rule reads, ascending.
    let fields: [Int]

    init(
        _ rule: Rule, in fileType: FileType, environment: ExpressionEnvironment, checks: [NamedCheck]
    ) throws(ProgramError) {
        self.rule = rule
        guard let field = fileType.fieldIndex(rule.field) else {
            throw .rule(source: rule.source, rule: rule.id, message: "no field '\(rule.field)' in '\(fileType.id)'")
        }
        self.field = field
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
        case .check(let id, let when):
            guard let check = checks.first(where: { $0.id == id }) else {
                let known = checks.map(\.id).joined(separator: ", ")
                throw .rule(source: rule.source, rule: rule.id, message: "no check '\(id)'; there are \(known)")
            }
            let condition = try when.map { source throws(ProgramError) in try compile(source) }
            test = .check(check, when: condition)
            fields = Array(Set((condition?.fields ?? []) + [field])).sorted()
        }
    }
}
