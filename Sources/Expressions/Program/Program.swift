import SurveillanceKit

/// An expression laid out for rows by the hundred thousand: nodes in one block, evaluated over cell views without making values.
///
/// It holds what rules are made of; whatever else stands in an expression is left to the `Evaluator` as one node.
final class Program: @unchecked Sendable {
    // Safe to share: written in `init` alone. Raw memory, because counting references per node would cost more than the nodes do.
    let nodes: UnsafeMutablePointer<Node>
    let nodeCount: Int
    let parts: UnsafeMutablePointer<Int32>
    let numbers: UnsafeMutablePointer<UInt64>
    let texts: UnsafeMutableBufferPointer<UInt8>
    let words: [WordSet]
    let expressions: [RegularExpression]
    let expression: CheckedExpression
    let root: Int
    /// How many cells a row must have.
    private let cellCount: Int

    /// The program of an expression that is true or false.
    init(_ expression: CheckedExpression) {
        var builder = ProgramBuilder(expression.terms)
        let term = expression.root
        root = Int(builder.truth(term) ?? builder.add(Node(operation: .truthOfTerm, a: Int32(term))))
        nodes = Program.copy(builder.nodes)
        nodeCount = builder.nodes.count
        parts = Program.copy(builder.parts)
        numbers = Program.copy(builder.numbers)
        texts = .allocate(capacity: builder.texts.count)
        _ = texts.initialize(from: builder.texts)
        words = builder.words
        expressions = builder.expressions
        self.expression = expression
        cellCount = expression.terms.reduce(0) { count, term in
            switch term.operation {
            case .field(let field), .filled(let field), .given(let field): Swift.max(count, field + 1)
            default: count
            }
        }
    }

    private static func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: Swift.max(1, elements.count))
        for (index, element) in elements.enumerated() { (memory + index).initialize(to: element) }
        return memory
    }

    deinit {
        nodes.deallocate()
        parts.deallocate()
        numbers.deallocate()
        texts.deallocate()
    }

    func outcome(_ cells: UnsafeBufferPointer<Cell>) -> Outcome {
        cells.count >= cellCount ? truth(Int32(root), cells) : .undecided
    }

    func constantText(at offset: Int32, count: Int32) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: texts.baseAddress.map { $0 + Int(offset) }, count: Int(count))
    }

    func term(_ term: Int32, _ cells: UnsafeBufferPointer<Cell>) -> Value? {
        try? expression.value(of: Int(term), cells)
    }
}
