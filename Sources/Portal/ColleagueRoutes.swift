import Accounts
import HTTPServer
import SurveillanceKit

/// An institution's manager and the accounts of colleagues.
struct ColleagueRoutes: Sendable {
    let services: any ColleagueServices & SignInServices
    let visitors: Visitors

    var routes: [Route] {
        [
            .get("/colleagues") { request in
                guard let visitor = try await visitors.session(request.head) else {
                    return .redirect(to: SitePath("sign-in").with("next", "/colleagues").description)
                }
                try require(visitor)
                return try await page(request, visitor, isDone: request.query["done"] != nil)
            },
            form("/colleagues") { request, visitor, fields in
                guard let rights = ColleagueRights(rawValue: fields["rights"] ?? "") else {
                    return .refused(BilingualText(zh: "请选择权限。", en: "Choose what the colleague may do."))
                }
                func trimmed(_ name: String) -> String { (fields[name] ?? "").trimmed }
                return try await services.invite(
                    ColleagueInvitation(
                        ending: trimmed("ending"),
                        displayName: String(trimmed("display").filter { !$0.isNewline }.prefix(60)), rights: rights,
                        contact: AccountContact(phone: trimmed("phone"), mail: trimmed("mail"))),
                    by: visitor.account, from: request.remoteAddress)
            },
            form("/colleagues/rights") { request, visitor, fields in
                guard let rights = ColleagueRights(rawValue: fields["rights"] ?? "") else { throw Problem.noSuchPage }
                return try await services.setRights(
                    rights, of: fields["account"] ?? "", by: visitor.account, from: request.remoteAddress)
            },
            form("/colleagues/link") { request, visitor, fields in
                try await services.renewLink(
                    of: fields["account"] ?? "", by: visitor.account, from: request.remoteAddress)
            },
            form("/colleagues/remove") { request, visitor, fields in
                try await services.removeColleague(
                    fields["account"] ?? "", by: visitor.account, from: request.remoteAddress)
            },
        ]
    }

    private func require(_ visitor: Visitor) throws {
        guard visitor.account.role == .institution, visitor.account.rights == .manager else {
            throw Problem.notManager
        }
    }

    private func page(
        _ request: Request, _ visitor: Visitor, isDone: Bool = false, refusal: BilingualText? = nil,
        invited: (name: String, link: String)? = nil, written: FormFields = FormFields(), status: Status = .ok
    ) async throws -> Response {
        let reader = visitors.reader(request.head, visitor)
        var response = ColleaguesPage(
            manager: visitor.account, colleagues: try await services.colleagues(of: visitor.account), isDone: isDone,
            refusal: refusal, invited: invited, written: written
        ).page(reader).response(for: reader, status: status)
        response.keepLanguage(of: request.head)
        return response
    }

    private func form(
        _ pattern: String, _ act: @escaping @Sendable (Request, Visitor, FormFields) async throws -> ColleagueAnswer
    ) -> Route {
        .post(pattern, maximumBytes: 8192) { request in
            guard let (visitor, fields) = try await visitors.form(request) else {
                return .redirect(to: SitePath("sign-in").with("next", "/colleagues").description)
            }
            try require(visitor)
            switch try await act(request, visitor, fields) {
            case .done: return .redirect(to: SitePath("colleagues").with("done", "1").description)
            case .invited(let name, let link): return try await page(request, visitor, invited: (name, link))
            case .refused(let text):
                return try await page(request, visitor, refusal: text, written: fields, status: .unprocessableContent)
            }
        }
    }
}
