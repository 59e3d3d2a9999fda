/// The sets of characters that a pattern names, each once, by number.
struct PatternSets {
    private(set) var sets: [ScalarSet] = []
    /// How many ranges they have together.
    private(set) var ranges = 0
    private var numbers: [ScalarSet: Int] = [:]

    mutating func number(of set: ScalarSet) -> Int {
        if let number = numbers[set] { return number }
        numbers[set] = sets.count
        sets.append(set)
        ranges += set.ranges.count
        return sets.count - 1
    }
}
