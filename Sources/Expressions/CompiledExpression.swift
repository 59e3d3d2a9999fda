import SurveillanceKit

/// An expression of the rule language, read and checked once and evaluated on every row.
///
/// A value of this type is one reference; evaluating counts none and allocates nothing, unless the expression makes
/// lists, maps or new texts.
public struct CompiledExpression: Sendable {
    private let content: Content

    private final class Content: Sendable {
        let source: String
        let type: ValueType
        let fields: [Int]
        let expression: CheckedExpression
        /// What rows are given to.
        let program: RowProgram
        let excusingFields: [Int]
        let excusingMasks: UInt64

        init(source: String, type: ValueType, fields: [Int], expression: CheckedExpression) {
            self.source = source
            self.type = type
            self.fields = fields
            self.expression = expression
            let program = RowProgram(expression)
            self.program = program
            func canFail(_ cells: [Int32: Blankness]) -> Bool {
                BlankReasoning(program: program, cells: cells).canFail()
            }
            excusingFields = fields.filter { !canFail([Int32($0): .blank]) }
            var masks: UInt64 = 0
            if fields.count <= CompiledExpression.maximumMaskedFields {
                for mask in 0..<(1 << fields.count) {
                    let cells = fields.enumerated().map {
                        (Int32($1), mask >> $0 & 1 != 0 ? Blankness.blank : .notBlank)
                    }
                    if !canFail(Dictionary(uniqueKeysWithValues: cells)) { masks |= 1 << UInt64(mask) }
                }
            }
            excusingMasks = masks
        }
    }

    /// Up to how many fields `cannotFail(whenBlank:)` knows each combination.
    public static let maximumMaskedFields = 6

    /// Reads an expression over an environment's fields.
    ///
    /// - Parameter expecting: the type the value must have; `.dyn` takes any.
    public init(
        _ source: String, in environment: ExpressionEnvironment, expecting: ValueType = .bool
    ) throws(ExpressionError) {
        let bytes = Array(source.utf8)
        do throws(Refusal) {
            var checker = Checker(try Parser.parse(bytes), in: environment)
            let root = try checker.check(checker.syntax.root)
            let type = checker.terms[root].type
            guard type.fits(expecting) else {
                throw Refusal(
                    offset: 0, zh: "表达式的结果是 \(type)，这里要的是 \(expecting)",
                    en: "the expression gives a \(type); a \(expecting) is wanted here")
            }
            content = Content(
                source: source, type: type, fields: checker.fields.sorted(),
                expression: CheckedExpression(
                    terms: checker.terms, root: root, checks: environment.checks, slotCount: checker.slotCount))
        } catch {
            throw error.located(in: bytes)
        }
    }

    private init(_ content: Content) { self.content = content }

    /// Whether it calls `today()`: until it is told the day it cannot be decided where it does.
    public var readsToday: Bool { content.expression.terms.contains { $0.isToday } }

    /// The expression with a day in the place of `today()`: a constant, so that rows cost no more for it.
    ///
    /// - Parameter day: the day's 00:00 in seconds since 1970-01-01, civil time counted as if it were UTC.
    public func on(day: Int64) -> CompiledExpression {
        guard readsToday else { return self }
        let terms = content.expression.terms.map { term in
            var term = term
            if term.isToday { term.operation = .constant(.timestamp(.seconds(day))) }
            return term
        }
        let expression = CheckedExpression(
            terms: terms, root: content.expression.root, checks: content.expression.checks,
            slotCount: content.expression.slotCount)
        return CompiledExpression(
            Content(source: source, type: type, fields: fields, expression: expression))
    }

    var program: RowProgram { content.program }
    public var source: String { content.source }
    public var type: ValueType { content.type }
    /// The fields it reads, by their places in the environment, in rising order.
    public var fields: [Int] { content.fields }

    /// Whether it holds on a row; null and errors cannot be decided.
    ///
    /// A cell that did not parse is an error where it is read. `cells` stand in the order of the environment's fields.
    public func evaluate(_ cells: UnsafeBufferPointer<Cell>) -> Outcome {
        content.program.outcome(cells)
    }

    /// The value on a row, of whatever type.
    public func value(_ cells: UnsafeBufferPointer<Cell>) throws(EvaluationError) -> Value {
        try content.expression.value(of: content.expression.root, cells)
    }

    // MARK: What blanks tell beforehand

    /// Those of `fields` of which a single blank one is enough for the expression not to be false, whatever the others
    /// hold.
    ///
    /// In `P22 <= P25` both, in `P8508 != '1' || P8509 != null` the first.
    public var excusingFields: [Int] { content.excusingFields }

    /// Whether it cannot be false on a row on which exactly these of its fields are blank: bit i stands for
    /// `fields[i]`.
    ///
    /// False, that is not known, for an expression over more than `maximumMaskedFields` fields.
    public func cannotFail(whenBlank mask: Int) -> Bool { content.excusingMasks >> UInt64(mask) & 1 != 0 }
}
