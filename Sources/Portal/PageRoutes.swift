import Accounts
import HTTPServer
import Intake
import JSON
import SurveillanceKit

/// The pages: reads what a page shows, and leaves the showing to it.
struct PageRoutes: Sendable {
    let services:
        any ReferenceServices & SubmissionServices & DownloadServices & RecordServices & ReceiptServices
            & OperationServices & DutyServices & RuleServices & FigureServices & SignInServices
    let settings: PortalSettings
    let visitors: Visitors
    let uploads: Uploads

    var routes: [Route] {
        [
            page("/", submissions),
            page("/upload") { [services, settings] _, reader, _ in
                UploadPage(maximumBytes: settings.maximumUploadBytes, programs: services.programs).page(reader)
            },
            .upload("/upload", admit: receive),
            page("/submissions/{id}", submission),
            signedIn("/submissions/{id}/findings.csv", findings),
            signedIn("/submissions/{id}/corrections.csv", corrections),
            signedIn("/submissions/{id}/receipt.json", receipt),
            page("/submissions/{id}/receipt", receiptPage),
            .post("/submissions/{id}/retry", maximumBytes: 8192, retry),
            .post("/submissions/{id}/withdraw", maximumBytes: 8192, withdraw),
            page("/programs") { [services] _, reader, _ in ProgramsPage(programs: services.programs).page(reader) },
            page("/programs/{program}") { request, reader, _ in
                ProgramPage(program: try program(request)).page(reader)
            },
            page("/programs/{program}/{type}") { request, reader, _ in
                let program = try program(request)
                guard let type = request.parameters["type"].flatMap(program.fileType) else { throw Problem.noSuchPage }
                return FileTypePage(program: program, type: type, search: request.query["q"] ?? "").page(reader)
            },
            page("/programs/{program}/codelists/{list}") { request, reader, _ in
                let program = try program(request)
                guard let list = request.parameters["list"].flatMap(program.codeList) else { throw Problem.noSuchPage }
                return CodeListPage(program: program, list: list).page(reader)
            },
        ]
            + DutyPageRoutes(services: services, visitors: visitors).routes(
                page: page, signedIn: signedIn)
            + RulePageRoutes(services: services, visitors: visitors).routes(page: page)
            + FigurePageRoutes(services: services, visitors: visitors).routes(page: page, signedIn: signedIn)
    }

    private typealias Content = @Sendable (Request, Reader, Visitor) async throws -> Page

    /// A page for people who have signed in; others are led to sign in and back.
    private func page(_ pattern: String, _ content: @escaping Content) -> Route {
        signedIn(pattern) { request, visitor in
            let reader = visitors.reader(request.head, visitor)
            var response = try await content(request, reader, visitor).response(for: reader)
            response.keepLanguage(of: request.head)
            return response
        }
    }

    private func signedIn(
        _ pattern: String, _ answer: @escaping @Sendable (Request, Visitor) async throws -> Response
    ) -> Route {
        .get(pattern) { request in
            guard let visitor = try await visitors.session(request.head) else {
                let next = SitePath(of: request.head).description
                var response = Response.redirect(
                    to: SitePath("sign-in").with("next", next == "/" ? nil : next).description)
                response.keepLanguage(of: request.head)
                return response
            }
            return try await answer(request, visitor)
        }
    }

    private func submissions(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        let state = request.query["state"].flatMap(SubmissionState.init)
        let before = request.query["before"].flatMap { SubmissionID($0) }
        let length = SubmissionsPage.length
        var found = try await visitors.submissions(visitor, state: state, limit: length + 1, before: before)
        let hasMore = found.count > length
        if hasMore { found.removeLast() }
        return SubmissionsPage(
            submissions: found, counts: try await services.counts(in: visitor.scope), state: state,
            olderThan: hasMore ? found.last?.id : nil, isFirst: before == nil, lacksRegion: visitor.scope == .nothing,
            institutionName: { [services] in services.institution($0)?.name },
            notices: visitor.isAdministrator ? services.notices : []
        ).page(reader)
    }

    private func submission(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        let submission = seen.submission
        let query = FindingsQuery(request.query)
        let offset = request.query["offset"].flatMap { Int($0) } ?? 0
        let isWhole = query.isEmpty && offset <= 0
        let changesOffset = max(0, request.query["changes"].flatMap { Int($0) } ?? 0)
        return SubmissionPage(
            submission: submission, institution: services.institution(submission.institution),
            hasReceipt: try await services.receipt(of: submission) != nil,
            mayRetry: visitor.isAdministrator, programs: services.programs, query: query,
            findings: try slice(seen, query, offset: max(0, offset)),
            groups: isWhole ? try groups(seen) : nil, isOwn: seen.isOwn,
            changes: isWhole ? try await changes(submission, offset: changesOffset) : nil, changesOffset: changesOffset
        ).page(reader)
    }

    /// What the submission changed; nil where it has stored nothing, and where the line list does not answer.
    private func changes(_ submission: Submission, offset: Int) async throws -> SubmissionChanges? {
        guard submission.state == .accepted || submission.state == .partlyAccepted else { return nil }
        return try await services.changes(
            ChangesRequest(submission: submission.id, offset: offset, limit: SubmissionPage.changesShown))
    }

    private func withdraw(_ request: Request) async throws -> Response {
        guard let (visitor, form) = try await visitors.form(request) else {
            return .redirect(to: SitePath("sign-in").description)
        }
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        _ = try await RecordRoutes(services: services, visitors: visitors)
            .withdraw(seen, form["reason"] ?? "", visitor, request.remoteAddress)
        return .redirect(to: SitePath("submissions", seen.submission.id.description).description)
    }

    /// The findings to show; nil while there are none, and where they are no longer kept.
    private func slice(_ seen: SeenSubmission, _ query: FindingsQuery, offset: Int) throws -> FindingsSlice? {
        guard seen.submission.state.isFinal, seen.submission.state != .failed else { return nil }
        do {
            let lines = seen.shown(try services.findings(of: seen.submission))
            return try FindingsSlice(lines.filtered(query), offset: offset)
        } catch IntakeError.notKept {
            return nil
        }
    }

    /// The causes to show above the findings.
    private func groups(_ seen: SeenSubmission) throws -> FindingGroups? {
        guard seen.submission.state.isFinal, seen.submission.state != .failed else { return nil }
        do {
            return try seen.shown(services.findings(of: seen.submission)).grouped(maximum: CausesView.findingsGrouped)
        } catch IntakeError.notKept {
            return nil
        }
    }

    private func corrections(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        return try await Corrections(services: services).answer(
            seen, file: request.query["file"], in: Reader.language(of: request.head), to: visitor,
            at: request.head.remoteAddress)
    }

    private func findings(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        let submission = seen.submission
        guard submission.state.isFinal else { throw Problem.notChecked }
        do {
            let lines = seen.shown(try services.findings(of: submission)).filtered(FindingsQuery(request.query))
            try await services.noted(
                .findingsDownloaded, submission.id, by: visitor.account, from: request.remoteAddress)
            let language = Reader.language(of: request.head)
            let table = FindingsTable.table(lines, in: language)
            guard let file = try services.file(of: table, format: "csv", in: language) else { throw Problem.noSuchPage }
            return .download(file, name: "findings-\(submission.id).csv")
        } catch {
            throw Problem.readable(error)
        }
    }

    private func receipt(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        guard seen.isOwn else { throw Problem.notOwnReceipt }
        guard let receipt = try await services.receipt(of: seen.submission) else { throw Problem.noSuchPage }
        let id = seen.submission.id
        try await services.noted(.receiptDownloaded, id, by: visitor.account, from: request.remoteAddress)
        var response = Response.json(receipt.json)
        response.headers["Content-Disposition"] = "attachment; filename=receipt-\(id).json"
        return response
    }

    private func receiptPage(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        let submission = seen.submission
        guard let receipt = try await services.receipt(of: submission) else { throw Problem.noSuchPage }
        try await services.noted(.receiptDownloaded, submission.id, by: visitor.account, from: request.remoteAddress)
        return ReceiptPage(
            signed: receipt, receipt: seen.receipt(receipt.receipt), isOwn: seen.isOwn,
            head: try await services.receiptHead(),
            institution: services.institution(submission.institution), programs: services.programs
        ).page(reader)
    }

    private func retry(_ request: Request) async throws -> Response {
        guard let (visitor, _) = try await visitors.form(request) else {
            return .redirect(to: SitePath("sign-in").description)
        }
        try visitors.requireAdministrator(visitor)
        let submission = try await visitors.submission(request.parameters["id"], visitor).submission
        do {
            _ = try await services.retry(submission.id, by: visitor.account, from: request.remoteAddress)
        } catch {
            throw Problem.readable(error)
        }
        return .redirect(to: SitePath("submissions", submission.id.description).description)
    }

    private func program(_ request: Request) throws -> Program {
        guard let program = services.programs.first(where: { $0.id == request.parameters["program"] }) else {
            throw Problem.noSuchPage
        }
        return program
    }

    /// The plain form of the upload page, for browsers without scripts.
    private func receive(_ head: RequestHead) async throws -> Admission {
        guard let visitor = try await visitors.session(head), let session = visitor.session else {
            return .refuse(.redirect(to: SitePath("sign-in").with("next", "/upload").description))
        }
        let sender = Uploads.Sender(
            visitor: visitor, institution: try visitors.reportingInstitution(visitor).code, address: head.remoteAddress)
        let form = try uploads.form(head, from: sender) { session.accepts(formToken: $0["formToken"] ?? "") }
        if try APIRoutes.isDryRun(head) {
            let reader = visitors.reader(head, visitor)
            return .accept(form, maximumBytes: uploads.maximumFormBytes) { _ in
                DryRunPage(runs: try await form.check()).page(reader).response(for: reader)
            }
        }
        return .accept(form, maximumBytes: uploads.maximumFormBytes) { _ in
            let recorded = try await form.finish()
            guard recorded.count == 1, let only = recorded.first else { return .redirect(to: SitePath().description) }
            return .redirect(to: SitePath("submissions", only.submission.id.description).description)
        }
    }
}

extension Response {
    /// Keeps the language that the address asked for.
    mutating func keepLanguage(of head: RequestHead) {
        guard let language = head.query["lang"].flatMap(Language.init) else { return }
        cookies.append(
            Cookie(Reader.languageCookie, language.rawValue, maximumAgeSeconds: 365 * 86_400, sameSite: .lax))
    }
}
