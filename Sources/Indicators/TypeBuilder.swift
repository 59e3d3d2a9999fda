import Expressions
import SurveillanceKit

/// Whether and as what a field's values are stored.
enum StoredKind {
    case text
    case moment
    case integer
    case number

    /// Nil for a field of which nothing is stored that could be asked.
    init?(_ field: Field) {
        switch (field.deidentify, field.type) {
        case (.drop, _): return nil
        case (.keep, .integer), (.keep, .boolean): self = .integer
        case (.keep, .number): self = .number
        case (.keep, .date), (.keep, .datetime): self = .moment
        // A year alone is stored as a whole number.
        case (.year, _): self = .integer
        default: self = .text
        }
    }
}

/// Why an expression is refused.
struct Refusal: Error {
    var message: BilingualText

    init(zh: String, en: String) { message = BilingualText(zh: zh, en: en) }
}

/// What all definitions together ask of one file type.
struct TypeBuilder {
    let fileType: FileType
    /// What a stored row may hold.
    private let fields: [Field]
    private let environment: ExpressionEnvironment
    private var wanted: [Bool]
    private(set) var conditions: [CompiledExpression] = []
    private var sources: [String: Int] = [:]
    private(set) var values: [RowReading.Value] = []
    private var links: [(base: Int, fields: [Int])] = []

    init(_ fileType: FileType, _ checks: [NamedCheck]) {
        self.fileType = fileType
        fields = fileType.storedFields
        wanted = Array(repeating: false, count: fields.count)
        environment = ExpressionEnvironment(fields: fields.map { ($0.name, $0.type) }, checks: checks)
    }

    mutating func want(_ field: Int?) {
        if let field { wanted[field] = true }
    }

    /// The place of a condition.
    mutating func condition(_ source: String) throws(Refusal) -> Int {
        if let known = sources[source] { return known }
        let expression = try compile(source, expecting: .bool)
        conditions.append(expression)
        sources[source] = conditions.count - 1
        return conditions.count - 1
    }

    /// The place of a value.
    mutating func value(_ value: IndicatorValue) throws(Refusal) -> Int {
        let known = values.firstIndex {
            $0.expression?.source == value.expression && $0.decimals == value.decimals
        }
        if let known { return known }
        let expression = try compile(value.expression, expecting: .dyn)
        guard ["int", "double"].contains(expression.type.description) else {
            throw Refusal(
                zh: "表达式的结果是 \(expression.type)，这里要的是数值（int 或 double）",
                en: "the expression gives a \(expression.type); a number (int or double) is wanted here")
        }
        values.append(RowReading.Value(expression: expression, decimals: value.decimals))
        return values.count - 1
    }

    /// The place of a value that tells a field's values apart.
    mutating func digest(of field: Int) -> Int {
        want(field)
        if let known = values.firstIndex(where: { $0.digestOf == field }) { return known }
        values.append(RowReading.Value(digestOf: field))
        return values.count - 1
    }

    /// A value in the words of its declaration.
    func text(of value: Int) -> String {
        if let field = values[value].digestOf { return "different \(fileType.fields[field].name)" }
        return "\(values[value].expression?.source ?? "") .\(values[value].decimals)"
    }

    /// Notes by which fields a child refers to a base.
    mutating func refer(to base: Int, by link: [Int]) {
        for field in link { want(field) }
        if !links.contains(where: { $0.base == base }) { links.append((base, link)) }
    }

    var reading: RowReading {
        RowReading(
            fileType: fileType, wanted: wanted, conditions: ExpressionList(conditions), values: values, links: links)
    }

    private mutating func compile(
        _ source: String, expecting: ValueType
    ) throws(Refusal) -> CompiledExpression {
        let expression: CompiledExpression
        do throws(ExpressionError) {
            expression = try CompiledExpression(source, in: environment, expecting: expecting)
        } catch {
            throw Refusal(
                zh: "表达式第 \(error.column) 个字符：\(error.message.zh)",
                en: "character \(error.column) of the expression: \(error.message.en)")
        }
        if expression.readsToday {
            throw Refusal(zh: "不能用 today()：指标只取决于记录本身", en: "today() cannot be used: a figure depends on records alone")
        }
        for place in expression.fields { try require(fields[place]) }
        for place in expression.fields { wanted[place] = true }
        return expression
    }

    /// Refuses a field that is not stored with the values that came.
    private func require(_ field: Field) throws(Refusal) {
        guard let kind = StoredKind(field) else {
            throw Refusal(
                zh: "字段 '\(field.name)' 不保存（deidentify: \(field.deidentify.rawValue)）",
                en: "field '\(field.name)' is not stored (deidentify: \(field.deidentify.rawValue))")
        }
        switch (kind, field.type) {
        case (.text, .string), (.integer, .integer), (.integer, .boolean), (.number, .number), (.moment, .date),
            (.moment, .datetime):
            return
        default:
            throw Refusal(
                zh: "字段 '\(field.name)' 保存的不是原值（deidentify: \(field.deidentify.rawValue)），不能用于表达式",
                en:
                    "field '\(field.name)' is not stored as it came (deidentify: \(field.deidentify.rawValue)); no expression can ask for it"
            )
        }
    }
}
