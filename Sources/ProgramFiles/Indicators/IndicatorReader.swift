import JSON
import SurveillanceKit

/// An indicator and the object in which it stands.
struct ReadIndicator: Sendable {
    var indicator: Indicator
    var node: JSONNode
    /// Those of `indicator.earlier`, in their order.
    var earlier: [ReadIndicator] = []
}

/// Reads `indicators`: each by itself. What they say of fields is judged when the file types are known, by `IndicatorCheck`.
struct IndicatorReader {
    private(set) var indicators: [ReadIndicator] = []

    init(_ object: ObjectReader) {
        for (index, reader) in object.objects("indicators").enumerated() {
            guard let reader, let node = object.value("indicators")?[index] else { continue }
            guard let read = IndicatorReader.indicator(reader, node) else { continue }
            if indicators.contains(where: { $0.indicator.id == read.indicator.id }) {
                reader.fault(
                    "id", "指标 id '\(read.indicator.id)' 出现两次；旧版本请放入 'earlier'",
                    "the indicator id '\(read.indicator.id)' stands twice; an earlier version belongs into 'earlier'")
                continue
            }
            indicators.append(read)
        }
    }

    private static func indicator(_ object: ObjectReader, _ node: JSONNode) -> ReadIndicator? {
        let id = object.string("id", like: .rule)
        guard var read = version(object, node, of: id) else { return nil }
        var newer = read.indicator.version
        for (index, reader) in object.objects("earlier").enumerated() {
            guard let reader, let node = object.value("earlier")?[index] else { continue }
            if reader.has("earlier") {
                reader.fault(
                    "earlier", "旧版本里没有 'earlier'：各版本并列在最新版本的 'earlier' 中",
                    "an earlier version has no 'earlier' of its own: all versions stand in the newest one's")
            }
            if let own = reader.string("id", like: .rule, isNeeded: false), let id, own != id {
                reader.fault(
                    "id", "旧版本的 id 是 '\(own)'，应为 '\(id)'",
                    "the id of an earlier version is '\(own)'; it must be '\(id)'")
            }
            guard let earlier = version(reader, node, of: id) else { continue }
            if earlier.indicator.version >= newer {
                reader.fault(
                    "version", "'version' \(earlier.indicator.version) 应小于它之前的 \(newer)：版本由新到旧",
                    "'version' \(earlier.indicator.version) must be less than \(newer) before it: versions go from new to old"
                )
            }
            newer = min(newer, earlier.indicator.version)
            read.earlier.append(earlier)
        }
        read.indicator.earlier = read.earlier.map(\.indicator)
        return read
    }

    /// One version; nil where something that all else needs is missing.
    private static func version(_ object: ObjectReader, _ node: JSONNode, of id: String?) -> ReadIndicator? {
        var object = object
        if let id { object.subject = BilingualText(zh: "指标 \(id)：", en: "indicator \(id): ") }
        object.allow([
            "id", "version", "title", "definition", "caveat", "source", "unit", "over", "valid", "numerator",
            "denominator", "eventDate", "dimensions", "minimumDenominator", "alarm", "experimental", "earlier",
        ])
        if !object.has("version") {
            object.fault(
                "version", "缺少 'version'；应为整数，从 1 起", "'version' is missing; it must be a whole number, from 1")
        }
        let version = object.wholeNumber("version", from: 1)
        let title = object.text("title")
        let definition = object.text("definition")
        let caveat = object.text("caveat", isNeeded: false)
        let source = object.text("source", isProse: false)
        let unit = unit(object)
        let over = object.string("over", like: .fileType)
        let valid = object.object("valid").map { IndicatorPartReader.condition($0, among: ["when", "having"]) }
        let numerator = object.object("numerator", isNeeded: true).flatMap(IndicatorPartReader.part)
        let denominator = object.object("denominator").flatMap(IndicatorPartReader.part)
        let eventDate = object.string("eventDate", like: .field, isNeeded: false)
        let dimensions = object.has("dimensions") ? object.strings("dimensions", like: .rule, mayBeNone: true) : []
        let least = object.wholeNumber("minimumDenominator", from: 1)
        let alarm = object.has("alarm") ? object.choice("alarm", among: Indicator.Alarm.allCases) : Indicator.Alarm.none
        let isExperimental = object.flag("experimental") ?? false
        guard let id, let version, let title, let definition, let source, let unit, let over, let numerator, let alarm
        else { return nil }
        // What is there and wrong has been noted, and is no denominator of another kind.
        if object.has("denominator"), denominator == nil { return nil }
        let indicator = Indicator(
            id: id, version: version, title: title, definition: definition, caveat: caveat, source: source, unit: unit,
            over: over, valid: valid, numerator: numerator, denominator: denominator, eventDate: eventDate,
            dimensions: dimensions, minimumDenominator: least ?? Indicator.standardMinimumDenominator, alarm: alarm,
            isExperimental: isExperimental)
        judgeKind(indicator, object)
        return ReadIndicator(indicator: indicator, node: node)
    }

    /// A word of `IndicatorUnit`, or a unit of the program's own in both languages.
    private static func unit(_ object: ObjectReader) -> BilingualText? {
        if case .object? = object.value("unit")?.content { return object.text("unit", isProse: false) }
        return object.choice("unit", among: IndicatorUnit.allCases)?.text
    }

    /// Notes parts and units that give no number together.
    private static func judgeKind(_ indicator: Indicator, _ object: ObjectReader) {
        switch (indicator.numerator.aggregate, indicator.denominator?.aggregate) {
        case (.count, nil), (.sum, nil):
            if indicator.isPercentage {
                object.fault(
                    "unit", "单位是百分比而没有 'denominator'：请写明分母，或改用其他单位",
                    "the unit is percent and there is no 'denominator': declare one, or take another unit")
            }
        case (.count, .count?):
            if !indicator.isPercentage {
                object.fault(
                    "unit", "个数除以个数是占比，单位应为 \"percent\"",
                    "a count over a count is a share: the unit must be \"percent\"")
            }
        case (.sum, .count?), (.sum, .sum?): break
        case (.count, .some):
            object.fault(
                "denominator", "分子是个数（count），分母也应为个数", "where the numerator is a count, the denominator must be one")
        case (.sum, .some):
            object.fault(
                "denominator", "分母应为个数（count）或合计（sum）", "a denominator must be a count or a sum")
        case (.mean, nil), (.percentile, nil), (.distinct, nil): break
        case (.mean, .some), (.percentile, .some), (.distinct, .some):
            object.fault(
                "denominator", "均值、百分位数和不同值个数没有 'denominator'；纳入哪些记录写在 'when' 或 'valid' 中",
                "a mean, a percentile and a number of distinct values have no 'denominator'; which records count is said by 'when' or 'valid'"
            )
        }
    }
}
