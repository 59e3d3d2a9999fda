import Accounts
import HTTPServer
import Intake
import Portal
import Reporting
import SurveillanceKit
import Synchronization
import Timeliness

/// A platform at which nothing is owed but what a test says.
extension FakePlatform: DutyServices {
    func zone(of program: String) -> CivilZone? { CivilZone("Asia/Shanghai") }

    func institutions(in scope: Scope) -> [Institution] {
        [FakePlatform.hospital].filter { scope.covers(institution: $0.code, in: $0.region) }
    }

    func obligations(_ query: ObligationQuery, in scope: Scope) async throws -> ObligationPage {
        ObligationPage(state.withLock { $0.duties.map { ObligationPage.Item($0) } })
    }

    func explanations(
        of institution: String, _ program: String, dueOn day: CivilDate, in scope: Scope
    ) async throws -> [DutyExplanation]? { nil }

    func board(dueOn day: CivilDate, levels: Set<Institution.Level>, in scope: Scope) async throws -> DutyBoard {
        let isLevel = levels.isEmpty || levels.contains(FakePlatform.hospital.level)
        return DutyBoard(day: day, at: FakePlatform.now, rows: isLevel ? state.withLock(\.board) : [])
    }

    func coverage(of institution: String, in scope: Scope) async throws -> [DutyCoverage] { [] }

    func silentFeeds(since: Instant, in scope: Scope) async throws -> [SilentFeed] {
        state.withLock { state in
            state.silentFeeds.filter { feed in
                let own = feed.institution == FakePlatform.hospital.code ? FakePlatform.hospital.region : nil
                return scope.covers(institution: feed.institution, in: own)
            }
        }
    }

    func calendar(
        of program: String, dueOn days: ClosedRange<CivilDate>, in scope: Scope
    ) async throws -> [CivilDate: StateCounts] { [:] }

    func filled(_ day: CivilDate, in scope: Scope) async throws -> [DutyFilled] { [] }

    func reportZero(
        _ program: String, on day: CivilDate, by account: Account, from address: String, idempotencyKey: String?
    ) async throws -> Recorded {
        .new(FakePlatform.submission(9, .accepted, name: "zero-report.json"))
    }
}

/// A platform at which administrators have set nothing, and refuse everything.
extension FakePlatform: RuleServices {
    func ruleChanges(in scope: Scope) async throws -> [RuleChange] { [] }

    func preview(_ draft: RuleDraft, in scope: Scope) async throws -> RuleAnswer<RulePreview> { .refused([]) }

    func apply(_ draft: RuleDraft, by account: Account, from address: String) async throws -> RuleAnswer<RuleChange> {
        .refused([])
    }

    func revoke(_ id: String, by account: Account, from address: String) async throws -> RuleChange? { nil }
}

extension FakePlatform: FigureServices {
    func figures(_ request: FigureRequest, in scope: Scope) throws -> FigureSeries {
        guard let program = programs.first(where: { $0.id == request.program }),
            let indicator = program.indicators.first(where: { $0.id == request.indicator })
        else { throw Problem("no-such-indicator", status: .notFound, title: BilingualText(zh: "没有", en: "none")) }
        let rows = state.withLock { $0.figures[request.indicator] } ?? []
        return FigureSeries(request: request, indicator: indicator, asOf: request.asOf ?? FakePlatform.now, rows: rows)
    }

    func published(_ request: PublishedRequest, in scope: Scope) throws -> FigureSeries {
        try figures(request.request, in: scope)
    }

    func comparison(_ request: FigureRequest, formerVersion: Int?, in scope: Scope) throws -> FigureComparison {
        let earlier = request.compareTo ?? FakePlatform.now
        return FigureComparison(earlier: earlier, later: FakePlatform.now, before: .missing, after: .missing, parts: [])
    }
}
