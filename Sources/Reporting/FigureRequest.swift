public import SurveillanceKit

/// Which figures of one indicator somebody asks for, as addresses and commands say it.
public struct FigureRequest: Hashable, Sendable {
    public var program: String
    public var indicator: String
    /// Nil for the definition in force.
    public var version: Int?
    public var by: FigurePeriod.Kind?
    public var splits: [Split]
    /// The first and the last day of events; nil where there is no bound.
    public var from: CivilDate?
    public var to: CivilDate?
    /// As it was known at that instant; nil for now.
    public var asOf: Instant?
    /// The earlier instant with which it is compared.
    public var compareTo: Instant?
    public var institution: String?
    public var region: Region?
    public var levels: Set<Institution.Level>
    /// For a dimension the groups that count.
    public var groups: [String: Set<String>]

    /// What figures are split by, besides time.
    public enum Split: Hashable, Sendable {
        /// The division below the one that is asked for.
        case region
        case province
        case prefecture
        case county
        /// South and north.
        case zone
        case institution
        case level
        case dimension(String)

        public var name: String {
            switch self {
            case .region: "region"
            case .province: "province"
            case .prefecture: "prefecture"
            case .county: "county"
            case .zone: "zone"
            case .institution: "institution"
            case .level: "level"
            case .dimension(let id): id
            }
        }
    }

    public init(
        program: String, indicator: String, version: Int? = nil, by: FigurePeriod.Kind? = nil, splits: [Split] = [],
        from: CivilDate? = nil, to: CivilDate? = nil, asOf: Instant? = nil, compareTo: Instant? = nil,
        institution: String? = nil, region: Region? = nil, levels: Set<Institution.Level> = [],
        groups: [String: Set<String>] = [:]
    ) {
        self.program = program
        self.indicator = indicator
        self.version = version
        self.by = by
        self.splits = splits
        self.from = from
        self.to = to
        self.asOf = asOf
        self.compareTo = compareTo
        self.institution = institution
        self.region = region
        self.levels = levels
        self.groups = groups
    }

    /// What cannot be asked for, and what could.
    public struct Fault: Error, Hashable, Sendable {
        /// The parameter that it is about.
        public var parameter: String
        public var message: BilingualText

        public init(parameter: String, message: BilingualText) {
            self.parameter = parameter
            self.message = message
        }
    }

    /// Reads parameters: `by`, `from`, `to`, `asOf`, `compareTo`, `version`, `institution`, `region`, `level`, and each dimension by its id.
    ///
    /// - Parameters:
    ///   - program: the program as it is declared.
    ///   - parameters: by name; empty values count as not given.
    ///   - knownAt: the instant that a day without a time stands for, its end.
    public init(
        _ program: Program, indicator id: String, _ parameters: [String: String],
        knownAt: (CivilDate) -> Instant
    ) throws(Fault) {
        let given = parameters.filter { !$0.value.isEmpty }
        self.init(program: program.id, indicator: id)
        let dimensions = program.dimensions.map(\.id)
        let known = Set(
            ["by", "from", "to", "asOf", "compareTo", "version", "institution", "region", "level"] + dimensions)
        for name in given.keys.sorted() where !known.contains(name) {
            throw Fault(
                parameter: name,
                message: BilingualText(
                    zh: "没有参数 '\(name)'；有 \(known.sorted().joined(separator: "、"))",
                    en: "there is no parameter '\(name)'; there are \(known.sorted().joined(separator: ", "))"))
        }
        if let text = given["version"] {
            guard let number = Int(text), number > 0 else { throw FigureRequest.unknown("version", text, "1, 2, …") }
            version = number
        }
        if let text = given["by"] { try readSplits(text, dimensions) }
        from = try FigureRequest.day(given, "from")
        to = try FigureRequest.day(given, "to")
        for (name, day) in [("from", from), ("to", to)] {
            guard let day, !(2000...2099).contains(day.yearMonthDay.year) else { continue }
            throw Fault(
                parameter: name,
                message: BilingualText(
                    zh: "'\(name)' 应在 2000 年至 2099 年之间", en: "'\(name)' must lie in the years 2000 to 2099"))
        }
        if let from, let to, to < from {
            throw Fault(
                parameter: "to",
                message: BilingualText(
                    zh: "'to'（\(to)）早于 'from'（\(from)）", en: "'to' (\(to)) is before 'from' (\(from))"))
        }
        asOf = try FigureRequest.instant(given, "asOf", knownAt)
        compareTo = try FigureRequest.instant(given, "compareTo", knownAt)
        institution = given["institution"]
        if let text = given["region"] {
            guard let found = Region(text) else { throw FigureRequest.unknown("region", text, "43, 4301, 430121") }
            region = found
        }
        if let text = given["level"] {
            for part in text.split(separator: ",") {
                guard let level = Institution.Level(rawValue: String(part)) else {
                    throw FigureRequest.unknown(
                        "level", text, Institution.Level.allCases.map(\.rawValue).joined(separator: ", "))
                }
                levels.insert(level)
            }
        }
        for dimension in program.dimensions {
            guard let text = given[dimension.id] else { continue }
            let ids = dimension.groups.map(\.id) + [IndicatorDimension.unknown]
            for part in text.split(separator: ",").map(String.init) {
                guard ids.contains(part) else {
                    throw FigureRequest.unknown(dimension.id, part, ids.joined(separator: ", "))
                }
                groups[dimension.id, default: []].insert(part)
            }
        }
    }

    private mutating func readSplits(_ text: String, _ dimensions: [String]) throws(Fault) {
        for part in text.split(separator: ",").map(String.init) {
            if let kind = FigurePeriod.Kind(rawValue: part), by == nil {
                by = kind
                continue
            }
            let split: Split? =
                switch part {
                case "region": .region
                case "province": .province
                case "prefecture": .prefecture
                case "county": .county
                case "zone": .zone
                case "institution": .institution
                case "level": .level
                default: dimensions.contains(part) ? .dimension(part) : nil
                }
            let isSecondPlace = split?.isPlace == true && splits.contains { $0.isPlace }
            guard let split, !splits.contains(split), !isSecondPlace else {
                let periods = FigurePeriod.Kind.allCases.map(\.rawValue)
                throw FigureRequest.unknown(
                    "by", part,
                    (periods + ["region", "province", "prefecture", "county", "zone", "institution", "level"]
                        + dimensions)
                        .joined(separator: ", "))
            }
            splits.append(split)
        }
    }

    private static func day(_ given: [String: String], _ name: String) throws(Fault) -> CivilDate? {
        guard let text = given[name] else { return nil }
        if let day = CivilDate(text) { return day }
        // The name of a period stands for its first or last day: `from=2026-W40`.
        guard let period = FigurePeriod(key: text) else { throw unknown(name, text, "2026-11-29, 2026-W48, 2026-11") }
        return name == "to" ? period.last : period.first
    }

    private static func instant(
        _ given: [String: String], _ name: String, _ knownAt: (CivilDate) -> Instant
    ) throws(Fault) -> Instant? {
        guard let text = given[name] else { return nil }
        // A `+` that was not escaped comes as a blank.
        if let instant = Instant(withZone: text) ?? Instant(withZone: text.replacing(" ", with: "+")) { return instant }
        // A day alone is its end: what was known when it was over.
        if let day = CivilDate(text) { return knownAt(day) }
        throw unknown(name, text, "2026-11-29T08:00:00+08:00, 2026-11-29")
    }

    private static func unknown(_ parameter: String, _ text: String, _ known: String) -> Fault {
        Fault(
            parameter: parameter,
            message: BilingualText(
                zh: "'\(parameter)' 不能是 '\(text)'；可用 \(known)",
                en: "'\(parameter)' cannot be '\(text)'; it may be \(known)"))
    }
}

extension FigureRequest.Split {
    var isPlace: Bool {
        switch self {
        case .region, .province, .prefecture, .county, .zone, .institution: true
        case .level, .dimension: false
        }
    }
}
