/// A day as spreadsheets count it, where a date has lost its format: 46334 is 2026-11-08.
enum SerialDate {
    /// Whether a text is such a number, between 1927 and 2064, beyond which nobody's dates lie; with a fraction where it has a time.
    static func matches(_ text: some Collection<UInt8>) -> Bool {
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, whole.count == 5, parts.dropFirst().allSatisfy({ !$0.isEmpty }),
            parts.joined().allSatisfy({ $0 &- 0x30 <= 9 })
        else { return false }
        return (10_000..<60_000).contains(whole.reduce(0) { $0 * 10 + Int($1 &- 0x30) })
    }
}
