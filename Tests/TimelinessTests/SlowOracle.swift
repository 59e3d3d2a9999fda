import Foundation
import SurveillanceKit
import Timeliness

/// Reads the rules day by day and receipt by receipt, with Foundation's calendar and none of the engine's shortcuts.
///
/// A line for each sentence of docs/programs.md about deadlines.
struct SlowOracle {
    private let history: RandomHistory
    private let calendar: Calendar
    private let holidays: Set<String>
    private let workdays: Set<String>

    init(_ history: RandomHistory) {
        self.history = history
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: history.program.timeZone)!
        self.calendar = calendar
        (holidays, workdays) = SlowOracle.announced
    }

    /// What `Config/calendar/china.json` says, read as plain text.
    private static let announced: (Set<String>, Set<String>) = {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../Config/calendar/china.json")
        let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
        var (holidays, workdays): (Set<String>, Set<String>) = ([], [])
        var isHoliday = true
        for line in text.split(separator: "\n") {
            if line.contains("\"holidays\"") { isHoliday = true }
            if line.contains("\"workdays\"") { isHoliday = false }
            for quoted in line.split(separator: "\"") {
                let ends = quoted.split(separator: "/").compactMap { CivilDate(String($0)) }
                guard let first = ends.first, let last = ends.last else { continue }
                var day = first
                while day <= last {
                    if isHoliday { holidays.insert("\(day)") } else { workdays.insert("\(day)") }
                    day = CivilDate(daysSince1970: day.daysSince1970 + 1)
                }
            }
        }
        return (holidays, workdays)
    }()

    // MARK: Civil time by Foundation

    private func instant(_ day: CivilDate, _ time: TimeOfDay) -> Instant {
        let parts = day.yearMonthDay
        let noon = calendar.date(from: DateComponents(year: parts.year, month: parts.month, day: parts.day, hour: 12))!
        let seconds = time.milliseconds / 1000
        let date =
            calendar.date(
                bySettingHour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60, of: noon)!
        return Instant(
            milliseconds: Int64(date.timeIntervalSince1970.rounded()) * 1000 + Int64(time.milliseconds % 1000))
    }

    private func day(_ instant: Instant) -> CivilDate {
        let parts = calendar.dateComponents(
            [.year, .month, .day], from: Date(timeIntervalSince1970: Double(instant.seconds)))
        return CivilDate(year: parts.year!, month: parts.month!, day: parts.day!)!
    }

    private func plus(_ day: CivilDate, _ days: Int) -> CivilDate { CivilDate(daysSince1970: day.daysSince1970 + days) }

    private func weekday(_ day: CivilDate) -> Int {
        let parts = day.yearMonthDay
        let date = calendar.date(from: DateComponents(year: parts.year, month: parts.month, day: parts.day, hour: 12))!
        return (calendar.component(.weekday, from: date) + 5) % 7 + 1
    }

    private func isWorking(_ day: CivilDate) -> Bool {
        workdays.contains("\(day)") || weekday(day) < 6 && !holidays.contains("\(day)")
    }

    // MARK: Rules

    private func holds(_ condition: String?, _ day: CivilDate) -> Bool {
        guard let condition else { return true }
        return RandomHistory.conditions.first { $0.source == condition }!.holds(history.institution.on(day))
    }

    private func isOwing(_ day: CivilDate) -> Bool {
        if let from = history.institution.from, day < from { return false }
        if let until = history.institution.until, day > until { return false }
        let scope = history.program.scope
        if scope.additions.contains(where: { $0.institution == "H" && $0.from <= day && day <= $0.until }) {
            return true
        }
        guard let rule = scope.rules.filter({ $0.from <= day }).max(by: { $0.from < $1.from }) else { return false }
        return holds(rule.institutions, day)
    }

    private func isExempt(_ day: CivilDate) -> Bool {
        history.program.scope.exemptions.contains { $0.institution == "H" && $0.from <= day && day <= $0.until }
    }

    private var rules: [DeadlineRule] { history.program.deadlines + history.overrides.flatMap(\.deadlines) }

    private func rule(_ kind: DeadlineRule.Kind, on day: CivilDate) -> DeadlineRule? {
        guard day >= CivilDate(history.program.effectiveFrom)! else { return nil }
        for source in [RuleOrigin.Source.administrator, .config, .program] {
            let own = rules.filter { $0.kind == kind && $0.origin.source == source && $0.from <= day }
            guard let last = own.max(by: { $0.from < $1.from }) else { continue }
            if let until = last.until, until < day { continue }
            return last
        }
        return nil
    }

    /// The first report's or a survey's rule and deadline.
    private func once(_ kind: DeadlineRule.Kind) -> (rule: DeadlineRule, day: CivilDate, at: Instant)? {
        let order: [RuleOrigin.Source] = [.program, .config, .administrator]
        let own = rules.filter { $0.kind == kind }.sorted {
            $0.from != $1.from
                ? $0.from < $1.from : order.firstIndex(of: $0.origin.source)! < order.firstIndex(of: $1.origin.source)!
        }
        var current: (rule: DeadlineRule, day: CivilDate, at: Instant)?
        for rule in own {
            for due in rule.due {
                guard case .date(let day) = due.point, holds(due.condition, day) else { continue }
                if let current, current.day < rule.from, !rule.origin.isRetroactive { break }
                current = (rule, day, instant(day, due.time))
                break
            }
        }
        return current
    }

    // MARK: Judging

    private var known: [DutyReceipt] {
        history.receipts.filter {
            [.accepted, .partlyAccepted, .zero].contains($0.outcome) && $0.receivedAt <= history.now
        }
    }

    private func verdict(
        _ candidates: [DutyReceipt], opens: Instant, dueAt: Instant, _ rule: DeadlineRule, last: CivilDate
    )
        -> String
    {
        let inTime = candidates.filter {
            if $0.receivedAt <= dueAt { return true }
            guard rule.graceMinutes > 0, let begun = $0.begunAt else { return false }
            return begun <= dueAt && $0.receivedAt <= dueAt.advanced(by: Int64(rule.graceMinutes) * 60_000)
        }.map(\.receivedAt).min()
        let first = candidates.map(\.receivedAt).min()
        let received = (inTime ?? first)?.utc ?? "-"
        if isExempt(last) { return "exempt \(received)" }
        if inTime != nil { return "in-time \(received)" }
        if first != nil { return "late \(received)" }
        if history.now < opens { return "upcoming -" }
        return history.now <= dueAt.advanced(by: Int64(rule.graceMinutes) * 60_000) ? "due -" : "missing -"
    }

    /// Every obligation by kind, period and deadline, with its state and what decided it.
    func obligations() -> [String: String] {
        var all: [String: String] = [:]
        let start = CivilDate(history.program.effectiveFrom)!
        var begin = start
        for kind in [DeadlineRule.Kind.firstReport, .once] {
            guard let once = once(kind), case .since(let since) = once.rule.covers else { continue }
            let opens = instant(max(since, start), .midnight)
            let candidates = known.filter { $0.receivedAt >= opens }
            let first = candidates.map(\.receivedAt).min()
            if kind == .firstReport { begin = plus(min(once.day, first.map(day) ?? once.day), 1) }
            guard history.days.contains(once.day), isOwing(once.day) else { continue }
            let key = "\(kind.rawValue) \(max(since, start)) \(once.day) \(once.at.utc)"
            all[key] = verdict(candidates, opens: opens, dueAt: once.at, once.rule, last: once.day)
        }
        let dataSince = rules.compactMap { rule -> CivilDate? in
            guard rule.kind == .firstReport, case .since(let day) = rule.covers else { return nil }
            return day
        }.min()
        for number in (history.days.lowerBound.daysSince1970 - 70)...(history.days.upperBound.daysSince1970 + 1) {
            let last = CivilDate(daysSince1970: number)
            guard last >= begin, isOwing(last) else { continue }
            for kind in [DeadlineRule.Kind.daily, .workingDays, .weekly, .monthly] {
                guard let rule = rule(kind, on: last) else { continue }
                let (year, month, dayOfMonth) = last.yearMonthDay
                var first = last
                var opens = last
                var closes = plus(last, 1)
                switch kind {
                case .daily, .workingDays:
                    if kind == .workingDays {
                        guard isWorking(last) else { continue }
                        while !isWorking(closes) { closes = plus(closes, 1) }
                    }
                    guard case .days(let count) = rule.covers else { continue }
                    first = plus(last, 1 - count)
                case .weekly:
                    guard weekday(last) == 7 else { continue }
                    (first, opens, closes) = (plus(last, -6), plus(last, 1), plus(last, 8))
                default:
                    guard dayOfMonth == CivilDate.days(inMonth: month, year: year) else { continue }
                    first = CivilDate(year: year, month: month, day: 1)!
                    opens = plus(last, 1)
                    let next = opens.yearMonthDay
                    closes = plus(opens, CivilDate.days(inMonth: next.month, year: next.year))
                }
                guard let due = rule.due.first(where: { holds($0.condition, last) }) else { continue }
                var dueDay = last
                switch due.point {
                case .weekday(let weekday): dueDay = plus(last, weekday)
                case .dayOfMonth(let day): dueDay = plus(last, day)
                case .workingDay(let count):
                    dueDay = last
                    var left = count
                    while left > 0 {
                        dueDay = plus(dueDay, 1)
                        if isWorking(dueDay) { left -= 1 }
                    }
                default: break
                }
                guard history.days.contains(dueDay) else { continue }
                let window = (instant(opens, .midnight), instant(closes, .midnight))
                let isForOneDay = kind == .daily || kind == .workingDays
                let candidates = known.filter { receipt in
                    if isForOneDay, let day = receipt.day { return day == last && receipt.receivedAt >= window.0 }
                    return receipt.receivedAt >= window.0 && receipt.receivedAt < window.1
                }
                let dueAt = instant(dueDay, due.time)
                let key = "\(kind.rawValue) \(max(first, dataSince ?? first)) \(last) \(dueAt.utc)"
                all[key] = verdict(candidates, opens: window.0, dueAt: dueAt, rule, last: last)
            }
        }
        return all
    }
}
