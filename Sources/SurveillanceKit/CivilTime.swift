/// A day of the proleptic Gregorian calendar, as days since 1970-01-01.
public struct CivilDate: Hashable, Comparable, Sendable {
    public var daysSince1970: Int

    public init(daysSince1970: Int) { self.daysSince1970 = daysSince1970 }

    /// The day, or nil where the calendar has none: 1990-02-30.
    public init?(year: Int, month: Int, day: Int) {
        guard CivilDate.isDay(year: year, month: month, day: day) else { return nil }
        // Days from civil: the year starts in March so that the leap day is its last.
        // Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil. No year is so late that it overflows.
        let y = UInt32(truncatingIfNeeded: month <= 2 ? year &- 1 : year)
        let era = y / 400
        let yearOfEra = y &- era &* 400
        let shiftedMonth = UInt32(truncatingIfNeeded: month > 2 ? month &- 3 : month &+ 9)
        let dayOfYear = (153 &* shiftedMonth &+ 2) / 5 &+ UInt32(truncatingIfNeeded: day) &- 1
        let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
        daysSince1970 = Int(era &* 146_097 &+ dayOfEra) &- 719_468
    }

    /// Whether the calendar has the day.
    @inline(__always)
    static func isDay(year: Int, month: Int, day: Int) -> Bool {
        guard year >= 1, year <= 9999, month >= 1, month <= 12, day >= 1 else { return false }
        return day <= 28 || day <= days(inMonth: month, year: year)
    }

    /// A day as the standards write it, `yyyy-MM-dd`; nil where the text is otherwise or the calendar has no such day.
    public init?(_ text: String) {
        var text = text
        guard text.utf8.count == 10, let day = text.withUTF8({ CivilDate(beginning: $0) }) else { return nil }
        self = day
    }

    /// The day that a date or time begins with, as the standards write it; nil where it is otherwise or the calendar has no such day.
    public init?(beginning text: UnsafeBufferPointer<UInt8>) {
        guard text.count >= 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for index in range {
                guard text[index] &- 0x30 <= 9 else { return nil }
                value = value * 10 + Int(text[index] - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
        self.init(year: year, month: month, day: day)
    }

    public var yearMonthDay: (year: Int, month: Int, day: Int) {
        // Source: as above, civil_from_days.
        let z = daysSince1970 + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    public static func days(inMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    public static func < (left: CivilDate, right: CivilDate) -> Bool { left.daysSince1970 < right.daysSince1970 }

    /// Full years from one day to a later one, as an age is counted; negative where `end` is earlier.
    public static func fullYears(from start: CivilDate, to end: CivilDate) -> Int {
        let a = start.yearMonthDay
        let b = end.yearMonthDay
        let years = b.year - a.year
        return (b.month, b.day) < (a.month, a.day) ? years - 1 : years
    }
}
