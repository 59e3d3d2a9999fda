import Accounts
import HTTPServer
import Reporting
import SurveillanceKit
import Timeliness

/// The pages of figures: a program's indicators, and each by itself.
struct FigurePageRoutes: Sendable {
    let services: any FigureServices & DutyServices & ReferenceServices & SignInServices
    let visitors: Visitors

    private var figures: FigureReader { FigureReader(services: services) }

    /// - Parameter page: makes the route of a page for people who have signed in.
    func routes(
        page: (String, @escaping @Sendable (Request, Reader, Visitor) async throws -> Page) -> Route,
        signedIn: (String, @escaping @Sendable (Request, Visitor) async throws -> Response) -> Route
    ) -> [Route] {
        [
            signedIn("/figures") { [services] request, _ in
                guard let program = services.programs.first(where: { !$0.indicators.isEmpty }) else {
                    throw Problem.noSuchPage
                }
                return .redirect(to: SitePath("figures", program.id).description)
            },
            page("/figures/{program}", program),
            page("/figures/{program}/{id}", indicator),
        ]
    }

    private func program(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        let program = try figures.program(request.parameters["program"])
        let filter = filter(request, program)
        var cards: [FiguresPage.Item] = []
        for indicator in program.indicators {
            let asked = try self.asked(filter, program, indicator, visitor)
            cards.append(FiguresPage.Item(indicator: indicator, series: try await series(asked, visitor)))
        }
        return FiguresPage(
            program: program, programs: services.programs.filter { !$0.indicators.isEmpty }, items: cards,
            filter: filter, choosesPlace: visitor.account.institution == nil
        ).page(reader)
    }

    private func indicator(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        let program = try figures.program(request.parameters["program"])
        guard let indicator = program.indicators.first(where: { $0.id == request.parameters["id"] }) else {
            throw Problem.noSuchPage
        }
        let filter = filter(request, program)
        var asked = try asked(filter, program, indicator, visitor)
        if let text = request.query["version"], !text.isEmpty {
            guard let version = Int(text) else { throw Problem.unknownValue("version", text) }
            asked.version = version
        }
        if let split = request.query["split"], !split.isEmpty {
            let parameters = ["by": "\(filter.by.rawValue),\(split)"]
            do throws(FigureRequest.Fault) {
                asked.splits = try FigureRequest(
                    program, indicator: indicator.id, parameters, knownAt: { _ in Instant(milliseconds: 0) }
                ).splits
            } catch { throw Problem.unknownValue("split", split) }
        }
        var comparison: FigureComparison?
        if let text = request.query["compareTo"], !text.isEmpty {
            var compared = try figures.request(
                request.query, program, indicator: indicator.id, scope: visitor.scope,
                ignoring: ["lang", "split", "by", "version", "from", "to", "asOf"])
            (compared.from, compared.to, compared.asOf) = (asked.from, asked.to, asked.asOf)
            compared.version = asked.version
            comparison = try await services.comparison(compared, formerVersion: nil, in: visitor.scope)
        }
        return FigurePage(
            program: program, indicator: indicator, series: try await series(asked, visitor), filter: filter,
            split: request.query["split"] ?? "", compareTo: request.query["compareTo"] ?? "", comparison: comparison,
            choosesPlace: visitor.account.institution == nil,
            published: try await published(program, indicator, visitor),
            institution: { [services] in services.institution($0) }
        ).page(reader)
    }

    /// The nation by week and its regions in the last one, for those who see a part of them; nil for those who see all.
    private func published(
        _ program: Program, _ indicator: Indicator, _ visitor: Visitor
    ) async throws -> [FigureSeries]? {
        switch visitor.scope {
        case .nation, .nothing: return nil
        case .region, .institution: break
        }
        guard PublishedRequest.offers(indicator) else { return [] }
        var asked = FigureRequest(program: program.id, indicator: indicator.id, by: .week)
        func series() async throws -> FigureSeries {
            try await services.published(PublishedRequest(asked), in: visitor.scope)
        }
        let nation = try await series()
        guard let week = nation.rows.last(where: { $0.figure.status != .missing })?.period else { return [nation] }
        asked.splits = [.region]
        (asked.from, asked.to) = (week.first, week.last)
        return [nation, try await series()]
    }

    // MARK: What is asked for

    /// As an address says it, with what it leaves open filled in: the last 26 weeks.
    private func filter(_ request: Request, _ program: Program) -> FigureFilter {
        func given(_ name: String) -> String { request.query[name] ?? "" }
        let by = FigurePeriod.Kind(rawValue: given("by")) ?? .week
        let today = services.today([program], at: services.now)
        let days: Int =
            switch by {
            case .day: 55
            case .week: 26 * 7 - 1
            case .month: 729
            case .season, .year: 3 * 366
            }
        let from =
            given("from").isEmpty ? "\(FigurePeriod(by, holding: today.advanced(byDays: -days)).first)" : given("from")
        let to = given("to").isEmpty ? "\(today)" : given("to")
        return FigureFilter(
            by: by, from: from, to: to, asOf: given("asOf"), region: given("region"),
            institution: given("institution"))
    }

    private func asked(
        _ filter: FigureFilter, _ program: Program, _ indicator: Indicator, _ visitor: Visitor
    ) throws -> FigureRequest {
        try figures.request(
            filter.fields, program, indicator: indicator.id, scope: visitor.scope, ignoring: [])
    }

    /// Before the first records there is nothing to show, and nothing wrong.
    private func series(_ asked: FigureRequest, _ visitor: Visitor) async throws -> FigureSeries {
        try await services.figures(asked, in: visitor.scope)
    }
}

/// What the pages of figures are asked for, as their addresses say it.
struct FigureFilter: Sendable {
    var by: FigurePeriod.Kind
    var from: String
    var to: String
    var asOf: String
    var region: String
    var institution: String

    var fields: FormFields {
        var fields = FormFields()
        for (name, value) in items { fields.append(name, value) }
        return fields
    }

    var items: [(name: String, value: String)] {
        [
            ("by", by.rawValue), ("from", from), ("to", to), ("asOf", asOf), ("region", region),
            ("institution", institution),
        ]
    }

    func path(_ path: SitePath) -> SitePath {
        items.reduce(path) { $1.value.isEmpty ? $0 : $0.with($1.name, $1.value) }
    }
}
