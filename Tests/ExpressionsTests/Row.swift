import Expressions
import SurveillanceKit

/// A row for tests: cells by field name, blank where nothing is said.
struct Row {
    var cells: [String: (state: Cell.State, text: String, bits: UInt64)] = [:]

    static let fields: [(name: String, type: FieldType)] = [
        ("name", .string), ("code", .string), ("other", .string), ("age", .integer), ("count", .integer),
        ("fee", .number), ("total", .number), ("born", .date), ("came", .datetime), ("left", .datetime),
        ("alive", .boolean), ("a", .string), ("b", .string), ("c", .string), ("d", .string), ("e", .string),
    ]

    static let even = NamedCheck("even-length") { $0.count % 2 == 0 }
    static let environment = ExpressionEnvironment(fields: fields, checks: [even])

    mutating func set(_ field: String, text: String, state: Cell.State = .value) { cells[field] = (state, text, 0) }
    mutating func set(_ field: String, integer: Int64) {
        cells[field] = (.value, "\(integer)", UInt64(bitPattern: integer))
    }
    mutating func set(_ field: String, number: Double) { cells[field] = (.value, "\(number)", number.bitPattern) }
    mutating func set(_ field: String, boolean: Bool) { cells[field] = (.value, "\(boolean)", boolean ? 1 : 0) }

    /// Sets a date or datetime from `2026-01-31` or `2026-01-31T08:00:00`.
    mutating func set(_ field: String, moment: String) {
        let numbers = moment.split { "-T:".contains($0) }.compactMap { Int($0) }
        let days = CivilDate(year: numbers[0], month: numbers[1], day: numbers[2])?.daysSince1970 ?? 0
        let time = numbers.dropFirst(3).reduce(0) { $0 * 60 + $1 }
        set(field, integer: Int64(days * 86_400 + time))
        cells[field]?.text = moment
    }

    /// Lends the row's cells.
    func withCells<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<Cell>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let texts = Row.fields.map { Array((cells[$0.name]?.text ?? "").utf8) }
        let buffers = texts.map { text in
            let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
            _ = copy.initialize(from: text)
            return copy
        }
        defer { for buffer in buffers { buffer.deallocate() } }
        let row = zip(Row.fields, buffers).map { field, buffer in
            Cell(
                text: UnsafeBufferPointer(buffer), bits: cells[field.name]?.bits ?? 0,
                state: cells[field.name]?.state ?? .blank)
        }
        let copy = UnsafeMutableBufferPointer<Cell>.allocate(capacity: row.count)
        _ = copy.initialize(from: row)
        defer { copy.deallocate() }
        return try body(UnsafeBufferPointer(copy))
    }

    func outcome(_ expression: String) throws -> Outcome {
        let compiled = try CompiledExpression(expression, in: Row.environment)
        return withCells { compiled.evaluate($0) }
    }
}
