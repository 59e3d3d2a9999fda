import RegularExpressions
import SurveillanceKit

/// An expression laid out for rows by the hundred thousand: nodes in one block, evaluated over cell views without
/// making values.
///
/// It holds what rules are made of; whatever else stands in an expression is left to the `Evaluator` as one node.
final class RowProgram: @unchecked Sendable {
    // Safe to share: written in `init` alone. Raw memory, because counting references per node would cost more than the
    // nodes do.
    let expression: CheckedExpression
    let root: Int32
    let tables: UnsafeMutablePointer<Tables>
    /// How many cells a row must have.
    private let cellCount: Int
    private let nodeMemory: UnsafeMutableBufferPointer<Node>
    private let partMemory: UnsafeMutableBufferPointer<Int32>
    private let numberMemory: UnsafeMutableBufferPointer<UInt64>
    private let textMemory: UnsafeMutableBufferPointer<UInt8>
    private let wordMemory: UnsafeMutableBufferPointer<WordSet.View>
    private let patternMemory: UnsafeMutableBufferPointer<PatternMatcher>
    private let owners: (words: [WordSet], expressions: [RegularExpression])

    /// Where everything stands; plain pointers, so that a run over it counts no references.
    struct Tables {
        let nodes: UnsafePointer<Node>
        let parts: UnsafePointer<Int32>
        let numbers: UnsafePointer<UInt64>
        let texts: UnsafePointer<UInt8>
        let words: UnsafePointer<WordSet.View>
        let patterns: UnsafePointer<PatternMatcher>
        unowned(unsafe) let program: RowProgram
    }

    /// The program of an expression that is true or false.
    init(_ expression: CheckedExpression) {
        var builder = RowProgramBuilder(expression.terms)
        let term = expression.root
        root = builder.truth(term) ?? builder.add(Node(operation: .truthOfTerm, a: Int32(term)))
        self.expression = expression
        owners = (builder.words, builder.expressions)
        nodeMemory = RowProgram.memory(builder.nodes, Node(operation: .never))
        partMemory = RowProgram.memory(builder.parts, 0)
        numberMemory = RowProgram.memory(builder.numbers, 0)
        textMemory = RowProgram.memory(builder.texts, 0)
        wordMemory = RowProgram.memory(builder.words.map(\.view), WordSet.View.none)
        patternMemory = RowProgram.memory(
            builder.expressions.map { $0.matcher ?? .none }, .none)
        cellCount = expression.terms.reduce(0) { count, term in
            switch term.operation {
            case .field(let field), .filled(let field), .given(let field): Swift.max(count, field + 1)
            default: count
            }
        }
        tables = .allocate(capacity: 1)
        tables.initialize(
            to: Tables(
                nodes: RowProgram.start(nodeMemory), parts: RowProgram.start(partMemory),
                numbers: RowProgram.start(numberMemory),
                texts: RowProgram.start(textMemory), words: RowProgram.start(wordMemory),
                patterns: RowProgram.start(patternMemory), program: self))
    }

    /// A copy of the elements, with one more behind them so that there is always a first.
    private static func memory<Element: BitwiseCopyable>(
        _ elements: [Element], _ last: Element
    ) -> UnsafeMutableBufferPointer<Element> {
        let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count + 1)
        _ = memory.initialize(from: elements + [last])
        return memory
    }

    private static func start<Element>(_ memory: UnsafeMutableBufferPointer<Element>) -> UnsafePointer<Element> {
        // `memory` is never empty, so it has an address.
        UnsafePointer(memory.baseAddress!)
    }

    deinit {
        tables.deallocate()
        nodeMemory.deallocate()
        partMemory.deallocate()
        numberMemory.deallocate()
        textMemory.deallocate()
        wordMemory.deallocate()
        patternMemory.deallocate()
    }

    @inline(__always)
    func outcome(_ cells: UnsafeBufferPointer<Cell>) -> Outcome {
        guard cells.count >= cellCount, let start = cells.baseAddress else { return outcomeWithoutCells(cells) }
        return Run(tables: UnsafePointer(tables), nodes: tables.pointee.nodes, cells: start).truth(root)
    }

    @inline(never)
    private func outcomeWithoutCells(_ cells: UnsafeBufferPointer<Cell>) -> Outcome {
        guard case .bool(let holds)? = try? expression.value(of: expression.root, cells) else { return .undecided }
        return holds ? .true : .false
    }

    /// The value of a term that has no node of its own.
    @inline(never)
    func value(of term: Int32, _ cells: UnsafePointer<Cell>) -> Value? {
        try? expression.value(of: Int(term), UnsafeBufferPointer(start: cells, count: cellCount))
    }

    @inline(never)
    func simulates(_ index: Int32, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        owners.expressions[Int(index)].matches(text)
    }
}

/// A program on one row.
struct Run {
    let tables: UnsafePointer<RowProgram.Tables>
    let nodes: UnsafePointer<Node>
    let cells: UnsafePointer<Cell>

    func constantText(at offset: Int32, count: Int32) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: tables.pointee.texts + Int(offset), count: Int(count))
    }
}
