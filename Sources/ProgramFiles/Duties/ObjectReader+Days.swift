import SurveillanceKit

extension ObjectReader {
    /// A day of the calendar, `2026-03-01`.
    func day(_ name: String, isNeeded: Bool = true) -> CivilDate? {
        guard let text = string(name, isNeeded: isNeeded) else { return nil }
        guard let day = CivilDate(text) else {
            fault(
                name, "'\(name)' 是 '\(text)'，日历上没有这一天；请写成 2026-03-01",
                "'\(name)' is '\(text)', which is no day; write it as 2026-03-01")
            return nil
        }
        return day
    }

    /// A time of day, `17:00`.
    func time(_ name: String, isNeeded: Bool) -> TimeOfDay? {
        guard let text = string(name, isNeeded: isNeeded) else { return nil }
        guard let time = TimeOfDay(text) else {
            fault(name, ObjectReader.noTime(name, text).zh, ObjectReader.noTime(name, text).en)
            return nil
        }
        return time
    }

    static func noTime(_ name: String, _ text: String) -> BilingualText {
        BilingualText(
            zh: "'\(name)' 是 '\(text)'，不是一天中的时刻；请写成 17:00（00:00 至 23:59，24:00 表示当天结束）",
            en:
                "'\(name)' is '\(text)', which is no time of day; write it as 17:00 (00:00 to 23:59, or 24:00 for the end of the day)"
        )
    }

    /// An expression over an institution that holds together.
    func condition(_ name: String, isNeeded: Bool) -> String? {
        guard let text = string(name, isNeeded: isNeeded) else { return nil }
        return holdsTogether(text, name) ? text : nil
    }
}
