import Accounts
import HTTPServer
import SurveillanceKit

/// Signing in and out in a browser.
struct SignInRoutes: Sendable {
    let services: any SignInServices
    let visitors: Visitors

    /// Names the browser before there is a session; the form's token follows from it.
    private static let formCookie = "vedette_form"
    private static let formSeconds = 3600

    var routes: [Route] {
        [
            .get("/sign-in", show), .post("/sign-in", maximumBytes: 8192, signIn),
            .post("/sign-out", maximumBytes: 8192, signOut),
        ]
    }

    private func show(_ request: Request) async throws -> Response {
        let next = SignInRoutes.safe(request.query["next"])
        if try await visitors.session(request.head) != nil { return .redirect(to: next ?? "/") }
        return try page(request.head, next: next)
    }

    private func page(
        _ head: RequestHead, next: String?, name: String = "", refusal: BilingualText? = nil, status: Status = .ok
    ) throws -> Response {
        // A form that is already open in another window stays valid.
        let held = head.cookies[SignInRoutes.formCookie].flatMap { $0.isEmpty || $0.utf8.count > 64 ? nil : $0 }
        let preSession = held ?? services.newToken()
        let token = try services.formToken(for: preSession)
        let reader = visitors.reader(head)
        let page = SignInPage(
            path: SitePath("sign-in").with("next", next), next: next, token: token, name: name, refusal: refusal,
            isWaiting: status == .tooManyRequests)
        var response = page.page(reader).response(for: reader, status: status)
        response.cookies = [
            Cookie(SignInRoutes.formCookie, preSession, maximumAgeSeconds: SignInRoutes.formSeconds, path: "/sign-in")
        ]
        response.keepLanguage(of: head)
        return response
    }

    private func signIn(_ request: Request) async throws -> Response {
        let form = try request.form()
        let next = SignInRoutes.safe(form["next"])
        guard let held = request.cookies[SignInRoutes.formCookie], !held.isEmpty,
            isSame(form["formToken"] ?? "", try services.formToken(for: held))
        else {
            let refusal = BilingualText(
                zh: "页面已失效，请重新填写。若反复出现，请允许浏览器使用 Cookie。",
                en: "The page has gone stale; fill it in once more. If this comes again, let the browser keep cookies.")
            return try page(request.head, next: next, name: form["name"] ?? "", refusal: refusal, status: .forbidden)
        }
        let answer: SignInAnswer
        do {
            answer = try await services.signIn(
                form["name"] ?? "", password: form["password"] ?? "", from: request.remoteAddress)
        } catch {
            throw Problem.readable(error)
        }
        switch answer {
        case .accepted(let token, let language):
            return .redirect(
                to: next ?? "/",
                cookies: [
                    Cookie(Visitors.sessionCookie, token),
                    Cookie(SignInRoutes.formCookie, "", maximumAgeSeconds: 0, path: "/sign-in"),
                ] + (language.map { [Reader.cookie(of: $0)] } ?? []))
        case .unfinished(let token): return SignInStepRoutes.lead(to: next, with: token)
        case .refused(let text, let waitSeconds):
            var response = try page(
                request.head, next: next, name: form["name"] ?? "", refusal: text,
                status: waitSeconds == nil ? .unprocessableContent : .tooManyRequests)
            response.headers["Retry-After"] = waitSeconds.map(String.init)
            return response
        }
    }

    private func signOut(_ request: Request) async throws -> Response {
        if let visitor = try await visitors.session(request.head), let token = request.cookies[Visitors.sessionCookie] {
            guard visitor.session?.accepts(formToken: try request.form()["formToken"] ?? "") == true else {
                throw Problem.foreignForm
            }
            try await services.signOut(token, from: request.remoteAddress)
        }
        return .redirect(to: "/sign-in", cookies: [Cookie(Visitors.sessionCookie, "", maximumAgeSeconds: 0)])
    }

    /// Where to go afterwards, if that is a page of this site.
    static func safe(_ next: String?) -> String? { next.flatMap { SitePath.isSafe($0) ? $0 : nil } }
}

/// Compares a form's token with the one expected, in the same time for every wrong one.
func isSame(_ given: String, _ expected: String) -> Bool {
    let (given, expected) = (Array(given.utf8), Array(expected.utf8))
    return given.count == expected.count && zip(given, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
}
