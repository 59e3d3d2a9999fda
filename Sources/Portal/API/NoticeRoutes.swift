import Accounts
import HTTPServer
import JSON
import Notices
import SurveillanceKit

/// Messages and what became of them, for administrators: the API and the page.
struct NoticeRoutes: Sendable {
    let services: any NoticeServices
    let visitors: Visitors

    private static let maximumListed = 1000

    var routes: [Route] {
        [.get("/api/v1/notices", list), .get("/notices", page)]
            + MessageDecision.allCases.flatMap { decision in
                [
                    Route.post("/api/v1/notices/{id}/\(decision.rawValue)", maximumBytes: 8192) { request in
                        let visitor = try await visitors.caller(request.head)
                        try await settle(request, decision, visitor)
                        return Response(status: .noContent)
                    },
                    Route.post("/notices/{id}/\(decision.rawValue)", maximumBytes: 8192) { request in
                        guard let (visitor, _) = try await visitors.form(request) else {
                            return .redirect(to: SitePath("sign-in").description)
                        }
                        try await settle(request, decision, visitor)
                        return .redirect(to: SitePath("notices").description)
                    },
                ]
            }
    }

    private func settle(_ request: Request, _ decision: MessageDecision, _ visitor: Visitor) async throws {
        try visitors.requireAdministrator(visitor)
        let id = request.parameters["id"] ?? ""
        guard try await services.settle(id, decision, by: visitor.account, from: request.remoteAddress) else {
            throw Problem(
                "no-such-message", status: .notFound,
                title: BilingualText(zh: "没有这条待处理的通知", en: "There is no such undelivered message"),
                detail: BilingualText(
                    zh: "它可能已被处理；请刷新列表。", en: "Somebody may have dealt with it; look at the list again."))
        }
    }

    private func list(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        try visitors.requireAdministrator(visitor)
        let found = try await find(request, limit: 100)
        let items = found.messages.map(\.json)
        var response = Response.json([
            "items": .array(items), "total": .integer(found.total), "next": .optional(found.next),
        ])
        response.headers["Cache-Control"] = "no-store"
        response.linkNext(of: request, "after", found.next)
        return response
    }

    private func page(_ request: Request) async throws -> Response {
        guard let visitor = try await visitors.session(request.head) else {
            return .redirect(to: SitePath("sign-in").with("next", "/notices").description)
        }
        try visitors.requireAdministrator(visitor)
        let reader = visitors.reader(request.head, visitor)
        let found = try await find(request, limit: NoticesPage.length)
        var response = NoticesPage(
            page: found, counts: try await services.messageCounts(), state: request.query["state"],
            isFirst: request.query["after"] == nil
        ).page(reader).response(for: reader)
        response.keepLanguage(of: request.head)
        return response
    }

    private func find(_ request: Request, limit: Int) async throws -> Outbox.Page {
        var states: Set<Outbox.State>?
        switch request.query["state"] {
        case nil, "": break
        case "all"?: states = Set(Outbox.State.allCases)
        case let name?:
            guard let state = Outbox.State(rawValue: name) else { throw Problem.unknownValue("state", name) }
            states = [state]
        }
        var query = Outbox.Query(
            states: states, institution: request.query["institution"], limit: limit, after: request.query["after"])
        let days = try DaySpan(request.query, secondsEastOfUTC: visitors.settings.secondsEastOfUTC)
        (query.from, query.until) = (days.from, days.until)
        if let text = request.query["limit"] {
            guard let limit = Int(text), (1...Self.maximumListed).contains(limit) else {
                throw Problem.unknownValue("limit", text)
            }
            query.limit = limit
        }
        do {
            return try await services.messages(query)
        } catch let error as Outbox.UnknownPlace {
            throw Problem.unknownPlace(error.text)
        }
    }
}

extension Outbox.Message {
    fileprivate var json: JSONValue {
        let text = notice.textWithoutSecret
        return [
            "id": .string(id), "kind": .string(notice.kind.rawValue), "program": .optional(notice.program),
            "institution": .optional(notice.institution), "period": .optional(notice.period),
            "at": .string(notice.at.utc), "title": ["zh": .string(notice.title.zh), "en": .string(notice.title.en)],
            "text": ["zh": .string(text.zh), "en": .string(text.en)], "channel": .string(channel),
            "address": .string(address), "state": .string(state.rawValue), "tries": .integer(tries),
            "endedAt": .optional(endedAt?.utc),
            "reason": reason.map { ["zh": .string($0.zh), "en": .string($0.en)] } ?? .null,
        ]
    }
}
