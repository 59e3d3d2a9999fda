extension TableWriter {
    /// The records that were written.
    struct Written {
        var added: [Int64] = []
        var changed: [Int64] = []
        var withdrawn: [Int64] = []
        /// By day, in days since 1970, where the program covers days.
        var days: [Int: [Int64]] = [:]
        /// By how many current records each day has more or fewer than before.
        var dayCounts: [Int: Int] = [:]

        mutating func add(_ other: Written) {
            added += other.added
            changed += other.changed
            withdrawn += other.withdrawn
            days.merge(other.days, uniquingKeysWith: +)
            dayCounts.merge(other.dayCounts, uniquingKeysWith: +)
        }
    }
}
