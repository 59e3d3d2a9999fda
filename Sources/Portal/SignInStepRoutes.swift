import Accounts
import HTTPServer
import SurveillanceKit

/// What comes between the password and the session: a code, a password of one's own, the set-up of a second factor.
struct SignInStepRoutes: Sendable {
    let services: any SignInStepServices & SignInServices
    let visitors: Visitors

    /// Names the unfinished sign-in; sent to these pages alone.
    private static let cookie = "vedette_step"
    private static let path = SitePath("sign-in", "step")

    var routes: [Route] {
        [
            .get(Self.path.description) { request in
                let next = SignInRoutes.safe(request.query["next"])
                guard let token = request.cookies[Self.cookie],
                    let unfinished = try await services.unfinishedSignIn(token)
                else { return Self.again(next) }
                return try await page(request.head, unfinished, token, next: next)
            },
            .post(Self.path.description, maximumBytes: 8192, take),
            .get(Self.path.appending("challenge.txt").description) { request in
                guard let token = request.cookies[Self.cookie], let challenge = try await services.challenge(token)
                else { return Self.again(nil) }
                var response = Response.bytes(Array(challenge.utf8), type: "text/plain; charset=utf-8")
                response.headers["Content-Disposition"] = "attachment; filename=\"challenge.txt\""
                response.headers["Cache-Control"] = "no-store"
                return response
            },
            .upload(Self.path.appending("signature").description, admit: signature),
        ]
    }

    /// Leads a browser whose password was right to the first step.
    static func lead(to next: String?, with token: String) -> Response {
        .redirect(to: path.with("next", next).description, cookies: [Cookie(cookie, token, path: "/sign-in")])
    }

    private static func again(_ next: String?) -> Response {
        .redirect(
            to: SitePath("sign-in").with("next", next).description,
            cookies: [Cookie(cookie, "", maximumAgeSeconds: 0, path: "/sign-in")])
    }

    private func page(
        _ head: RequestHead, _ unfinished: UnfinishedSignIn, _ token: String, next: String?,
        refusal: BilingualText? = nil, status: Status = .ok
    ) async throws -> Response {
        guard let step = unfinished.step else { return Self.again(next) }
        let reader = visitors.reader(head)
        let challenge = step == .code && unfinished.hasCertificate ? try await services.challenge(token) : nil
        var response = SignInStepPage(
            account: unfinished.account.name, step: step, secret: unfinished.secretText, token: unfinished.formToken,
            next: next, refusal: refusal, hasCodes: unfinished.hasCodes, challenge: challenge
        ).page(reader).response(for: reader, status: status)
        response.keepLanguage(of: head)
        return response
    }

    private func take(_ request: Request) async throws -> Response {
        let form = try request.form()
        let next = SignInRoutes.safe(form["next"])
        guard let token = request.cookies[Self.cookie], let unfinished = try await services.unfinishedSignIn(token)
        else { return Self.again(next) }
        guard isSame(form["formToken"] ?? "", unfinished.formToken) else { throw Problem.foreignForm }
        guard let given = Self.given(form, at: unfinished.step) else {
            return try await page(
                request.head, unfinished, token, next: next,
                refusal: BilingualText(zh: "两次输入的新密码不一致。", en: "The two new passwords differ."),
                status: .unprocessableContent)
        }
        return try await go(on: given, request, unfinished, token, next: next)
    }

    private func go(
        on given: SignInStepForm, _ request: Request, _ unfinished: UnfinishedSignIn, _ token: String, next: String?
    ) async throws -> Response {
        switch try await services.take(given, for: token, from: request.remoteAddress) {
        case .ended: return Self.again(next)
        case .refused(let text, let waitSeconds):
            var response = try await page(
                request.head, unfinished, token, next: next, refusal: text,
                status: waitSeconds == nil ? .unprocessableContent : .tooManyRequests)
            response.headers["Retry-After"] = waitSeconds.map(String.init)
            return response
        case .goneOn(let answer, let recoveryCodes):
            return goneOn(answer, recoveryCodes, next: next, request.head)
        }
    }

    /// A signature that was pasted, or uploaded as a file; of both the file counts.
    private func signature(_ head: RequestHead) async throws -> Admission {
        guard let token = head.cookies[Self.cookie], let unfinished = try await services.unfinishedSignIn(token) else {
            return .refuse(Self.again(nil))
        }
        let form = try HeldForm(contentType: head.headers["Content-Type"], mostKept: 8192) {
            isSame($0["formToken"] ?? "", unfinished.formToken)
        }
        return .accept(form, maximumBytes: 65_536) { request in
            let (fields, file) = try form.finish()
            guard isSame(fields["formToken"] ?? "", unfinished.formToken) else { throw Problem.foreignForm }
            let pasted = Array((fields["signature"] ?? "").utf8)
            let bytes = file.map(\.bytes).flatMap { $0.isEmpty ? nil : $0 } ?? pasted
            return try await go(
                on: .signature(bytes), request, unfinished, token, next: SignInRoutes.safe(fields["next"]))
        }
    }

    /// - Returns: nil where the two new passwords differ.
    private static func given(_ form: FormFields, at step: SignInStep?) -> SignInStepForm? {
        switch step {
        case .password:
            let password = form["password"] ?? ""
            return password == form["again"] ? .password(password) : nil
        case .setUp: return .setUp(code: form["code"] ?? "")
        case .code, nil: return .code(form["code"] ?? "")
        }
    }

    private func goneOn(
        _ answer: SignInAnswer, _ recoveryCodes: [String], next: String?, _ head: RequestHead
    ) -> Response {
        var (target, cookies): (SitePath?, [Cookie]) = (nil, [])
        switch answer {
        case .refused: return Self.again(next)
        case .unfinished(let token):
            target = Self.path.with("next", next)
            cookies = [Cookie(Self.cookie, token, path: "/sign-in")]
        case .accepted(let token, let language):
            cookies =
                [
                    Cookie(Visitors.sessionCookie, token),
                    Cookie(Self.cookie, "", maximumAgeSeconds: 0, path: "/sign-in"),
                ] + (language.map { [Reader.cookie(of: $0)] } ?? [])
        }
        guard !recoveryCodes.isEmpty else {
            return .redirect(to: target?.description ?? next ?? "/", cookies: cookies)
        }
        let reader = visitors.reader(head)
        // The way on needs no secret: the browser holds the session already.
        var response = RecoveryCodesPage(codes: recoveryCodes, next: next).page(reader).response(for: reader)
        response.cookies = cookies
        return response
    }
}
