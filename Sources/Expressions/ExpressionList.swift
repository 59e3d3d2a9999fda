/// Yes-or-no expressions over the same fields, for rows by the hundred thousand: evaluating one counts no references.
public struct ExpressionList: Sendable {
    public let expressions: [CompiledExpression]
    private let entries: Entries

    private struct Entry {
        var tables: UnsafePointer<RowProgram.Tables>
        var root: Int32
    }

    private final class Entries: @unchecked Sendable {
        // Safe to share: written in `init` alone. The expressions, which keep the tables, live as long as the list.
        let memory: UnsafeMutablePointer<Entry>

        init(_ entries: [Entry]) {
            memory = .allocate(capacity: entries.count)
            memory.initialize(from: entries, count: entries.count)
        }

        deinit { memory.deallocate() }
    }

    /// Takes expressions that were read with `expecting: .bool`; one of another type is always undecided.
    public init(_ expressions: [CompiledExpression]) {
        self.expressions = expressions
        entries = Entries(
            expressions.map { Entry(tables: UnsafePointer($0.program.tables), root: $0.program.root) })
    }

    /// Whether an expression holds on a row; null and errors cannot be decided.
    ///
    /// - Parameter cells: at least as many as the environment has fields.
    public func outcome(of index: Int, _ cells: UnsafePointer<Cell>) -> Outcome {
        let entry = entries.memory + index
        let tables = entry.pointee.tables
        return Run(tables: tables, nodes: tables.pointee.nodes, cells: cells).truth(entry.pointee.root)
    }
}
