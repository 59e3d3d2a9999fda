import Accounts
import HTTPServer
import Intake
import JSON
import SurveillanceKit
import Timeliness

/// The pages: reads what a page shows, and leaves the showing to it.
struct PageRoutes: Sendable {
    let services:
        any ReferenceServices & SubmissionServices & DownloadServices & RecordServices & ReceiptServices
            & OperationServices & DutyServices & RuleServices & FigureServices & SignInServices
            & DictionaryServices & AnnouncementServices & ClientServices
    let settings: PortalSettings
    let visitors: Visitors
    let uploads: Uploads

    var routes: [Route] {
        [
            signedIn("/") { [self] request, visitor in
                if let own = Page.Place.first(of: visitor.account) { return .redirect(to: own.path.description) }
                let reader = visitors.reader(request.head, visitor)
                var response = try await submissions(request, reader, visitor).response(for: reader)
                response.keepLanguage(of: request.head)
                return response
            },
            signedIn("/morning.csv") { [self] request, visitor in
                let query = SubmissionsQuery(request.query)
                _ = try visitors.overseen(visitor)
                guard query.isOverview, let view = try await morning(try visitors.within(query.region, visitor), query)
                else { throw Problem.noSuchPage }
                let language = Reader.language(of: request.head)
                guard let file = try services.file(of: view.table(language), format: "csv", in: language) else {
                    throw Problem.noSuchPage
                }
                return .download(file, name: "overview-\(view.day).csv")
            },
            page("/upload") { [services, settings] _, reader, _ in
                UploadPage(maximumBytes: settings.maximumUploadBytes, programs: services.programs).page(reader)
            },
            .upload("/upload", admit: receive),
            page("/programs") { [services] _, reader, _ in ProgramsPage(programs: services.programs).page(reader) },
            page("/programs/{program}") { request, reader, _ in
                ProgramPage(program: try program(request)).page(reader)
            },
            page("/programs/{program}/{type}") { request, reader, _ in
                let program = try program(request)
                guard let type = request.parameters["type"].flatMap(program.fileType) else { throw Problem.noSuchPage }
                return FileTypePage(
                    program: program, type: type, search: request.query["q"] ?? "",
                    hasExample: services.example(of: program.id) != nil
                ).page(reader)
            },
            signedIn("/programs/{program}/example.zip") { [services] request, _ in
                let program = try program(request)
                guard let example = services.example(of: program.id) else { throw Problem.noSuchPage }
                var response = Response.bytes(example, type: "application/zip")
                response.headers["Content-Disposition"] = "attachment; filename=\(program.id)-example.zip"
                return response
            },
            download("/programs/{program}/{type}/template.csv", template),
            download("/programs/{program}/{type}/template.xlsx", as: .xlsx, template),
            download("/programs/{program}/{type}/fields.csv") { request, program, language in
                guard let type = request.parameters["type"].flatMap(program.fileType) else { throw Problem.noSuchPage }
                return (ProgramTables.fields(type, in: language), "\(program.id)-\(type.id)-fields")
            },
            download("/programs/{program}/{type}/rules.csv") { request, program, language in
                guard let type = request.parameters["type"].flatMap(program.fileType) else { throw Problem.noSuchPage }
                return (ProgramTables.rules(type, in: language), "\(program.id)-\(type.id)-rules")
            },
            page("/resources") { [self] _, reader, visitor in
                ResourcesPage(
                    packs: services.programs.map(pack),
                    clients: ReferenceClient.all.map { ($0, services.sm3(of: $0.bytes)) },
                    agent: try await services.agentFile(), unread: try await unread(visitor)
                ).page(reader)
            },
            signedIn("/resources/{program}/all.zip") { [self] request, _ in
                let program = try program(request)
                let language = Reader.language(of: request.head)
                let standard = try await standard(of: program, in: language)
                return .download(
                    pack(program).zip(in: language, standard: standard), name: "\(program.id)-resources.zip")
            },
            page("/resources/{program}/standard") { [self] request, reader, _ in
                InterfaceStandardPage(
                    standard: InterfaceStandard(program: try program(request), language: reader.language)
                ).page(reader)
            },
            signedIn("/resources/{program}/standard.pdf") { [self] request, _ in
                let program = try program(request)
                guard let file = try await standard(of: program, in: Reader.language(of: request.head)) else {
                    throw Problem.noSuchPage
                }
                var response = Response.bytes(file, type: "application/pdf")
                response.headers["Content-Disposition"] = "attachment; filename=\(program.id)-interface-standard.pdf"
                return response
            },
            download("/programs/{program}/codelists/{list}/codes.csv") { request, program, language in
                guard let list = request.parameters["list"].flatMap(program.codeList) else { throw Problem.noSuchPage }
                return (ProgramTables.codes(list, in: language), list.id)
            },
            page("/programs/{program}/codelists/{list}") { request, reader, _ in
                let program = try program(request)
                guard let list = request.parameters["list"].flatMap(program.codeList) else { throw Problem.noSuchPage }
                return CodeListPage(program: program, list: list).page(reader)
            },
        ]
            + SubmissionPageRoutes(services: services, visitors: visitors).routes(page: page, signedIn: signedIn)
            + DutyPageRoutes(services: services, visitors: visitors).routes(
                page: page, signedIn: signedIn)
            + DictionaryPageRoutes(services: services, visitors: visitors, settings: settings).routes(
                signedIn: signedIn)
            + RulePageRoutes(services: services, visitors: visitors).routes(page: page)
            + FigurePageRoutes(services: services, visitors: visitors).routes(page: page, signedIn: signedIn)
    }

    @Sendable
    private func template(
        _ request: Request, _ program: Program, _: Language
    ) throws -> (table: ExportTable, name: String) {
        guard let type = request.parameters["type"].flatMap(program.fileType) else { throw Problem.noSuchPage }
        return (ProgramTables.template(type), "\(type.id)_template")
    }

    /// Nil where nothing here writes PDF.
    private func standard(of program: Program, in language: Language) async throws -> [UInt8]? {
        try await services.pdf(of: InterfaceStandard(program: program, language: language).document(at: services.now))
    }

    /// How many announcements an account has not read.
    private func unread(_ visitor: Visitor) async throws -> Int {
        try await services.announcements(to: visitor.account, in: visitors.region(of: visitor)).count { !$0.isRead }
    }

    private func pack(_ program: Program) -> ResourcePack {
        ResourcePack(program: program, example: services.example(of: program.id), services: services)
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

    /// A table of a program as a file.
    private func download(
        _ pattern: String, as format: TableFormat = .csv,
        _ table: @escaping @Sendable (Request, Program, Language) throws -> (table: ExportTable, name: String)
    ) -> Route {
        signedIn(pattern) { request, _ in
            let language = Reader.language(of: request.head)
            let (table, name) = try table(request, try program(request), language)
            guard let file = try services.file(of: table, format: format.rawValue, in: language) else {
                throw Problem.noSuchPage
            }
            return .download(file, name: "\(name).\(format.rawValue)")
        }
    }

    private func submissions(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        let query = SubmissionsQuery(request.query)
        let before = request.query["before"].flatMap { SubmissionID($0) }
        let length = SubmissionsPage.length
        var (found, stoppedAt) = try await visitors.submissions(
            visitor, matching: query, limit: length + 1, before: before)
        let hasMore = found.count > length
        if hasMore { found.removeLast() }
        let visitor = try visitors.within(query.region, visitor)
        let open = try await services.submissionCount(in: visitor.scope, matching: SubmissionFilter(isOpen: true))
        let isFirst = query.isEmpty && before == nil
        return SubmissionsPage(
            submissions: found, counts: try await services.counts(in: visitor.scope), openCount: open,
            query: query, programs: services.programs,
            today: isFirst ? try await today(visitor, openCount: open) : nil,
            morning: before == nil && query.isOverview ? try await morning(visitor, query) : nil, now: services.now,
            olderThan: hasMore ? found.last?.id : stoppedAt, isSearchStopped: !hasMore && stoppedAt != nil,
            isFirst: before == nil, lacksRegion: visitor.scope == .nothing,
            institutionName: { [services] in services.institution($0)?.name },
            notices: visitor.isAdministrator ? services.notices : [],
            unread: isFirst && visitor.account.institution != nil ? try await unread(visitor) : 0
        ).page(reader)
    }

    /// What falls due today at a hospital; nil for others.
    private func today(_ visitor: Visitor, openCount: Int) async throws -> TodayView? {
        guard visitor.account.role == .institution, let institution = visitor.account.institution else { return nil }
        let programs = services.programs
        let day = services.today(programs, at: services.now)
        let found = try await services.obligations(
            ObligationQuery(dueOn: day...day, institution: institution), in: visitor.scope)
        let items = found.items.map(\.obligation).compactMap { duty -> DutiesPage.Item? in
            guard let program = programs.first(where: { $0.id == duty.program }),
                let zone = services.zone(of: program.id)
            else { return nil }
            return DutiesPage.Item(obligation: duty, program: program, zone: zone)
        }
        return TodayView(duties: items, openCount: openCount)
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
        cookies.append(Reader.cookie(of: language))
    }
}
