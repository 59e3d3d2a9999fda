import Foundation
import HTTPServer
import Intake
import JSON
import SurveillanceKit
import Timeliness

/// What is owed by when, and zero reports.
struct DutyRoutes: Sendable {
    let services: any DutyServices & SignInServices & ReferenceServices
    let visitors: Visitors

    private static let maximumListed = 1000
    /// Days that one request may ask for: of many institutions, and of one.
    static let mostDays = (many: 31, one: 400)

    var routes: [Route] {
        [
            .get("/api/v1/obligations", obligations),
            .post("/api/v1/zero-reports", maximumBytes: 8192, zeroReport),
        ]
    }

    private func obligations(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        if visitor.scope == .nothing { throw Problem.noRegion }
        let query = try query(request, visitor)
        let page = try await services.obligations(query, in: visitor.scope)
        var members: [(String, JSONValue)] = [
            ("items", .array(page.items.compactMap(json))), ("total", .optional(page.total)),
            ("next", .optional(page.next)),
        ]
        if !page.unjudged.isEmpty {
            members.append(
                (
                    "unjudged",
                    .array(
                        page.unjudged.prefix(DutyRoutes.mostUnjudged).map {
                            .object([("zh", .string($0.message.zh)), ("en", .string($0.message.en))])
                        })
                ))
        }
        var response = Response.json(.object(members))
        response.headers["Cache-Control"] = "no-store"
        response.linkNext(of: request, "after", page.next)
        return response
    }

    private static let mostUnjudged = 100

    private func json(_ item: ObligationPage.Item) -> JSONValue? {
        services.zone(of: item.obligation.program).map {
            ObligationText.json(
                item.obligation, institution: item.obligation.institution, program: item.obligation.program,
                item.reasons, in: $0)
        }
    }

    private func query(_ request: Request, _ visitor: Visitor) throws -> ObligationQuery {
        func value<T>(_ name: String, _ read: (String) -> T?) throws -> T? {
            try request.query[name].map { text in
                guard let value = read(text) else { throw Problem.unknownValue(name, text) }
                return value
            }
        }
        let program = try value("program") { id in services.zone(of: id) == nil ? nil : id }
        let institution = request.query["institution"]
        if let institution {
            let found = services.institution(institution)
            guard let found, visitor.scope.covers(institution: institution, in: found.region) else {
                throw Problem.noSuchInstitution
            }
        }
        let region = try value("region") { Region($0) }
        let states = try
            (request.query["state"].map { $0.split(separator: ",", omittingEmptySubsequences: false) } ?? [])
            .map { text in
                guard let state = Obligation.State(rawValue: String(text)) else {
                    throw Problem.unknownValue("state", String(text))
                }
                return state
            }
        let limit = try value("limit") { text in
            Int(text).flatMap { (1...DutyRoutes.maximumListed).contains($0) ? $0 : nil }
        }
        let from = try value("from", { CivilDate($0) })
        let to = try value("to", { CivilDate($0) })
        let today = services.today(services.programs.filter { $0.id == program ?? $0.id }, at: services.now)
        let first = from ?? to ?? today
        let last = to ?? from ?? today
        guard first <= last else { throw Problem.daysBackwards(first, last) }
        var isOne = institution != nil
        if case .institution = visitor.scope { isOne = true }
        let most = isOne ? DutyRoutes.mostDays.one : DutyRoutes.mostDays.many
        let count = last.daysSince1970 - first.daysSince1970 + 1
        guard count <= most else {
            throw Problem.badSpan(
                BilingualText(
                    zh:
                        "\(first) 至 \(last) 共 \(count) 天，一次最多 \(most) 天\(isOne ? "" : "；指定 institution 时最多 \(DutyRoutes.mostDays.one) 天")。",
                    en:
                        "\(first) to \(last) are \(count) days; at most \(most) are answered at once\(isOne ? "" : ", and \(DutyRoutes.mostDays.one) of one institution")."
                ))
        }
        let after = request.query["after"]
        if let after, !ObligationPlace.isOne(after) { throw Problem.unknownPlace(after) }
        return ObligationQuery(
            dueOn: first...last, program: program, institution: institution, region: region, states: Set(states),
            wantsReasons: true, limit: limit ?? 100, after: after)
    }

    // MARK: Zero reports

    private func zeroReport(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        _ = try visitors.reportingInstitution(visitor)
        let (program, day) = try DutyRoutes.zeroReport(request.body)
        let recorded: Recorded
        do {
            recorded = try await services.reportZero(
                program, on: day, by: visitor.account, from: request.remoteAddress,
                idempotencyKey: request.head.headers["Idempotency-Key"])
        } catch { throw Problem.readable(error) }
        var response = Response.json(recorded.json, status: recorded.isNew ? .created : .ok)
        response.headers["Location"] =
            SitePath("api", "v1", "submissions", recorded.submission.id.description).description
        return response
    }

    /// The program and the day of a zero report's body.
    private static func zeroReport(_ body: [UInt8]) throws -> (program: String, day: CivilDate) {
        guard let root = try? JSONDocument(body).root, case .object(let members) = root.content,
            case .string(let program)? = root["program"]?.content, case .string(let text)? = root["day"]?.content
        else {
            throw Problem(
                "malformed-json", status: .badRequest,
                title: BilingualText(zh: "内容不是有效的 JSON", en: "The body is no valid JSON"),
                detail: BilingualText(
                    zh: "应为 {\"program\": \"influenza\", \"day\": \"2026-03-01\"}。",
                    en: "It must be {\"program\": \"influenza\", \"day\": \"2026-03-01\"}."))
        }
        if let other = members.first(where: { !["program", "day"].contains($0.name) }) {
            throw Problem.unknownValue(other.name, "…")
        }
        guard let day = CivilDate(text) else {
            throw Problem(
                "no-day", status: .badRequest, title: BilingualText(zh: "日期无效", en: "This is no day"),
                detail: BilingualText(
                    zh: "“\(text)”不是日期；请写成 2026-03-01。", en: "'\(text)' is no day; write it as 2026-03-01."))
        }
        return (program, day)
    }
}

extension Problem {
    static var noSuchInstitution: Problem {
        Problem(
            "no-such-institution", status: .notFound,
            title: BilingualText(zh: "没有这个机构", en: "There is no such institution"),
            detail: BilingualText(
                zh: "请检查机构代码；只能查看本机构或本辖区的机构。",
                en: "Check its code. Only your own institution, or those of your region, can be seen."))
    }

    static func badSpan(_ detail: BilingualText) -> Problem {
        Problem(
            "bad-span", status: .unprocessableContent,
            title: BilingualText(zh: "日期范围无效", en: "The span of days is not valid"),
            detail: detail)
    }
}
