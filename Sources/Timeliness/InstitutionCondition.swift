import Expressions
public import SurveillanceKit

/// An expression over an institution: who owes a report, or by when. Read and typed once.
public struct InstitutionCondition: Sendable {
    /// What an expression may name, with the types they have in it.
    public static let properties: [(name: String, type: FieldType)] = [
        ("code", .string), ("level", .string), ("grade", .string), ("category", .string), ("isTCM", .boolean),
        ("region", .string), ("hasFeverClinic", .boolean),
    ]

    public let source: String
    private let expression: CompiledExpression
    private static let environment = ExpressionEnvironment(fields: properties)

    /// Why an expression was refused, and at which character of it, counted from 1.
    public struct Fault: Error, Hashable, Sendable {
        public var character: Int
        public var message: BilingualText
    }

    public init(_ source: String) throws(Fault) {
        self.source = source
        do throws(ExpressionError) {
            expression = try CompiledExpression(source, in: InstitutionCondition.environment)
        } catch {
            let earlier = source.split(separator: "\n", omittingEmptySubsequences: false).prefix(error.line - 1)
            var message = error.message
            if message.en.hasPrefix("there is no field") {
                let known = InstitutionCondition.properties.map(\.name).joined(separator: ", ")
                message.en += "; of an institution there are \(known)"
                message.zh += "；机构的属性有 \(known)"
            }
            throw Fault(
                character: earlier.reduce(0) { $0 + $1.unicodeScalars.count + 1 } + error.column, message: message)
        }
        if expression.readsToday {
            throw Fault(
                character: 1,
                message: BilingualText(
                    zh: "不能用 today()：何时起止由 'from' 和 'until' 表示",
                    en: "today() cannot be used here: 'from' and 'until' say from when to when"))
        }
    }

    public enum Answer: Sendable { case yes, no, undecided }

    /// Whether it holds for an institution as it is given.
    public func holds(for institution: Institution) -> Answer {
        let texts = [
            institution.code, institution.level.rawValue, institution.grade?.rawValue, institution.category?.rawValue,
            nil, institution.region, nil,
        ].map { $0.map { Array($0.utf8) } ?? [] }
        let flags = [4: institution.category?.isChineseMedicine, 6: institution.hasFeverClinic]
        let bytes = texts.flatMap { $0 }
        return bytes.withUnsafeBufferPointer { buffer in
            var cells: [Cell] = []
            var start = 0
            for (place, text) in texts.enumerated() {
                let range = UnsafeBufferPointer(rebasing: buffer[start..<(start + text.count)])
                start += text.count
                if let flag = flags[place] {
                    cells.append(flag.map { Cell(text: range, bits: $0 ? 1 : 0, state: .value) } ?? .blank)
                } else {
                    cells.append(text.isEmpty ? .blank : Cell(text: range, state: .value))
                }
            }
            return cells.withUnsafeBufferPointer { cells in
                switch expression.evaluate(cells) {
                case .true: .yes
                case .false: .no
                case .undecided: .undecided
                }
            }
        }
    }

    /// The properties that it reads and that the register does not say of an institution.
    public func unknownProperties(of institution: Institution) -> [String] {
        expression.fields.map { InstitutionCondition.properties[$0].name }.filter {
            switch $0 {
            case "grade": institution.grade == nil
            case "category", "isTCM": institution.category == nil
            default: false
            }
        }
    }
}
