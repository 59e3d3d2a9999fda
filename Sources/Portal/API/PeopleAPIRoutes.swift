import Accounts
import HTTPServer
import JSON
import Registrations
import SurveillanceKit

/// What `/people` does, for programs of security administrators.
struct PeopleAPIRoutes: Sendable {
    let services: any PeopleServices & SignInServices
    let visitors: Visitors

    private static let path = "/api/v1/people"

    var routes: [Route] {
        [
            .get(Self.path, list), .get("\(Self.path)/requests", requests), change("\(Self.path)/requests", ask),
            change("\(Self.path)/requests/{id}/confirm") { try await decide($0, $1, confirms: true) },
            change("\(Self.path)/requests/{id}/reject") { try await decide($0, $1, confirms: false) },
            change("\(Self.path)/{name}/disable") { request, visitor in
                try await services.disable(Self.name(request), by: visitor.account, from: request.remoteAddress)
            },
            change("\(Self.path)/{name}/reset-factor") { request, visitor in
                try await services.resetFactor(
                    of: Self.name(request), by: visitor.account, from: request.remoteAddress)
            },
        ]
    }

    private func caller(_ request: Request) async throws -> Visitor {
        let visitor = try await visitors.caller(request.head)
        guard visitor.account.role == .security else { throw Problem.otherRole(.security) }
        return visitor
    }

    private func list(_ request: Request) async throws -> Response {
        _ = try await caller(request)
        var query = AccountQuery(of: request.query)
        if let text = request.query["limit"] {
            guard let limit = Int(text), (1...AccountQuery.mostListed).contains(limit) else {
                throw Problem.unknownValue("limit", text)
            }
            query.limit = limit
        }
        let page = try await services.people(query)
        var response = Response.json([
            "items": .array(page.items.map(\.json)), "total": .integer(page.total), "next": .optional(page.next),
        ])
        response.headers["Cache-Control"] = "no-store"
        response.linkNext(of: request, "after", page.next)
        return response
    }

    private func requests(_ request: Request) async throws -> Response {
        _ = try await caller(request)
        let found = try await services.accountRequests()
        var response = Response.json(["items": .array(found.map(\.json)), "total": .integer(found.count)])
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    private func ask(_ request: Request, _ visitor: Visitor) async throws -> PeopleAnswer {
        let members = ["kind", "account", "displayName", "role", "region", "phone", "mail", "certificate"]
        let body = try TextBody(
            request, members,
            example: #"{"kind": "create", "account": "chen", "role": "analyst", "mail": "chen@example.org"}"#)
        var fields = FormFields()
        for member in members { fields.append(member == "displayName" ? "display" : member, body[member]) }
        guard let draft = PeopleForm.draft(fields) else {
            return .refused(
                BilingualText(
                    zh: "kind 应为 create、grant、enable 或 certificate；需要账号名，create 和 grant 还需要角色；辖区为行政区划代码的 2、4 或 6 位。",
                    en:
                        "kind is create, grant, enable or certificate; an account's name is needed, for create and grant a role, too; a region has 2, 4 or 6 digits."
                ))
        }
        return try await services.ask(draft, by: visitor.account, from: request.remoteAddress)
    }

    private func decide(_ request: Request, _ visitor: Visitor, confirms: Bool) async throws -> PeopleAnswer {
        try await services.decide(
            request.parameters["id"] ?? "", confirms: confirms, by: visitor.account, from: request.remoteAddress)
    }

    private static func name(_ request: Request) -> String { request.parameters["name"] ?? "" }

    private func change(
        _ pattern: String, _ act: @escaping @Sendable (Request, Visitor) async throws -> PeopleAnswer
    ) -> Route {
        .post(pattern, maximumBytes: 2 * AccountCertificates.maximumBytes) { request in
            switch try await act(request, try await caller(request)) {
            case .done: return .json(["state": "done"])
            case .waits: return .json(["state": "waits"], status: .accepted)
            case .refused(let why): throw Problem.accountRefused(why)
            }
        }
    }
}

extension Problem {
    /// What is asked for an account cannot be done.
    static func accountRefused(_ why: BilingualText) -> Problem {
        Problem(
            "account-refused", status: .unprocessableContent,
            title: BilingualText(zh: "不能执行", en: "This cannot be done"), detail: why)
    }
}

extension ListedAccount {
    fileprivate var json: JSONValue {
        [
            "name": .string(account.name), "displayName": .string(account.displayName),
            "role": .string(account.role.rawValue),
            "rights": account.role == .institution ? .string(account.rights.rawValue) : .null,
            "region": .optional(account.region?.prefix), "institution": .optional(account.institution),
            "isDisabled": .bool(account.isDisabled), "hasSecondFactor": .bool(hasSecondFactor),
            "lastSignInAt": .optional(lastSignInAt?.utc),
        ]
    }
}

extension AccountRequest {
    /// Without the telephone and the mail address to which a new account's link goes.
    fileprivate var json: JSONValue {
        [
            "id": .string(id), "kind": .string(draft.kind.rawValue), "account": .string(draft.account),
            "displayName": .string(draft.displayName), "role": .string(draft.role.rawValue),
            "region": .optional(draft.region?.prefix), "state": .string(state.rawValue),
            "askedBy": .string(askedBy), "askedAt": .string(askedAt.utc), "decidedBy": .optional(decidedBy),
            "decidedAt": .optional(decidedAt?.utc),
        ]
    }
}
