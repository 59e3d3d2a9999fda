import SurveillanceKit

/// Reads days and moments in the standard's form and in the forms that real exporters write.
///
/// `2026-03-05` and `2026-03-05 08:01:02`; also `2026/3/5 8:01:02`: slashes for dashes, and one digit where two belong; `T` between day and
/// time, and `.000` behind the seconds. A day may carry a time of midnight, with or without seconds, as database exports and spreadsheets
/// write it. What is written in yet other ways is left to `LooseMoment`.
///
/// Source: the field tables' `format` column and the exporters' habits.
enum DateText {
    private static let secondsPerDay: Int64 = 86_400

    /// Seconds since 1970 of the day's midnight.
    @inline(__always)
    static func day(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        if text.count == 10, let start = text.baseAddress, let day = fixedDay(start) { return day }
        guard let parts = parse(text), parts.time ?? 0 == 0 else { return nil }
        return parts.day
    }

    /// Seconds since 1970 of a civil moment, read as if it were UTC.
    @inline(__always)
    static func moment(_ text: UnsafeBufferPointer<UInt8>, acceptsBareDay: Bool) -> Int64? {
        if text.count == 19, let start = text.baseAddress, start[10] == UInt8(ascii: " "), let day = fixedDay(start),
            let time = fixedTime(start + 11)
        {
            return day &+ time
        }
        guard let parts = parse(text) else { return nil }
        if let time = parts.time { return parts.hasSeconds ? parts.day + time : nil }
        return acceptsBareDay ? parts.day : nil
    }

    /// The day of ten bytes in the form `2026-03-05`.
    @inline(__always)
    private static func fixedDay(_ start: UnsafePointer<UInt8>) -> Int64? {
        let thousands = start[0] &- 0x30
        let hundreds = start[1] &- 0x30
        guard thousands <= 9, hundreds <= 9, let rest = ShortText.pairs(ShortText.load(start + 2), parted: 0x2D) else {
            return nil
        }
        let year = Int(thousands) &* 1000 &+ Int(hundreds) &* 100 &+ rest.0
        guard let day = CivilDate(year: year, month: rest.1, day: rest.2) else { return nil }
        return Int64(day.daysSince1970) &* secondsPerDay
    }

    /// The seconds of eight bytes in the form `08:01:02`.
    @inline(__always)
    private static func fixedTime(_ start: UnsafePointer<UInt8>) -> Int64? {
        guard let parts = ShortText.pairs(ShortText.load(start), parted: 0x3A), parts.0 < 24, parts.1 < 60, parts.2 < 60
        else {
            return nil
        }
        return Int64(parts.0 &* 3600 &+ parts.1 &* 60 &+ parts.2)
    }

    @inline(never)
    private static func parse(_ text: UnsafeBufferPointer<UInt8>) -> (day: Int64, time: Int64?, hasSeconds: Bool)? {
        var index = 0
        func number(_ minimum: Int, _ maximum: Int) -> Int? {
            let start = index
            var value = 0
            while index < text.count, index - start < maximum, text[index] &- 0x30 <= 9 {
                value = value * 10 + Int(text[index] &- 0x30)
                index += 1
            }
            return index - start >= minimum ? value : nil
        }
        func take(_ byte: UInt8) -> Bool {
            guard index < text.count, text[index] == byte else { return false }
            index += 1
            return true
        }
        guard let year = number(4, 4), index < text.count else { return nil }
        let separator = text[index]
        guard separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/") else { return nil }
        index += 1
        guard let month = number(1, 2), take(separator), let dayOfMonth = number(1, 2),
            let date = CivilDate(year: year, month: month, day: dayOfMonth)
        else { return nil }
        let day = Int64(date.daysSince1970) * secondsPerDay
        if index == text.count { return (day, nil, false) }
        if !take(UInt8(ascii: "T")) {
            guard take(UInt8(ascii: " ")) else { return nil }
            while take(UInt8(ascii: " ")) {}
        }
        guard let hour = number(1, 2), take(UInt8(ascii: ":")), let minute = number(1, 2), hour < 24, minute < 60 else {
            return nil
        }
        let time = Int64(hour * 3600 + minute * 60)
        if index == text.count { return (day, time, false) }
        guard take(UInt8(ascii: ":")), let second = number(1, 2), second < 60 else { return nil }
        if take(UInt8(ascii: ".")) {
            let start = index
            while take(UInt8(ascii: "0")) {}
            guard index > start else { return nil }
        }
        return index == text.count ? (day, time + Int64(second), true) : nil
    }
}
