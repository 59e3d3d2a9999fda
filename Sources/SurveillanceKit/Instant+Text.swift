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

    /// `2020-08-25T23:59:59.999+08:00`: the civil time of a place with its offset. Source: RFC 3339.
    public func text(secondsEastOfUTC offset: Int) -> String {
        let parts = parts(secondsEastOfUTC: offset)
        let fraction = String(1000 + milliseconds - seconds * 1000).dropFirst()
        let minutes = abs(offset) / 60
        let hours = minutes / 60
        let zone =
            "\(offset < 0 ? "-" : "+")\(hours < 10 ? "0" : "")\(hours):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
        return "\(parts.date)T\(parts.time).\(fraction)\(zone)"
    }

    /// A moment with its zone as RFC 3339 writes it: `2020-08-25T17:00:00+08:00`, `2020-08-25T09:00:00.001Z`.
    ///
    /// What is finer than a millisecond is rounded up, so that nothing becomes earlier than it was.
    ///
    /// - Returns: nil for any other text; one without a zone names no moment.
    public init?(withZone text: String) {
        let bytes = Array(text.utf8)
        func number(_ start: Int, _ count: Int) -> Int? {
            guard start + count <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[start..<(start + count)] {
                guard byte &- 0x30 <= 9 else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] | 0x20 == 0x74, bytes[13] == 0x3A,
            bytes[16] == 0x3A, let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
            let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2), hour < 24, minute < 60,
            second < 60, let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var place = 19
        var fraction = 0
        if bytes[place] == 0x2E {
            let digits = bytes[(place + 1)...].prefix { $0 &- 0x30 <= 9 }
            guard (1...9).contains(digits.count) else { return nil }
            let padded = Array(digits) + [UInt8](repeating: 0x30, count: 9 - digits.count)
            let nanoseconds = padded.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            fraction = (nanoseconds + 999_999) / 1_000_000
            place += 1 + digits.count
        }
        guard place < bytes.count else { return nil }
        var offset = 0
        if bytes[place] | 0x20 == 0x7A {
            guard place == bytes.count - 1 else { return nil }
        } else {
            guard place == bytes.count - 6, bytes[place] == 0x2B || bytes[place] == 0x2D, bytes[place + 3] == 0x3A,
                let hours = number(place + 1, 2), let minutes = number(place + 4, 2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (bytes[place] == 0x2D ? -1 : 1)
        }
        let seconds = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.init(milliseconds: Int64(seconds * 1000 + fraction))
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
