public import SurveillanceKit

/// Every program's duties for every institution of a register: the one place from which obligations are judged.
public struct DutyBook: Sendable {
    /// In the order of their ids.
    public let programs: [ProgramDuties]
    /// In the order of their codes.
    public let institutions: [Institution]

    /// - Parameter overrides: what the deployment sets; those of other programs do nothing.
    /// - Throws: what keeps a program from being judged at all.
    public init(
        _ programs: [Program], overrides: [DutyOverrides] = [], calendar: WorkCalendar, institutions: [Institution]
    ) throws(DutyError) {
        var duties: [ProgramDuties] = []
        for program in programs.sorted(by: { $0.id < $1.id }) {
            duties.append(try ProgramDuties(program, overrides: overrides, calendar: calendar))
        }
        self.programs = duties
        self.institutions = institutions.sorted { $0.code < $1.code }
    }

    public func program(_ id: String) -> ProgramDuties? { programs.first { $0.program == id } }

    /// Judges every obligation that falls due on some days.
    ///
    /// - Parameters:
    ///   - isWanted: whether an institution is looked at.
    ///   - receipts: what an institution has sent for a program.
    ///   - body: told of each, by institution, program, deadline and kind; and of how to ask for its reasons.
    public func forEach(
        dueOn days: ClosedRange<CivilDate>, at now: Instant, isWanted: (Institution) -> Bool = { _ in true },
        receipts: (_ institution: String, _ program: String) -> DutyReceipts,
        _ body: (_ obligation: Obligation, _ reasons: () -> [DutyReason]) -> Void
    ) throws(DutyError) {
        let tables = try tables(dueOn: days)
        for institution in institutions where isWanted(institution) {
            try forEach(of: institution, tables, at: now, receipts: receipts, body)
        }
    }

    /// What is the same for all institutions, for each program.
    func tables(dueOn days: ClosedRange<CivilDate>) throws(DutyError) -> [DutyPeriods] {
        var tables: [DutyPeriods] = []
        for duties in programs { tables.append(try duties.periods(dueOn: days)) }
        return tables
    }

    /// Judges one institution's obligations.
    func forEach(
        of institution: Institution, _ tables: [DutyPeriods], at now: Instant,
        receipts: (_ institution: String, _ program: String) -> DutyReceipts,
        _ body: (_ obligation: Obligation, _ reasons: () -> [DutyReason]) -> Void
    ) throws(DutyError) {
        for (duties, table) in zip(programs, tables) where duties.hasDeadlines {
            let owing = try duties.institution(institution)
            let sent = receipts(institution.code, duties.program)
            var found: [(obligation: Obligation, judgement: Judgement)] = []
            duties.judge(owing, sent, table, at: now) { found.append((Obligation($0, of: owing, duties), $0)) }
            found.sort {
                let (left, right) = ($0.obligation, $1.obligation)
                return (left.dueAt, left.kind.rawValue, left.name ?? "")
                    < (right.dueAt, right.kind.rawValue, right.name ?? "")
            }
            for item in found { body(item.obligation) { duties.reasons(item.judgement, owing, sent, at: now) } }
        }
    }
}
