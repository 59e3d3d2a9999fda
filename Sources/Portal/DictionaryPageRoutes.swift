import Accounts
import Dictionaries
import HTTPServer
import SurveillanceKit

/// The page on which a hospital keeps its tables of codes, and its forms.
struct DictionaryPageRoutes: Sendable {
    let services: any DictionaryServices & ReferenceServices & DownloadServices & DutyServices & SignInServices
    let visitors: Visitors
    let settings: PortalSettings

    private var desk: DictionaryDesk { DictionaryDesk(services: services, visitors: visitors) }

    /// - Parameters:
    ///   - signedIn: makes a route for people who have signed in.
    func routes(
        signedIn: (String, @escaping @Sendable (Request, Visitor) async throws -> Response) -> Route
    ) -> [Route] {
        [
            signedIn("/dictionaries") { request, visitor in
                var response = try await page(request.head, visitor, DictionariesPage.Message(request.query))
                response.keepLanguage(of: request.head)
                return response
            },
            .upload("/dictionaries", admit: receive),
            signedIn("/dictionaries/{category}/template.csv") { request, _ in try template(request, as: .csv) },
            signedIn("/dictionaries/{category}/template.xlsx") { request, _ in try template(request, as: .xlsx) },
            signedIn("/dictionaries/{category}/{id}/codes.csv", codes),
            .post("/dictionaries/{category}/{id}/remove", maximumBytes: 8192, remove),
            .post("/dictionaries/{category}/{id}/confirm", maximumBytes: 8192, confirm),
        ] + MappingRoutes(desk: desk, downloads: services, settings: settings).pages(signedIn: signedIn)
    }

    private func page(
        _ head: RequestHead, _ visitor: Visitor, _ message: DictionariesPage.Message?, status: Status = .ok
    ) async throws -> Response {
        let institution = try visitors.reportingInstitution(visitor)
        let reader = visitors.reader(head, visitor)
        return DictionariesPage(
            dictionaries: desk.dictionaries, tables: try await services.codeTables(of: institution.code),
            maximumBytes: settings.maximumUploadBytes, message: message
        ).page(reader).response(for: reader, status: status)
    }

    private func receive(_ head: RequestHead) async throws -> Admission {
        guard let visitor = try await visitors.session(head), let session = visitor.session else {
            return .refuse(.redirect(to: SitePath("sign-in").with("next", "/dictionaries").description))
        }
        _ = try visitors.reportingInstitution(visitor)
        let form = try HeldForm(contentType: head.headers["Content-Type"]) {
            session.accepts(formToken: $0["formToken"] ?? "")
        }
        return .accept(form, maximumBytes: settings.maximumUploadBytes + 65_536) { request in
            let (fields, file) = try form.finish()
            do {
                guard session.accepts(formToken: fields["formToken"] ?? "") else { throw Problem.foreignForm }
                guard let file else { throw Problem.noFile }
                let dictionary = try desk.dictionary(fields["category"])
                let days = try desk.days(fields["from"], fields["to"])
                let own = OwnLabels { fields[$0] }
                if fields["step"] == "preview" {
                    let preview = try await desk.preview(
                        dictionary, named: file.name, file.bytes, days: days, own: own, keeps: true, by: visitor,
                        from: request.remoteAddress)
                    return try await page(head, visitor, .previewed(preview))
                }
                let (table, warnings) = try await desk.add(
                    dictionary, named: file.name, file.bytes, days: days, own: own, by: visitor,
                    from: request.remoteAddress)
                return try await page(head, visitor, .added(table, warnings), status: .created)
            } catch let problem as Problem where problem.status == .unprocessableContent {
                return try await page(head, visitor, .refused(problem, fields), status: problem.status)
            }
        }
    }

    private func remove(_ request: Request) async throws -> Response {
        guard let (visitor, form) = try await visitors.form(request) else {
            return .redirect(to: SitePath("sign-in").with("next", "/dictionaries").description)
        }
        _ = try await desk.remove(
            request.parameters["id"], of: request.parameters["category"], reason: form["reason"], by: visitor,
            from: request.remoteAddress)
        return .redirect(to: SitePath("dictionaries").with("done", "removed").description)
    }

    private func confirm(_ request: Request) async throws -> Response {
        guard let (visitor, _) = try await visitors.form(request) else {
            return .redirect(to: SitePath("sign-in").with("next", "/dictionaries").description)
        }
        let table = try await desk.confirm(request.parameters["id"], by: visitor, from: request.remoteAddress)
        return try await page(request.head, visitor, .added(table, []), status: .created)
    }

    private func codes(_ request: Request, _ visitor: Visitor) async throws -> Response {
        _ = try visitors.reportingInstitution(visitor)
        let dictionary = try desk.dictionary(request.parameters["category"])
        guard
            let table = try await services.codes(
                of: request.parameters["id"] ?? "", in: dictionary.id, by: visitor.account, from: request.remoteAddress),
            let file = try services.file(of: table, format: "csv", in: Reader.language(of: request.head))
        else { throw DictionaryDesk.noSuchTable }
        return .download(file, name: "\(dictionary.id).csv")
    }

    private func template(_ request: Request, as format: TableFormat) throws -> Response {
        let dictionary = try desk.dictionary(request.parameters["category"])
        let table = CodeTemplate.table(of: dictionary, [])
        let language = Reader.language(of: request.head)
        guard let file = try services.file(of: table, format: format.rawValue, in: language) else {
            throw Problem.noSuchPage
        }
        return .download(file, name: "\(dictionary.id)_template.\(format.rawValue)")
    }
}
