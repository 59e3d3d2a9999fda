import Accounts
import Database
import Foundation
import Intake
import Portal
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

    func board(dueOn day: CivilDate, in scope: Scope) async throws -> DutyBoard {
        try await StorageFault.answered {
            try await platform.rules.refresh()
            let (states, roster, at) = try await platform.duties.states(on: day)
            let institutions = roster.book.institutions
            let undecided = roster.undecided {
                scope.covers(institution: institutions[$0].code, in: institutions[$0].region)
            }
            return DutyBoard(
                day: day, at: at,
                rows: states.rows(in: scope, roster).map {
                    DutyBoard.Row(program: $0.program, region: $0.region, counts: $0.counts.byState)
                }, unjudged: states.unjudged + undecided)
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
