import Seeding
import SurveillanceKit
import Timeliness

/// A program with rules that change, an institution that changes, what it sent, and an instant of asking.
struct RandomHistory: CustomStringConvertible {
    var program: Program
    var overrides: [DutyOverrides] = []
    var institution: Institution
    var receipts: [DutyReceipt]
    var days: ClosedRange<CivilDate>
    var now: Instant

    /// Conditions, each with what it says in plain Swift.
    static let conditions: [(source: String, holds: @Sendable (Institution) -> Bool)] = [
        ("level == '三级'", { $0.level == .tertiary }),
        ("hasFeverClinic", { $0.hasFeverClinic }),
        ("region.startsWith('43') && level != '一级'", { $0.region.hasPrefix("43") && $0.level != .primary }),
        (
            "isTCM || level in ['二级', '三级']",
            { $0.category == .traditionalChinese || [.secondary, .tertiary].contains($0.level) }
        ),
        ("true", { _ in true }),
    ]

    var description: String {
        "\(program.timeZone) \(program.deadlines) \(overrides) \(program.scope) \(institution) \(receipts) \(days) \(now.utc)"
    }

    init(_ g: inout SeededGenerator) {
        let anchors = [
            "2020-12-20", "2021-02-05", "2022-09-25", "2024-02-20", "2024-12-15", "2022-03-06", "2022-10-30",
        ]
        let base = CivilDate(g.pick(anchors))!.advanced(byDays: g.below(10))
        let zone = g.pick(["Asia/Shanghai", "Asia/Shanghai", "Asia/Shanghai", "America/New_York", "UTC"])
        func day(_ least: Int, _ most: Int) -> CivilDate { base.advanced(byDays: least + g.below(most - least + 1)) }
        func time() -> TimeOfDay { TimeOfDay(g.pick(["17:00", "12:00", "00:00", "24:00", "08:30:15.250"]))! }
        func dues(_ point: () -> DeadlineRule.Due.Point) -> [DeadlineRule.Due] {
            let classes = g.below(3)
            let named = (0..<classes).map { _ in
                DeadlineRule.Due(condition: g.pick(RandomHistory.conditions).source, point: point(), time: time())
            }
            return named + [DeadlineRule.Due(point: point(), time: time())]
        }
        func rule(_ kind: DeadlineRule.Kind, from: CivilDate, until: CivilDate?, _ origin: RuleOrigin) -> DeadlineRule {
            let grace = g.oneIn(4) ? g.pick([1, 10, 60]) : 0
            switch kind {
            case .firstReport, .once:
                return DeadlineRule(
                    kind: kind, name: kind == .once ? "survey" : nil, from: from, until: until, covers: .since(from),
                    due: dues { .date(from.advanced(byDays: g.below(10))) }, graceMinutes: grace, origin: origin)
            case .daily, .workingDays:
                return DeadlineRule(
                    kind: kind, from: from, until: until, covers: .days(g.pick([1, 7])), due: dues { .sameDay },
                    graceMinutes: grace, origin: origin)
            case .weekly:
                return DeadlineRule(
                    kind: kind, from: from, until: until, covers: .period, due: dues { .weekday(1 + g.below(7)) },
                    graceMinutes: grace, origin: origin)
            case .monthly:
                return DeadlineRule(
                    kind: kind, from: from, until: until, covers: .period,
                    due: dues { g.oneIn(2) ? .dayOfMonth(1 + g.below(28)) : .workingDay(1 + g.below(5)) },
                    graceMinutes: grace, origin: origin)
            case .afterEvent: fatalError("not drawn")
            }
        }
        let start = day(0, 3)
        var kinds: [DeadlineRule.Kind] = [g.pick([.daily, .daily, .workingDays, .weekly, .monthly])]
        if g.oneIn(2) { kinds.append(.firstReport) }
        if g.oneIn(4) { kinds.append(.once) }
        var deadlines: [DeadlineRule] = []
        var own: [DeadlineRule] = []
        for kind in kinds {
            var from = start
            for _ in 0..<(1 + g.below(3)) {
                let until = g.oneIn(4) ? from.advanced(byDays: g.below(6)) : nil
                deadlines.append(rule(kind, from: from, until: until, RuleOrigin(source: .program)))
                from = (until ?? from).advanced(byDays: 1 + g.below(12))
            }
            if g.oneIn(3) {
                let first = day(3, 12)
                own.append(
                    rule(
                        kind, from: first, until: g.oneIn(2) ? first.advanced(byDays: g.below(8)) : nil,
                        RuleOrigin(source: g.pick([.config, .administrator]), isRetroactive: g.oneIn(3))))
            }
        }
        var scope = DutyScope(rules: [
            DutyScope.Rule(from: start, institutions: g.pick(RandomHistory.conditions).source)
        ])
        if g.oneIn(3) {
            scope.rules.append(
                DutyScope.Rule(
                    from: start.advanced(byDays: 1 + g.below(14)), institutions: g.pick(RandomHistory.conditions).source
                ))
        }
        func named() -> DutyScope.Named {
            let first = day(0, 20)
            return DutyScope.Named(
                institution: g.oneIn(5) ? "another" : "H", from: first, until: first.advanced(byDays: g.below(9)))
        }
        if g.oneIn(3) { scope.exemptions.append(named()) }
        if g.oneIn(3) { scope.additions.append(named()) }
        program = Program(
            id: "p", title: BilingualText(zh: "试验", en: "Trial"), version: "1.0.0", effectiveFrom: "\(start)",
            timeZone: zone, deadlines: deadlines, scope: scope, fileTypes: [])
        if !own.isEmpty { overrides = [DutyOverrides(program: "p", deadlines: own)] }

        var changes: [Institution.Change] = []
        var changed = day(0, 8)
        for _ in 0..<g.below(3) {
            changes.append(
                Institution.Change(
                    from: changed, level: g.oneIn(2) ? g.pick(Institution.Level.allCases) : nil,
                    category: g.oneIn(3) ? g.pick([.general, .traditionalChinese]) : nil,
                    region: g.oneIn(3) ? g.pick(["430102", "110105"]) : nil,
                    hasFeverClinic: g.oneIn(2) ? g.oneIn(2) : nil))
            changed = changed.advanced(byDays: 1 + g.below(7))
        }
        institution = Institution(
            code: "H", name: BilingualText(zh: "院", en: "H"), level: g.pick(Institution.Level.allCases),
            category: g.pick([.general, .traditionalChinese]), region: g.pick(["430102", "110105"]),
            hasFeverClinic: !g.oneIn(3), from: g.oneIn(6) ? day(0, 10) : nil, until: g.oneIn(6) ? day(10, 30) : nil,
            changes: changes)

        func instant() -> Instant {
            // Mostly near what matters: deadlines and the ends of days.
            let edges = ["17:00", "12:00", "00:00", "24:00", "08:30:15.250"]
            let whole = CivilZone(zone)!.instant(day(-3, 45), TimeOfDay(g.pick(edges))!)
            let off = g.pick([0, 0, 1, -1, 60_000, -60_000, 600_000, g.below(86_400_000)])
            return whole.advanced(by: Int64(off))
        }
        receipts = (0..<g.below(25)).map { _ in
            let received = instant()
            let outcome = g.pick(DutyReceipt.Outcome.allCases + [.accepted, .accepted])
            return DutyReceipt(
                receivedAt: received, begunAt: g.oneIn(2) ? received.advanced(by: -Int64(g.below(1_200_000))) : nil,
                outcome: outcome, day: outcome == .zero && g.oneIn(2) ? day(0, 40) : nil)
        }
        let first = day(0, 15)
        days = first...first.advanced(byDays: g.below(35))
        now = g.oneIn(2) ? instant() : instant().advanced(byDays: 60)
    }
}
