public import SurveillanceKit

/// How many records of an event day were known after so many days.
public struct KnownRecords: Hashable, Sendable {
    public var day: CivilDate
    /// From the day itself (0) to 28 days later, each with all that came before.
    public var byLag: [Int64]

    public init(day: CivilDate, byLag: [Int64]) {
        self.day = day
        self.byLag = byLag
    }
}

/// How late records usually come, and so which of the last days are provisional.
///
/// The completeness of a day after k days is what was known of it then, as a part of what was known after 28 days. A day is provisional until the
/// first k at which the median completeness of the past 8 weeks is 95 %.
public struct ReportingDelay: Hashable, Sendable {
    /// The last so many days are provisional: from 0 to 28.
    public let provisionalDays: Int
    /// By lag: the median completeness in millionths. More than a million where records were withdrawn later.
    public let medians: [Int64]
    /// How many days it was learned from.
    public let learnedFrom: Int

    /// After so many days a day's records count as complete.
    public static let completeAfterDays = 28
    /// The event days from which it is learned: 8 weeks.
    public static let historyDays = 56
    /// With fewer days that have records nothing is said.
    public static let leastDays = 28
    static let completeEnough: Int64 = 950_000

    /// Why nothing can be said yet.
    public struct TooLittleHistory: Error, Hashable, Sendable {
        /// The days that have records and are 28 days old.
        public var days: Int

        public init(days: Int) { self.days = days }

        public var message: BilingualText {
            BilingualText(
                zh:
                    "历史数据不足，无法判断哪些日期为暂定：需要 \(ReportingDelay.leastDays) 天满 \(ReportingDelay.completeAfterDays) 天的记录，现有 \(days) 天",
                en:
                    "Too little history to say which days are provisional: \(ReportingDelay.leastDays) days with records, each \(ReportingDelay.completeAfterDays) days old, are needed, and there are \(days)."
            )
        }
    }

    /// Learns from the event days that were complete on a day, of the 8 weeks before.
    ///
    /// - Parameters:
    ///   - known: in any order; days outside of the 8 weeks, without records, or with fewer than 29 lags are passed over.
    ///   - today: the day as of which the figures are shown.
    public init(_ known: [KnownRecords], today: CivilDate) throws(TooLittleHistory) {
        let last = today.advanced(byDays: -Self.completeAfterDays)
        let first = last.advanced(byDays: 1 - Self.historyDays)
        let days = known.filter {
            (first...last).contains($0.day) && $0.byLag.count > Self.completeAfterDays
                && $0.byLag[Self.completeAfterDays] > 0
        }
        guard days.count >= Self.leastDays else { throw TooLittleHistory(days: days.count) }
        medians = (0...Self.completeAfterDays).map { lag in
            let parts = days.map { day in
                Int64(Int128(day.byLag[lag]) * 1_000_000 / Int128(day.byLag[Self.completeAfterDays]))
            }.sorted()
            return (parts[(parts.count - 1) / 2] + parts[parts.count / 2]) / 2
        }
        learnedFrom = days.count
        provisionalDays = medians.firstIndex { $0 >= Self.completeEnough } ?? Self.completeAfterDays
    }

    /// Whether a period holds any day that is provisional on a day; the day itself is 0 days old.
    public func isProvisional(_ period: FigurePeriod, today: CivilDate) -> Bool {
        period.last > today.advanced(byDays: -provisionalDays)
    }

    /// The figure, marked where its period is provisional.
    public func marked(_ figure: Figure, of period: FigurePeriod, today: CivilDate) -> Figure {
        isProvisional(period, today: today) ? figure.asProvisional() : figure
    }

    /// How much of a period's records should be there, in whole percent: the mean of what its days usually have by their age.
    ///
    /// Days that are still to come are left out. Never more than 100.
    ///
    /// - Returns: nil for a period that has not begun.
    public func expectedPercent(_ period: FigurePeriod, today: CivilDate) -> Int? {
        guard period.first <= today else { return nil }
        let last = min(period.last, today)
        let days = Int64(last.daysSince1970 - period.first.daysSince1970 + 1)
        let sum = (period.first.daysSince1970...last.daysSince1970).reduce(Int64(0)) { sum, day in
            let lag = min(today.daysSince1970 - day, Self.completeAfterDays)
            return sum + min(1_000_000, medians[lag])
        }
        return Int((sum + days * 5_000) / (days * 10_000))
    }

    /// What stands beside a provisional figure.
    public static func expectation(_ percent: Int) -> BilingualText {
        BilingualText(zh: "暂定：预计目前已收到 \(percent)%", en: "provisional: \(percent) % expected so far")
    }
}
