public import JSON
public import SurveillanceKit

/// The figures that were asked for, as pages, the API and commands show them.
public struct FigureSeries: Sendable {
    public var request: FigureRequest
    public var indicator: Indicator
    /// The instant as of which all was known.
    public var asOf: Instant
    /// By period, then place, level and groups.
    public var rows: [Row]
    /// What is counted of records whose day is empty or impossible: no period has them. Nil where that is not counted.
    public var withoutDay: Figure?
    /// Institutions whose figures are being worked out anew.
    public var outdated: Int
    /// How late records of the asked places usually come; nil where time is not split, or the history is too short to say.
    public var delay: ReportingDelay?
    /// Why nothing can be said of it.
    public var delayNote: BilingualText?
    /// The civil day as of which the figures are told.
    public var today: CivilDate
    /// What is known of the last days; nil where time is not split, or something else is.
    public var completeness: Completeness?

    public struct Row: Hashable, Sendable {
        /// Nil where time is not split.
        public var period: FigurePeriod?
        /// What each split of the request says, in its order: a region's digits, a code, a group.
        public var keys: [String]
        public var figure: Figure
        /// As of when it was known, where that is another instant than the series': outside of the own scope a number may stay as it was shown.
        public var asOf: Instant?

        public init(period: FigurePeriod?, keys: [String], figure: Figure, asOf: Instant? = nil) {
            self.period = period
            self.keys = keys
            self.figure = figure
            self.asOf = asOf
        }
    }

    public init(
        request: FigureRequest, indicator: Indicator, asOf: Instant, rows: [Row], withoutDay: Figure? = nil,
        outdated: Int = 0, delay: ReportingDelay? = nil, delayNote: BilingualText? = nil,
        today: CivilDate = CivilDate(daysSince1970: 0), completeness: Completeness? = nil
    ) {
        self.request = request
        self.indicator = indicator
        self.asOf = asOf
        self.rows = rows
        self.withoutDay = withoutDay
        self.outdated = outdated
        self.delay = delay
        self.delayNote = delayNote
        self.today = today
        self.completeness = completeness
    }

    /// The answer of the API and of `vedette indicator show --format json`.
    ///
    /// - Parameter time: writes an instant in the program's zone.
    public func json(time: (Instant) -> String) -> JSONValue {
        let rows = rows.map { row -> JSONValue in
            var members: [(String, JSONValue)] = [("period", .string(period(of: row)))]
            for (split, key) in zip(request.splits, row.keys) { members.append((split.name, .string(key))) }
            if let asOf = row.asOf { members.append(("asOf", .string(time(asOf)))) }
            members += row.figure.members
            if let percent = expectedPercent(row) { members.append(("expectedPercent", .integer(percent))) }
            return .object(members)
        }
        var members: [(String, JSONValue)] = [
            ("id", .string(indicator.id)), ("version", .integer(indicator.version)), ("asOf", .string(time(asOf))),
            ("program", .string(request.program)),
        ]
        if let delay {
            members.append(("provisionalFrom", .string("\(today.advanced(byDays: 1 - delay.provisionalDays))")))
        }
        if outdated > 0 { members.append(("institutionsBeingWorkedOut", .integer(outdated))) }
        if let withoutDay, let count = withoutDay.denominator ?? withoutDay.value {
            members.append(("withoutDay", count.json))
        }
        if let completeness { members.append(("completeness", completeness.json)) }
        return .object(members + [("rows", .array(rows))])
    }

    /// How much of a provisional row's records should be there by now, in whole percent.
    public func expectedPercent(_ row: Row) -> Int? {
        guard row.figure.status == .provisional, let period = row.period else { return nil }
        return delay?.expectedPercent(period, today: today)
    }

    /// The key of a row's period; of one over all time the days that were asked for.
    public func period(of row: Row) -> String {
        if let period = row.period { return period.key }
        guard let from = request.from, let to = request.to else { return "total" }
        return "\(from)/\(to)"
    }

    /// The same as a table for a file.
    public func table(time: (Instant) -> String) -> FigureTable {
        let place = request.splits.firstIndex { $0.isPlace }
        let group = request.splits.firstIndex { !$0.isPlace }
        return FigureTable(
            indicator: "\(request.program)/\(indicator.id)", title: indicator.title, asOf: time(asOf),
            periods: request.by ?? .year, dimension: group.map { request.splits[$0].name } ?? "age",
            rows: rows.compactMap { row in
                let period = row.period ?? request.from.map { FigurePeriod(.year, holding: $0) }
                guard let period else { return nil }
                return FigureTable.Row(
                    period,
                    region: place.map { row.keys[$0] } ?? request.institution ?? request.region?.prefix ?? "nation",
                    group: group.map { row.keys[$0] } ?? FigureTable.total, row.figure)
            })
    }
}
