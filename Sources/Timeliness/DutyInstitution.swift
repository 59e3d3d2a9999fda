public import SurveillanceKit

/// An institution as a program's conditions see it: what holds from when to when.
public struct DutyInstitution: Sendable {
    public let institution: Institution
    let spans: [Span]
    let additions: [DutyScope.Named]
    let exemptions: [DutyScope.Named]

    /// Days on which nothing about the institution changes.
    struct Span: Sendable {
        var days: ClosedRange<Int>
        /// The conditions that hold, by their bits.
        var answers: UInt64
        /// Whether it exists for the register.
        var isRegistered: Bool
    }

    func span(on day: Int) -> Span? { spans.first { $0.days.contains(day) } }
}

extension ProgramDuties {
    /// Makes an institution ready for judging.
    ///
    /// - Throws: where a condition depends on what the register does not say of it.
    public func institution(_ institution: Institution) throws(DutyError) -> DutyInstitution {
        var starts: Set<Int> = [.min]
        starts.formUnion(institution.changes.map(\.from.daysSince1970))
        if let from = institution.from { starts.insert(from.daysSince1970) }
        if let until = institution.until { starts.insert(until.daysSince1970 + 1) }
        let ordered = starts.sorted()
        var spans: [DutyInstitution.Span] = []
        for (first, next) in zip(ordered, ordered.dropFirst() + [.max]) {
            let last = next == .max ? Int.max : next - 1
            let isRegistered =
                institution.from.map { $0.daysSince1970 <= first } ?? true
                && institution.until.map { first <= $0.daysSince1970 } ?? true
            // Nobody asks about days before the calendar begins.
            let now =
                first == .min
                ? institution.on(CivilDate(daysSince1970: -1_000_000)) : institution.on(CivilDate(daysSince1970: first))
            spans.append(
                DutyInstitution.Span(
                    days: first...last, answers: try answers(now), isRegistered: isRegistered))
        }
        return DutyInstitution(
            institution: institution, spans: spans, additions: additions[institution.code] ?? [],
            exemptions: exemptions[institution.code] ?? [])
    }

    private func answers(_ institution: Institution) throws(DutyError) -> UInt64 {
        var answers: UInt64 = 0
        for (place, condition) in conditions.enumerated() {
            switch condition.holds(for: institution) {
            case .yes: answers |= 1 << UInt64(place)
            case .no: break
            case .undecided:
                throw .undecided(
                    institution: institution.code, program: program, condition: condition.source,
                    properties: condition.unknownProperties(of: institution))
            }
        }
        return answers
    }
}
