/// The interval in which a share lies with 95 % confidence, as parts of 1.
///
/// It never leaves 0 to 1, and says something also where nobody or everybody is counted.
/// Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209, without correction for continuity.
public struct WilsonInterval: Hashable, Sendable {
    public let lower: Double
    public let upper: Double

    /// The 97.5 % quantile of the standard normal distribution.
    static let z = 1.959963984540054

    /// - Returns: nil where there is nothing to count among, or where the count is no part of it.
    public init?(_ count: Int64, of total: Int64) {
        guard total > 0, (0...total).contains(count) else { return nil }
        let (share, n, square) = (Double(count) / Double(total), Double(total), Self.z * Self.z)
        let middle = share + square / (2 * n)
        let half = Self.z * (share * (1 - share) / n + square / (4 * n * n)).squareRoot()
        let scale = 1 + square / n
        lower = count == 0 ? 0 : max(0, (middle - half) / scale)
        upper = count == total ? 1 : min(1, (middle + half) / scale)
    }
}
