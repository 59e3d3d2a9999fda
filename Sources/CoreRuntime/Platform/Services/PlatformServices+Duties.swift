import Accounts
import Database
import Foundation
import Intake
import Notices
import Portal
import Records
import SurveillanceKit
import Timeliness
import TimelinessStore

extension PlatformServices: DutyServices {
    func zone(of program: String) -> CivilZone? { platform.duties.roster.book.program(program)?.zone }

    func institutions(in scope: Scope) -> [Institution] {
        platform.duties.roster.book.institutions.filter { scope.covers(institution: $0.code, in: $0.region) }
    }

    func obligations(_ query: ObligationQuery, in scope: Scope) async throws -> ObligationPage {
        try await StorageFault.answered { try await platform.obligations(query, in: scope) }
    }

    func explanations(
        of institution: String, _ program: String, dueOn day: CivilDate, in scope: Scope
    ) async throws -> [DutyExplanation]? {
        try await StorageFault.answered {
            try await platform.explanations(of: institution, program, dueOn: day, in: scope)
        }
    }

    func board(dueOn day: CivilDate, levels: Set<Institution.Level>, in scope: Scope) async throws -> DutyBoard {
        try await StorageFault.answered {
            try await platform.rules.refresh()
            let (states, roster, at) = try await platform.duties.states(on: day)
            let institutions = roster.book.institutions
            let undecided = roster.undecided {
                scope.covers(institution: institutions[$0].code, in: institutions[$0].region)
            }
            return DutyBoard(
                day: day, at: at,
                rows: states.rows(in: scope, levels: levels, roster).map {
                    DutyBoard.Row(program: $0.program, region: $0.region, counts: $0.counts)
                }, unjudged: states.unjudged + undecided)
        }
    }

    func coverage(of institution: String, in scope: Scope) async throws -> [DutyCoverage] {
        try await StorageFault.answered {
            let roster = platform.duties.roster
            guard let place = roster.place(ofInstitution: institution),
                scope.covers(institution: institution, in: roster.book.institutions[place].region)
            else { return [] }
            let now = platform.duties.clock.now()
            var found: [DutyCoverage] = []
            for program in programs {
                guard let zone = zone(of: program.id) else { continue }
                let days = try await platform.coverage.days(of: institution, program, upTo: zone.day(at: now))
                if !days.isEmpty { found.append(DutyCoverage(program: program.id, days: days)) }
            }
            return found
        }
    }

    func filled(_ day: CivilDate, in scope: Scope) async throws -> [DutyFilled] {
        try await StorageFault.answered {
            let now = platform.now()
            if let known = platform.filledDays.known(day, scope, at: now) { return known }
            let roster = platform.duties.roster
            let digits: Int =
                switch scope {
                case .nation: 2
                case .region(let own): min(6, own.prefix.utf8.count + 2)
                case .institution, .nothing: 6
                }
            var found: [DutyFilled] = []
            for program in programs {
                guard let type = CoverageReader.counted(program) else { continue }
                let codes = try await platform.data.records.read { [lineList = platform.data.lineList] in
                    try lineList.institutions(program: program.id, fileType: type.id, on: day, in: $0)
                }
                var counts: [Substring: Int] = [:]
                for code in codes {
                    guard let place = roster.place(ofInstitution: code) else { continue }
                    let region = roster.book.institutions[place].region
                    guard scope.covers(institution: code, in: region) else { continue }
                    counts[region.prefix(digits), default: 0] += 1
                }
                found += counts.map { DutyFilled(program: program.id, region: String($0.key), institutions: $0.value) }
            }
            platform.filledDays.note(found, day, scope, at: now)
            return found
        }
    }

    func calendar(
        of program: String, dueOn days: ClosedRange<CivilDate>, in scope: Scope
    ) async throws -> [CivilDate: StateCounts] {
        try await StorageFault.answered {
            try await platform.rules.refresh()
            let now = try await platform.duties.refresh()
            guard let place = platform.duties.roster.place(ofProgram: program) else { return [:] }
            let source = try await platform.duties.source(dueOn: days, programs: [place])
            guard let table = source.tables[place] else { return [:] }
            let receipts = source.receipts(of: place)
            var counts: [CivilDate: StateCounts] = [:]
            for (number, institution) in source.roster.book.institutions.enumerated()
            where scope.covers(institution: institution.code, in: institution.region) {
                for duty in source.roster.obligations(number, place, receipts(number), table, at: now) {
                    counts[duty.dueDay, default: StateCounts()].add(duty.state)
                }
            }
            return counts
        }
    }

    func silentFeeds(since: Instant, in scope: Scope) async throws -> [SilentFeed] {
        try await StorageFault.answered {
            let found = try await platform.data.database.read {
                try Outbox.subjects(of: .feedSilent, since: since, in: $0)
            }
            let roster = platform.duties.roster
            return found.filter { feed in
                let region = roster.place(ofInstitution: feed.institution).map { roster.book.institutions[$0].region }
                return scope.covers(institution: feed.institution, in: region)
            }.map { SilentFeed(program: $0.program, institution: $0.institution) }
        }
    }

    func reportZero(
        _ program: String, on day: CivilDate, by account: Account, from address: String, idempotencyKey: String?
    ) async throws -> Recorded {
        try await StorageFault.readable {
            try await platform.reportZero(
                program, on: day, by: account, from: address, idempotencyKey: idempotencyKey)
        }
    }
}
