import SurveillanceKit

/// Moments as receipts write them: `2026-11-21T09:30:00.123Z`.
///
/// Source: RFC 3339.
enum UTCTime {
    private static let millisecondsPerDay: Int64 = 86_400_000

    /// - Parameter milliseconds: since 1970-01-01 UTC.
    static func text(_ milliseconds: Int64) -> String {
        var (day, rest) = milliseconds.quotientAndRemainder(dividingBy: millisecondsPerDay)
        if rest < 0 { (day, rest) = (day - 1, rest + millisecondsPerDay) }
        let date = CivilDate(daysSince1970: Int(day)).yearMonthDay
        let time = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60].map { padded(Int($0), 2) }.joined(
            separator: ":")
        return
            "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T\(time).\(padded(Int(rest % 1000), 3))Z"
    }

    /// Milliseconds since 1970-01-01 UTC, or nil where the text is not as `text` writes it.
    static func milliseconds(_ text: String) -> Int64? {
        let parts = text.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
        guard text.utf8.count == 24, parts.count == 7, parts[3] < 24, parts[4] < 60, parts[5] < 60,
            let date = CivilDate(year: parts[0], month: parts[1], day: parts[2])
        else { return nil }
        let seconds = parts[3] * 3600 + parts[4] * 60 + parts[5]
        let milliseconds = Int64(date.daysSince1970) * millisecondsPerDay + Int64(seconds * 1000 + parts[6])
        return self.text(milliseconds) == text ? milliseconds : nil
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
