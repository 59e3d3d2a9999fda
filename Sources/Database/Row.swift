/// One row of a result, read by column name or position: `let size: Int = try row["size"]`, `let note: String? = try row[3]`.
///
/// A row is a copy that outlives its statement. Loops over very many rows read the columns of the `Statement` instead.
public struct Row: Sendable {
    public let values: [SQLValue]
    private let columns: Columns

    /// The names of a result's columns, shared by all of its rows.
    final class Columns: Sendable {
        let names: [String]
        private let positions: [String: Int]

        init(_ names: [String]) {
            self.names = names
            positions = Dictionary(
                names.enumerated().map { ($0.element.lowercased(), $0.offset) }, uniquingKeysWith: { first, _ in first }
            )
        }

        func position(of name: String) -> Int? { positions[name] ?? positions[name.lowercased()] }
    }

    init(columns: Columns, values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    public var columnNames: [String] { columns.names }

    /// The column of that name, whatever its case; the leftmost where several bear it.
    ///
    /// - Throws: `DatabaseError.noSuchColumn`, or `.unexpectedValue` where the column holds another kind of value, null
    ///   included unless the asked type is optional.
    public subscript<Value: ColumnValue>(name: String) -> Value {
        get throws {
            guard let position = columns.position(of: name) else {
                throw DatabaseError.noSuchColumn(name, known: columns.names)
            }
            return try self[position]
        }
    }

    /// The column at that position, counted from 0; throws as the subscript by name does.
    public subscript<Value: ColumnValue>(position: Int) -> Value {
        get throws {
            guard values.indices.contains(position) else {
                throw DatabaseError.noSuchColumn("at position \(position)", known: columns.names)
            }
            guard let value = Value(values[position]) else {
                throw DatabaseError.unexpectedValue(
                    column: columns.names[position], expected: Value.kind, found: values[position].kind)
            }
            return value
        }
    }
}
