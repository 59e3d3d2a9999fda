import SurveillanceKit

/// A day or moment as it is written, taken apart before anybody asks whether the calendar has it.
///
/// For cells that `DateText` does not read: what databases, spreadsheets and JSON add to a moment (`T`, `.000`, `+08:00`, `上午`, `PM`) and
/// what they take from it (seconds). Blanks of other widths have become blanks before.
struct LooseMoment {
    var year = 0
    var month = 0
    var day = 0
    /// The hour of 24, or nil where there is no time of day.
    var hour: Int?
    var minute = 0
    var second: Int?
    /// The second has a fraction other than zero.
    var hasFraction = false
    /// Seconds east of UTC, where the text says so.
    var offset: Int?
    /// The time was written with `AM`, `PM`, `上午` or `下午`.
    var isTwelveHour = false

    init?(_ text: [UInt8]) {
        var reader = Reader(rest: text[...])
        guard readDay(&reader) else { return nil }
        let parted = reader.takeBlanks() || reader.take("T") || reader.take("t")
        if reader.rest.isEmpty { return }
        _ = reader.takeBlanks()
        var marker = reader.takeMarker()
        guard parted || marker != nil else { return nil }
        _ = reader.takeBlanks()
        guard let hour = reader.number(1...2), reader.take(":"), let minute = reader.number(1...2) else { return nil }
        self.minute = minute
        if reader.take(":") {
            guard let second = reader.number(1...2) else { return nil }
            self.second = second
            if reader.take(".") || reader.take(",") {
                let digits = reader.rest.prefix { $0 &- 0x30 <= 9 }
                guard (1...9).contains(digits.count) else { return nil }
                hasFraction = digits.contains { $0 != 0x30 }
                reader.rest = reader.rest.dropFirst(digits.count)
            }
        }
        _ = reader.takeBlanks()
        if marker == nil { marker = reader.takeMarker() }
        guard let hour24 = LooseMoment.hour(hour, marker) else { return nil }
        self.hour = hour24
        isTwelveHour = marker != nil
        if !reader.rest.isEmpty {
            guard let offset = reader.takeOffset() else { return nil }
            self.offset = offset
        }
        guard reader.rest.isEmpty, hour24 < 24, minute < 60, second ?? 0 < 60 else { return nil }
    }

    /// `2026-11-01`, `2026/11/1`; a day of American writing, `1/1/1900`, for placeholders alone.
    private mutating func readDay(_ reader: inout Reader) -> Bool {
        guard let first = reader.digits(1...4), let separator = reader.takeSeparator(),
            let second = reader.number(1...2),
            reader.take(separator), let third = reader.digits(1...4)
        else { return false }
        if first.count == 4, third.count <= 2 {
            (year, month, day) = (first.value, second, third.value)
            return true
        }
        guard third.count == 4, first.count <= 2 else { return false }
        (year, month, day) = (third.value, first.value, second)
        return placeholder != nil
    }

    private static func hour(_ hour: Int, _ marker: Reader.Marker?) -> Int? {
        switch marker {
        case nil: hour
        case .morning: hour == 12 ? 0 : hour < 12 ? hour : nil
        case .afternoon: hour == 12 ? 12 : (1...11).contains(hour) ? hour + 12 : nil
        }
    }

    /// Seconds since 1970 of the day's midnight, or nil where the calendar has no such day.
    var dayStart: Int64? {
        CivilDate(year: year, month: month, day: day).map { Int64($0.daysSince1970) * 86_400 }
    }

    var secondsOfDay: Int64 { Int64((hour ?? 0) * 3600 + minute * 60 + (second ?? 0)) }

    /// What a day is that systems write where they have none.
    enum Placeholder {
        /// No date of a patient's at all.
        case always
        /// A day on which somebody may have been born.
        case events
        /// A day on which hardly anybody was born: to be looked at.
        case unlikelyBirth
    }

    var placeholder: Placeholder? { LooseMoment.placeholder(year, month, day) }

    /// Source: the zero dates of MySQL (0000-00-00), Oracle and C# (0001-01-01), SQL Server (1753-01-01, 1900-01-01), Windows (1601-01-01),
    /// Excel (1899-12-30, 1899-12-31, 1900-01-00), Unix (1970-01-01); the last days of systems (2079-06-06, 2099-12-31, 9999-12-31).
    static func placeholder(_ year: Int, _ month: Int, _ day: Int) -> Placeholder? {
        switch (year, month, day) {
        case (0, _, _), (9999, _, _), (_, 0, 0), (1900, 1, 0): .always
        case (1, 1, 1), (1000, 1, 1), (1111, 11, 11), (1601, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 12, 31),
            (2079, 6, 6), (2099, 12, 31), (2999, 12, 31), (3000, 1, 1):
            .always
        case (1900, 1, 1): .unlikelyBirth
        case (1904, 1, 1), (1970, 1, 1): .events
        default: nil
        }
    }
}

/// Reads a moment's parts from left to right.
private struct Reader {
    enum Marker {
        case morning
        case afternoon
    }

    var rest: ArraySlice<UInt8>

    /// A number and how many digits it has.
    mutating func digits(_ digits: ClosedRange<Int>) -> (value: Int, count: Int)? {
        let count = min(rest.prefix { $0 &- 0x30 <= 9 }.count, digits.upperBound)
        guard count >= digits.lowerBound else { return nil }
        let value = rest.prefix(count).reduce(0) { $0 * 10 + Int($1 &- 0x30) }
        rest = rest.dropFirst(count)
        return (value, count)
    }

    mutating func number(_ digits: ClosedRange<Int>) -> Int? { self.digits(digits)?.value }

    mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    mutating func takeSeparator() -> String? { take("-") ? "-" : take("/") ? "/" : nil }

    mutating func takeBlanks() -> Bool {
        let blanks = rest.prefix { $0 == 0x20 }.count
        rest = rest.dropFirst(blanks)
        return blanks > 0
    }

    mutating func takeMarker() -> Marker? {
        for text in ["上午", "AM", "am", "Am", "A.M.", "a.m."] where take(text) { return .morning }
        for text in ["下午", "PM", "pm", "Pm", "P.M.", "p.m."] where take(text) { return .afternoon }
        return nil
    }

    /// `Z`, `+08:00`, `+0800`, `+08`: seconds east of UTC.
    mutating func takeOffset() -> Int? {
        if take("Z") || take("z") { return 0 }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = number(2...2) else { return nil }
        _ = take(":")
        let minutes = number(2...2) ?? 0
        guard hours <= 14, minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
