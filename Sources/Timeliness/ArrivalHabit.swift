/// When an institution's daily report usually comes, learned from the days before.
public struct ArrivalHabit: Sendable {
    /// By when the report has always come, with a margin, in milliseconds of the civil day; nil where the history is too short to say.
    public let latest: Int?

    /// Fewer days are no habit.
    public static let fewestDays = 14
    /// Older days say nothing.
    public static let mostDays = 60
    /// Whoever has not reported by so long before the deadline is told in any case.
    public static let lastCall = 60 * 60_000
    private static let margin = 15 * 60_000

    /// - Parameter arrivals: milliseconds of the civil day at which the first report of each day came, the latest day last.
    public init(_ arrivals: [Int]) {
        let days = arrivals.suffix(ArrivalHabit.mostDays)
        guard days.count >= ArrivalHabit.fewestDays, let last = days.max() else {
            latest = nil
            return
        }
        let sorted = days.sorted()
        let median = sorted[sorted.count / 2]
        let spread = days.map { abs($0 - median) }.sorted()[days.count / 2]
        latest = max(last, median + 8 * spread) + ArrivalHabit.margin
    }

    /// From when on a day without a report is called silent: never later than the last call before the deadline.
    ///
    /// - Parameter due: the deadline, in milliseconds of the day.
    public func silentFrom(due: Int) -> Int { min(latest ?? .max, due - ArrivalHabit.lastCall) }
}
