import SurveillanceKit

/// Every expression of an indicator, with the file type it is about and the keys that lead to it.
struct IndicatorExpressions {
    struct Expression {
        var source: String
        var fileType: String
        var path: [String]
        var isCondition = true
    }

    private(set) var all: [Expression] = []
    /// The field whose values are counted.
    private(set) var distinct: String?

    init(_ indicator: Indicator) {
        if let valid = indicator.valid { add(valid, indicator.over, ["valid"]) }
        add(indicator.numerator, indicator.over, ["numerator"])
        if let denominator = indicator.denominator { add(denominator, indicator.over, ["denominator"]) }
    }

    private mutating func add(_ condition: IndicatorCondition, _ type: String, _ path: [String]) {
        if let when = condition.when { all.append(Expression(source: when, fileType: type, path: path + ["when"])) }
        for (place, child) in condition.having.enumerated() {
            guard let when = child.when else { continue }
            all.append(
                Expression(source: when, fileType: child.fileType, path: path + ["having", "\(place)", "when"]))
        }
    }

    private mutating func add(_ part: IndicatorPart, _ type: String, _ path: [String]) {
        func value(_ value: IndicatorValue, _ key: [String], _ type: String) -> Expression {
            Expression(source: value.expression, fileType: type, path: path + key, isCondition: false)
        }
        switch part.aggregate {
        case .count: break
        case .sum(let sum, let child?):
            all.append(value(sum, ["sum", "of"], child))
            if let when = part.condition.when {
                all.append(Expression(source: when, fileType: child, path: path + ["sum", "when"]))
            }
            return add(IndicatorCondition(having: part.condition.having), type, path)
        case .sum(let sum, nil): all.append(value(sum, ["sum"], type))
        case .mean(let mean): all.append(value(mean, ["mean"], type))
        // A median stands under its own name; `of` is not there then, and the part itself is shown for another percentile's.
        case .percentile(let percent, let of): all.append(value(of, [percent == 50 ? "median" : "of"], type))
        case .distinct(let field): distinct = field
        }
        add(part.condition, type, path)
    }
}
