import JSON
import SurveillanceKit

/// Reads numerators, denominators and the conditions of an indicator.
///
/// Of a sum over children `IndicatorPart.condition.when` is about the children.
enum IndicatorPartReader {
    private static let aggregates = ["count", "sum", "mean", "median", "percentile", "distinct"]

    /// A numerator or denominator; nil where it is not said, or said wrongly, what is counted.
    static func part(_ object: ObjectReader) -> IndicatorPart? {
        let named = aggregates.filter(object.has)
        guard let kind = named.first, named.count == 1 else {
            let known = aggregates.joined(separator: ", ")
            object.fault(
                at: object.offset, "这里应恰好写明一种算法：\(known)", "needs exactly one of \(known)")
            return nil
        }
        let others: [String] =
            switch kind {
            case "count", "distinct": []
            case "percentile": ["of", "decimals"]
            default: ["decimals"]
            }
        var condition = condition(object, among: [kind] + others + ["when", "having"])
        guard let aggregate = aggregate(kind, object) else { return nil }
        if case .sum(_, _?) = aggregate, let child = object.object("sum") {
            if object.has("when") {
                object.fault(
                    "when", "子文件的合计，其条件写在 'sum' 里的 'when'（关于子记录）或 'valid' 中（关于记录）",
                    "of a sum over children the condition stands in the 'when' of 'sum' (about the children) or in 'valid' (about the record)"
                )
            }
            condition.when = child.string("when", isNeeded: false)
        }
        return IndicatorPart(aggregate, condition)
    }

    private static func aggregate(_ kind: String, _ object: ObjectReader) -> IndicatorPart.Aggregate? {
        switch kind {
        case "count":
            guard let isCounted = object.flag("count") else { return nil }
            if !isCounted { object.fault("count", "'count' 只能是 true", "'count' can only be true") }
            return .count
        case "sum": return sum(object)
        case "mean": return value(object, "mean").map { .mean(of: $0) }
        case "median": return value(object, "median").map { .percentile(50, of: $0) }
        case "percentile":
            let percent = object.wholeNumber("percentile", from: 1)
            if let percent, percent > 99 {
                object.fault("percentile", "'percentile' 应在 1 与 99 之间", "'percentile' must be from 1 to 99")
                return nil
            }
            guard let value = value(object, "of"), let percent else { return nil }
            return .percentile(percent, of: value)
        default: return object.string("distinct", like: .field).map { .distinct(field: $0) }
        }
    }

    private static func sum(_ object: ObjectReader) -> IndicatorPart.Aggregate? {
        guard case .object? = object.value("sum")?.content, let child = object.object("sum") else {
            return value(object, "sum").map { .sum(of: $0, child: nil) }
        }
        child.allow(["in", "when", "of"])
        let type = child.string("in", like: .fileType)
        let decimals = decimals(object)
        guard let expression = child.string("of"), let type else { return nil }
        return .sum(of: IndicatorValue(expression, decimals: decimals), child: type)
    }

    private static func value(_ object: ObjectReader, _ name: String) -> IndicatorValue? {
        let decimals = decimals(object)
        return object.string(name).map { IndicatorValue($0, decimals: decimals) }
    }

    private static func decimals(_ object: ObjectReader) -> Int {
        let decimals = object.wholeNumber("decimals", from: 0) ?? 0
        if decimals > 4 { object.fault("decimals", "'decimals' 应在 0 与 4 之间", "'decimals' must be from 0 to 4") }
        return min(decimals, 4)
    }

    /// `when` and `having` of an object that may have other members besides.
    static func condition(_ object: ObjectReader, among names: [String]) -> IndicatorCondition {
        object.allow(names)
        let when = object.string("when", isNeeded: false)
        let having = object.objects("having").compactMap { $0.flatMap(child) }
        if names == ["when", "having"], !object.has("when"), !object.has("having") {
            object.fault(
                at: object.offset, "这里应写明 'when' 或 'having'", "needs 'when' or 'having'")
        }
        return IndicatorCondition(when: when, having: having)
    }

    private static func child(_ object: ObjectReader) -> IndicatorCondition.ChildCondition? {
        object.allow(["in", "when", "atLeast", "none"])
        let type = object.string("in", like: .fileType)
        let when = object.string("when", isNeeded: false)
        let least = object.wholeNumber("atLeast", from: 1)
        let isNone = object.flag("none")
        if object.has("none"), object.has("atLeast") {
            object.fault("none", "'none' 和 'atLeast' 只能写一个", "only one of 'none' and 'atLeast' can be there")
        } else if isNone == false {
            object.fault(
                "none", "'none' 只能是 true；“至少一条”写 \"atLeast\": 1 或不写",
                "'none' can only be true; \"at least one\" is \"atLeast\": 1, or nothing")
        }
        return type.map { .init(fileType: $0, when: when, atLeast: isNone == true ? 0 : least ?? 1) }
    }
}
