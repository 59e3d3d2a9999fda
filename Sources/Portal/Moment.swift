import SurveillanceKit

/// A moment as pages and the API write it.
struct Moment {
    /// Since 1970-01-01 UTC.
    var milliseconds: Int64

    /// `2026-11-21T09:30:00.123Z`. Source: RFC 3339.
    var utc: String {
        let parts = self.parts(secondsEastOfUTC: 0)
        let fraction = String(1000 + Int(milliseconds - seconds * 1000)).dropFirst()
        return "\(parts.date)T\(parts.time).\(fraction)Z"
    }

    /// `2026-11-21 17:30:00` in the civil time of a place.
    func civil(secondsEastOfUTC: Int) -> String {
        let parts = self.parts(secondsEastOfUTC: secondsEastOfUTC)
        return "\(parts.date) \(parts.time)"
    }

    /// Rounded down, also before 1970.
    private var seconds: Int64 { milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000 }

    private func parts(secondsEastOfUTC: Int) -> (date: String, time: String) {
        let seconds = Int(self.seconds) + secondsEastOfUTC
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let rest = seconds - day * 86_400
        let date = CivilDate(daysSince1970: day).yearMonthDay
        return (
            "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))",
            "\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
        )
    }

    private func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
