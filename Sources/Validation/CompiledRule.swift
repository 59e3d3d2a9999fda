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

    /// - Parameter number: the rule's place among those of its file type, by which what is wrong with it is told.
    init(
        _ rule: Rule, number: Int, in fileType: FileType, environment: ExpressionEnvironment, checks: [NamedCheck]
    ) throws(ProgramFaults) {
        self.rule = rule
        var faults: [ProgramFault] = []
        func fault(_ property: String, _ character: Int? = nil, zh: String, en: String) {
            faults.append(
                ProgramFault(fileType.id, .rule(number), property, character: character, zh: zh, en: en))
        }
        func compile(_ source: String, _ property: String) -> CompiledExpression? {
            do throws(ExpressionError) {
                return try CompiledExpression(source, in: environment)
            } catch {
                let place = error.line == 1 ? error.column : nil
                fault(property, place, zh: error.message.zh, en: error.message.en)
                return nil
            }
        }
        let field = fileType.fieldIndex(rule.field)
        if field == nil {
            fault(
                "field", zh: "'\(fileType.id)' 中没有字段 '\(rule.field)'",
                en: "no field '\(rule.field)' in '\(fileType.id)'")
        }
        var test: Test?
        var fields: [Int] = []
        switch rule.test {
        case .expression(let source):
            if let expression = compile(source, "expression") {
                test = .expression(expression)
                fields = expression.fields
            }
        case .check(let id, let when):
            let check = checks.first { $0.id == id }
            if check == nil {
                let known = checks.map(\.id).joined(separator: ", ")
                fault("check", zh: "没有检查 '\(id)'；现有 \(known)", en: "no check '\(id)'; there are \(known)")
            }
            let condition = when.flatMap { compile($0, "when") }
            if let check, let field, when == nil || condition != nil {
                test = .check(check, when: condition)
                fields = Array(Set((condition?.fields ?? []) + [field])).sorted()
            }
        }
        guard let test, let field, faults.isEmpty else { throw ProgramFaults(faults: faults) }
        self.test = test
        self.field = field
        self.fields = fields
    }
}
