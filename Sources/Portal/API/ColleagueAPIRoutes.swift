import Accounts
import HTTPServer
import JSON
import SurveillanceKit

/// What `/colleagues` does, for programs of an institution's data manager.
struct ColleagueAPIRoutes: Sendable {
    let services: any ColleagueServices & SignInServices
    let visitors: Visitors

    private static let path = "/api/v1/colleagues"

    var routes: [Route] {
        [
            .get(Self.path, list),
            change(.post, Self.path, invite),
            change(.post, "\(Self.path)/{name}/rights") { request, manager in
                let body = try TextBody(request, ["rights"], example: #"{"rights": "send"}"#)
                return try await services.setRights(
                    try Self.rights(body), of: Self.name(request), by: manager, from: request.remoteAddress)
            },
            change(.post, "\(Self.path)/{name}/link") { request, manager in
                try await services.renewLink(of: Self.name(request), by: manager, from: request.remoteAddress)
            },
            change(.delete, "\(Self.path)/{name}") { request, manager in
                try await services.removeColleague(Self.name(request), by: manager, from: request.remoteAddress)
            },
        ]
    }

    private func manager(_ request: Request) async throws -> Account {
        let account = try await visitors.caller(request.head).account
        guard account.role == .institution, account.rights == .manager else { throw Problem.notManager }
        return account
    }

    private func list(_ request: Request) async throws -> Response {
        let found = try await services.colleagues(of: try await manager(request))
        var response = Response.json(["items": .array(found.map(\.json)), "total": .integer(found.count)])
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    private func invite(_ request: Request, _ manager: Account) async throws -> ColleagueAnswer {
        let body = try TextBody(
            request, ["ending", "displayName", "rights", "phone", "mail"],
            example: #"{"ending": "lab", "displayName": "检验科", "rights": "send"}"#)
        return try await services.invite(
            ColleagueInvitation(
                ending: body["ending"], displayName: String(body["displayName"].filter { !$0.isNewline }.prefix(60)),
                rights: try Self.rights(body), contact: AccountContact(phone: body["phone"], mail: body["mail"])),
            by: manager, from: request.remoteAddress)
    }

    private static func rights(_ body: TextBody) throws -> ColleagueRights {
        guard let rights = ColleagueRights(rawValue: body["rights"]) else {
            throw Problem.accountRefused(BilingualText(zh: "rights 应为 send 或 read。", en: "rights is send or read."))
        }
        return rights
    }

    private static func name(_ request: Request) -> String { request.parameters["name"] ?? "" }

    private func change(
        _ method: Method, _ pattern: String,
        _ act: @escaping @Sendable (Request, Account) async throws -> ColleagueAnswer
    ) -> Route {
        Route(
            method, pattern,
            body: .buffered(maximumBytes: 8192) { request in
                switch try await act(request, try await manager(request)) {
                case .done: return Response(status: .noContent)
                case .invited(let name, let link):
                    var response = Response.json(
                        ["account": .string(name), "link": .string(link)], status: .created)
                    response.headers["Cache-Control"] = "no-store"
                    return response
                case .refused(let why): throw Problem.accountRefused(why)
                }
            })
    }
}

extension Colleague {
    fileprivate var json: JSONValue {
        [
            "name": .string(account.name), "displayName": .string(account.displayName),
            "rights": .string(account.rights.rawValue), "isDisabled": .bool(account.isDisabled),
            "lastSignInAt": .optional(lastSignInAt?.utc),
        ]
    }
}
