import SurveillanceKit

/// Moments and durations as text, and moments as civil time.
///
/// Source: RFC 3339 for moments; for durations the form of Go's `time.ParseDuration`, which CEL follows: `1h30m`,
/// `-1.5s`.
enum TimeText {
    /// 0001-01-01T00:00:00Z and the last second of 9999.
    static let firstSecond: Int64 = -62_135_596_800
    static let lastSecond: Int64 = 253_402_300_799
    /// Durations are what 64 bits of nanoseconds hold, about 292 years either way.
    static let maximumDurationSeconds: Int64 = 9_223_372_036

    static func timestamp(_ text: String) -> Duration? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, let year = digits(bytes, 0, 4), let month = digits(bytes, 5, 2),
            let day = digits(bytes, 8, 2), let hour = digits(bytes, 11, 2), let minute = digits(bytes, 14, 2),
            let second = digits(bytes, 17, 2), bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] | 0x20 == 0x74,
            bytes[13] == 0x3A, bytes[16] == 0x3A, hour < 24, minute < 60, second < 60,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var position = 19
        var nanoseconds: Int64 = 0
        if bytes[position] == 0x2E {
            position += 1
            var scale: Int64 = 100_000_000
            let start = position
            while position < bytes.count, bytes[position].isDigit {
                nanoseconds += Int64(bytes[position] - 0x30) * scale
                scale /= 10
                position += 1
            }
            guard position > start, position - start <= 9 else { return nil }
        }
        let offset: Int
        if position == bytes.count - 1, bytes[position] | 0x20 == 0x7A {
            offset = 0
        } else {
            guard position == bytes.count - 6, bytes[position] == 0x2B || bytes[position] == 0x2D,
                let seconds = zoneOffset(String(decoding: bytes[position...], as: UTF8.self))
            else { return nil }
            offset = seconds
        }
        let seconds = Int64(date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset)
        return checkedTimestamp(.seconds(seconds) + .nanoseconds(nanoseconds))
    }

    private static func digits(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int? {
        guard start + count <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[start..<(start + count)] {
            guard byte.isDigit else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    /// Seconds east of UTC: `UTC`, `+08:00`, `-02:30`, `08:00`, `8:00`. Named zones are `Zone`'s.
    static func zoneOffset(_ text: String) -> Int? {
        if text == "UTC" || text == "Z" { return 0 }
        var bytes = Array(text.utf8)
        var sign = 1
        if let first = bytes.first, first == 0x2B || first == 0x2D {
            sign = first == 0x2D ? -1 : 1
            bytes.removeFirst()
        }
        if bytes.count == 4 { bytes.insert(0x30, at: 0) }
        guard bytes.count == 5, bytes[2] == 0x3A, let hours = digits(bytes, 0, 2), let minutes = digits(bytes, 3, 2),
            hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }

    static func duration(_ text: String) -> Duration? {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == 0x2D
        if isNegative || bytes.first == 0x2B { bytes = bytes.dropFirst() }
        if bytes.elementsEqual("0".utf8) { return .zero }
        guard !bytes.isEmpty else { return nil }
        var total = Duration.zero
        while !bytes.isEmpty {
            let whole = bytes.prefix { $0.isDigit }
            bytes = bytes.dropFirst(whole.count)
            var fraction = ArraySlice<UInt8>()
            if bytes.first == 0x2E {
                bytes = bytes.dropFirst()
                fraction = bytes.prefix { $0.isDigit }
                bytes = bytes.dropFirst(fraction.count)
            }
            let unit = bytes.prefix { !$0.isDigit && $0 != 0x2E }
            bytes = bytes.dropFirst(unit.count)
            guard !whole.isEmpty || !fraction.isEmpty,
                let nanoseconds = nanosecondsPerUnit[String(decoding: unit, as: UTF8.self)],
                let count = Int64(whole.isEmpty ? "0" : String(decoding: whole, as: UTF8.self)),
                count <= maximumDurationSeconds * 1_000_000_000 / nanoseconds
            else { return nil }
            total += .nanoseconds(count * nanoseconds)
            var scale = nanoseconds
            for digit in fraction.prefix(18) {
                scale /= 10
                total += .nanoseconds(Int64(digit - 0x30) * scale)
            }
            guard checkedDuration(total) != nil else { return nil }
        }
        return checkedDuration(isNegative ? .zero - total : total)
    }

    private static let nanosecondsPerUnit: [String: Int64] = [
        "ns": 1, "us": 1000, "µs": 1000, "μs": 1000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000,
    ]

    /// The moment itself where CEL has it: years 1 to 9999.
    static func checkedTimestamp(_ value: Duration) -> Duration? {
        value >= .seconds(firstSecond) && value < .seconds(lastSecond + 1) ? value : nil
    }

    static func checkedDuration(_ value: Duration) -> Duration? {
        let limit = Duration.nanoseconds(Int64.max)
        return value <= limit && value >= .zero - limit ? value : nil
    }

    /// Whole seconds, rounded down, so that the rest is never negative.
    static func floorSeconds(_ value: Duration) -> Int64 {
        let (seconds, attoseconds) = value.components
        return attoseconds < 0 ? seconds - 1 : seconds
    }

    static func nanoseconds(_ value: Duration) -> Int64 {
        let rest = value.components.attoseconds / 1_000_000_000
        return rest < 0 ? rest + 1_000_000_000 : rest
    }

    // MARK: Writing

    static func string(timestamp value: Duration) -> String {
        let seconds = floorSeconds(value)
        let (year, month, day) = CivilDate(daysSince1970: Int(floorDays(seconds))).yearMonthDay
        let rest = seconds &- floorDays(seconds) &* 86_400
        let time = "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
        let paddedYear = String(repeating: "0", count: Swift.max(0, 4 - "\(year)".count)) + "\(year)"
        return "\(paddedYear)-\(two(Int64(month)))-\(two(Int64(day)))T\(time)\(fraction(nanoseconds(value)))Z"
    }

    static func string(duration value: Duration) -> String {
        let (seconds, attoseconds) = value.components
        let sign = seconds < 0 || attoseconds < 0 ? "-" : ""
        return "\(sign)\(seconds.magnitude)\(fraction(Int64((attoseconds / 1_000_000_000).magnitude)))s"
    }

    private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func fraction(_ nanoseconds: Int64) -> String {
        guard nanoseconds > 0 else { return "" }
        var digits = Array(String(1_000_000_000 + nanoseconds).dropFirst())
        while digits.last == "0" { digits.removeLast() }
        return "." + String(digits)
    }

    static func floorDays(_ seconds: Int64) -> Int64 {
        seconds >= 0 ? seconds / 86_400 : -((-(seconds + 1)) / 86_400) - 1
    }
}
