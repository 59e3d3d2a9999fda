extension BinaryInteger {
    /// A count and its noun in English: `1 row`, `2 rows`, `0 rows`.
    ///
    /// - Parameters:
    ///   - one: what follows the number 1.
    ///   - many: what follows any other; `one` with an `s` where nothing is given.
    public func counted(_ one: String, _ many: String? = nil) -> String {
        "\(self) \(self == 1 ? one : many ?? one + "s")"
    }
}
