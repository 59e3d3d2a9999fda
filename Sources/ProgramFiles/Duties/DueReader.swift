import SurveillanceKit

/// Reads `due`: the deadline of each class of institutions, of which the last is for all that are left.
struct DueReader {
    private(set) var due: [DeadlineRule.Due] = []

    private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    init(_ rule: ObjectReader, _ kind: DeadlineRule.Kind, from: CivilDate?) {
        let entries = rule.objects("due", isNeeded: true)
        for (place, entry) in entries.enumerated() {
            guard let entry else { continue }
            entry.allow(["when"] + DueReader.names(kind))
            let condition = entry.condition("when", isNeeded: false)
            let isLast = place == entries.count - 1
            if isLast, entry.has("when") {
                entry.fault(
                    "when", "最后一项不能有 'when'：其余机构按它执行",
                    "the last entry must have no 'when': it is for all institutions that are left")
            } else if !isLast, !entry.has("when") {
                entry.fault(
                    at: entry.offset, "缺少 'when'：只有最后一项可以没有，否则后面的不起作用",
                    "'when' is missing; only the last entry may be without, or those after it would do nothing")
            }
            guard let (point, time) = DueReader.point(entry, kind) else { continue }
            if case .date(let day) = point, let from, day < from {
                entry.fault(
                    "by", "截止日 \(day) 早于规则的 'from' \(from)", "the deadline \(day) is before the rule's 'from' \(from)")
            }
            due.append(DeadlineRule.Due(condition: condition, point: point, time: time))
        }
    }

    private static func names(_ kind: DeadlineRule.Kind) -> [String] {
        switch kind {
        case .firstReport, .once, .daily, .workingDays: ["by"]
        case .weekly: ["weekday", "by"]
        case .monthly: ["day", "workingDay", "by"]
        case .afterEvent: ["days", "by"]
        }
    }

    private static func point(_ entry: ObjectReader, _ kind: DeadlineRule.Kind) -> (DeadlineRule.Due.Point, TimeOfDay)?
    {
        switch kind {
        case .firstReport, .once: return date(entry)
        case .daily, .workingDays: return entry.time("by", isNeeded: true).map { (.sameDay, $0) }
        case .weekly:
            let name = entry.string("weekday")
            guard let number = name.flatMap({ weekdays.firstIndex(of: $0) }) else {
                if let name {
                    let known = weekdays.joined(separator: ", ")
                    entry.fault(
                        "weekday", "'weekday' 是 '\(name)'；应为 \(known) 之一",
                        "'weekday' is '\(name)'; it must be one of \(known)")
                }
                return nil
            }
            return time(entry).map { (.weekday(number + 1), $0) }
        case .monthly: return dayOfMonth(entry)
        case .afterEvent:
            guard let days = entry.wholeNumber("days", from: 0), days <= 36_500 else {
                entry.fault("days", "'days' 应为事件之后的天数", "'days' must be the number of days after the event")
                return nil
            }
            return time(entry).map { (.daysAfter(days), $0) }
        }
    }

    /// The time of a deadline that may be a bare day: then it is the day's last millisecond.
    private static func time(_ entry: ObjectReader) -> TimeOfDay? {
        entry.has("by") ? entry.time("by", isNeeded: true) : .endOfDay
    }

    private static func date(_ entry: ObjectReader) -> (DeadlineRule.Due.Point, TimeOfDay)? {
        guard let text = entry.string("by") else { return nil }
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let day = CivilDate(parts[0]) else {
            entry.fault(
                "by", "'by' 是 '\(text)'；请写成 2020-08-25（当天结束前）或 2020-08-25 17:00",
                "'by' is '\(text)'; write it as 2020-08-25, which is the end of that day, or as 2020-08-25 17:00")
            return nil
        }
        guard parts.count == 2 else { return (.date(day), .endOfDay) }
        guard let time = TimeOfDay(parts[1]) else {
            let message = ObjectReader.noTime("by", parts[1])
            entry.fault("by", message.zh, message.en)
            return nil
        }
        return (.date(day), time)
    }

    private static func dayOfMonth(_ entry: ObjectReader) -> (DeadlineRule.Due.Point, TimeOfDay)? {
        guard entry.has("day") != entry.has("workingDay") else {
            entry.fault(
                at: entry.offset, "'day' 和 'workingDay' 必须且只能有一个",
                "one of 'day' and 'workingDay' is needed, and not both")
            return nil
        }
        let name = entry.has("day") ? "day" : "workingDay"
        let most = name == "day" ? 28 : 20
        guard let number = entry.wholeNumber(name, from: 1) else { return nil }
        guard number <= most else {
            entry.fault(
                name, "'\(name)' 应在 1 与 \(most) 之间：每个月都有这一天",
                "'\(name)' must be from 1 to \(most), which every month has")
            return nil
        }
        return time(entry).map { (name == "day" ? .dayOfMonth(number) : .workingDay(number), $0) }
    }
}
