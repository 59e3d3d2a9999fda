import SurveillanceKit

/// Dates as HTTP headers write them.
///
/// Source: RFC 9110, 5.6.7 (IMF-fixdate; the two obsolete forms are not read).
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`
    static func instant(_ text: String) -> Instant? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]),
            let month = months.firstIndex(of: String(words[2])),
            let year = Int(words[3]), let date = CivilDate(year: year, month: month + 1, day: day)
        else { return nil }
        let time = words[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, (0..<24).contains(time[0]), (0..<60).contains(time[1]), (0...60).contains(time[2]) else {
            return nil
        }
        return Instant(seconds: Int64(date.daysSince1970) * 86_400 + Int64(time[0] * 3600 + time[1] * 60 + time[2]))
    }

    /// The seconds that `Retry-After` asks for: a number, or a date as seen from the answer's own date.
    static func retryAfter(_ value: String?, date: String?, now: Instant) -> Int64? {
        guard let value else { return nil }
        if let seconds = Int64(value) { return seconds }
        guard let until = instant(value) else { return nil }
        return until.seconds - (date.flatMap(instant) ?? now).seconds
    }
}
