extension Instant {
    /// `2026-11-21T09:30:00.123Z`. Source: RFC 3339.
    public var utc: String {
        let parts = parts(secondsEastOfUTC: 0)
        let fraction = String(1000 + milliseconds - seconds * 1000).dropFirst()
        return "\(parts.date)T\(parts.time).\(fraction)Z"
    }

    /// `2026-11-21T09:30:00Z`, rounded down.
    public var utcSeconds: String {
        let parts = parts(secondsEastOfUTC: 0)
        return "\(parts.date)T\(parts.time)Z"
    }

    /// `2026-11-21 17:30:00` in the civil time of a place.
    public func civil(secondsEastOfUTC: Int) -> String {
        let parts = parts(secondsEastOfUTC: secondsEastOfUTC)
        return "\(parts.date) \(parts.time)"
    }

    /// The moment that `utc` writes so; nil for any other text.
    public init?(utc text: String) {
        let parts = text.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
        guard text.utf8.count == 24, parts.count == 7, parts[3] < 24, parts[4] < 60, parts[5] < 60,
            let date = CivilDate(year: parts[0], month: parts[1], day: parts[2])
        else { return nil }
        let seconds = date.daysSince1970 * 86_400 + parts[3] * 3600 + parts[4] * 60 + parts[5]
        self.init(milliseconds: Int64(seconds * 1000 + parts[6]))
        guard utc == text else { return nil }
    }

    private func parts(secondsEastOfUTC: Int) -> (date: String, time: String) {
        let seconds = Int(self.seconds) + secondsEastOfUTC
        let rest = (seconds % 86_400 + 86_400) % 86_400
        let date = CivilDate(daysSince1970: (seconds - rest) / 86_400).yearMonthDay
        func padded(_ number: Int, _ width: Int = 2) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return (
            "\(padded(date.year, 4))-\(padded(date.month))-\(padded(date.day))",
            "\(padded(rest / 3600)):\(padded(rest / 60 % 60)):\(padded(rest % 60))"
        )
    }
}
