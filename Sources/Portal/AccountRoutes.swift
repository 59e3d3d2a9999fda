import Accounts
import HTTPServer
import SurveillanceKit

/// The account page and its forms. Everybody does this with the own account alone.
struct AccountRoutes: Sendable {
    let services: any AccountServices & SignInStepServices
    let visitors: Visitors

    /// How long a label is at most.
    private static let longestLabel = 60
    private static let mostDays = 3650

    var routes: [Route] {
        [
            .get("/account") { request in
                guard let visitor = try await visitors.session(request.head) else {
                    return .redirect(to: SitePath("sign-in").with("next", "/account").description)
                }
                var response = try await answer(
                    request, visitor, done: request.query["done"].flatMap(AccountPage.Done.init))
                response.keepLanguage(of: request.head)
                return response
            },
            form("recovery-codes", recoveryCodes), form("second-factor", secondFactor),
            form("password", password), form("sessions", sessions), form("tokens", tokens), form("contact", contact),
        ]
    }

    private func form(
        _ name: String, _ act: @escaping @Sendable (Request, Visitor, FormFields) async throws -> Response
    ) -> Route {
        .post("/account/\(name)", maximumBytes: 8192) { request in
            guard let (visitor, fields) = try await visitors.form(request) else {
                return .redirect(to: SitePath("sign-in").with("next", "/account").description)
            }
            return try await act(request, visitor, fields)
        }
    }

    private func answer(
        _ request: Request, _ visitor: Visitor, done: AccountPage.Done? = nil, refusal: AccountPage.Refusal? = nil,
        newToken: String? = nil, recoveryCodes: [String] = [], status: Status = .ok
    ) async throws -> Response {
        let profile = try await services.profile(of: visitor.account, session: token(request))
        let reader = visitors.reader(request.head, visitor)
        return AccountPage(
            account: visitor.account, profile: profile, done: done, refusal: refusal, newToken: newToken,
            recoveryCodes: recoveryCodes
        ).page(reader).response(for: reader, status: status)
    }

    private func token(_ request: Request) -> String { request.cookies[Visitors.sessionCookie] ?? "" }

    private func done(_ what: AccountPage.Done) -> Response {
        .redirect(to: SitePath("account").with("done", what.rawValue).description)
    }

    private func password(_ request: Request, _ visitor: Visitor, _ fields: FormFields) async throws -> Response {
        func refuse(_ text: BilingualText, waitSeconds: Int? = nil) async throws -> Response {
            var response = try await answer(
                request, visitor, refusal: .init(place: .password, text: text),
                status: waitSeconds == nil ? .unprocessableContent : .tooManyRequests)
            response.headers["Retry-After"] = waitSeconds.map(String.init)
            return response
        }
        let password = fields["password"] ?? ""
        guard password == fields["again"] else {
            return try await refuse(BilingualText(zh: "两次输入的新密码不一致。", en: "The two new passwords differ."))
        }
        switch try await services.changePassword(
            of: visitor.account, from: fields["current"] ?? "", to: password, address: request.remoteAddress)
        {
        case .refused(let text, let waitSeconds): return try await refuse(text, waitSeconds: waitSeconds)
        case .changed(let token):
            var response = done(.password)
            response.cookies.append(Cookie(Visitors.sessionCookie, token))
            return response
        }
    }

    private func recoveryCodes(_ request: Request, _ visitor: Visitor, _ fields: FormFields) async throws -> Response {
        switch try await services.renewRecoveryCodes(
            of: visitor.account, code: fields["code"] ?? "", address: request.remoteAddress)
        {
        case .done(let codes): return try await answer(request, visitor, recoveryCodes: codes)
        case .refused(let text, let waitSeconds): return try await refused(request, visitor, text, waitSeconds)
        }
    }

    private func secondFactor(_ request: Request, _ visitor: Visitor, _ fields: FormFields) async throws -> Response {
        switch try await services.removeFactor(
            of: visitor.account, code: fields["code"] ?? "", address: request.remoteAddress)
        {
        case .done:
            return .redirect(
                to: SitePath("sign-in").description,
                cookies: [Cookie(Visitors.sessionCookie, "", maximumAgeSeconds: 0)])
        case .refused(let text, let waitSeconds): return try await refused(request, visitor, text, waitSeconds)
        }
    }

    private func refused(
        _ request: Request, _ visitor: Visitor, _ text: BilingualText, _ waitSeconds: Int?
    ) async throws -> Response {
        var response = try await answer(
            request, visitor, refusal: .init(place: .factor, text: text),
            status: waitSeconds == nil ? .unprocessableContent : .tooManyRequests)
        response.headers["Retry-After"] = waitSeconds.map(String.init)
        return response
    }

    private func sessions(_ request: Request, _ visitor: Visitor, _ fields: FormFields) async throws -> Response {
        let id = fields["id"].flatMap { $0.isEmpty ? nil : $0 }
        _ = try await services.endSessions(
            id, of: visitor.account, session: token(request), address: request.remoteAddress)
        return done(.sessions)
    }

    private func tokens(_ request: Request, _ visitor: Visitor, _ fields: FormFields) async throws -> Response {
        if let id = fields["revoke"] {
            guard try await services.revokeToken(id, of: visitor.account, address: request.remoteAddress) else {
                throw Problem.noSuchPage
            }
            return done(.tokens)
        }
        let label = (fields["label"] ?? "").filter { !$0.isNewline }
        let days = fields["days"].flatMap { Int($0) }
        guard !label.allSatisfy(\.isWhitespace), label.count <= Self.longestLabel,
            days.map({ (1...Self.mostDays).contains($0) }) ?? ((fields["days"] ?? "").isEmpty)
        else {
            let text = BilingualText(
                zh: "请填写用途（最多 \(Self.longestLabel) 字）；有效天数为 1 至 \(Self.mostDays)，留空表示吊销前一直有效。",
                en:
                    "Say what it is for (at most \(Self.longestLabel) characters); it counts for 1 to \(Self.mostDays) days, or until it is revoked."
            )
            return try await answer(
                request, visitor, refusal: .init(place: .tokens, text: text), status: .unprocessableContent)
        }
        let secret = try await services.createToken(
            of: visitor.account, label: label, days: days, address: request.remoteAddress)
        return try await answer(request, visitor, newToken: secret)
    }

    private func contact(_ request: Request, _ visitor: Visitor, _ fields: FormFields) async throws -> Response {
        let language = fields["language"].flatMap(Language.init(rawValue:))
        func trimmed(_ name: String) -> String { (fields[name] ?? "").trimmed }
        let contact = AccountContact(phone: trimmed("phone"), mail: trimmed("mail"), language: language)
        if let reason = try await services.setContact(contact, of: visitor.account, address: request.remoteAddress) {
            return try await answer(
                request, visitor, refusal: .init(place: .contact, text: reason), status: .unprocessableContent)
        }
        var response = done(.contact)
        if let language { response.cookies.append(Reader.cookie(of: language)) }
        return response
    }
}
