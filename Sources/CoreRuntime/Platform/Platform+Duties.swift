import Database
import Intake
import Portal
import SurveillanceKit
import Timeliness
import TimelinessStore

extension Platform {
    /// One page of obligations: by the day of the deadline, then by deadline, institution, program and kind.
    func obligations(_ query: ObligationQuery, in scope: Scope) async throws -> ObligationPage {
        try await rules.refresh()
        let now = try await duties.refresh()
        let roster = duties.roster
        let program = query.program.map { roster.place(ofProgram: $0) }
        let institutions = roster.book.institutions.indices.filter { place in
            let institution = roster.book.institutions[place]
            return scope.covers(institution: institution.code, in: institution.region)
                && (query.institution ?? institution.code) == institution.code
                && query.region?.contains(institution.region) ?? true
                && (query.levels.isEmpty || query.levels.contains(institution.level))
        }
        if case .some(nil) = program { return ObligationPage([], total: 0) }
        let wanted = Set(institutions)
        let undecided = roster.undecided(program: program ?? nil) { wanted.contains($0) }
        var page = ObligationPage([], unjudged: undecided)
        let after = query.after.flatMap(ObligationCursor.init)
        let pending = try await pendingReceipts(institutions.count == 1 ? institutions.first : nil, roster)
        page.total = try await total(query, institutions.count, in: scope)
        let first = max(query.dueOn.lowerBound, after?.day ?? query.dueOn.lowerBound)
        guard first <= query.dueOn.upperBound else { return page }

        var found: [Obligation] = []
        func take(_ obligations: [Obligation]) -> Bool {
            let sorted = obligations.map { (key: ObligationCursor($0), obligation: $0) }
                .filter { (query.states.isEmpty || query.states.contains($0.obligation.state)) }
                .filter { item in after.map { $0 < item.key } ?? true }
                .sorted { $0.key < $1.key }
            found += sorted.prefix(query.limit + 1 - found.count).map(\.obligation)
            return found.count > query.limit
        }
        if institutions.count == 1, let institution = institutions.first {
            let (obligations, unjudged) = try await obligations(
                of: institution, program ?? nil, query.dueOn, roster, pending, at: now)
            page.unjudged += unjudged
            page.total = obligations.count { query.states.isEmpty || query.states.contains($0.state) }
            _ = take(obligations)
        } else if !institutions.isEmpty {
            for number in first.daysSince1970...query.dueOn.upperBound.daysSince1970 {
                let day = CivilDate(daysSince1970: number)
                let programs = (program ?? nil).map { Set([$0]) }
                let source = try await duties.source(dueOn: day...day, programs: programs)
                for error in source.unjudged where !page.unjudged.contains(error) { page.unjudged.append(error) }
                let wanted = source.tables.enumerated().compactMap { place, table in
                    table.flatMap { programs?.contains(place) ?? true ? (place: place, table: $0) : nil }
                }
                let obligations = source.roster.first(
                    query.limit + 1 - found.count, of: institutions, wanted, at: now, states: query.states,
                    receipts: { program in
                        let receipts = source.receipts(of: program)
                        guard !pending.isEmpty else { return receipts }
                        let all = source.roster.book.institutions
                        return { (place: Int) -> DutyReceipts in
                            let own = receipts(place)
                            guard let more = pending[all[place].code] else { return own }
                            return DutyReceipts(own.all + more)
                        }
                    },
                    isWanted: { obligation in after.map { $0 < ObligationCursor(obligation) } ?? true },
                    isBefore: { ObligationCursor($0) < ObligationCursor($1) })
                if take(obligations) { break }
            }
        }
        if found.count > query.limit {
            found.removeLast()
            page.next = found.last.map { ObligationCursor($0).text }
        }
        page.items = try await withReasons(found, query.wantsReasons, roster, pending, at: now)
        return page
    }

    /// How many obligations of many institutions are asked for: as the board counts them, a day.
    ///
    /// - Returns: nil for several days.
    private func total(_ query: ObligationQuery, _ institutions: Int, in scope: Scope) async throws -> Int? {
        guard institutions != 1 else { return nil }
        guard institutions > 0 else { return 0 }
        guard query.dueOn.lowerBound == query.dueOn.upperBound else { return nil }
        var counted = scope
        if let region = query.region {
            // The narrower of the two.
            if case .region(let own) = scope, !own.contains(region.prefix) {} else { counted = .region(region) }
        }
        let (states, roster, _) = try await duties.states(on: query.dueOn.lowerBound)
        return states.rows(in: counted, levels: query.levels, roster)
            .filter { (query.program ?? $0.program) == $0.program }
            .reduce(0) { sum, row in
                sum
                    + Obligation.State.allCases.filter { query.states.isEmpty || query.states.contains($0) }
                    .reduce(0) { $0 + row.counts[$1] }
            }
    }

    /// Everything that falls due on some days at one institution, from the store.
    private func obligations(
        of institution: Int, _ program: Int?, _ days: ClosedRange<CivilDate>, _ roster: DutyRoster,
        _ pending: [String: [DutyReceipt]], at now: Instant
    ) async throws -> (obligations: [Obligation], unjudged: [DutyError]) {
        let (tables, unjudged) = roster.tables(dueOn: days)
        let more = pending[roster.book.institutions[institution].code] ?? []
        let obligations = try await data.database.read { connection in
            var found: [Obligation] = []
            for (place, table) in tables.enumerated() where (program ?? place) == place {
                guard let table else { continue }
                let receipts = try DutyLedger.receipts(institution, place, table, roster, in: connection)
                found += roster.obligations(
                    institution, place, DutyReceipts(receipts.all + more), table, at: now)
            }
            return found
        }
        return (obligations, unjudged)
    }

    private func withReasons(
        _ obligations: [Obligation], _ wantsReasons: Bool, _ roster: DutyRoster, _ pending: [String: [DutyReceipt]],
        at now: Instant
    ) async throws -> [ObligationPage.Item] {
        guard wantsReasons else { return obligations.map { ObligationPage.Item($0) } }
        return try await data.database.read { connection in
            try obligations.map { obligation in
                let explained = try Platform.explain(
                    obligation.institution, obligation.program, dueOn: obligation.dueDay, roster, pending, at: now,
                    in: connection)
                let own = explained?.first {
                    $0.obligation?.kind == obligation.kind && $0.obligation?.name == obligation.name
                        && $0.obligation?.to == obligation.to
                }
                return ObligationPage.Item(obligation, reasons: own?.reasons ?? [])
            }
        }
    }

    func explanations(
        of institution: String, _ program: String, dueOn day: CivilDate, in scope: Scope
    ) async throws -> [DutyExplanation]? {
        try await rules.refresh()
        let now = try await duties.refresh()
        let roster = duties.roster
        guard let place = roster.place(ofInstitution: institution), roster.place(ofProgram: program) != nil,
            scope.covers(institution: institution, in: roster.book.institutions[place].region)
        else { return nil }
        let pending = try await pendingReceipts(place, roster)
        return try await data.database.read {
            try Platform.explain(institution, program, dueOn: day, roster, pending, at: now, in: $0)
        }
    }

    private static func explain(
        _ institution: String, _ program: String, dueOn day: CivilDate, _ roster: DutyRoster,
        _ pending: [String: [DutyReceipt]], at now: Instant, in connection: any Connection
    ) throws -> [DutyExplanation]? {
        guard let duties = roster.book.program(program), let place = roster.place(ofInstitution: institution) else {
            return nil
        }
        let since = try duties.explains(since: day)
        let receipts = try DutyLog.receipts(
            of: institution, for: program, since: since, firsts: duties.firstInstants, in: connection)
        return try duties.explain(
            roster.book.institutions[place], dueOn: day, DutyReceipts(receipts + (pending[institution] ?? [])), at: now)
    }

    /// What has been received and not been processed yet, by institution.
    ///
    /// - Parameter institution: its place; nil for all.
    func pendingReceipts(_ institution: Int?, _ roster: DutyRoster) async throws -> [String: [DutyReceipt]] {
        let code = institution.map { roster.book.institutions[$0].code }
        let waiting = try await data.database.read { [log = data.log] in try log.unprocessed(of: code, in: $0) }
        return waiting.mapValues { submissions in
            submissions.map { DutyReceipt(receivedAt: $0.receivedAt, begunAt: $0.id.madeAt, outcome: .pending) }
        }
    }
}

/// Where a page of obligations ends: the order in which they are listed.
struct ObligationCursor: Comparable {
    let day: CivilDate
    private let dueAt: Int64
    private let institution: String
    private let program: String
    private let kind: String

    init(_ obligation: Obligation) {
        day = obligation.dueDay
        dueAt = obligation.dueAt.milliseconds
        institution = obligation.institution
        program = obligation.program
        kind = "\(obligation.kind.rawValue)/\(obligation.name ?? "")/\(obligation.to)"
    }

    /// - Returns: nil for a text that is none.
    init?(_ text: String) {
        guard let parts = ObligationPlace.parts(text) else { return nil }
        (day, dueAt, program, kind, institution) = parts
    }

    var text: String { "\(day)~\(dueAt)~\(program)~\(kind)~\(institution)" }

    static func < (left: ObligationCursor, right: ObligationCursor) -> Bool {
        (left.day.daysSince1970, left.dueAt, left.institution, left.program, left.kind)
            < (right.day.daysSince1970, right.dueAt, right.institution, right.program, right.kind)
    }
}
