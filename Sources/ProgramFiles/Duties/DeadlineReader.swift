import JSON
import SurveillanceKit

/// What a deadline or a scope's rule must respect: the program that it is for, and who sets it.
struct DutyContext {
    /// The first day on which the program takes reports; nil where it could not be read.
    var effectiveFrom: CivilDate?
    var source: RuleOrigin.Source
    /// Of a file of `Config/deadlines`.
    var setOn: CivilDate?
    var reason: BilingualText?

    var ruleNames: [String] { source == .program ? [] : ["retroactive"] }

    /// Who set the rule at an object, and notes a first day that the program or the day of setting does not allow.
    func origin(_ object: ObjectReader, from: CivilDate?, reason own: BilingualText? = nil) -> RuleOrigin {
        let isRetroactive = source == .program ? false : object.flag("retroactive") ?? false
        if let from, let effectiveFrom, from < effectiveFrom {
            object.fault(
                "from", "'from' 是 \(from)，早于监测项目的起始日 \(effectiveFrom)；请写 \(effectiveFrom) 或以后的日期",
                "'from' is \(from), before the program's first day \(effectiveFrom); write that day or a later one")
        }
        if let from, let setOn, from < setOn, !isRetroactive {
            object.fault(
                "from", "'from' 是 \(from)，早于设定日 'setOn' \(setOn)，会改变已过去的日子；请改为 \(setOn) 或以后，或写明 \"retroactive\": true",
                "'from' is \(from), before the rule was set ('setOn' \(setOn)): it would change days that have passed; write \(setOn) or later, or say \"retroactive\": true"
            )
        }
        return RuleOrigin(
            source: source, place: object.source.place(of: object.offset), setOn: setOn, reason: own ?? reason,
            isRetroactive: isRetroactive)
    }
}

/// Reads `deadlines`: each rule by itself, then that they do not overlap.
struct DeadlineReader {
    private(set) var rules: [DeadlineRule] = []
    private let context: DutyContext

    init(_ object: ObjectReader, _ context: DutyContext) {
        self.context = context
        var read: [(rule: DeadlineRule, object: ObjectReader)] = []
        for reader in object.objects("deadlines") {
            guard let reader, let rule = rule(reader) else { continue }
            read.append((rule, reader))
        }
        DeadlineReader.refuseOverlaps(read)
        rules = read.map(\.rule)
    }

    private func rule(_ object: ObjectReader) -> DeadlineRule? {
        object.allow(
            ["kind", "id", "from", "until", "covers", "due", "graceMinutes"] + context.ruleNames)
        let kind = object.choice("kind", among: DeadlineRule.Kind.allCases)
        let from = object.day("from")
        let until = object.day("until", isNeeded: false)
        if let from, let until, until < from {
            object.fault(
                "until", "'until' \(until) 早于 'from' \(from)", "'until' \(until) is before 'from' \(from)")
        }
        let grace = object.wholeNumber("graceMinutes", from: 0) ?? 0
        if grace > DeadlineReader.mostGraceMinutes {
            object.fault(
                "graceMinutes", "'graceMinutes' 应在 0 与 \(DeadlineReader.mostGraceMinutes) 之间",
                "'graceMinutes' must be from 0 to \(DeadlineReader.mostGraceMinutes)")
        }
        let origin = context.origin(object, from: from)
        guard let kind else { return nil }
        let name = name(object, kind)
        let covers = covers(object, kind)
        let due = DueReader(object, kind, from: from).due
        guard let from, let covers, !due.isEmpty else { return nil }
        if case .since(let since) = covers {
            for entry in due {
                guard case .date(let day) = entry.point, day < since, day >= from else { continue }
                object.fault(
                    "due", "截止日 \(day) 早于数据起始日 'since' \(since)", "the deadline \(day) is before 'since' \(since)")
            }
        }
        return DeadlineRule(
            kind: kind, name: name, from: from, until: until, covers: covers, due: due, graceMinutes: grace,
            origin: origin)
    }

    private static let mostGraceMinutes = 1440
    private static let mostDays = 366

    private func name(_ object: ObjectReader, _ kind: DeadlineRule.Kind) -> String? {
        switch kind {
        case .once, .afterEvent: return object.string("id", like: .rule)
        case .firstReport, .daily, .workingDays, .weekly, .monthly:
            if object.has("id") {
                object.fault(
                    "id", "只有 once 和 after-event 有 'id'", "'id' is for the kinds once and after-event alone")
            }
            return nil
        }
    }

    private func covers(_ object: ObjectReader, _ kind: DeadlineRule.Kind) -> DeadlineRule.Covered? {
        switch kind {
        case .firstReport, .once:
            guard let covers = object.object("covers", isNeeded: true) else { return nil }
            covers.allow(["since"])
            guard let since = covers.day("since") else { return nil }
            if let first = context.effectiveFrom, since < first {
                covers.fault(
                    "since", "'since' 是 \(since)，早于监测项目的起始日 \(first)",
                    "'since' is \(since), before the program's first day \(first)")
            }
            return .since(since)
        case .daily, .workingDays:
            guard let covers = object.object("covers", isNeeded: true) else { return nil }
            covers.allow(["days"])
            let days = covers.wholeNumber("days", from: 1)
            if !covers.has("days") || (days ?? 1) > DeadlineReader.mostDays {
                covers.fault(
                    "days", "'days' 应为 1 至 \(DeadlineReader.mostDays) 的天数",
                    "'days' must be a number of days, from 1 to \(DeadlineReader.mostDays)")
                return nil
            }
            return days.map { .days($0) }
        case .weekly, .monthly, .afterEvent:
            if object.has("covers") {
                object.fault(
                    "covers", "\(kind.rawValue) 没有 'covers'：覆盖的是上一周或上一月",
                    "a rule of kind \(kind.rawValue) has no 'covers': it is for the week or month before, or for an event"
                )
            }
            return kind == .afterEvent ? .nothing : .period
        }
    }

    /// Notes rules of one kind that are in force on the same day. Without an end a rule ends where the next begins.
    static func refuseOverlaps(_ read: [(rule: DeadlineRule, object: ObjectReader)]) {
        let groups = Dictionary(grouping: read) { "\($0.rule.kind.rawValue) \($0.rule.name ?? "")" }
        for group in groups.values {
            let sorted = group.sorted { $0.rule.from < $1.rule.from }
            for (earlier, later) in zip(sorted, sorted.dropFirst()) {
                guard earlier.rule.from == later.rule.from || earlier.rule.until.map({ $0 >= later.rule.from }) ?? false
                else { continue }
                let kind = later.rule.kind.rawValue
                let other = earlier.rule.origin.place ?? ""
                later.object.fault(
                    "from", "与 \(other) 的 \(kind) 规则重叠：\(later.rule.from) 起两条同时有效；请改 'from'，或用 'until' 结束前一条",
                    "overlaps the \(kind) rule at \(other): from \(later.rule.from) on both would be in force; change 'from', or end the other with 'until'"
                )
            }
        }
    }
}
