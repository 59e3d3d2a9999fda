import Accounts
import Dictionaries
import HTTPServer
import JSON
import SurveillanceKit

/// The mapping of a hospital's codes to national ones: its page with forms and files, and the same for programs.
struct MappingRoutes: Sendable {
    let desk: DictionaryDesk
    let downloads: any DownloadServices
    let settings: PortalSettings

    private var visitors: Visitors { desk.visitors }
    /// A mapping file is a few columns of a table of codes.
    private var maximumBytes: Int { settings.maximumUploadBytes }

    func pages(
        signedIn: (String, @escaping @Sendable (Request, Visitor) async throws -> Response) -> Route
    ) -> [Route] {
        [
            signedIn("/dictionaries/{category}/mapping") { request, visitor in
                try await page(request.head, visitor, nil)
            },
            .post("/dictionaries/{category}/mapping", maximumBytes: 65_536, decide),
            .upload("/dictionaries/{category}/mapping/file", admit: receive),
            signedIn("/dictionaries/{category}/mapping/codes.csv") { try await download($0, $1, as: .csv) },
            signedIn("/dictionaries/{category}/mapping/codes.xlsx") { try await download($0, $1, as: .xlsx) },
        ]
    }

    var api: [Route] {
        [
            .get("/api/v1/dictionaries/{category}/mapping", list),
            .upload("/api/v1/dictionaries/{category}/mapping", admit: receiveFile),
        ]
    }

    private func page(
        _ head: RequestHead, _ visitor: Visitor, _ message: MappingPage.Message?, status: Status = .ok
    ) async throws -> Response {
        let dictionary = try desk.dictionary(head.parameters["category"])
        let offset = max(0, head.query["offset"].flatMap { Int($0) } ?? 0)
        let unmapped = try await unmapped(dictionary, visitor, offset: offset, limit: MappingPage.length)
        let reader = visitors.reader(head, visitor)
        var response = MappingPage(
            dictionary: dictionary, unmapped: unmapped, offset: offset, maximumBytes: maximumBytes, message: message
        ).page(reader).response(for: reader, status: status)
        response.keepLanguage(of: head)
        return response
    }

    private func unmapped(
        _ dictionary: CodeDictionary, _ visitor: Visitor, offset: Int, limit: Int
    ) async throws -> UnmappedCodes {
        let institution = try visitors.reportingInstitution(visitor)
        do {
            return try await desk.services.unmapped(
                dictionary.id, of: institution.code, on: desk.today, offset: offset, limit: limit)
        } catch { throw Problem.readable(error) }
    }

    /// The choices of one page: those that were made; the others stay open.
    private func decide(_ request: Request) async throws -> Response {
        guard let (visitor, form) = try await visitors.form(request) else {
            return .redirect(to: SitePath("sign-in").with("next", "/dictionaries").description)
        }
        let dictionary = try desk.dictionary(request.parameters["category"])
        let mappings = (0..<MappingPage.length).compactMap { index -> CodeMapping? in
            guard let code = form["code-\(index)"] else { return nil }
            let chosen = form["national-\(index)"] ?? ""
            let national = chosen.isEmpty ? form["other-\(index)"] ?? "" : chosen
            return national.isEmpty
                ? nil : CodeMapping(code: code, name: form["name-\(index)"] ?? "", nationalCode: national)
        }
        let outcome = try await decided(mappings, in: dictionary, visitor, request.remoteAddress)
        return try await page(request.head, visitor, .decided(outcome))
    }

    private func decided(
        _ mappings: [CodeMapping], in dictionary: CodeDictionary, _ visitor: Visitor, _ address: String
    ) async throws -> MappingOutcome {
        _ = try visitors.reportingInstitution(visitor)
        do {
            return try await desk.services.decide(
                mappings, in: dictionary.id, on: desk.today, by: visitor.account, from: address)
        } catch { throw Problem.readable(error) }
    }

    private func receive(_ head: RequestHead) async throws -> Admission {
        guard let visitor = try await visitors.session(head), let session = visitor.session else {
            return .refuse(.redirect(to: SitePath("sign-in").with("next", "/dictionaries").description))
        }
        _ = try visitors.reportingInstitution(visitor)
        let dictionary = try desk.dictionary(head.parameters["category"])
        let form = try HeldForm(contentType: head.headers["Content-Type"]) {
            session.accepts(formToken: $0["formToken"] ?? "")
        }
        return .accept(form, maximumBytes: maximumBytes + 65_536) { request in
            let (fields, file) = try form.finish()
            guard session.accepts(formToken: fields["formToken"] ?? "") else { throw Problem.foreignForm }
            do {
                guard let file else { throw Problem.noFile }
                let mappings = try desk.mappings(named: file.name, file.bytes, of: dictionary)
                let outcome = try await decided(mappings, in: dictionary, visitor, request.remoteAddress)
                return try await page(head, visitor, .decided(outcome))
            } catch let problem as Problem where problem.status == .unprocessableContent {
                return try await page(head, visitor, .refused(problem), status: problem.status)
            }
        }
    }

    private func receiveFile(_ head: RequestHead) async throws -> Admission {
        let visitor = try await visitors.caller(head)
        _ = try visitors.reportingInstitution(visitor)
        let dictionary = try desk.dictionary(head.parameters["category"])
        if head.contentLength == 0 { throw Problem.noFile }
        let body = HeldBody()
        let name = head.query["filename"] ?? "mapping.csv"
        return .accept(body, maximumBytes: maximumBytes) { request in
            let mappings = try desk.mappings(named: name, body.bytes, of: dictionary)
            let outcome = try await decided(mappings, in: dictionary, visitor, request.remoteAddress)
            return .json([
                "decided": .integer(outcome.decided),
                "faults": .array(outcome.faults.map { .object([("zh", .string($0.zh)), ("en", .string($0.en))]) }),
            ])
        }
    }

    private func list(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        let dictionary = try desk.dictionary(request.parameters["category"])
        let offset = max(0, request.query["offset"].flatMap { Int($0) } ?? 0)
        let limit = min(max(1, request.query["limit"].flatMap { Int($0) } ?? 50), 200)
        let found = try await unmapped(dictionary, visitor, offset: offset, limit: limit)
        let items = found.items.map { item in
            JSONValue.object([
                ("code", .string(item.entry.code)), ("name", .string(item.entry.name)),
                (
                    "candidates",
                    .array(
                        item.candidates.map { candidate in
                            .object([
                                ("code", .string(candidate.code)), ("name", .string(candidate.name)),
                                ("percent", .integer(Int((candidate.score * 100).rounded()))),
                                ("chosenBy", .integer(candidate.chosenBy)),
                            ])
                        })
                ),
            ])
        }
        var response = Response.json([
            "state": .string(found.state.rawValue), "items": .array(items), "total": .integer(found.total),
            "mapped": .integer(found.mapped),
        ])
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    private func download(_ request: Request, _ visitor: Visitor, as format: TableFormat) async throws -> Response {
        let dictionary = try desk.dictionary(request.parameters["category"])
        let unmapped = try await unmapped(dictionary, visitor, offset: 0, limit: MappingFile.maximumRows)
        let language = Reader.language(of: request.head)
        let table = MappingFile.table(of: dictionary, unmapped)
        guard let file = try downloads.file(of: table, format: format.rawValue, in: language) else {
            throw Problem.noSuchPage
        }
        return .download(file, name: "\(dictionary.id)_mapping.\(format.rawValue)")
    }
}

extension DictionaryDesk {
    /// The decisions that a file holds: its rows with a national code.
    func mappings(named name: String, _ bytes: [UInt8], of dictionary: CodeDictionary) throws -> [CodeMapping] {
        do {
            return try MappingFile.mappings(named: name, bytes, of: dictionary)
        } catch let refusal as DictionaryRefusal {
            throw Problem(refusal)
        } catch {
            throw Problem.readable(error)
        }
    }
}
