import SurveillanceKit

/// An expression of the rule language, read and checked once and evaluated on every row.
public struct CompiledExpression: Sendable {
    public let source: String
    public let type: ValueType
    /// The fields it reads, by their places in the environment, in rising order.
    public let fields: [Int]
    private let terms: [Term]
    private let root: Int
    private let checks: [NamedCheck]
    private let slotCount: Int

    /// Reads an expression over an environment's fields.
    ///
    /// - Parameter expecting: the type the value must have; `.dyn` takes any.
    public init(
        _ source: String, in environment: ExpressionEnvironment, expecting: ValueType = .bool
    ) throws(ExpressionError) {
        let bytes = Array(source.utf8)
        do throws(Refusal) {
            var checker = Checker(try Parser.parse(bytes), in: environment)
            root = try checker.check(checker.syntax.root)
            terms = checker.terms
            slotCount = checker.slotCount
            fields = checker.fields.sorted()
            type = terms[root].type
            guard type.fits(expecting) else {
                throw Refusal(
                    offset: 0, zh: "表达式的结果是 \(type)，这里要的是 \(expecting)",
                    en: "the expression gives a \(type); a \(expecting) is wanted here")
            }
        } catch {
            throw error.located(in: bytes)
        }
        self.source = source
        checks = environment.checks
    }

    /// The value on a row; `cells` stand in the order of the environment's fields.
    public func value(_ cells: UnsafeBufferPointer<Cell>) throws(EvaluationError) -> Value {
        var evaluator = Evaluator(terms: terms, checks: checks, slotCount: slotCount)
        evaluator.cells = cells
        return try evaluator.value(root)
    }

    /// Whether it holds on a row; null and errors cannot be decided.
    public func evaluate(_ cells: UnsafeBufferPointer<Cell>) -> Outcome {
        guard case .bool(let holds)? = try? value(cells) else { return .undecided }
        return holds ? .true : .false
    }
}
