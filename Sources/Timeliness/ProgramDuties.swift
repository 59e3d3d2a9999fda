public import SurveillanceKit

/// A program's deadlines and scope, with what a deployment has set beside them, made ready for judging.
///
/// Every judgement of the platform comes from here: the server's, `vedette deadline evaluate` and `simulate`.
public struct ProgramDuties: Sendable {
    public let program: String
    public let zone: CivilZone
    /// The first day on which the program takes reports.
    let start: Int
    /// The first day of which anything is reported, as the first report says it.
    let dataSince: Int
    let calendar: WorkCalendar
    let rules: [DeadlineRule]
    let slots: [Slot]
    let scopes: [DutyScope.Rule]
    let scopeTimeline: RuleTimeline
    let additions: [String: [DutyScope.Named]]
    let exemptions: [String: [DutyScope.Named]]
    let conditions: [InstitutionCondition]
    private let conditionPlaces: [String: Int]

    /// The rules of one kind and name, of which one is in force at a time.
    struct Slot: Sendable {
        var kind: DeadlineRule.Kind
        var name: String?
        /// Places in `rules`, by `from`; of the same day the higher source last.
        var rules: [Int]
        var timeline: RuleTimeline
    }

    /// More different conditions than this are refused.
    public static let mostConditions = 64

    public init(_ program: Program, overrides: [DutyOverrides] = [], calendar: WorkCalendar) throws(DutyError) {
        guard let zone = CivilZone(program.timeZone) else {
            throw .unknownZone(program.timeZone, program: program.id)
        }
        self.program = program.id
        self.zone = zone
        self.calendar = calendar
        start = CivilDate(program.effectiveFrom)?.daysSince1970 ?? .min
        let own = overrides.filter { $0.program == program.id }
        let rules = program.deadlines + own.flatMap(\.deadlines)
        self.rules = rules
        dataSince =
            rules.compactMap { rule -> Int? in
                guard rule.kind == .firstReport, case .since(let day) = rule.covers else { return nil }
                return day.daysSince1970
            }.min() ?? .min
        var slots: [Slot] = []
        for (place, rule) in rules.enumerated() {
            if let known = slots.firstIndex(where: { $0.kind == rule.kind && $0.name == rule.name }) {
                slots[known].rules.append(place)
            } else {
                slots.append(Slot(kind: rule.kind, name: rule.name, rules: [place], timeline: RuleTimeline([])))
            }
        }
        self.slots = slots.map { slot in
            var slot = slot
            slot.rules.sort {
                (rules[$0].from, rules[$0].origin.source) < (rules[$1].from, rules[$1].origin.source)
            }
            slot.timeline = RuleTimeline(
                slot.rules.map { .init(from: rules[$0].from, until: rules[$0].until, source: rules[$0].origin.source) })
            return slot
        }
        let scopes = program.scope.rules + own.flatMap(\.scope.rules)
        self.scopes = scopes
        scopeTimeline = RuleTimeline(
            scopes.map { .init(from: $0.from, until: $0.until, source: $0.origin.source) })
        additions = Dictionary(
            grouping: program.scope.additions + own.flatMap(\.scope.additions), by: \.institution)
        exemptions = Dictionary(
            grouping: program.scope.exemptions + own.flatMap(\.scope.exemptions), by: \.institution)
        var conditions: [InstitutionCondition] = []
        var places: [String: Int] = [:]
        let sources = scopes.map(\.institutions) + rules.flatMap { $0.due.compactMap(\.condition) }
        for source in sources where places[source] == nil {
            places[source] = conditions.count
            do throws(InstitutionCondition.Fault) {
                conditions.append(try InstitutionCondition(source))
            } catch {
                throw .faultyCondition(source, program: program.id, error.message)
            }
        }
        guard conditions.count <= ProgramDuties.mostConditions else {
            throw .faultyCondition(
                sources.last ?? "", program: program.id,
                BilingualText(
                    zh: "条件超过 \(ProgramDuties.mostConditions) 个",
                    en: "there are more than \(ProgramDuties.mostConditions) conditions"))
        }
        self.conditions = conditions
        conditionPlaces = places
    }

    /// A condition's bit in an institution's answers; nil for none.
    func bit(_ condition: String?) -> UInt64? { condition.flatMap { conditionPlaces[$0] }.map { 1 << UInt64($0) } }

    /// Whether it has deadlines that come with reports.
    public var hasDeadlines: Bool { slots.contains { $0.kind != .afterEvent } }

    /// By when what an event calls for is due; nil where no such rule is in force on the event's day, or none is for the institution.
    public func due(afterEvent name: String, on day: CivilDate, for institution: Institution) -> Instant? {
        guard let slot = slots.first(where: { $0.kind == .afterEvent && $0.name == name }),
            let place = slot.timeline.rule(on: day.daysSince1970)
        else { return nil }
        let now = institution.on(day)
        for due in rules[slot.rules[place]].due {
            guard case .daysAfter(let days) = due.point else { continue }
            if let condition = due.condition, let bit = bit(condition) {
                guard conditions[bit.trailingZeroBitCount].holds(for: now) == .yes else { continue }
            }
            return zone.instant(day.advanced(byDays: days), due.time)
        }
        return nil
    }
}
