/// How long to wait before the next try: exponential, with full jitter, so that thousands of hospitals do not come back at once.
///
/// Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
public enum Backoff {
    public static let firstMilliseconds: Int64 = 5_000
    public static let longestMilliseconds: Int64 = 15 * 60_000

    /// - Parameters:
    ///   - failures: how many tries have failed so far, at least 1.
    ///   - retryAfter: what the server asked for, in seconds; the wait is never shorter.
    ///   - random: a number of which every value is equally likely.
    public static func milliseconds(failures: Int, retryAfter: Int64? = nil, random: UInt64) -> Int64 {
        let doublings = min(max(failures - 1, 0), 20)
        let longest = min(longestMilliseconds, firstMilliseconds << Int64(doublings))
        let wait = Int64(random % UInt64(longest + 1))
        guard let retryAfter else { return wait }
        // No server of ours asks for more than a day; a wrong one must not silence the hospital for good.
        return max(wait, min(max(retryAfter, 0), 86_400) * 1000)
    }
}
