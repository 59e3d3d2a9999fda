import Accounts
import HTTPServer
import Registrations
import SurveillanceKit

/// Accounts and their rights, for security administrators; the audit trail, for audit administrators.
struct PeopleRoutes: Sendable {
    let services: any PeopleServices & SignInServices
    let visitors: Visitors

    var routes: [Route] {
        [
            .get("/people") { request in
                guard let visitor = try await signedIn(request, .security) else { return again(request) }
                return try await page(request, visitor, done: request.query["done"].flatMap(PeoplePage.Done.init))
            },
            form("/people/requests") { request, visitor, fields in
                guard let draft = PeopleForm.draft(fields) else {
                    return .refused(
                        BilingualText(
                            zh: "请填写账号名、角色和（需要时）辖区：行政区划代码的 2、4 或 6 位。",
                            en: "Give the account's name, a role and, where it needs one, a region: 2, 4 or 6 digits."))
                }
                return try await services.ask(draft, by: visitor.account, from: request.remoteAddress)
            },
            form("/people/requests/{id}") { request, visitor, fields in
                try await services.decide(
                    request.parameters["id"] ?? "", confirms: fields["decision"] == "confirm", by: visitor.account,
                    from: request.remoteAddress)
            },
            form("/people/disable") { request, visitor, fields in
                try await services.disable(fields["account"] ?? "", by: visitor.account, from: request.remoteAddress)
            },
            form("/people/second-factor") { request, visitor, fields in
                try await services.resetFactor(
                    of: fields["account"] ?? "", by: visitor.account, from: request.remoteAddress)
            },
            .get("/audit") { request in
                guard let visitor = try await signedIn(request, .auditor) else { return again(request) }
                let query = AuditQuery(
                    who: request.query["who"] ?? "", action: request.query["action"] ?? "",
                    subject: request.query["subject"] ?? "", before: request.query["before"].flatMap { Int64($0) })
                var found = try await services.auditEntries(query, limit: AuditPage.length + 1)
                let hasMore = found.count > AuditPage.length
                if hasMore { found.removeLast() }
                let reader = visitors.reader(request.head, visitor)
                var response = AuditPage(lines: found, query: query, hasMore: hasMore).page(reader)
                    .response(for: reader)
                response.keepLanguage(of: request.head)
                return response
            },
        ]
    }

    private func signedIn(_ request: Request, _ role: Role) async throws -> Visitor? {
        guard let visitor = try await visitors.session(request.head) else { return nil }
        guard visitor.account.role == role else { throw Problem.otherRole(role) }
        return visitor
    }

    private func again(_ request: Request) -> Response {
        .redirect(to: SitePath("sign-in").with("next", SitePath(of: request.head).description).description)
    }

    private func page(
        _ request: Request, _ visitor: Visitor, done: PeoplePage.Done? = nil, refusal: BilingualText? = nil,
        written: FormFields = FormFields(), status: Status = .ok
    ) async throws -> Response {
        let query = AccountQuery(of: request.query)
        let reader = visitors.reader(request.head, visitor)
        var response = PeoplePage(
            people: try await services.people(query), requests: try await services.accountRequests(),
            own: visitor.account.name, takesCertificates: services.takesCertificates, query: query, done: done,
            refusal: refusal, written: written
        ).page(reader).response(for: reader, status: status)
        response.keepLanguage(of: request.head)
        return response
    }

    private func form(
        _ pattern: String, _ act: @escaping @Sendable (Request, Visitor, FormFields) async throws -> PeopleAnswer
    ) -> Route {
        // A certificate in PEM with those of its authorities is the largest that a form holds.
        .post(pattern, maximumBytes: 3 * AccountCertificates.maximumBytes) { request in
            guard let (visitor, fields) = try await visitors.form(request) else {
                return .redirect(to: SitePath("sign-in").with("next", "/people").description)
            }
            guard visitor.account.role == .security else { throw Problem.otherRole(.security) }
            switch try await act(request, visitor, fields) {
            case .done: return .redirect(to: SitePath("people").with("done", "done").description)
            case .waits: return .redirect(to: SitePath("people").with("done", "waits").description)
            case .refused(let text):
                return try await page(
                    request, visitor, refusal: text, written: fields, status: .unprocessableContent)
            }
        }
    }
}

extension AccountQuery {
    /// As an address asks; what cannot be read counts as left out.
    init(of items: FormFields) {
        self.init(
            text: String((items["q"] ?? "").trimmed.prefix(64)), role: items["role"].flatMap(Role.init(rawValue:)),
            isDisabled: ["disabled": true, "enabled": false][items["state"] ?? ""], after: items["after"])
    }

    /// The address of the page, without where it begins.
    func apply(to path: SitePath) -> SitePath {
        path.with("q", text.isEmpty ? nil : text).with("role", role?.rawValue)
            .with("state", isDisabled.map { $0 ? "disabled" : "enabled" })
    }
}

/// What the forms of the page of accounts hold.
enum PeopleForm {
    /// - Returns: nil for what names no account, no role or no region.
    static func draft(_ fields: FormFields) -> AccountRequest.Draft? {
        func trimmed(_ name: String) -> String { (fields[name] ?? "").trimmed }
        let (name, regionText) = (trimmed("account"), trimmed("region"))
        let region = Region(regionText)
        guard let kind = AccountRequest.Kind(rawValue: fields["kind"] ?? ""), !name.isEmpty, name.count <= 64,
            regionText.isEmpty || region != nil
        else { return nil }
        if kind == .enable { return AccountRequest.Draft(.enable, account: name) }
        if kind == .certificate {
            return AccountRequest.Draft(.certificate, account: name, certificate: fields["certificate"] ?? "")
        }
        guard let role = Role(rawValue: fields["role"] ?? "") else { return nil }
        let display = String(trimmed("display").filter { !$0.isNewline }.prefix(60))
        return AccountRequest.Draft(
            kind, account: name, displayName: display.isEmpty ? name : display, role: role, region: region,
            phone: trimmed("phone"), mail: trimmed("mail"))
    }
}
