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
            let asked = try asked(filter, program, indicator, visitor)
            cards.append(
                FiguresPage.Item(
                    indicator: indicator, series: try await services.figures(asked, in: visitor.figureScope)))
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
        var filter = filter(request, program)
        (filter.split, filter.version) = (request.query["split"] ?? "", request.query["version"] ?? "")
        filter.compareTo = request.query["compareTo"] ?? ""
        let asked = try asked(filter, program, indicator, visitor)
        var comparison: FigureComparison?
        if asked.compareTo != nil {
            comparison = try await services.comparison(asked, formerVersion: nil, in: visitor.figureScope)
        }
        return FigurePage(
            program: program, indicator: indicator,
            series: try await services.figures(asked, in: visitor.figureScope), filter: filter, comparison: comparison,
            choosesPlace: visitor.account.institution == nil,
            published: try await published(program, indicator, visitor),
            institution: { [services] in services.institution($0) }
        ).page(reader)
    }

    /// The nation by week and its regions in the last one, for those who see a part of them; nil for those who see all.
    private func published(
        _ program: Program, _ indicator: Indicator, _ visitor: Visitor
    ) async throws -> [FigureSeries]? {
        switch visitor.figureScope {
        case .nation, .nothing: return nil
        case .region, .institution: break
        }
        guard PublishedRequest.offers(indicator) else { return [] }
        var asked = FigureRequest(program: program.id, indicator: indicator.id, by: .week)
        func series() async throws -> FigureSeries {
            try await services.published(PublishedRequest(asked), in: visitor.figureScope)
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
        try figures.request(filter.fields, program, indicator: indicator.id, scope: visitor.figureScope, ignoring: [])
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
    // Of an indicator's own page.
    var split = ""
    var version = ""
    var compareTo = ""

    /// As the API takes it.
    var fields: FormFields {
        var fields = FormFields()
        fields.append("by", by.rawValue + (split.isEmpty ? "" : ",\(split)"))
        for (name, value) in items.dropFirst() + [("version", version), ("compareTo", compareTo)] {
            fields.append(name, value)
        }
        return fields
    }

    /// Which days, as of when, and whose: what the pages share.
    var items: [(name: String, value: String)] {
        [
            ("by", by.rawValue), ("from", from), ("to", to), ("asOf", asOf), ("region", region),
            ("institution", institution),
        ]
    }

    func path(_ path: SitePath) -> SitePath { add(items, to: path) }

    /// With all that an indicator's own page is asked for.
    func wholePath(_ path: SitePath) -> SitePath {
        add(items + [("split", split), ("version", version), ("compareTo", compareTo)], to: path)
    }

    /// The same as a file, from the API.
    func exportPath(_ path: SitePath) -> SitePath {
        add(fields.items.filter { $0.name != "compareTo" }, to: path).with("format", "csv")
    }

    private func add(_ items: [(name: String, value: String)], to path: SitePath) -> SitePath {
        items.reduce(path) { $1.value.isEmpty ? $0 : $0.with($1.name, $1.value) }
    }
}
