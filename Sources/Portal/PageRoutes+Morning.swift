import Accounts
import HTTPServer
import Intake
import Reporting
import SurveillanceKit
import Timeliness

extension PageRoutes {
    /// Findings of no more submissions, and no more of each, are looked at for the reasons of rejected rows.
    private static let (submissionsLookedAt, findingsLookedAt) = (30, 1000)

    /// What administrators must know each morning; nil for hospitals, and for an account that oversees nothing.
    func morning(_ visitor: Visitor, _ query: SubmissionsQuery) async throws -> MorningView? {
        guard visitor.account.role != .institution, visitor.scope != .nothing else { return nil }
        let day = query.day ?? services.today(services.programs, at: services.now)
        var ofDay = query.with(state: nil, isOpen: true)
        ofDay.day = day
        let open = try await visitors.submissions(
            visitor, matching: ofDay, limit: PageRoutes.submissionsLookedAt, before: nil
        ).found
        var reasons = RejectionReasons()
        var lookedAt = 0
        for submission in open where submission.state.isFinal && submission.state != .failed {
            let seen = try await visitors.submission(submission.id.description, visitor)
            do {
                try reasons.add(
                    seen.shown(try services.findings(of: seen.submission)), maximum: PageRoutes.findingsLookedAt)
                lookedAt += 1
            } catch IntakeError.notKept {
                continue
            }
        }
        return MorningView(
            day: day, isToday: day == services.today(services.programs, at: services.now),
            board: try await services.board(
                dueOn: day, levels: query.level.map { [$0] } ?? [], in: visitor.scope),
            programs: programs(query), query: query, open: try await openCount(ofDay, visitor),
            reasons: reasons.most(5), lookedAt: lookedAt,
            silent: try await silentFeeds(on: day, visitor, query), moves: try await moves(day, visitor, query),
            institutionName: { [services] in services.institution($0)?.name })
    }

    private func programs(_ query: SubmissionsQuery) -> [Program] {
        services.programs.filter { (query.program ?? $0.id) == $0.id }
    }

    /// How many submissions there are; where each has to be looked at, of no more than the latest ones.
    private func openCount(_ query: SubmissionsQuery, _ visitor: Visitor) async throws -> MorningView.Open {
        guard query.looksAtEach else {
            let filter = query.filter(secondsEastOfUTC: settings.secondsEastOfUTC)
            return MorningView.Open(count: try await services.submissionCount(in: visitor.scope, matching: filter))
        }
        let (found, stoppedAt) = try await visitors.submissions(
            visitor, matching: query, limit: Visitors.mostSearched, before: nil)
        return MorningView.Open(count: found.count, isAtLeast: stoppedAt != nil)
    }

    /// Feeds that fell silent since the day began.
    private func silentFeeds(
        on day: CivilDate, _ visitor: Visitor, _ query: SubmissionsQuery
    ) async throws -> [SilentFeed] {
        guard let zone = services.programs.first.flatMap({ services.zone(of: $0.id) }) else { return [] }
        return try await services.silentFeeds(since: zone.instant(day, .midnight), in: visitor.scope).filter { feed in
            (query.program ?? feed.program) == feed.program
                && (query.level == nil || services.institution(feed.institution)?.level == query.level)
        }
    }

    /// What the first figures of each program came to last week, and in the week before.
    private func moves(
        _ day: CivilDate, _ visitor: Visitor, _ query: SubmissionsQuery
    ) async throws -> [MorningView.Move] {
        let last = FigurePeriod(.week, holding: day.advanced(byDays: -7))
        let former = FigurePeriod(.week, holding: day.advanced(byDays: -14))
        var moves: [MorningView.Move] = []
        for program in programs(query) {
            for indicator in MorningView.headlines(of: program) {
                // Each week alone: of a series the server would work out how late records come, too.
                func week(_ period: FigurePeriod) async throws -> FigureSeries {
                    try await services.figures(
                        FigureRequest(
                            program: program.id, indicator: indicator.id, from: period.first, to: period.last,
                            region: query.region, levels: query.level.map { [$0] } ?? []), in: visitor.scope)
                }
                let series = try await week(last)
                guard let now = series.rows.first?.figure, let before = try await week(former).rows.first?.figure
                else { continue }
                moves.append(MorningView.Move(program: program, series: series, last: now, former: before))
            }
        }
        return moves
    }
}
