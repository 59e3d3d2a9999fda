import HTTPServer
import JSON
import Reporting
import SurveillanceKit
import Timeliness

/// The indicators and their figures.
struct FigureRoutes: Sendable {
    let services: any FigureServices & DutyServices & ReferenceServices & SignInServices & DownloadServices
    let visitors: Visitors

    private var reader: FigureReader { FigureReader(services: services) }

    var routes: [Route] {
        [
            .get("/api/v1/indicators", list),
            .get("/api/v1/indicators/{program}/{id}", figures),
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        _ = try await visitors.caller(request.head)
        let items = services.programs.flatMap { program in
            program.indicators.map { json($0, of: program) }
        }
        return Response.json(.object([("items", .array(items)), ("total", .integer(items.count))]))
    }

    private func json(_ indicator: Indicator, of program: Program) -> JSONValue {
        func both(_ text: BilingualText) -> JSONValue {
            .object([("zh", .string(text.zh)), ("en", .string(text.en))])
        }
        return .object([
            ("program", .string(program.id)), ("id", .string(indicator.id)), ("version", .integer(indicator.version)),
            ("title", both(indicator.title)), ("definition", both(indicator.definition)),
            ("caveat", indicator.caveat.map(both) ?? .null), ("source", both(indicator.source)),
            ("unit", both(indicator.unit)), ("over", .string(indicator.over)),
            ("dimensions", .array(indicator.dimensions.map(JSONValue.string))),
            ("minimumDenominator", .integer(indicator.minimumDenominator)),
            ("alarm", .string(indicator.alarm.rawValue)), ("experimental", .bool(indicator.isExperimental)),
            ("earlierVersions", .array(indicator.earlier.map { .integer($0.version) })),
        ])
    }

    private func figures(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        let program = try reader.program(request.parameters["program"])
        if let text = request.query["published"], !text.isEmpty {
            guard text == "yes" else { throw Problem.unknownValue("published", text) }
            for name in ["compareTo", "compareVersion"] where request.query[name] != nil {
                throw Problem.notTogether("published=yes", name)
            }
            return try await published(request, program, visitor)
        }
        let asked = try reader.request(
            request.query, program, indicator: request.parameters["id"] ?? "", scope: visitor.figureScope,
            ignoring: ["lang", "format", "compareVersion", "published"])
        if asked.compareTo == nil, request.query["compareVersion"] != nil { throw Problem.onlyWithCompareTo }
        if asked.compareTo != nil { return try await comparison(request, asked, program, visitor) }
        let series = try await services.figures(asked, in: visitor.figureScope)
        if let format = request.query["format"], format != "json" {
            let language = Reader.language(of: request.head)
            let table = series.table { reader.time($0, of: program) }.exportTable
            guard let file = try services.file(of: table, format: format, in: language) else {
                throw Problem.unknownValue("format", format)
            }
            return Response.download(file, name: "\(program.id)-\(asked.indicator).\(format)")
        }
        return uncached(series.json { reader.time($0, of: program) })
    }

    private func published(_ request: Request, _ program: Program, _ visitor: Visitor) async throws -> Response {
        // A file has one instant for all rows; here a row may be as of an earlier one.
        if let format = request.query["format"], format != "json" {
            throw Problem.notTogether("published=yes", "format=\(format)")
        }
        let asked = try reader.published(
            request.query, program, indicator: request.parameters["id"] ?? "", scope: visitor.figureScope,
            ignoring: ["lang", "format", "published"])
        let series = try await services.published(asked, in: visitor.figureScope)
        return uncached(series.json { reader.time($0, of: program) })
    }

    private func comparison(
        _ request: Request, _ asked: FigureRequest, _ program: Program, _ visitor: Visitor
    ) async throws -> Response {
        let former = try request.query["compareVersion"].map { text in
            guard let version = Int(text) else { throw Problem.unknownValue("compareVersion", text) }
            return version
        }
        let comparison = try await services.comparison(asked, formerVersion: former, in: visitor.figureScope)
        return uncached(comparison.json { reader.time($0, of: program) })
    }

    private func uncached(_ value: JSONValue) -> Response {
        var response = Response.json(value)
        response.headers["Cache-Control"] = "no-store"
        return response
    }
}

extension Problem {
    static var onlyWithCompareTo: Problem {
        Problem(
            "not-together", status: .unprocessableContent,
            title: BilingualText(zh: "缺少参数 compareTo", en: "compareTo is missing"),
            detail: BilingualText(
                zh: "compareVersion 只能与 compareTo 一起使用。", en: "compareVersion goes with compareTo alone."))
    }
}
