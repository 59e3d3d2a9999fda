import Expressions
import RegularExpressions
import SurveillanceKit

/// The rule language and its regular expressions: what compiles gives the same verdict by both ways of evaluation, and blanks excuse only
/// what cannot fail.
enum ExpressionFuzzing {
    private static let fields: [(name: String, type: FieldType)] = [
        ("a", .string), ("b", .string), ("i", .integer), ("n", .number), ("d", .date), ("t", .datetime),
        ("z", .boolean),
    ]
    private static let environment = ExpressionEnvironment(
        fields: fields, checks: [NamedCheck("even-length") { $0.count % 2 == 0 }])

    static func run(_ input: [UInt8]) {
        guard input.count > 2 else { return }
        let text = String(decoding: input.dropFirst(2), as: UTF8.self)
        Array("J10.1张".utf8).withUnsafeBufferPointer { word in
            if input[1] == 0 {
                matchBoth(text, wholeMatch: input[0] & 1 == 1, word)
            } else if let expression = try? CompiledExpression(text, in: environment, expecting: .dyn) {
                cells(seed: input[0], word).withUnsafeBufferPointer {
                    evaluate(expression, $0, text)
                    if expression.readsToday { evaluate(expression.on(day: 1_793_923_200), $0, text) }
                }
            }
        }
    }

    private static func matchBoth(_ pattern: String, wholeMatch: Bool, _ word: UnsafeBufferPointer<UInt8>) {
        guard let expression = try? RegularExpression(pattern, wholeMatch: wholeMatch) else { return }
        _ = expression.matches(word)
        Array(pattern.utf8).withUnsafeBufferPointer { _ = expression.matches($0) }
    }

    private static func cells(seed: UInt8, _ word: UnsafeBufferPointer<UInt8>) -> [Cell] {
        let bits: UInt64 = seed & 0x80 != 0 ? 1 << 63 : seed & 0x40 != 0 ? .max >> 1 : UInt64(seed)
        return fields.indices.map { index in
            Cell(text: word, bits: bits, state: Cell.State(rawValue: (seed >> UInt8(index % 4)) % 3) ?? .blank)
        }
    }

    private static func evaluate(
        _ expression: CompiledExpression, _ cells: UnsafeBufferPointer<Cell>, _ text: String
    ) {
        let outcome = expression.evaluate(cells)
        var expected = Outcome.undecided
        if case .bool(let isTrue)? = try? expression.value(cells) { expected = isTrue ? .true : .false }
        precondition(outcome == expected, "\(text): \(outcome), by the slow way \(expected)")
        guard outcome == .false else { return }
        for field in expression.excusingFields {
            precondition(cells[field].state != .blank, "\(text): excused by a blank")
        }
        guard expression.fields.count <= CompiledExpression.maximumMaskedFields else { return }
        let blanks = expression.fields.enumerated().reduce(0) { mask, field in
            cells[field.element].state == .blank ? mask | 1 << field.offset : mask
        }
        precondition(!expression.cannotFail(whenBlank: blanks), "\(text): excused by its blanks")
    }
}
