import Accounts
import HTTPServer
import Registrations
import SurveillanceKit

/// How an institution applies for its account, without one: telephone, form, scans, outcome.
struct ApplicantRoutes: Sendable {
    let services: any ApplicantServices & SignInServices & DownloadServices
    let visitors: Visitors

    /// Names the browser: before the telephone has been proved to bind the code to it, afterwards as its session.
    private static let cookie = "vedette_apply"
    private static let cookieSeconds = 86_400
    private static let maximumFormBytes = 65_536
    /// So much of a form with a scan is read at all, so that its sender is told what is wrong with it.
    private static let maximumUploadBytes = 32 << 20
    /// So much of it is kept in memory: a little more than a scan may have.
    private static let mostKept = 6 << 20

    var routes: [Route] {
        [
            .get("/apply", start), form("/apply/code", code), form("/apply/enter", enter), form("/apply/leave", leave),
            step("/apply/form") { request, reader, application, token in
                ApplyFormPage(application: application, form: application.form, token: token).page(reader)
            },
            applicantForm("/apply/form", save),
            step("/apply/files") { request, reader, application, token in
                ApplyFilesPage(application: application, token: token).page(reader)
            },
            .upload("/apply/files", admit: upload), applicantForm("/apply/files/remove", remove),
            .get("/apply/files/{kind}/preview", preview),
            .get("/apply/sheet") { request in
                guard let held = held(request.head), let application = try await services.application(ofSession: held)
                else {
                    return .redirect(to: "/apply")
                }
                let reader = visitors.reader(request.head)
                var response =
                    application.form.faults().isEmpty
                    ? ApplySheetPage(application: application).page(reader).response(for: reader)
                    : ApplySheetPage.incomplete(application, reader)
                response.keepLanguage(of: request.head)
                return response
            },
            sheet("/apply/sheet/information.pdf", .information), sheet("/apply/sheet/agreement.pdf", .agreement),
            step("/apply/status") { request, reader, application, token in
                ApplyStatusPage(application: application, token: token).page(reader)
            },
            applicantForm("/apply/submit", submit),
            form("/apply/change") { request, _, held in
                guard let application = try await services.application(ofSession: held) else {
                    return .redirect(to: "/apply")
                }
                try await services.beginChange(application)
                return .redirect(to: SitePath("apply", "form").description)
            },
        ]
    }

    // MARK: The telephone

    private func start(_ request: Request) async throws -> Response {
        if let token = held(request.head), let application = try await services.application(ofSession: token) {
            return .redirect(to: ApplySteps.place(of: application).description)
        }
        return try page(request.head)
    }

    private func page(
        _ head: RequestHead, phone: PhoneNumber? = nil, typed: String = "", note: BilingualText? = nil,
        isRefused: Bool = true, status: Status = .ok
    ) throws -> Response {
        let token = held(head) ?? services.newToken()
        let reader = visitors.reader(head)
        let page = ApplyStartPage(
            token: try services.formToken(for: token), phone: phone, typed: typed, note: note, isRefused: isRefused)
        var response = page.page(reader).response(for: reader, status: status)
        response.cookies = [cookie(token)]
        response.keepLanguage(of: head)
        return response
    }

    private func page(
        _ head: RequestHead, phone: PhoneNumber? = nil, typed: String = "", _ answer: PhoneCodeAnswer
    ) throws -> Response {
        var response = try page(
            head, phone: phone, typed: typed, note: answer.note, isRefused: answer.isRefused, status: answer.status)
        if let seconds = answer.retryAfterSeconds { response.headers["Retry-After"] = "\(seconds)" }
        return response
    }

    private func code(_ request: Request, _ fields: FormFields, _ token: String) async throws -> Response {
        let typed = fields["phone"] ?? ""
        guard let phone = PhoneNumber(typed) else { return try page(request.head, typed: typed, .notANumber) }
        let answer = try await services.requestPhoneCode(
            phone, for: .application, session: token, from: request.remoteAddress)
        return try page(request.head, phone: phone, PhoneCodeAnswer(answer, to: phone))
    }

    private func enter(_ request: Request, _ fields: FormFields, _ token: String) async throws -> Response {
        guard let phone = PhoneNumber(fields["phone"] ?? "") else { return try page(request.head) }
        switch try await services.enterApplication(fields["code"] ?? "", of: phone, session: token) {
        case .entered(let session):
            let application = try await services.application(ofSession: session)
            return .redirect(
                to: (application.map(ApplySteps.place) ?? SitePath("apply")).description, cookies: [cookie(session)])
        case .refused(let verdict):
            guard let refusal = PhoneCodeAnswer(verdict) else { return try page(request.head) }
            return try page(request.head, phone: phone, refusal)
        }
    }

    private func leave(_ request: Request, _ fields: FormFields, _ token: String) async throws -> Response {
        try await services.endApplicantSession(token)
        return .redirect(
            to: "/apply", cookies: [Cookie(Self.cookie, "", maximumAgeSeconds: 0, path: "/apply")])
    }

    // MARK: The form

    private func save(
        _ request: Request, _ fields: FormFields, _ application: Application, _ token: String
    ) async throws -> Response {
        var values: [ApplicationField: String] = [:]
        for field in ApplicationField.allCases { values[field] = String((fields[field.rawValue] ?? "").prefix(500)) }
        let form = ApplicationForm(values)
        let saved = try await services.save(form, of: application)
        if fields["next"] == nil { return .redirect(to: SitePath("apply", "form").with("done", "saved").description) }
        let faults = form.faults()
        if faults.isEmpty { return .redirect(to: SitePath("apply", "files").description) }
        let reader = visitors.reader(request.head)
        return ApplyFormPage(application: saved, form: form, token: token, faults: faults).page(reader)
            .response(for: reader, status: .unprocessableContent)
    }

    // MARK: Scans

    private func upload(_ head: RequestHead) async throws -> Admission {
        guard let held = held(head), let application = try await services.application(ofSession: held) else {
            return .refuse(.redirect(to: "/apply"))
        }
        if application.state == .approved { return .refuse(.redirect(to: "/apply/status")) }
        let expected = try services.formToken(for: held)
        let form = try HeldForm(contentType: head.headers["Content-Type"], mostKept: Self.mostKept) {
            isSame($0["formToken"] ?? "", expected)
        }
        return .accept(form, maximumBytes: Self.maximumUploadBytes) { request in
            let (fields, file) = try form.finish()
            guard isSame(fields["formToken"] ?? "", expected) else { throw Problem.foreignForm }
            guard let kind = fields["kind"].flatMap(ApplicationFile.Kind.init(rawValue:)) else {
                throw Problem.noSuchPage
            }
            guard let file, !file.name.isEmpty else {
                return try await refused(
                    request, kind, BilingualText(zh: "请先选择文件。", en: "Choose a file first."), expected)
            }
            switch try await services.addFile(file.bytes, named: file.name, as: kind, to: application) {
            case .added: return .redirect(to: SitePath("apply", "files").at(kind.rawValue).description)
            case .refused(let reason): return try await refused(request, kind, reason, expected)
            }
        }
    }

    private func refused(
        _ request: Request, _ kind: ApplicationFile.Kind, _ reason: BilingualText, _ token: String
    ) async throws -> Response {
        guard let held = held(request.head), let application = try await services.application(ofSession: held) else {
            return .redirect(to: "/apply")
        }
        let reader = visitors.reader(request.head)
        return ApplyFilesPage(application: application, token: token, refusal: (kind, reason)).page(reader)
            .response(for: reader, status: .unprocessableContent)
    }

    private func remove(
        _ request: Request, _ fields: FormFields, _ application: Application, _ token: String
    ) async throws -> Response {
        guard let kind = fields["kind"].flatMap(ApplicationFile.Kind.init(rawValue:)) else { throw Problem.noSuchPage }
        try await services.removeFile(kind, of: application)
        return .redirect(to: SitePath("apply", "files").at(kind.rawValue).description)
    }

    private func preview(_ request: Request) async throws -> Response {
        guard let held = held(request.head), let application = try await services.application(ofSession: held) else {
            throw Problem.noSuchPage
        }
        return try await ScanResponse.preview(
            application.files.first { $0.kind.rawValue == request.parameters["kind"] },
            page: request.query["page"], services)
    }

    // MARK: The end

    private func submit(
        _ request: Request, _ fields: FormFields, _ application: Application, _ token: String
    ) async throws -> Response {
        switch try await services.submit(application, from: request.remoteAddress) {
        case .incomplete:
            return .redirect(
                to: (application.form.faults().isEmpty ? SitePath("apply", "files") : SitePath("apply", "form"))
                    .description)
        default: return .redirect(to: SitePath("apply", "status").description)
        }
    }

    // MARK: Sessions

    private func held(_ head: RequestHead) -> String? {
        head.cookies[Self.cookie].flatMap { $0.isEmpty || $0.utf8.count > 64 ? nil : $0 }
    }

    private func cookie(_ token: String) -> Cookie {
        Cookie(Self.cookie, token, maximumAgeSeconds: Self.cookieSeconds, path: "/apply")
    }

    /// A page of somebody who has proved his telephone; others begin with that.
    private func step(
        _ pattern: String,
        _ content: @escaping @Sendable (Request, Reader, Application, _ formToken: String) throws -> Page
    ) -> Route {
        .get(pattern) { request in
            guard let held = held(request.head), let application = try await services.application(ofSession: held)
            else {
                return .redirect(to: "/apply")
            }
            let reader = visitors.reader(request.head)
            var response = try content(request, reader, application, try services.formToken(for: held)).response(
                for: reader)
            response.keepLanguage(of: request.head)
            return response
        }
    }

    /// A sheet as a PDF, under the name that the issuing office knows.
    private func sheet(_ pattern: String, _ sheet: ApplicationSheets.Sheet) -> Route {
        .get(pattern) { request in
            guard let held = held(request.head), let application = try await services.application(ofSession: held)
            else {
                return .redirect(to: "/apply")
            }
            let reader = visitors.reader(request.head)
            guard application.form.faults().isEmpty else { return ApplySheetPage.incomplete(application, reader) }
            let language = reader.language
            let document = ApplicationSheets.document(sheet, of: application, in: language)
            guard let bytes = try await services.pdf(of: document) else { throw Problem.noSuchPage }
            var response = Response.bytes(bytes, type: "application/pdf")
            response.headers["Cache-Control"] = "no-store"
            response.headers["Content-Disposition"] =
                "attachment; filename*=UTF-8''\(Percent.encode(sheet.fileName(language)))"
            return response
        }
    }

    private func form(
        _ pattern: String, _ act: @escaping @Sendable (Request, FormFields, _ token: String) async throws -> Response
    ) -> Route {
        .post(pattern, maximumBytes: Self.maximumFormBytes) { request in
            let fields = try request.form()
            guard let held = held(request.head),
                isSame(fields["formToken"] ?? "", try services.formToken(for: held))
            else {
                return try page(
                    request.head,
                    note: BilingualText(
                        zh: "页面已失效，请重新填写。若反复出现，请允许浏览器使用 Cookie。",
                        en:
                            "The page has gone stale; fill it in once more. If this comes again, let the browser keep cookies."
                    ), status: .forbidden)
            }
            return try await act(request, fields, held)
        }
    }

    private func applicantForm(
        _ pattern: String,
        _ act: @escaping @Sendable (Request, FormFields, Application, _ formToken: String) async throws -> Response
    ) -> Route {
        form(pattern) { request, fields, held in
            guard let application = try await services.application(ofSession: held) else {
                return .redirect(to: "/apply")
            }
            guard application.state != .approved else { return .redirect(to: "/apply/status") }
            return try await act(request, fields, application, try services.formToken(for: held))
        }
    }
}

/// How scans are shown: as a picture that was drawn anew, or as a file to keep.
enum ScanResponse {
    static func preview(
        _ file: ApplicationFile?, page: String?, _ services: any ApplicantServices
    ) async throws -> Response {
        guard let file, let page = page == nil ? 1 : page.flatMap(Int.init) else { throw Problem.noSuchPage }
        let picture = try await services.preview(file, page: page)
        guard !picture.isEmpty else { throw Problem.noSuchPage }
        var response = Response.bytes(picture, type: "image/jpeg")
        response.headers["Cache-Control"] = "private, no-store"
        return response
    }

    /// As an attachment with a fixed type: no browser shows it in the site's own name.
    static func attachment(_ file: ApplicationFile, _ bytes: [UInt8], of application: String) -> Response {
        var response = Response.bytes(bytes, type: file.mediaType)
        let ending = file.mediaType.split(separator: "/").last.map { $0 == "jpeg" ? "jpg" : String($0) } ?? "bin"
        response.headers["Content-Disposition"] =
            "attachment; filename=\"\(application)-\(file.kind.rawValue).\(ending)\""
        response.headers["Cache-Control"] = "private, no-store"
        return response
    }
}
