import SurveillanceKit

/// Civil time of seconds since 1970, read as UTC.
enum Calendar {
    static func date(_ seconds: Int64) -> CivilDate { CivilDate(daysSince1970: Int(TimeText.floorDays(seconds))) }

    /// Full years as an age is counted.
    static func years(from start: Int64, to end: Int64) -> Int64 {
        Int64(CivilDate.fullYears(from: date(start), to: date(end)))
    }

    /// Midnights from one moment to the other.
    static func days(from start: Int64, to end: Int64) -> Int64 { TimeText.floorDays(end) - TimeText.floorDays(start) }

    static func startOfDay(_ seconds: Int64) -> Int64 { TimeText.floorDays(seconds) &* 86_400 }

    /// Source: google/cel-spec, doc/langdef.md: months, days of the year and of `getDayOfMonth` count from 0, Sunday is 0.
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
            let newYear = CivilDate(year: Swift.max(1, Swift.min(9999, year)), month: 1, day: 1)
            return days - Int64(newYear?.daysSince1970 ?? 0)
        default: throw .noSuchOverload
        }
    }
}
