import SurveillanceKit

/// What `vedette program show` prints of a program's indicators: what each counts, over which records, and by what it may be split.
enum IndicatorText {
    static func lines(_ program: Program, _ language: Language) -> [String] {
        guard !program.indicators.isEmpty else { return [] }
        var lines = ["", "indicators  (\(program.indicators.count)): id, version, title, unit"]
        for indicator in program.indicators {
            let mark = indicator.isExperimental ? "  experimental" : ""
            lines.append(
                "  \(indicator.id)\tv\(indicator.version)\t\(indicator.title[language])\t\(indicator.unit[language])\(mark)"
            )
            lines.append("      \(indicator.definition[language])")
            let day = indicator.eventDate ?? program.fileType(indicator.over)?.eventDate ?? ""
            let dimensions = indicator.dimensions.isEmpty ? "" : "; by \(indicator.dimensions.joined(separator: ", "))"
            let earlier = indicator.earlier.map { "v\($0.version)" }.joined(separator: ", ")
            lines.append(
                "      \(kind(indicator)) over \(indicator.over), day \(day)\(dimensions)"
                    + (earlier.isEmpty ? "" : "; earlier \(earlier)"))
        }
        if !program.dimensions.isEmpty { lines += ["", "dimensions"] }
        for dimension in program.dimensions {
            let fields = dimension.fields.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            let groups = dimension.groups.map(\.id).joined(separator: ", ")
            lines.append(
                "  \(dimension.id)\t\(dimension.title[language])\t\(fields.joined(separator: ", ")): \(groups)")
        }
        if !program.concepts.isEmpty { lines += ["", "concepts"] }
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
        case .count: "count"
        case .share: "share"
        case .ratio: "ratio"
        case .sum: "sum"
        case .mean: "mean"
        case .percentile(50): "median"
        case .percentile(let percent): "percentile \(percent)"
        case .distinct: "number of different values"
        }
    }
}
