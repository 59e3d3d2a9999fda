import Expressions
import Indicators
import JSON
import SurveillanceKit

/// What a program declares of indicators, judged against the file types that were read.
///
/// What `CompiledIndicators` refuses is given its place; beside that, dimensions whose groups their fields cannot hold, conditions that
/// ask what a pseudonym hides, and conditions that no record can meet.
struct IndicatorCheck {
    let program: Program
    let indicators: [ReadIndicator]
    let dimensions: [ReadDimension]
    /// What expressions may call, the program's concepts among them.
    let checks: [NamedCheck]
    /// Whether all dimensions that are declared could be read.
    let knowsDimensions: Bool
    private let environments: [String: ExpressionEnvironment]
    private let known = Known()

    /// Takes a mistake, with the value that is wrong.
    typealias Note = (_ node: JSONNode?, _ message: BilingualText) -> Void

    init(
        _ program: Program, _ indicators: [ReadIndicator], _ dimensions: [ReadDimension], checks: [NamedCheck],
        knowsDimensions: Bool = true
    ) {
        self.program = program
        self.indicators = indicators
        self.dimensions = dimensions
        self.checks = checks
        self.knowsDimensions = knowsDimensions
        environments = Dictionary(
            program.fileTypes.map { type in
                (type.id, ExpressionEnvironment(fields: type.storedFields.map { ($0.name, $0.type) }, checks: checks))
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Notes every mistake, and answers the indicators ready for records.
    func run(_ note: Note) -> CompiledIndicators {
        for dimension in dimensions { judge(dimension, note) }
        let compiled = CompiledIndicators(program, checks: checks)
        for mistake in compiled.mistakes {
            guard indicators.indices.contains(mistake.indicator), knowsDimensions || mistake.path.first != "dimensions"
            else { continue }
            let read = indicators[mistake.indicator]
            let definition = mistake.earlier.flatMap { read.earlier.indices.contains($0) ? read.earlier[$0] : nil }
            note(IndicatorCheck.node(at: mistake.path, in: (definition ?? read).node), subject(read, mistake.message))
        }
        for type in program.fileTypes { known.add(compiled.expressions(over: type.id), over: type.id) }
        let faulty = Set(compiled.mistakes.map { [$0.indicator, $0.earlier ?? -1] })
        for (place, read) in indicators.enumerated() {
            if !faulty.contains([place, -1]) { judge(read, note) }
            for (number, earlier) in read.earlier.enumerated() where !faulty.contains([place, number]) {
                judge(earlier, note)
            }
        }
        return compiled
    }

    private func subject(_ read: ReadIndicator, _ message: BilingualText) -> BilingualText {
        BilingualText(
            zh: "指标 \(read.indicator.id)：" + message.zh, en: "indicator \(read.indicator.id): " + message.en)
    }

    /// The value to which keys and places lead, or the last one on the way that is there.
    static func node(at path: [String], in node: JSONNode) -> JSONNode {
        var found = node
        for key in path {
            guard let next = Int(key).flatMap({ found[$0] }) ?? found[key] else { break }
            found = next
        }
        return found
    }

    // MARK: Dimensions

    private func judge(_ read: ReadDimension, _ note: Note) {
        let dimension = read.dimension
        func fault(_ node: JSONNode?, _ zh: String, _ en: String) {
            note(
                node ?? JSONNode(.null, offset: read.offset),
                BilingualText(zh: "维度 \(dimension.id)：" + zh, en: "dimension \(dimension.id): " + en))
        }
        for (type, name) in dimension.fields.sorted(by: { $0.key < $1.key }) {
            let node = read.fieldsNode?[type]
            guard let fileType = program.fileType(type) else {
                let known = program.fileTypes.map(\.id).joined(separator: ", ")
                fault(
                    node, "没有文件类型 '\(type)'；本项目有 \(known)", "there is no file type '\(type)'; the program has \(known)")
                continue
            }
            guard let place = fileType.fieldIndex(name) else {
                fault(node, "文件类型 '\(type)' 没有字段 '\(name)'", "file type '\(type)' has no field '\(name)'")
                continue
            }
            let field = fileType.fields[place]
            guard field.deidentify == .keep else {
                fault(
                    node, "字段 '\(name)' 不原样保存（deidentify: \(field.deidentify.rawValue)），无法分组",
                    "field '\(name)' is not kept as it is (deidentify: \(field.deidentify.rawValue)), so nothing can be split by it"
                )
                continue
            }
            judge(read, field, fault)
        }
    }

    private func judge(_ read: ReadDimension, _ field: Field, _ fault: (JSONNode?, String, String) -> Void) {
        let kinds = Set(read.dimension.groups.map(\.codes.isEmpty))
        // Groups of two kinds have been told of.
        guard kinds.count == 1 else { return }
        for (place, group) in read.dimension.groups.enumerated() {
            let node = read.groupsNode?[place]
            if group.codes.isEmpty {
                guard field.type != .integer else { continue }
                fault(
                    node, "字段 '\(field.name)' 不是整数（\(field.type.rawValue)），'from' 和 'through' 无从比较；请用 'codes'",
                    "field '\(field.name)' is no integer (\(field.type.rawValue)), so 'from' and 'through' cannot be compared with it; use 'codes'"
                )
                return
            }
            guard field.type == .string, field.separators.isEmpty else {
                fault(
                    node, "字段 '\(field.name)' 不是单个代码（\(field.type.rawValue)），不能用 'codes'",
                    "field '\(field.name)' does not hold one code (\(field.type.rawValue)), so it cannot have 'codes'")
                return
            }
            guard let list = field.codeList, list.isKnown, list.severity == .error else { continue }
            for (number, code) in group.codes.enumerated() where !list.entries.contains(where: { $0.code == code }) {
                fault(
                    node?["codes"]?[number], "字段 '\(field.name)' 的代码表 \(list.id) 没有代码 '\(code)'",
                    "the code list \(list.id) of field '\(field.name)' has no code '\(code)'")
            }
        }
    }

    // MARK: Conditions

    private func judge(_ read: ReadIndicator, _ note: Note) {
        let indicator = read.indicator
        guard let fileType = program.fileType(indicator.over) else { return }
        let expressions = IndicatorExpressions(indicator)
        var isOpen = true
        for expression in expressions.all {
            guard let type = program.fileType(expression.fileType),
                let compiled = compiled(expression.source, over: type, expecting: expression.isCondition ? .bool : .dyn)
            else { continue }
            let node = IndicatorCheck.node(at: expression.path, in: read.node)
            let fields = type.storedFields
            for place in compiled.fields where [.pseudonym, .area].contains(fields[place].deidentify) {
                let field = fields[place]
                note(
                    node,
                    subject(
                        read,
                        BilingualText(
                            zh: "字段 '\(field.name)' 保存的不是原值（deidentify: \(field.deidentify.rawValue)），不能用于表达式",
                            en:
                                "field '\(field.name)' is not stored as it came (deidentify: \(field.deidentify.rawValue)); no expression can ask for it"
                        )))
                isOpen = false
            }
            if expression.isCondition {
                guard !ConditionReach.canHold([compiled], over: type) else { continue }
                note(node, subject(read, IndicatorCheck.neverHolds))
                isOpen = false
            } else if compiled.fields.isEmpty {
                note(
                    node,
                    subject(
                        read,
                        BilingualText(
                            zh: "表达式没有用到任何字段，每条记录都得同一个数",
                            en: "the expression reads no field, so that every record gives the same number")))
                isOpen = false
            }
        }
        if let field = expressions.distinct.flatMap({ name in fileType.fields.first { $0.name == name } }),
            field.deidentify != .keep, field.deidentify != .pseudonym
        {
            note(
                IndicatorCheck.node(at: ["numerator", "distinct"], in: read.node),
                subject(
                    read,
                    BilingualText(
                        zh: "字段 '\(field.name)' 保存的不是原值（deidentify: \(field.deidentify.rawValue)），不同的值可能已相同",
                        en:
                            "field '\(field.name)' is not stored as it came (deidentify: \(field.deidentify.rawValue)): different values may have become one"
                    )))
        }
        if isOpen { judgeTogether(read, fileType, note) }
    }

    private static let neverHolds = BilingualText(
        zh: "没有记录能满足这个条件：它恒为假或无法判定", en: "no record can meet this condition: it is always false or undecided")

    private func compiled(_ source: String, over type: FileType, expecting: ValueType) -> CompiledExpression? {
        known.expression(source, over: type.id) {
            environments[type.id].flatMap { try? CompiledExpression(source, in: $0, expecting: expecting) }
        }
    }

    /// Expressions that were compiled before.
    private final class Known {
        private var expressions: [[String]: CompiledExpression] = [:]

        func add(_ compiled: [CompiledExpression], over type: String) {
            for expression in compiled { expressions[[type, expression.source]] = expression }
        }

        func expression(_ source: String, over type: String, _ compile: () -> CompiledExpression?)
            -> CompiledExpression?
        {
            if let known = expressions[[type, source]] { return known }
            let compiled = compile()
            expressions[[type, source]] = compiled
            return compiled
        }
    }

    /// Notes a denominator that is zero everywhere, and a numerator that is: conditions that no record can meet together.
    private func judgeTogether(_ read: ReadIndicator, _ fileType: FileType, _ note: Note) {
        let indicator = read.indicator
        func reach(_ conditions: [IndicatorCondition]) -> Bool {
            let expressions = conditions.compactMap(\.when).compactMap {
                compiled($0, over: fileType, expecting: .bool)
            }
            return ConditionReach.canHold(expressions, over: fileType)
                && ConditionReach.agree(conditions.flatMap(\.having))
        }
        let valid = [indicator.valid].compactMap { $0 }
        if let denominator = indicator.denominator, !reach(valid + own(denominator)) {
            note(
                read.node["denominator"],
                subject(
                    read,
                    BilingualText(
                        zh: "分母处处为零：没有记录能同时满足 'valid' 和分母的条件",
                        en: "the denominator is zero everywhere: no record can meet 'valid' and its conditions together"
                    )))
            return
        }
        let base = indicator.kind == .share ? indicator.denominator.map(own) ?? [] : []
        guard !reach(valid + base + own(indicator.numerator)) else { return }
        note(
            read.node["numerator"],
            subject(
                read,
                BilingualText(
                    zh: "分子处处为零：没有记录能同时满足 'valid'、分母和分子的条件",
                    en:
                        "the numerator is zero everywhere: no record can meet 'valid' and the conditions of denominator and numerator together"
                )))
    }

    /// What a part asks of the record itself.
    private func own(_ part: IndicatorPart) -> [IndicatorCondition] {
        if case .sum(_, _?) = part.aggregate { return [IndicatorCondition(having: part.condition.having)] }
        return [part.condition]
    }
}
