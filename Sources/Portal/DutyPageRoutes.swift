import Accounts
import HTTPServer
import Intake
import SurveillanceKit
import Timeliness

/// The pages of duties: a hospital's own, and the administrators' board.
struct DutyPageRoutes: Sendable {
    let services: any DutyServices & ReferenceServices & DownloadServices & SignInServices
    let visitors: Visitors

    /// Weeks of a calendar.
    private static let weeks = 5
    /// A calendar or a statement is one institution's: no more than this come.
    private static let mostOfOne = 20_000

    /// - Parameter page: makes the route of a page for people who have signed in.
    func routes(
        page: (String, @escaping @Sendable (Request, Reader, Visitor) async throws -> Page) -> Route,
        signedIn: (String, @escaping @Sendable (Request, Visitor) async throws -> Response) -> Route
    ) -> [Route] {
        [
            signedIn("/duties", duties),
            page("/duties/explain", explanation),
            page("/duties/statement", statement),
            .post("/duties/zero-reports", maximumBytes: 8192, reportZero),
            page("/board", board),
            page("/board/calendar", boardCalendar),
            signedIn("/board/institutions", boardInstitutions),
            page("/board/institutions/{code}", institution),
        ]
    }

    // MARK: A hospital's own

    private func duties(_ request: Request, _ visitor: Visitor) async throws -> Response {
        guard visitor.account.role == .institution else { return .redirect(to: SitePath("board").description) }
        let own = try visitors.reportingInstitution(visitor)
        let reader = visitors.reader(request.head, visitor)
        let weeks = CalendarWeeks(count: DutyPageRoutes.weeks, today: today)
        let found = try await services.obligations(
            ObligationQuery(
                dueOn: weeks.days.lowerBound...today.advanced(byDays: 31), institution: own.code,
                limit: DutyPageRoutes.mostOfOne),
            in: visitor.scope)
        let items = found.items.compactMap { item($0.obligation) }
        let coverage = try await services.coverage(of: own.code, in: visitor.scope)
        let zero = request.query["zero"].flatMap { CivilDate($0) }
        var response = DutiesPage(
            now: services.now, today: items.filter { $0.obligation.dueDay == today },
            open: items.filter { $0.obligation.state == .missing && $0.obligation.dueDay < today }.reversed(),
            coming: items.filter {
                $0.obligation.dueDay > today && ($0.obligation.state == .due || !$0.obligation.kind.isEveryDay)
            },
            calendar: DutyCalendar(
                items.map(\.obligation), weeks, titles: titles),
            coverage: coverage.compactMap { covered in
                services.programs.first { $0.id == covered.program }.map {
                    CoverageView(program: $0, days: covered.days)
                }
            },
            unjudged: found.unjudged,
            message: zero.map {
                BilingualText(zh: "已登记：\($0) 无病例。", en: "Recorded: no cases on \($0).")
            }
        ).page(reader).response(for: reader)
        response.keepLanguage(of: request.head)
        return response
    }

    private func explanation(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        guard let code = request.query["institution"] ?? visitor.account.institution,
            let id = request.query["program"], let day = request.query["date"].flatMap({ CivilDate($0) }),
            let institution = services.institution(code), let program = services.programs.first(where: { $0.id == id }),
            let zone = services.zone(of: id),
            let explanations = try await services.explanations(of: code, id, dueOn: day, in: visitor.scope)
        else { throw Problem.noSuchPage }
        return ExplanationPage(
            institution: institution, program: program, zone: zone, day: day, explanations: explanations
        ).page(reader)
    }

    private func statement(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        guard let code = request.query["institution"] ?? visitor.account.institution,
            let own = services.institutions(in: visitor.scope).first(where: { $0.code == code })
        else { throw Problem.noSuchPage }
        let to = try day(request, "to") ?? today
        let from = try day(request, "from") ?? to.advanced(byDays: -89)
        guard from <= to, to.daysSince1970 - from.daysSince1970 < StatementPage.mostDays else {
            throw Problem.daysNotFitting(from, to, most: StatementPage.mostDays)
        }
        let found = try await services.obligations(
            ObligationQuery(dueOn: from...to, institution: code, limit: DutyPageRoutes.mostOfOne), in: visitor.scope)
        return StatementPage(
            institution: own, programs: services.programs, days: from...to, now: services.now,
            obligations: found.items.map(\.obligation), zone: { [services] in services.zone(of: $0) },
            unjudged: found.unjudged
        ).page(reader)
    }

    private func reportZero(_ request: Request) async throws -> Response {
        guard let (visitor, form) = try await visitors.form(request) else {
            return .redirect(to: SitePath("sign-in").with("next", "/duties").description)
        }
        let text = form["day"] ?? ""
        guard let day = CivilDate(text) else { throw Problem.unknownValue("day", text) }
        do {
            _ = try await services.reportZero(
                form["program"] ?? "", on: day, by: visitor.account, from: request.remoteAddress)
        } catch {
            throw Problem.readable(error)
        }
        return .redirect(to: SitePath("duties").with("zero", "\(day)").description)
    }

    // MARK: The administrators' board

    private func board(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        let (day, region) = (try day(request, "date") ?? today, try region(request))
        let level = try level(request)
        let board = try await services.board(
            dueOn: day, levels: level.map { [$0] } ?? [], in: try visitors.overseen(visitor, within: region))
        let filled = try await services.filled(day, in: try visitors.overseen(visitor, within: region))
        return BoardPage(
            board: board, filled: level == nil ? filled : nil, programs: services.programs, region: region,
            level: level, isToday: day == today,
            zone: services.programs.first.flatMap { services.zone(of: $0.id) }
        )
        .page(reader)
    }

    private func boardCalendar(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        let region = try region(request)
        let scope = try visitors.overseen(visitor, within: region)
        guard let program = services.programs.first(where: { $0.id == request.query["program"] }) else {
            throw Problem.noSuchPage
        }
        let weeks = CalendarWeeks(count: DutyPageRoutes.weeks, today: today)
        let counts = try await services.calendar(of: program.id, dueOn: weeks.days.lowerBound...today, in: scope)
        return BoardCalendarPage(program: program, region: region, weeks: weeks, counts: counts).page(reader)
    }

    private func boardInstitutions(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let (day, region) = (try day(request, "date") ?? today, try region(request))
        let scope = try visitors.overseen(visitor, within: region)
        let state = try request.query["state"].map { text in
            guard let state = Obligation.State(rawValue: text) else { throw Problem.unknownValue("state", text) }
            return state
        }
        let program = request.query["program"]
        guard program == nil || services.programs.contains(where: { $0.id == program }) else {
            throw Problem.noSuchPage
        }
        var query = ObligationQuery(
            dueOn: day...day, program: program, region: region, states: state.map { [$0] } ?? [],
            levels: try level(request).map { [$0] } ?? [],
            limit: BoardInstitutionsPage.length, after: request.query["after"])
        if request.query["format"] == "csv" {
            (query.limit, query.after) = (Int(Int32.max), nil)
            let found = try await services.obligations(query, in: scope)
            return try table(found.items.map(\.obligation), day, Reader.language(of: request.head))
        }
        let reader = visitors.reader(request.head, visitor)
        var response = BoardInstitutionsPage(
            day: day, program: program, region: region, state: state, level: query.levels.first, after: query.after,
            found: try await services.obligations(query, in: scope), programs: services.programs,
            zone: { [services] in services.zone(of: $0) }, institution: { [services] in services.institution($0) }
        ).page(reader).response(for: reader)
        response.keepLanguage(of: request.head)
        return response
    }

    private func institution(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        let scope = try visitors.overseen(visitor)
        guard let institution = services.institutions(in: scope).first(where: { $0.code == request.parameters["code"] })
        else { throw Problem.noSuchPage }
        let weeks = CalendarWeeks(count: 2 * DutyPageRoutes.weeks, today: today)
        let found = try await services.obligations(
            ObligationQuery(
                dueOn: weeks.days.lowerBound...today.advanced(byDays: 6), institution: institution.code,
                limit: DutyPageRoutes.mostOfOne
            ),
            in: scope)
        let all = found.items.map(\.obligation)
        return InstitutionDutiesPage(
            institution: institution,
            calendar: DutyCalendar(all, weeks, titles: titles),
            counts: services.programs.compactMap { program in
                let counts = StateCounts(all.lazy.filter { $0.program == program.id })
                return counts.total == 0 ? nil : (program, counts)
            },
            unjudged: found.unjudged
        ).page(reader)
    }

    private func level(_ request: Request) throws -> Institution.Level? {
        guard let text = request.query["level"], !text.isEmpty else { return nil }
        guard let level = Institution.Level(rawValue: text) else { throw Problem.unknownValue("level", text) }
        return level
    }

    private func table(_ obligations: [Obligation], _ day: CivilDate, _ language: Language) throws -> Response {
        let table = ObligationTable(
            obligations: obligations, programs: services.programs,
            institution: { [services] in services.institution($0) }, zone: { [services] in services.zone(of: $0) }
        ).table(day, language)
        guard let file = try services.file(of: table, format: "csv", in: language) else { throw Problem.noSuchPage }
        return .download(file, name: "obligations-\(day).csv")
    }

    // MARK: What is asked for

    private var today: CivilDate { services.today(services.programs, at: services.now) }

    private var titles: [String: BilingualText] {
        Dictionary(services.programs.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })
    }

    private func item(_ obligation: Obligation) -> DutiesPage.Item? {
        guard let program = services.programs.first(where: { $0.id == obligation.program }),
            let zone = services.zone(of: obligation.program)
        else { return nil }
        return DutiesPage.Item(obligation: obligation, program: program, zone: zone)
    }

    private func day(_ request: Request, _ name: String) throws -> CivilDate? {
        guard let text = request.query[name], !text.isEmpty else { return nil }
        guard let day = CivilDate(text) else { throw Problem.unknownValue(name, text) }
        return day
    }

    private func region(_ request: Request) throws -> Region? {
        guard let text = request.query["region"], !text.isEmpty else { return nil }
        guard let region = Region(text) else { throw Problem.unknownValue("region", text) }
        return region
    }
}

extension Problem {
    static func daysNotFitting(_ from: CivilDate, _ to: CivilDate, most: Int) -> Problem {
        Problem(
            "days-not-fitting", status: .badRequest,
            title: BilingualText(zh: "日期范围不合适", en: "The days do not fit"),
            detail: BilingualText(
                zh: "从 \(from) 到 \(to)：起始日期不得晚于结束日期，最多 \(most) 天。",
                en: "From \(from) to \(to): the first day is not after the last, and there are at most \(most) days."))
    }
}
