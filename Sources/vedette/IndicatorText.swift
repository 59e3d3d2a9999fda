import SurveillanceKit

/// What `vedette program show` prints of a program's indicators: what each counts, over which records, and by what it may be split.
enum IndicatorText {
    static func lines(_ program: Program, _ language: Language) -> [String] {
        guard !program.indicators.isEmpty else { return [] }
        var lines = [
            "",
            say(
                "指标（\(program.indicators.count) 个）：编号、版本、名称、单位",
                "indicators  (\(program.indicators.count)): id, version, title, unit"),
        ]
        for indicator in program.indicators {
            let mark = indicator.isExperimental ? say("  试验性", "  experimental") : ""
            lines.append(
                "  \(indicator.id)\tv\(indicator.version)\t\(indicator.title[language])\t\(indicator.unit[language])\(mark)"
            )
            lines.append("      \(indicator.definition[language])")
            let day = indicator.eventDate ?? program.fileType(indicator.over)?.eventDate ?? ""
            let dimensions =
                indicator.dimensions.isEmpty
                ? ""
                : say(
                    "；可按 \(indicator.dimensions.joined(separator: "、")) 分组",
                    "; by \(indicator.dimensions.joined(separator: ", "))")
            let earlier = indicator.earlier.map { "v\($0.version)" }.joined(separator: ", ")
            lines.append(
                "      "
                    + say(
                        "\(kind(indicator))，记录 \(indicator.over)，日期 \(day)\(dimensions)",
                        "\(kind(indicator)) over \(indicator.over), day \(day)\(dimensions)")
                    + (earlier.isEmpty ? "" : say("；更早的定义 \(earlier)", "; earlier \(earlier)")))
        }
        if !program.dimensions.isEmpty { lines += ["", say("维度", "dimensions")] }
        for dimension in program.dimensions {
            let fields = dimension.fields.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            let groups = dimension.groups.map(\.id).joined(separator: ", ")
            lines.append(
                "  \(dimension.id)\t\(dimension.title[language])\t\(fields.joined(separator: ", ")): \(groups)")
        }
        if !program.concepts.isEmpty { lines += ["", say("概念", "concepts")] }
        for concept in program.concepts {
            let function = NamedCheck(concept).functionName
            lines.append(
                "  \(concept.id)\t\(concept.title[language])\t\(function)(…), \(concept.entries.count.counted("entry", "entries"))"
            )
        }
        return lines
    }

    private static func kind(_ indicator: Indicator) -> String {
        switch indicator.kind {
        case .count: say("计数", "count")
        case .share: say("占比", "share")
        case .ratio: say("比值", "ratio")
        case .sum: say("合计", "sum")
        case .mean: say("均值", "mean")
        case .percentile(50): say("中位数", "median")
        case .percentile(let percent): say("第 \(percent) 百分位数", "percentile \(percent)")
        case .distinct: say("不同值的个数", "number of different values")
        }
    }
}
