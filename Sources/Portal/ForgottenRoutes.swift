import Accounts
import HTTPServer
import Registrations
import SurveillanceKit

/// A forgotten password: a code to the telephone, then a link to the account's mail. The answers never say whether there is an account.
struct ForgottenRoutes: Sendable {
    let services: any ApplicantServices & SignInServices
    let visitors: Visitors

    /// Binds a code to the browser that has asked for it.
    private static let cookie = "vedette_forgot"
    private static let cookieSeconds = 3600

    var routes: [Route] {
        [
            .get("/forgot") { try page($0.head) }, form("/forgot/code", code), form("/forgot/enter", enter),
        ]
    }

    private func page(
        _ head: RequestHead, phone: PhoneNumber? = nil, note: BilingualText? = nil, isRefused: Bool = true,
        isDone: Bool = false, status: Status = .ok
    ) throws -> Response {
        let token = held(head) ?? services.newToken()
        let reader = visitors.reader(head)
        var response = ForgottenPage(
            token: try services.formToken(for: token), phone: phone, note: note, isRefused: isRefused, isDone: isDone
        ).page(reader).response(for: reader, status: status)
        response.cookies = [Cookie(Self.cookie, token, maximumAgeSeconds: Self.cookieSeconds, path: "/forgot")]
        response.keepLanguage(of: head)
        return response
    }

    private func page(_ head: RequestHead, phone: PhoneNumber? = nil, _ answer: PhoneCodeAnswer) throws -> Response {
        var response = try page(
            head, phone: phone, note: answer.note, isRefused: answer.isRefused, status: answer.status)
        if let seconds = answer.retryAfterSeconds { response.headers["Retry-After"] = "\(seconds)" }
        return response
    }

    private func code(_ request: Request, _ fields: FormFields, _ token: String) async throws -> Response {
        guard let phone = PhoneNumber(fields["phone"] ?? "") else { return try page(request.head, .notANumber) }
        let answer = try await services.requestPhoneCode(
            phone, for: .password, session: token, from: request.remoteAddress)
        return try page(request.head, phone: phone, PhoneCodeAnswer(answer, to: phone))
    }

    private func enter(_ request: Request, _ fields: FormFields, _ token: String) async throws -> Response {
        guard let phone = PhoneNumber(fields["phone"] ?? "") else { return try page(request.head) }
        let verdict = try await services.resetPassword(
            fields["code"] ?? "", of: phone, session: token, from: request.remoteAddress)
        guard let refusal = PhoneCodeAnswer(verdict) else { return try page(request.head, isDone: true) }
        return try page(request.head, phone: phone, refusal)
    }

    private func held(_ head: RequestHead) -> String? {
        head.cookies[Self.cookie].flatMap { $0.isEmpty || $0.utf8.count > 64 ? nil : $0 }
    }

    private func form(
        _ pattern: String, _ act: @escaping @Sendable (Request, FormFields, _ token: String) async throws -> Response
    ) -> Route {
        .post(pattern, maximumBytes: 8192) { request in
            let fields = try request.form()
            guard let held = held(request.head), isSame(fields["formToken"] ?? "", try services.formToken(for: held))
            else {
                return try page(
                    request.head,
                    note: BilingualText(zh: "页面已失效，请重新填写。", en: "The page has gone stale; fill it in once more."),
                    status: .forbidden)
            }
            return try await act(request, fields, held)
        }
    }
}
