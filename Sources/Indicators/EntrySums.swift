/// Entries in any order, summed where they differ in nothing but their amounts.
///
/// The values of a report are mostly all different: a dictionary of them would take several times their memory.
struct EntrySums {
    private var all: [IndicatorEntry] = []
    /// So many are summed and in order.
    private var settled = 0
    private static let mostUnsettled = 65_536

    var isEmpty: Bool { all.isEmpty }

    mutating func add(_ entry: IndicatorEntry) {
        all.append(entry)
        if all.count >= max(Self.mostUnsettled, settled * 2) { settle() }
    }

    /// All of them in order, without those that come to nothing.
    mutating func entries() -> [IndicatorEntry] {
        settle()
        return all
    }

    private mutating func settle() {
        all.sort(by: IndicatorEntry.isOrdered)
        var kept = 0
        for place in all.indices {
            let entry = all[place]
            if kept > 0, all[kept - 1].matches(entry) {
                all[kept - 1].amount += entry.amount
            } else {
                if kept > 0, all[kept - 1].amount == 0 { kept -= 1 }
                all[kept] = entry
                kept += 1
            }
        }
        if kept > 0, all[kept - 1].amount == 0 { kept -= 1 }
        all.removeLast(all.count - kept)
        settled = kept
    }
}
