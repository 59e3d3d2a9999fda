import JSON
public import SurveillanceKit

/// How many records of each of the last days are known so far, and how much of a day is known so early as a rule.
public struct Completeness: Hashable, Sendable {
    /// The latest day first.
    public let days: [Day]
    /// Records whose day is empty or impossible, over all time.
    public let withoutDay: Int64

    public struct Day: Hashable, Sendable {
        public var day: CivilDate
        public var records: Int64
        /// In whole percent of what will be known; nil where the history is too short to say.
        public var expectedPercent: Int?
    }

    /// So many days are shown.
    public static let dayCount = 14

    public init(
        known: [(day: CivilDate, records: Int64)], withoutDay: Int64, _ delay: ReportingDelay?, today: CivilDate
    ) {
        days = known.map { day, records in
            Day(
                day: day, records: records,
                expectedPercent: delay?.expectedPercent(FigurePeriod(.day, holding: day), today: today))
        }
        self.withoutDay = withoutDay
    }

    var json: JSONValue {
        let days = days.map { day -> JSONValue in
            var members: [(String, JSONValue)] = [
                ("day", .string("\(day.day)")), ("records", .integer(Int(day.records))),
            ]
            if let percent = day.expectedPercent { members.append(("expectedPercent", .integer(percent))) }
            return .object(members)
        }
        return .object([("days", .array(days)), ("withoutDay", .integer(Int(withoutDay)))])
    }
}
