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

    private func code(_ request: Request, _ fields: FormFields, _ token: String) async throws -> Response {
        guard let phone = PhoneNumber(fields["phone"] ?? "") else {
            return try page(
                request.head, note: BilingualText(zh: "请填写 11 位手机号码。", en: "Give a mobile number of 11 digits."),
                status: .unprocessableContent)
        }
        switch try await services.requestPhoneCode(phone, for: .password, session: token, from: request.remoteAddress) {
        case .sent:
            return try page(
                request.head, phone: phone,
                note: BilingualText(
                    zh: "验证码已发送至 \(phone.masked)，5 分钟内有效。",
                    en: "A code was sent to \(phone.masked). It holds for 5 minutes."), isRefused: false)
        case .wait(let seconds):
            let wait = ApplicantRoutes.wait(seconds)
            var response = try page(
                request.head, phone: phone,
                note: BilingualText(
                    zh: "获取验证码过于频繁，请 \(wait.zh)后再试。", en: "Too many codes were asked for; ask again in \(wait.en)."),
                status: .tooManyRequests)
            response.headers["Retry-After"] = "\(seconds)"
            return response
        case .exhausted:
            return try page(
                request.head, phone: phone,
                note: BilingualText(
                    zh: "今日短信数量已达平台上限，请明日再试或联系平台支持。",
                    en: "The platform sends no more messages today; try again tomorrow."),
                status: .tooManyRequests)
        }
    }

    private func enter(_ request: Request, _ fields: FormFields, _ token: String) async throws -> Response {
        guard let phone = PhoneNumber(fields["phone"] ?? "") else { return try page(request.head) }
        let verdict = try await services.resetPassword(
            fields["code"] ?? "", of: phone, session: token, from: request.remoteAddress)
        switch verdict {
        case .right: return try page(request.head, isDone: true)
        case .wrong(let left):
            return try page(
                request.head, phone: phone,
                note: BilingualText(
                    zh: "验证码不正确，还可尝试 \(left) 次。", en: "The code is wrong; it may be tried \(left.counted("more time"))."
                ),
                status: .unprocessableContent)
        case .none:
            return try page(
                request.head, phone: phone,
                note: BilingualText(zh: "验证码无效或已过期，请重新获取。", en: "There is no such code any more; ask for another."),
                status: .unprocessableContent)
        }
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
