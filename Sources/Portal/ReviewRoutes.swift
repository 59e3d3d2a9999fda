import Accounts
import HTTPServer
import Registrations
import SurveillanceKit

/// The reviewers' pages, and the page on which an approved institution sets its first password.
struct ReviewRoutes: Sendable {
    let services: any ReviewServices & ApplicantServices & SignInServices
    let visitors: Visitors

    var routes: [Route] {
        [
            reviewer("/applications", queue), reviewer("/applications/{id}", show),
            reviewer("/applications/{id}/files/{kind}", download),
            reviewer("/applications/{id}/files/{kind}/preview", preview),
            .post("/applications/{id}/decision", maximumBytes: 65_536, decide),
            .get("/set-password") { request in
                let link = request.query["token"] ?? ""
                return page(request, link, try await services.account(ofLink: link))
            },
            .post("/set-password", maximumBytes: 8192, setPassword),
        ]
    }

    private func queue(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let state = request.query["state"].flatMap(Application.State.init(rawValue:)) ?? .waiting
        guard ReviewQueuePage.states.contains(state) else { throw Problem.noSuchPage }
        return shown(
            ReviewQueuePage(
                applications: try await services.applications([state], for: visitor.account), state: state,
                now: services.now, done: request.query["done"].flatMap(Application.State.init(rawValue:))
            ).page, request, visitor)
    }

    private func show(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let isFirst = request.query["done"] == "first"
        return shown(
            ReviewPage(
                reviewed: try await found(request, visitor), note: isFirst ? RegistrationError.firstOfTwo.message : nil,
                isRefused: !isFirst
            ).page, request, visitor)
    }

    /// - Throws: 404 for what is another province's, as for what there is not.
    private func found(_ request: Request, _ visitor: Visitor) async throws -> ReviewedApplication {
        guard let id = request.parameters["id"], let found = try await services.application(id, for: visitor.account)
        else { throw Problem.noSuchPage }
        return found
    }

    private func file(_ request: Request, _ application: Application) throws -> ApplicationFile {
        guard let file = application.files.first(where: { $0.kind.rawValue == request.parameters["kind"] }) else {
            throw Problem.noSuchPage
        }
        return file
    }

    private func download(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let application = try await found(request, visitor).application
        let file = try file(request, application)
        let bytes = try await services.document(
            file, of: application, for: visitor.account, from: request.remoteAddress)
        return ScanResponse.attachment(file, bytes, of: application.id)
    }

    private func preview(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let application = try await found(request, visitor).application
        return try await ScanResponse.preview(try file(request, application), page: request.query["page"], services)
    }

    private func decide(_ request: Request) async throws -> Response {
        guard let (visitor, fields) = try await visitors.form(request) else { return .redirect(to: "/sign-in") }
        guard visitor.account.role == .reviewer else { throw Problem.notAllowed }
        let reviewed = try await found(request, visitor)
        guard let revision = fields["revision"].flatMap(Int.init) else { throw Problem.noSuchPage }
        var refusal: Refusal?
        if fields["decision"] != "approve" {
            let reasons = fields.items.compactMap { name, value -> Refusal.Reason? in
                guard name.hasPrefix("reason."), let reason = PreparedReason(rawValue: value) else { return nil }
                let subject = String(name.dropFirst("reason.".count))
                let isKnown =
                    ApplicationField(rawValue: subject) != nil || ApplicationFile.Kind(rawValue: subject) != nil
                return isKnown ? Refusal.Reason(subject: subject, reason: reason) : nil
            }
            let remark = (fields["remark"] ?? "").split(whereSeparator: \.isNewline).joined(separator: " ")
            refusal = Refusal(reasons: reasons, remark: String(remark.prefix(500)))
        }
        let error = try await services.decide(
            reviewed.application.id, revision: revision, refusal: refusal, by: visitor.account,
            from: request.remoteAddress)
        guard let error else {
            let state: Application.State = refusal == nil ? .approved : .refused
            return .redirect(to: SitePath("applications").with("done", state.rawValue).description)
        }
        if error == .firstOfTwo {
            return .redirect(to: SitePath("applications", reviewed.application.id).with("done", "first").description)
        }
        if error == .noSuchApplication { throw Problem.noSuchPage }
        let now = try await found(request, visitor)
        let reader = visitors.reader(request.head, visitor)
        return ReviewPage(reviewed: now, note: error.message).page(reader)
            .response(for: reader, status: error == .noReason ? .unprocessableContent : .conflict)
    }

    // MARK: The first password

    private func page(
        _ request: Request, _ link: String, _ account: String?, refusal: BilingualText? = nil, isDone: Bool = false,
        status: Status = .ok
    ) -> Response {
        let reader = visitors.reader(request.head)
        var response = SetPasswordPage(account: account, link: link, refusal: refusal, isDone: isDone).page(reader)
            .response(for: reader, status: status)
        // The address holds the link's secret.
        response.headers["Referrer-Policy"] = "no-referrer"
        response.keepLanguage(of: request.head)
        return response
    }

    private func setPassword(_ request: Request) async throws -> Response {
        let fields = try request.form()
        let link = fields["token"] ?? ""
        guard let account = try await services.account(ofLink: link) else { return page(request, link, nil) }
        guard let password = fields["password"], password == fields["again"] else {
            return page(
                request, link, account,
                refusal: BilingualText(zh: "两次输入的密码不一致。", en: "The two passwords are not the same."),
                status: .unprocessableContent)
        }
        if let refusal = try await services.setPassword(password, byLink: link, from: request.remoteAddress) {
            return page(request, link, account, refusal: refusal, status: .unprocessableContent)
        }
        return page(request, link, account, isDone: true)
    }

    // MARK: Who may

    private func reviewer(
        _ pattern: String, _ answer: @escaping @Sendable (Request, Visitor) async throws -> Response
    ) -> Route {
        .get(pattern) { request in
            guard let visitor = try await visitors.session(request.head) else {
                return .redirect(
                    to: SitePath("sign-in").with("next", SitePath(of: request.head).description).description)
            }
            guard visitor.account.role == .reviewer else { throw Problem.notAllowed }
            return try await answer(request, visitor)
        }
    }

    private func shown(_ page: (Reader) -> Page, _ request: Request, _ visitor: Visitor) -> Response {
        let reader = visitors.reader(request.head, visitor)
        var response = page(reader).response(for: reader)
        response.keepLanguage(of: request.head)
        return response
    }
}

extension RegistrationError {
    /// What a reviewer is told.
    fileprivate var message: BilingualText {
        switch self {
        case .noSuchApplication: BilingualText(zh: "没有这个申请。", en: "There is no such application.")
        case .incomplete: BilingualText(zh: "资料不完整，不能通过。", en: "It is not complete, and cannot be approved.")
        case .alreadyApproved: BilingualText(zh: "该申请已通过。", en: "It has been approved already.")
        case .changedMeanwhile:
            BilingualText(
                zh: "申请在您查看期间已被他人处理，或被申请人修改；下面是现在的内容。",
                en:
                    "Another reviewer has decided, or the applicant has changed it, while you looked; this is how it stands now."
            )
        case .ownApplication:
            BilingualText(
                zh: "您是申请人或数据管理员，不能审核自己的申请。", en: "You are the applicant or the data manager; another reviewer decides."
            )
        case .firstOfTwo:
            BilingualText(
                zh: "您的通过意见已记录，另一名审核人员通过后生效。",
                en: "Your approval is noted; it counts once another reviewer has approved it, too.")
        case .sameReviewer:
            BilingualText(
                zh: "您已通过该申请，需由另一名审核人员再次审核。",
                en: "You have approved it already; the second approval is another reviewer's.")
        case .noReason: BilingualText(zh: "退回需要至少一个原因或补充说明。", en: "To refuse, give a reason or a remark.")
        case .registered(let code):
            BilingualText(
                zh: "\(code) 已登记，不能再开通账号；请退回并说明。", en: "\(code) is registered already; refuse it, and say why.")
        case .otherCode(let code):
            BilingualText(
                zh: "变更不能更换机构代码（\(code)）；请退回并说明。",
                en: "A change cannot give the institution another code than \(code); refuse it, and say why.")
        case .linkUsed: BilingualText(zh: "链接已失效。", en: "The link counts no more.")
        }
    }
}
