import SurveillanceKit

/// Civil time of seconds since 1970, read as UTC.
enum Calendar {
    static func date(_ seconds: Int64) -> CivilDate { CivilDate(daysSince1970: Int(TimeText.floorDays(seconds))) }

    /// Full years as an age is counted.
    ///
    /// Most days are no birthdays: a birthday lies less than three days from the whole multiple of the mean year, 146,097 days / 400.
    static func years(from start: Int64, to end: Int64) -> Int64 {
        let scaled = days(from: start, to: end) &* 400
        let years = scaled / 146_097
        let rest = scaled &- years &* 146_097
        if rest > 3 * 400, rest < 146_097 - 3 * 400, start >= TimeText.firstSecond, end <= TimeText.lastSecond {
            return years
        }
        guard let a = yearAndDay(start), let b = yearAndDay(end) else {
            return Int64(CivilDate.fullYears(from: date(start), to: date(end)))
        }
        return b.year - a.year - (b.day < a.day ? 1 : 0)
    }

    /// The year and the day in it as 32 × month + day; nil outside the years 1 to 9999.
    ///
    /// Source: C. Neri and L. Schneider, "Euclidean affine functions and their application to calendar algorithms"
    /// (2022).
    @inline(__always)
    private static func yearAndDay(_ seconds: Int64) -> (year: Int64, day: Int64)? {
        guard seconds >= TimeText.firstSecond, seconds <= TimeText.lastSecond else { return nil }
        let fromEra = 4 &* UInt64(truncatingIfNeeded: TimeText.floorDays(seconds) &+ 719_468) &+ 3
        let century = fromEra / 146_097
        let inCentury = fromEra % 146_097 | 3
        let product = 2_939_745 &* inCentury
        let dayOfYear = (product & 0xFFFF_FFFF) / 2_939_745 / 4
        let inYear = 2141 &* dayOfYear &+ 197_913
        let startsInJanuary: UInt64 = dayOfYear >= 306 ? 1 : 0
        let year = 100 &* century &+ product >> 32 &+ startsInJanuary
        let day = (inYear >> 16 &- 12 &* startsInJanuary) &* 32 &+ (inYear & 0xFFFF) / 2141
        return (Int64(truncatingIfNeeded: year), Int64(truncatingIfNeeded: day))
    }

    /// Midnights from one moment to the other.
    static func days(from start: Int64, to end: Int64) -> Int64 { TimeText.floorDays(end) - TimeText.floorDays(start) }

    static func startOfDay(_ seconds: Int64) -> Int64 { TimeText.floorDays(seconds) &* 86_400 }

    /// Source: google/cel-spec, doc/langdef.md: months, days of the year and of `getDayOfMonth` count from 0, Sunday is
    /// 0.
    static func part(_ function: Function, of seconds: Int64) throws(EvaluationError) -> Int64 {
        let days = TimeText.floorDays(seconds)
        let rest = seconds &- days &* 86_400
        switch function {
        case .getHours: return rest / 3600
        case .getMinutes: return rest / 60 % 60
        case .getSeconds: return rest % 60
        case .getMilliseconds: return 0
        case .getDayOfWeek: return ((days + 4) % 7 + 7) % 7
        default: break
        }
        let (year, month, day) = CivilDate(daysSince1970: Int(days)).yearMonthDay
        switch function {
        case .getFullYear: return Int64(year)
        case .getMonth: return Int64(month - 1)
        case .getDate: return Int64(day)
        case .getDayOfMonth: return Int64(day - 1)
        case .getDayOfYear:
            // A zone may carry a moment of the first year or the last into a year of which there are no dates.
            let isBeyond = year > 9999
            let newYear = CivilDate(year: isBeyond ? 9999 : Swift.max(1, year), month: 1, day: 1)
            return days - Int64(newYear?.daysSince1970 ?? 0) - (isBeyond ? 365 : 0) + (year < 1 ? 366 : 0)
        default: throw .noSuchOverload
        }
    }
}
